package forumpage_test

import (
	"bytes"
	"context"
	"fmt"
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
	some := []string{"Quiet Heron", "Wanda Otter", "Bo", "Amber Lynx of the Marsh", "Old Crane", "Seven Geese", "Lark", "Grey Owl", "Ivy", "Red Kite", "Swift", "Tern"}
	for n := range forum.PageSize {
		who := face.Face{ID: face.ID(fmt.Sprintf("01ebqt7y001epfe8hnm9sthj%02d", n*n%len(some))), Name: some[n*n%len(some)], Handle: "a-handle", Kind: face.Open}
		p.Posts = append(p.Posts, forum.Post{
			ID: "01ebqt7y001epfe8hnm9sthjhe", Discussion: d.ID, Seq: n + 1, Author: who, At: at.Add(time.Duration(n) * 90 * time.Minute), Revision: 1, Recommendations: n % 3,
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
