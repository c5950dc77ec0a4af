package accountpage

import (
	"slices"
	"time"

	"guildhall/internal/markdown"
)

// Table is what the hall holds about a member of one kind.
type Table struct {
	Title string // key of lang
	Facts []Fact
}

// Kind is how many rows of some tables name a member.
type Kind struct {
	Key    string // of lang: what they are
	Rows   int
	Tables []string // of the database, those that have any
}

// Add counts a table's rows.
func (k *Kind) Add(table string, rows int) {
	k.Rows += rows
	if rows > 0 && !slices.Contains(k.Tables, table) {
		k.Tables = append(k.Tables, table)
	}
}

// Fact is one value with the key of what it is.
type Fact struct{ Key, Value string }

// Add adds a fact; an empty value says that nothing is stored.
func (t *Table) Add(key, value string) { t.Facts = append(t.Facts, Fact{key, value}) }

// EraseForm is the form of leaving.
type EraseForm struct {
	Fresh bool   // she has just shown a key; otherwise she is asked for one
	Name  string // to be typed
	Typed string
	Texts string // "keep" or "erase"
	Err   error
}

// ExportPage heads the page that is read offline.
type ExportPage struct {
	Name, Picture, Hall, URL string
	Made                     time.Time
	About                    markdown.HTML
	Skills, Languages, Links []string
}

// ExportedText is one text on that page.
type ExportedText struct {
	Title, Address, State, Reason string
	At                            time.Time
	Article                       bool
	HTML                          markdown.HTML
}
