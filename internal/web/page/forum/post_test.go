package forumpage_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/lang"
	forumpage "guildhall/internal/web/page/forum"
	"guildhall/internal/web/viewer"
)

var update = flag.Bool("update", false, "write testdata/talk.html anew")

// all kinds of posts, with letters in every place that must be escaped.
func allPosts() (posts []forum.Post) {
	at := time.Date(2026, 3, 9, 4, 5, 6, 0, time.UTC)
	faces := []face.Face{
		{ID: "f1", Handle: "quiet-heron", Name: "Quiet Heron", Kind: face.Open},
		{ID: "f2", Handle: "o'neil&co", Name: `O'Neil & "Co" <x>`, Kind: face.Open, Picture: "0a1b.png"},
		{ID: "f3", Name: "Wanda <w>", Kind: face.Imported},
		{ID: "f4", Kind: face.Former},
		{ID: "f5", Handle: "ليلى", Name: "ليلى الحسن", Kind: face.Open},
	}
	add := func(p forum.Post) {
		p.Seq = len(posts) + 1
		p.ID = forum.PostID(fmt.Sprintf("0190-%d", p.Seq))
		p.At = at.AddDate(0, p.Seq%12, p.Seq)
		posts = append(posts, p)
	}
	for _, f := range faces {
		add(forum.Post{Author: f, Revision: 1, HTML: "<p>Words &amp; more.</p>"})
		add(forum.Post{Author: f, Revision: 3, EditedAt: at, ReplyTo: "0190-1", Recommendations: 1, HTML: "<p>Again.</p>"})
		add(forum.Post{Author: f, Revision: 1, Recommendations: 1234, Imported: true, HTML: "<p>Old.</p>"})
	}
	add(forum.Post{State: forum.Moved, MovedTo: "0191-x"})
	add(forum.Post{Author: faces[0], State: forum.Hushed, Hush: &forum.Hush{Reason: "Too <loud>"}, HTML: "<p>Hushed.</p>"})
	add(forum.Post{Author: faces[0], State: forum.Hushed})
	add(forum.Post{State: forum.Waits})
	add(forum.Post{Author: faces[1], State: forum.Waits, Hold: &forum.Hold{Reason: "moderation.held.newcomer"}, HTML: "<p>Waits.</p>"})
	add(forum.Post{Author: faces[1], State: forum.Erased})
	return posts
}

// What is written by hand for speed says what it said before. After a change that
// is meant, run with -update and read the difference.
func TestTalk_saysTheSame(t *testing.T) {
	t.Parallel()
	posts := allPosts()
	zone := time.FixedZone("x", 3*3600)
	var out bytes.Buffer
	for _, v := range []viewer.Viewer{
		{}, {Lang: lang.Spanish}, {Lang: lang.Arabic, Theme: viewer.Dark},
		{SignedIn: true, FaceID: "f1", Name: "Quiet Heron", Zone: zone},
		{SignedIn: true, FaceID: "f2", Name: "O'Neil", Steward: true, Lang: lang.Spanish, Zone: zone},
	} {
		fmt.Fprintf(&out, "\n\n== %v signed in %v, steward %v\n", v.Lang, v.SignedIn, v.Steward)
		p := forum.Page{Discussion: forum.Discussion{ID: "d1", Slug: "calls", LastSeq: len(posts), Posts: len(posts)}, N: 1, Posts: posts}
		reply := forumpage.ReplyForm{Folded: map[face.ID]bool{"f5": true}}
		mine := map[string]bool{"0190-2": true, "0190-5": true}
		if err := forumpage.Talk(p, mine, reply, "").Render(viewer.With(context.Background(), v), &out); err != nil {
			t.Fatal(err)
		}
	}
	const golden = "testdata/talk.html"
	got := bytes.ReplaceAll(out.Bytes(), []byte("<li>"), []byte("\n<li>"))
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		i := 0
		for i < min(len(got), len(want)) && got[i] == want[i] {
			i++
		}
		t.Errorf("from byte %d on\n%.400s\ninstead of\n%.400s", i, got[max(0, i-80):], want[max(0, i-80):])
	}
}
