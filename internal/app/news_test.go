package app

import (
	"fmt"
	"testing"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/news"
	"guildhall/internal/platform"
	"guildhall/internal/question"
)

// Three hundred questions about the platform that ana follows are one line, and the
// answer to her own stays to be seen.
func TestNews_manyQuestionsAreOneLine(t *testing.T) {
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
	faces := make([]face.ID, 16)
	for i := range faces {
		f, err := h.Faces.New(ctx, fmt.Sprintf("Person %d", i))
		must(err)
		faces[i] = f.ID
	}
	ana, dov := faces[0], faces[1]
	steward := platform.Actor{Face: dov, Steward: true}
	p, err := h.Platforms.Propose(ctx, steward, platform.Proposal{Name: "Gigharbour", Domain: "gigharbour.example", About: "We work there."})
	must(err)
	must(h.Platforms.Decide(ctx, steward, p.ID, platform.Accepted, "It is where we work."))
	ask := func(by face.ID, n int) question.ID {
		t.Helper()
		q, err := h.Questions.Ask(ctx, question.Actor{Face: by}, question.Asking{Title: fmt.Sprintf("Is this question number %d?", n), Lang: "en", Platform: string(p.ID), Owes: question.ByPlatform})
		must(err)
		return q.ID
	}
	hers := ask(ana, 0)
	must(h.News.Follow(ctx, ana, news.Thing{Kind: news.Platform, ID: string(p.ID)}))
	_, err = h.Questions.File(ctx, question.Actor{Face: dov, Steward: true}, hers, question.Filing{Kind: question.Answer, Code: "here", Day: h.Questions.Today(), Words: "Yes."})
	must(err)
	for i := range 280 {
		ask(faces[2+i/question.MaxADay], i+1)
	}
	must(h.TestOnlyDrain(ctx))
	list, err := h.News.List(ctx, ana)
	must(err)
	if len(list) != 2 || list[0].Kind != news.Asked || list[0].N != 280 || list[0].Thing.ID != string(p.ID) || list[1].Kind != news.Answered {
		t.Errorf("%+v", list)
	}
}

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
