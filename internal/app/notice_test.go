package app

import (
	"context"
	"testing"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/news"
	"guildhall/internal/notice"
	"guildhall/internal/push"
)

// A line of news and what carries it to a device are written together, once for each
// event; of a device that is lost its owner is told in her news, and on the others.
func TestNotices_comeWithTheNews(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h, err := Open(ctx, t.TempDir(), Config{CacheMB: 1}, func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) })
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
	rang := map[string]int{}
	h.Notices.Check = func(push.Subscription) error { return nil }
	h.Notices.Send = func(_ context.Context, s push.Subscription, _ push.Message) (push.Outcome, error) {
		rang[s.Endpoint]++
		if s.Endpoint == "gone" {
			return push.Outcome{Kind: push.Gone, Status: 410}, nil
		}
		return push.Outcome{Kind: push.Accepted, Status: 201}, nil
	}
	people := make([]face.ID, 2)
	for i, name := range []string{"Ana", "Bo"} {
		f, err := h.Faces.New(ctx, name)
		must(err)
		people[i] = f.ID
	}
	ana, bo := people[0], people[1]
	for _, name := range []string{"phone", "gone"} {
		must(h.Notices.Subscribe(ctx, ana, notice.Subscription{Subscription: push.Subscription{Endpoint: name}, Session: name, Zone: "UTC"}))
	}
	d, err := h.Forum.Open(ctx, forum.Actor{Face: ana}, forum.NewDiscussion{Title: "Who pays late?", Lang: "en", First: forum.NewPost{Text: "Tell."}})
	must(err)
	_, err = h.Forum.Reply(ctx, forum.Actor{Face: bo}, d.ID, forum.NewPost{Text: "Many."})
	must(err)
	must(h.TestOnlyDrain(ctx))
	must(h.TestOnlyDrain(ctx))
	if rang["phone"] != 2 || rang["gone"] != 1 { // the reply, and that the other is lost
		t.Errorf("rang %v", rang)
	}
	lines, err := h.News.List(ctx, ana)
	must(err)
	if len(lines) != 2 || lines[0].Kind != news.Lost || lines[1].Kind != news.Discussed {
		t.Errorf("%+v", lines)
	}
	held, err := h.Notices.Held(ctx, ana)
	must(err)
	if len(held) != 2 {
		t.Errorf("%+v", held)
	}
	for _, kinds := range []map[string]news.Kind{{"lost": news.Lost, "replied": news.Replied}, metKinds, bookedKinds} {
		for what, k := range kinds {
			if carried[k] == "" {
				t.Errorf("%s is carried by nothing", what)
			}
		}
	}
}
