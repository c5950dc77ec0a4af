package terms

import (
	"time"

	"guildhall/internal/face"
	"guildhall/internal/terms/clause"
	"guildhall/internal/terms/watch"
)

// DocumentID is a document's address: the platform's name, two hyphens, the
// title, as recorders of terms name their directories.
type DocumentID string

// ClauseID is a clause's address.
type ClauseID string

// Actor is whoever acts. The zero value is an anonymous reader.
type Actor struct {
	Face    face.ID
	Steward bool
}

// Document is one watched text.
type Document struct {
	ID       DocumentID
	Platform string // as it is called; a page of its own comes with the room of platforms
	Title    string
	AddedAt  time.Time
	// CheckedAt is when it was last fetched; zero when never. CheckKey is the
	// sentence that says why that failed; empty when it did not.
	CheckedAt time.Time
	CheckKey  string
	Records   int
	Flaps     int       // records that were flaps
	Blocked   int       // records that were not the text
	AlarmAt   time.Time // of the newest alarm; zero when there is none
	Fetched   bool      // it is fetched, not only imported
	LetGoAt   time.Time // since when it is not watched any more; zero: it is

	declaration string
	laid        int
}

// Record is one version as the timeline shows it.
type Record struct {
	N       int
	At      time.Time
	Note    string
	Hash    string // SHA-256 of the text, base64url
	Class   string // a name of watch.Class
	Trouble string // a watch.Trouble
	Against int    // the record it was compared with; -1 for none
	Changes int    // how many clauses differ from it
	Alarm   bool
}

// Quiet tells whether the record is noise: a flap, a blocked page, a filter.
func (r Record) Quiet() bool {
	return r.Class == watch.Flap.String() || r.Class == watch.Blocked.String() || r.Class == watch.Filtered.String()
}

// Alarm is what followers are told of.
type Alarm struct {
	Document  DocumentID
	Platform  string
	Title     string
	Record    int
	At        time.Time // of the record at which the text first appeared
	RaisedAt  time.Time
	Withdrawn bool
	Clauses   int
	Names     []string // of the first few clauses
}

// Difference is two versions side by side.
type Difference struct {
	Document Document
	Old, New Record
	Changes  []Side
}

// Side is one clause on both sides.
type Side struct {
	clause.Change
	Left, Right []clause.Piece
	ID          ClauseID // empty when the clause has no address yet
}

// Clause is one clause with its history.
type Clause struct {
	ID       ClauseID
	Document DocumentID
	Name     string
	Gone     bool
	States   []State // newest first
}

// Now is the newest state.
func (c Clause) Now() State { return c.States[0] }

// State is one wording of a clause.
type State struct {
	Record     int
	At         time.Time
	Sort       string // first, new, changed, removed
	Class, Why string
	Label      string
	Trail      []string
	Text       string         // empty when removed
	Pieces     []clause.Piece // the text, with what is new since the state before marked
}
