package platform

import (
	"time"

	"guildhall/internal/face"
	"guildhall/internal/ident"
)

// ID names a platform and is its address, as in /platforms/gigharbour. It never
// changes.
type ID string

// Actor is whoever acts. The zero value is an anonymous reader.
type Actor struct {
	Face    face.ID
	Steward bool
}

// Platform is a company through which freelancers find work.
type Platform struct {
	ID         ID
	Name       string
	Domain     string // as machines write it: lower case, punycode
	About      string // one sentence, plain text; may be empty
	ProposedBy face.ID
	At         time.Time
	Verdict    *Verdict // the last one; nil while it waits
}

// Is tells whether words name the platform, as Named finds it.
func (p Platform) Is(words string) bool { return ident.Fold(words) == ident.Fold(p.Name) }

// Accepted tells whether everybody sees it.
func (p Platform) Accepted() bool { return p.Verdict != nil && p.Verdict.Word == Accepted }

// Refused tells whether stewards said no.
func (p Platform) Refused() bool { return p.Verdict != nil && p.Verdict.Word == Refused }

// Word is what stewards say to a proposal.
type Word string

// The words.
const (
	Accepted Word = "accepted"
	Refused  Word = "refused"
)

// Verdict is a steward's word on a platform, numbered from 1; the last counts.
type Verdict struct {
	N      int
	Word   Word
	By     face.ID
	At     time.Time
	Reason string
}

// Proposal is a platform to be proposed.
type Proposal struct {
	Name   string
	Domain string // as people type it, an address of a page too
	About  string
}

// says is what is said of the platform.
func (p Platform) says() Proposal { return Proposal{Name: p.Name, Domain: p.Domain, About: p.About} }

// Correction is what a steward has put right about a platform, numbered from 1.
type Correction struct {
	N        int
	Old, New Proposal // their domains as machines write them
	By       face.ID  // for stewards only; a page does not show it
	At       time.Time
	Reason   string
	Undone   time.Time // when it was taken back; zero: it stands
}

// The limits of what is written of a platform, in characters.
const (
	MaxName   = 60
	MaxAbout  = 300
	MaxReason = 500
)
