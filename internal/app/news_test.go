package app

import (
	"testing"
	"time"

	"guildhall/internal/forum"
	"guildhall/internal/news"
)

// Who has left is told nothing any more, though her posts stand and are answered.
func TestNews_whoHasLeftIsToldNothing(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h, err := Open(ctx, t.TempDir(), Config{CacheMB: 1}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ana, err := h.Faces.New(ctx, "Ana")
	must(err)
	bo, err := h.Faces.New(ctx, "Bo")
	must(err)
	d, err := h.Forum.Open(ctx, forum.Actor{Face: ana.ID}, forum.NewDiscussion{Title: "Who was cut off?", First: forum.NewPost{Text: "I was."}})
	must(err)
	answered := func(text string) []news.News {
		t.Helper()
		_, err := h.Forum.Reply(ctx, forum.Actor{Face: bo.ID}, d.ID, forum.NewPost{Text: text})
		must(err)
		must(h.TestOnlyDrain(ctx))
		list, err := h.News.List(ctx, ana.ID)
		must(err)
		return list
	}
	if list := answered("Mine too, on Friday."); len(list) != 1 {
		t.Fatalf("while she is here: %v", list)
	}
	must(h.News.Forget(ctx, ana.ID))
	must(h.Faces.Retire(ctx, ana.ID))
	if list := answered("And again, on Monday."); len(list) != 0 {
		t.Errorf("after she has left: %v", list)
	}
}
