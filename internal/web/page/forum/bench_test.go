package forumpage_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/markdown"
	forumpage "guildhall/internal/web/page/forum"
	"guildhall/internal/web/viewer"
)

// A page of fifty posts, as anonymous readers get it most often. What a post
// costs here is paid fifty times a page.
func BenchmarkDiscussion(b *testing.B) {
	at := time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC)
	heron := face.Face{ID: "f1", Handle: "quiet-heron", Name: "Quiet Heron", Kind: face.Open, Since: 2025}
	d := forum.Discussion{ID: "d1", Slug: "calls", Title: "Calls that do not ring", Lang: "en", Opener: heron, At: at, ActiveAt: at, Posts: 1027, LastSeq: 1027, Faces: 61}
	p := forum.Page{Discussion: d, N: 1}
	for n := range forum.PageSize {
		p.Posts = append(p.Posts, forum.Post{
			ID: "0123456789abcdef", Discussion: d.ID, Seq: n + 1, Author: heron, At: at, Revision: 1, Recommendations: n % 3,
			HTML: markdown.HTML("<p>" + strings.Repeat("The phone showed a notice eleven minutes later. ", 12) + "</p>"),
		})
	}
	page := forumpage.Discussion(forumpage.DiscussionPage{Page: p, Reply: forumpage.ReplyForm{Action: "/discussions/d1/posts"}})
	ctx := viewer.With(context.Background(), viewer.Viewer{Path: "/discussions/d1/calls"})
	var out bytes.Buffer
	for b.Loop() {
		out.Reset()
		if err := page.Render(ctx, &out); err != nil {
			b.Fatal(err)
		}
	}
}
