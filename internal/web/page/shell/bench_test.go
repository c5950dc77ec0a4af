package shell_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

// What stands in every post of a discussion must cost next to nothing.
func BenchmarkParts(b *testing.B) {
	ctx := viewer.With(context.Background(), viewer.Viewer{})
	at := time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC)
	var out bytes.Buffer
	for b.Loop() {
		out.Reset()
		_ = shell.Portrait("Quiet Heron", "").Render(ctx, &out)
		_ = shell.Time(at).Render(ctx, &out)
		_ = shell.Badge("new", "new").Render(ctx, &out)
	}
}

// The frame stands around every page.
func BenchmarkPage(b *testing.B) {
	ctx := viewer.With(context.Background(), viewer.Viewer{Path: "/discussions/x?page=2"})
	p := shell.Props{Title: "Calls that do not ring", Description: "What two weeks showed", Canonical: "/discussions/x", Here: "discussions"}
	var out bytes.Buffer
	for b.Loop() {
		out.Reset()
		_ = shell.Page(p).Render(ctx, &out)
	}
}
