package accountpage

import (
	"context"
	"net/url"

	"guildhall/internal/lang"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

func viewerLink(ctx context.Context, key string) (before, words, after string) {
	return viewer.From(ctx).Lang.Link(key)
}

// The places that scripts fill in the sentences of say.
const (
	place = lang.Verbatim("{n}")
	word  = lang.Verbatim("{word}")
)

func escape(path string) string { return url.QueryEscape(path) }

func signedIn(ctx context.Context) bool { return viewer.From(ctx).SignedIn }

// backwards is the arrow that points to where one came from.
func backwards(ctx context.Context) string {
	if viewer.From(ctx).Lang.Dir() == "rtl" {
		return "→"
	}
	return "←"
}

// signInTitle names what the page is for: coming in, or showing a key once more.
func signInTitle(ctx context.Context) string {
	if signedIn(ctx) {
		return shell.T(ctx, "account.fresh.title")
	}
	return shell.T(ctx, "account.signin.title")
}

// deviceName is what the member called a browser, or that she did not.
func deviceName(ctx context.Context, d Device) string {
	if d.Label == "" {
		return shell.T(ctx, "account.devices.unnamed")
	}
	return d.Label
}
