package space

import (
	"time"

	"guildhall/internal/face"
	"guildhall/internal/markdown"
)

// ID names a space and is its address, as in /spaces/designers. It never changes.
type ID string

// Kind says under what one speaks in a space.
type Kind string

// The kinds.
const (
	Open Kind = "open" // under open profiles; everybody reads
	Safe Kind = "safe" // under masks; those with a seat read
)

// Entry says who may take a seat.
type Entry string

// The entry rules. In a safe space a seat is good for something only once it is
// vouched for, whatever a steward would like.
const (
	Anybody Entry = "open"    // every member
	Vouched Entry = "vouched" // two vouches from different branches
)

// Pace says how soon waiting posts of a safe space appear.
type Pace string

// The paces; the first is the default.
const (
	Careful Pace = "careful" // at a tick drawn from the three days after this one
	Daily   Pace = "daily"   // at the next 00:00 UTC
	Hourly  Pace = "hourly"  // at the next tick
)

// Paces lists them, the most careful first.
func Paces() []Pace { return []Pace{Careful, Daily, Hourly} }

// Label says who is assumed to read a space.
type Label string

// The labels; the first is the default.
const (
	PlatformReads Label = "platform" // assume that the platforms' staff read this
	MembersOnly   Label = "members"  // its members have agreed to keep it among themselves
)

// Labels lists them, the more wary first.
func Labels() []Label { return []Label{PlatformReads, MembersOnly} }

// Actor is whoever acts. The zero value is an anonymous reader.
type Actor struct {
	Face    face.ID
	Steward bool
}

// Space is what a space says of itself now.
type Space struct {
	ID       ID
	Kind     Kind
	Topic    string // of an open space: key of the topic whose discussions it gathers
	Lang     string // in which name, purpose and rules are written
	OpenedBy face.ID
	OpenedAt time.Time
	Revision
	Closure *Closure // nil while it is open
}

// Closed tells whether the space has ended.
func (s Space) Closed() bool { return s.Closure != nil }

// Says is what stewards may change of a space.
type Says struct {
	Name    string
	Purpose string // one sentence or two, plain text
	Rules   string // Markdown
	Entry   Entry
	Pace    Pace // of a safe space; empty in an open one
	Label   Label
}

// Revision is one state of what a space says, numbered from 1.
type Revision struct {
	Says
	N      int
	HTML   markdown.HTML // of the rules
	By     face.ID
	At     time.Time
	Reason string
}

// Closure is the end of a space. It can be read, not entered.
type Closure struct {
	By     face.ID
	At     time.Time
	Reason string
}

// Opening is a space to be opened.
type Opening struct {
	Kind  Kind
	Topic string // open spaces only; the door has made it
	// Address becomes the id: letters a to z, digits, hyphens. Empty: from the name,
	// where that has one.
	Address string
	Lang    string
	Says
	Reason string
}

// Credit is what a seat needs to know of the member behind a face.
type Credit struct {
	Joined  int    // epoch
	Vouches int    // from different branches
	Founder bool   // counts as seasoned at once
	Branch  string // through which she came; empty: none yet
}

// Standing is what a face's seat in a space is good for.
type Standing struct {
	Seat     bool
	Eligible bool
	Why      error     // the reason why not, to be shown; nil when eligible
	From     time.Time // the day on which she has been here long enough, 00:00 UTC; past or to come
	Missing  int       // vouches still missing
	Branch   string    // for the cap on branches, never for a page
}

// Count is how many seats there were when an epoch began.
type Count struct {
	Epoch int
	Seats int
}

// The limits of a space, in characters; rules in bytes.
const (
	MaxName    = 60
	MaxPurpose = 300
	MaxRules   = 8 << 10
	MaxReason  = 500
)

// NeedVouches is how many vouches from different branches a safe space wants.
const NeedVouches = 2
