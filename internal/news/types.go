package news

import "guildhall/internal/face"

// Kind says what happened. The list is append-only.
type Kind string

// The kinds.
const (
	Answered  Kind = "answered"  // a question has an answer
	Promised  Kind = "promised"  // a question has a day by which an answer is promised
	Closed    Kind = "closed"    // a question was closed
	Moved     Kind = "moved"     // a case went to another question, which is the thing
	Asked     Kind = "asked"     // questions about what one follows, which is the thing
	Replied   Kind = "replied"   // somebody answers a post
	Discussed Kind = "discussed" // somebody speaks below an article or in a discussion one opened
	Consulted Kind = "consulted" // consultations began from what one asked or follows, which is the thing
	Concluded Kind = "concluded" // a consultation has a result
	Changed   Kind = "changed"   // the terms of a platform have changed, and it lasts
	// Of connections: that it happened, and how often; who it was stands on the page.
	Wished     Kind = "wished"     // somebody wishes to be connected
	Connected  Kind = "connected"  // somebody has said yes
	Introduced Kind = "introduced" // somebody brings two together
	Lost       Kind = "lost"       // one of her devices cannot be reached any more
	// Of bookings likewise.
	Booked    Kind = "booked"    // somebody has booked a meeting with her
	Shifted   Kind = "shifted"   // and has moved it
	CalledOff Kind = "calledoff" // or cancelled it
	Warned    Kind = "warned"    // a steward has warned her of something in a message of hers
)

// Thing is what something happened to. Its kind is the word of the room that has it.
type Thing struct{ Kind, ID string }

// The kinds of things that can be followed here.
const (
	Platform     = "platform"
	Question     = "question"
	Clause       = "clause"
	Consultation = "consultation"
)

// Connections is the kind of the one page of all that one knows; it has no id.
const Connections = "connections"

// Bookings is the kind of the one page of what is booked with her; it has no id.
const Bookings = "bookings"

// Version is the kind of a version of a platform's terms; its id is the document's,
// a slash and its number.
const Version = "version"

// Message is the kind of a message that stewards have decided about; its id is theirs for it.
const Message = "message"

// Device is the kind of a device of hers.
const Device = "device"

// News is one line of what somebody is told.
type News struct {
	Kind  Kind
	Thing Thing
	N     int // how often it happened
	Day   int // of the last time, counted from 1970-01-01, UTC
}

// Telling says whom an event concerns.
type Telling struct {
	Kind      Kind
	Thing     Thing
	To        []face.ID
	Followers []Thing // and everybody who follows one of these
	Except    face.ID // who did it
}
