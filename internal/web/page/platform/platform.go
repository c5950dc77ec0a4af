package platformpage

import (
	"context"

	"github.com/a-h/templ"

	"guildhall/internal/face"
	"guildhall/internal/platform"
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
	Platform platform.Platform
	Local    string // the domain as people write it, where that differs
	By       face.Face
	Verdicts []platform.Verdict
	Faces    map[face.ID]face.Face
	Parts    []templ.Component
	Verdict  VerdictForm
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
