package platformpage

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/face"
	"guildhall/internal/platform"
	"guildhall/internal/representative"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

// Href is a platform's address.
func Href(id platform.ID) string { return "/platforms/" + string(id) }

// canonical keeps search engines away from what is not accepted.
func canonical(x platform.Platform) string {
	if !x.Accepted() {
		return ""
	}
	return Href(x.ID)
}

// ListPage is all platforms a reader may see, by name.
type ListPage struct {
	Platforms []platform.Platform
}

// Form is a proposal being written.
type Form struct {
	platform.Proposal
	Once  string
	Error error
}

// Page is one platform. Parts are what other subjects say of it, in order.
type Page struct {
	Platform  platform.Platform
	Following bool
	Local     string // the domain as people write it, where that differs
	By        face.Face
	Verdicts  []platform.Verdict
	// Corrections are what stewards have put right, the newest first.
	Corrections []platform.Correction
	Faces       map[face.ID]face.Face
	Parts       []templ.Component
	Verdict     VerdictForm
}

// CorrectPage is the form by which a steward puts right what is said of a platform.
type CorrectPage struct {
	Platform platform.Platform
	platform.Proposal
	Reason string
	Once   string
	Error  error
}

// row is one thing that was put right: what it is, as it was, and as it is.
type row struct{ what, was, is string }

// rows are the things a correction has put right.
func rows(ctx context.Context, c platform.Correction) (out []row) {
	for _, r := range []row{
		{shell.T(ctx, "platform.new.name"), c.Old.Name, c.New.Name},
		{shell.T(ctx, "platform.new.domain"), c.Old.Domain, c.New.Domain},
		{shell.T(ctx, "platform.new.about"), c.Old.About, c.New.About},
	} {
		if r.was != r.is {
			out = append(out, r)
		}
	}
	return out
}

// VerdictForm is a steward's word being given.
type VerdictForm struct {
	Word   platform.Word
	Reason string
	Once   string
	Error  error
}

func wordOptions(ctx context.Context) []shell.Option {
	return []shell.Option{
		{Value: string(platform.Accepted), Label: shell.T(ctx, "platform.accept")},
		{Value: string(platform.Refused), Label: shell.T(ctx, "platform.refuse"), Hint: shell.T(ctx, "platform.refuse.hint")},
	}
}

func word(ctx context.Context, w platform.Word) string {
	if w == platform.Accepted {
		return shell.T(ctx, "platform.accepted")
	}
	return shell.T(ctx, "platform.refused")
}

// RepresentativesHref is where a platform's representatives stand.
func RepresentativesHref(id platform.ID) string { return Href(id) + "/representatives" }

// Speaker is a mandate as pages show it: with its holder only where she wishes it.
type Speaker struct {
	representative.Mandate
	State representative.State
	Local string // the domain as people write it, where that differs
}

// RepresentativesPage is who speaks for a platform.
type RepresentativesPage struct {
	Platform platform.Platform
	Speakers []Speaker
	Mine     *Speaker          // the reader's own, until it ended
	Judged   representative.ID // the role about which a steward's form came back
	Reason   string            // as she typed it
	Role     string            // as typed
	Once     string
	Error    error
}

// now are those who may speak at this hour.
func now(list []Speaker) (n []Speaker) {
	for _, s := range list {
		if s.State == representative.Proven {
			n = append(n, s)
		}
	}
	return n
}

// suspended are those about whom another steward has to decide.
func suspended(list []Speaker) (n []Speaker) {
	for _, s := range list {
		if s.State == representative.Suspended {
			n = append(n, s)
		}
	}
	return n
}

// judgedBy tells whether the reader is the steward who has suspended the role.
func judgedBy(ctx context.Context, s Speaker) bool {
	return string(s.Suspension.By) == viewer.From(ctx).FaceID
}

// fallen tells whether a role has to be claimed anew, on another domain.
func fallen(s Speaker) bool { return s.Fallen && s.State != representative.Suspended }

// reasonOf is what was typed about a role before its form came back.
func reasonOf(p RepresentativesPage, s Speaker) string {
	if p.Judged != s.ID {
		return ""
	}
	return p.Reason
}

// until is when somebody spoke for a platform last.
func until(s Speaker) time.Time {
	if s.State == representative.Ended && s.Ended.Before(s.Found.Add(representative.Lasts)) {
		return s.Ended
	}
	if s.State == representative.Suspended {
		return s.Suspension.At
	}
	return s.Found
}

func mandateHref(s Speaker) string { return "/mandates/" + string(s.ID) }

// ticked is the value of a box.
func ticked(b bool) string {
	if b {
		return "yes"
	}
	return ""
}
