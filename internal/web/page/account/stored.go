package accountpage

import (
	"time"

	"guildhall/internal/markdown"
)

// Table is what one table of the hall holds about a member.
type Table struct {
	Name  string // in the database
	Title string // key of lang
	Facts []Fact
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
