package platformpage

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/face"
	"guildhall/internal/platform"
	"guildhall/internal/representative"
	"guildhall/internal/web/page/shell"
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
	Faces     map[face.ID]face.Face
	Parts     []templ.Component
	Verdict   VerdictForm
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
	Mine     *Speaker // the reader's own, until it ended
	Role     string   // as typed
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

// until is when somebody spoke for a platform last.
func until(s Speaker) time.Time {
	if s.State == representative.Ended && s.Ended.Before(s.Found.Add(representative.Lasts)) {
		return s.Ended
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
