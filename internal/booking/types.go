package booking

import (
	"time"

	"guildhall/internal/calendar"
	"guildhall/internal/face"
)

// How much fits, and how long things last.
const (
	MaxKinds    = 20  // of one page
	MaxFeeds    = 10  // of one page
	MaxWaits    = 100 // on one page
	MaxAhead    = 365 // days ahead that can be booked, whatever the rules say
	MaxWindow   = 100 * 24 * time.Hour
	OfferLasts  = 24 * time.Hour      // what becomes free is kept for whoever waits
	Stale       = 6 * time.Hour       // after which nobody knows what a feed says now
	FeedsEvery  = 15 * time.Minute    // how often feeds are fetched
	Kept        = 90 * 24 * time.Hour // after its end a booking goes
	maxRules    = 10_000              // bytes
	feedReaches = (MaxAhead + 3) * 24 * time.Hour
)

// Event kinds of this room, past tense. The subject is the face that can be booked.
const (
	EventBooked    = "booking.booked"    // firm, or held: then she has to say yes
	EventMoved     = "booking.moved"     // by the visitor
	EventCancelled = "booking.cancelled" // by the visitor
)

// States of a booking.
const (
	Held      = "held"      // whoever is booked has to say yes
	Firm      = "firm"      // it holds
	Offered   = "offered"   // the visitor, who waited for it, has to say yes
	Cancelled = "cancelled" // it is no more
)

// Actor is whoever acts; the zero Actor is an anonymous reader.
type Actor struct{ Face face.ID }

// Page is how somebody can be booked.
type Page struct {
	Face  face.ID
	Text  string // the rules as they are written
	Rules calendar.Rules
	Link  string // number of the call link by which she is called at meetings; "": none
	turn  int64
}

// Kind is what somebody can be met for.
type Kind struct {
	ID                          string
	Face                        face.ID
	Name                        string
	Length, Step, Before, After time.Duration // whole minutes; Step 0: Length
}

// Feed is a calendar elsewhere that says when somebody is busy.
type Feed struct {
	ID      string
	Face    face.ID
	Address string
	Login   string    // the name by which she signs in there (CalDAV); "": the address is the key
	Known   time.Time // when it was read last; zero: never
	Unknown time.Time // since when it cannot be read; zero: it can
	Why     string    // a sentence of lang
	Line    int       // of the file, where that is the reason
	word    string
	busy    []calendar.Interval
}

// Elsewhere is a calendar elsewhere as it is typed. Login and Word are both given, or
// neither.
type Elsewhere struct{ Address, Login, Word string }

// Booking is one meeting.
type Booking struct {
	ID         string
	Face       face.ID
	Kind       string // its id; the kind may be gone
	Title      string // the kind's name when it was booked
	Start, End time.Time
	Visitor    string // what the visitor calls herself
	State      string
	ByVisitor  bool      // cancelled, and by whom
	Until      time.Time // of an offer
	Version    int       // counts what was changed, for other calendars
	Told       string    // what was told of it at its minute
	Outcome    string    // whether it has taken place, where the hall can know
	before     time.Duration
	after      time.Duration
}

// Offer is what a page offers.
type Offer struct {
	Kind    Kind
	Zone    *time.Location
	Slots   []calendar.Interval
	Unknown time.Time // since when it is unknown what else she has; zero: it is known
}
