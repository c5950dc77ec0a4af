package call

import (
	"time"

	"guildhall/internal/face"
)

// ID is a call's, drawn by chance.
type ID string

// State is how a call stands. The list is append-only.
type State string

// The states. All but the first two are ends.
const (
	Ringing   State = "ringing"
	Answered  State = "answered"
	Declined  State = "declined"
	Later     State = "later" // the called will call back in ten minutes
	Cancelled State = "cancelled"
	Missed    State = "missed"
	Busy      State = "busy"
	Ended     State = "ended"
)

// Over tells that nothing more becomes of a call in this state.
func (s State) Over() bool { return s != Ringing && s != Answered }

// Call is one call.
type Call struct {
	ID       ID
	Room     ID // where it is spoken: of its own number, unless somebody is brought into another
	From, To face.ID
	State    State
	FromSeat string // the page that calls; "": none has said so yet
	ToSeat   string // the page that answered
	silent   bool
	due      time.Time
}

// Brought tells that it leads into a call that was there before.
func (c Call) Brought() bool { return c.Room != c.ID }

// Other is who a side speaks with.
func (c Call) Other(of face.ID) face.ID {
	if of == c.From {
		return c.To
	}
	return c.From
}

// Device is what sort of device of the called was reached.
type Device string

// The sorts.
const (
	Phone    Device = "phone"
	Computer Device = "computer"
	Woken    Device = "woken" // by a push; which it is, nobody has said
)

// Way is how far a call came, as its caller is told.
type Way struct {
	Rings      []Device // on which it rings
	Woken      bool     // a device was woken by a push
	NotReached bool     // fifteen seconds, and none was reached
}

const (
	// RingFor is how long a call rings.
	RingFor     = 45 * time.Second
	further     = 8 * time.Second
	saidAfter   = 15 * time.Second
	keptAfter   = time.Minute      // the end, so that both sides read of it
	longest     = 12 * time.Hour   // of one call
	silentAfter = 90 * time.Second // both pages say nothing any more
	looks       = 15 * time.Second // at calls that are going on
)
