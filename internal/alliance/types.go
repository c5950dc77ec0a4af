package alliance

import (
	"guildhall/internal/face"
)

// How much fits, and how long wishes wait.
const (
	MaxWords       = 500  // characters that go with a wish or an introduction
	MaxOpen        = 50   // wishes of one person that wait at once, and introductions
	MaxConnections = 2000 // of one person
	Lapse          = 90   // days after which a wish or an introduction is gone
	// SealedNote is the length in bytes of every note: a nonce of 12, 4,096 of text and
	// padding, and a tag of 16.
	SealedNote = 12 + 4096 + 16
)

// Event kinds of this room, past tense. The subject is the face that is to be told; none
// says by whom.
const (
	EventAsked      = "alliance.asked"      // somebody wishes to be connected with it
	EventConnected  = "alliance.connected"  // somebody has said yes to its wish
	EventIntroduced = "alliance.introduced" // somebody introduces it
)

// Actor is whoever acts; the zero Actor is an anonymous reader.
type Actor struct{ Face face.ID }

// Ask is a wish to be connected, as whoever may see it sees it.
type Ask struct {
	From, To face.Face
	Words    string
	Day      int // counted from 1970-01-01, UTC
}

// Introduction is one person's suggestion that two others know each other.
type Introduction struct {
	ID    string
	By    face.Face
	Other face.Face // whom the reader is to meet; for whoever introduces, the second of the two
	One   face.Face // the first of the two, for whoever introduces
	Words string
	Said  bool // the reader has said yes, and the other nothing yet
}

// Waiting is everything of one person that waits for an answer.
type Waiting struct {
	Asked         []Ask // by others, of her
	Asking        []Ask // by her
	Introductions []Introduction
	Introducing   []Introduction
}
