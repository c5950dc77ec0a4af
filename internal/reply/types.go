package reply

import (
	"time"

	"guildhall/internal/face"
	"guildhall/internal/markdown"
)

// ID names a reply, as in /replies/ID. It never changes.
type ID string

// Target is a claim: its kind and its id there.
type Target struct{ Kind, ID string }

// The kinds of claims. The list is append-only.
const (
	Article      = "article"
	Question     = "question"
	Clause       = "clause"
	Consultation = "consultation" // its result
)

// Thing is what a page that shows the claim names, as Touch does.
func (t Target) Thing() string { return "reply:" + t.Kind + ":" + t.ID }

// Actor is whoever acts: For a platform, under Mandate, where she may.
type Actor struct {
	Face         face.ID
	Steward      bool
	For, Mandate string
}

// Reply is what a platform says to a claim that names it.
type Reply struct {
	ID        ID
	Platform  string
	Target    Target
	At        time.Time
	EditedAt  time.Time
	Revisions int
	Mandate   string // under which it was written last
	Source    string
	HTML      markdown.HTML
	Hush      *Hush // nil: it is shown
}

// Hush says that a steward has hidden a reply.
type Hush struct {
	By     face.ID
	At     time.Time
	Reason string
}

// Revision is one state of a reply, numbered from 1.
type Revision struct {
	N       int
	Mandate string
	At      time.Time
	Source  string
	HTML    markdown.HTML
}

// Correction is what the hall has put right below a claim.
type Correction struct {
	N    int
	By   face.Face
	At   time.Time
	HTML markdown.HTML
}

// The limits of what is written: of corrections in bytes, of reasons in characters. A
// reply may be as long as its claim; whoever knows the claim says how long that is.
const (
	MaxCorrection = 2 << 10
	MaxReason     = 500
	maxCorrected  = 50 // corrections below one claim
)
