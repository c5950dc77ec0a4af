package search

import (
	"time"

	"guildhall/internal/face"
)

// Kind says what sort of thing was found.
type Kind uint8

// The kinds. The numbers stand in the database, and are less than eight.
const (
	Any        Kind = 0
	Article    Kind = 1
	Discussion Kind = 2
	Post       Kind = 3
	Person     Kind = 4
	Question   Kind = 5
)

var kindNames = [...]string{"", "articles", "discussions", "posts", "people", "questions"}

// String names the kind as addresses do: "articles"; empty for Any.
func (k Kind) String() string { return kindNames[k] }

// ParseKind reads what String wrote; what is no kind is Any.
func ParseKind(s string) Kind {
	for k, name := range kindNames {
		if name == s {
			return Kind(k)
		}
	}
	return Any
}

// Ref names one thing that can be found.
type Ref struct {
	Kind Kind
	ID   string
}

// Document is a thing as it can be found.
type Document struct {
	Ref
	Title  string // of a post: that of its discussion, to show, not to find by
	Text   string // plain
	Author face.ID
	Topics []string
	Lang   string // BCP 47
	At     time.Time
	Shown  bool // false: nobody may find it
}

// Query is what somebody looks for. Every value is fine; what nobody has, such
// as an author that does not exist, finds nothing.
type Query struct {
	Text         string // at most MaxQuery characters are looked at
	Kind         Kind
	Topic        string
	Lang         string
	Author       string    // handle, however it is written
	Since, Until time.Time // at or after, before; zero: no limit
	Newest       bool      // by date instead of by relevance
	Page         int       // from 1
}

// Empty tells that the query asks for nothing.
func (q Query) Empty() bool {
	return len(parse(q.Text).clauses) == 0 && q.Kind == Any && q.Topic == "" && q.Lang == "" && q.Author == "" && q.Since.IsZero() && q.Until.IsZero()
}

// The limits of this room.
const (
	MaxQuery  = 200  // characters of a query
	MaxRanked = 1000 // results that are ordered and can be reached
	PageSize  = 20
)

// Hit is one result.
type Hit struct {
	Ref
	Title   []Piece
	Snippet []Piece
	Author  face.Face // of a person: herself
	Lang    string
	At      time.Time
}

// Piece is a stretch of text; Mark says that it was looked for.
type Piece struct {
	Text string
	Mark bool
}

// Result is one page of what was found.
type Result struct {
	Hits     []Hit
	Count    int
	Estimate bool // Count is about right; only the newest MaxRanked can be reached
	Page     int
	Pages    int
	Meant    string // the query as it was perhaps meant; empty when it seems right
}
