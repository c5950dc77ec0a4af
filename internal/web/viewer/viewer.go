package viewer

import (
	"context"
	"time"

	"guildhall/internal/lang"
)

// The themes a reader may choose. Auto follows the device.
const (
	Auto  = ""
	Light = "light"
	Dark  = "dark"
)

// Viewer is whoever reads. The zero value is an anonymous reader of English.
type Viewer struct {
	Lang  lang.Lang
	Zone  *time.Location // nil: UTC, and the browser shows its own
	Theme string         // Auto, Light or Dark
	Hall  string         // the hall's own name; empty: the one in lang
	Path  string         // path and query asked for, to come back to

	// Origin is where the hall is reached, such as "https://hall.example"; empty
	// when it was not configured. It is never taken from a request, which may lie.
	Origin string

	SignedIn     bool
	FaceID       string
	Name, Handle string // of the open profile that would speak
	Picture      string // address of its picture in this hall; empty when there is none
	Steward      bool
}

type contextKey struct{}

// With returns a context in which From finds v.
func With(ctx context.Context, v Viewer) context.Context {
	return context.WithValue(ctx, contextKey{}, v)
}

// From returns the reader of ctx; an anonymous reader of English when there is
// none.
func From(ctx context.Context) Viewer {
	v, _ := ctx.Value(contextKey{}).(Viewer)
	return v
}

// HallName is the hall's name in the reader's language.
func (v Viewer) HallName() string {
	if v.Hall != "" {
		return v.Hall
	}
	return v.Lang.T("shell.hall")
}

// Location is the reader's zone, UTC when it is not known.
func (v Viewer) Location() *time.Location {
	if v.Zone == nil {
		return time.UTC
	}
	return v.Zone
}
