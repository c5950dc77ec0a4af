package forum_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
)

func TestRecommend(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A question")
		p := h.reply(h.bo, d, "An answer")
		a := h.publish(h.bo, forum.NewArticle{Title: "An article"})
		for _, thing := range []forum.Thing{p.ID.Thing(), a.ID.Thing()} {
			for _, step := range []struct {
				do    func() (int, error)
				count int
			}{
				{func() (int, error) { return h.Recommend(h.ctx, h.ana, thing) }, 1},
				{func() (int, error) { return h.Recommend(h.ctx, h.ana, thing) }, 1},
				{func() (int, error) { return h.Recommend(h.ctx, h.cleo, thing) }, 2},
				{func() (int, error) { return h.Withdraw(h.ctx, h.ana, thing) }, 1},
				{func() (int, error) { return h.Withdraw(h.ctx, h.ana, thing) }, 1},
			} {
				if n, err := step.do(); n != step.count || err != nil {
					t.Errorf("%s: got %d, want %d, %v", thing.Kind, n, step.count, err)
				}
			}
			_, err := h.Recommend(h.ctx, h.bo, thing)
			h.refused(err, fault.Forbidden, "forum.may.own")
		}
		if page := h.page(h.nobody, d.ID, 1); page.Posts[1].Recommendations != 1 {
			t.Errorf("got %d", page.Posts[1].Recommendations)
		}
		for who, want := range map[*forum.Actor]bool{&h.ana: false, &h.cleo: true, &h.nobody: false} {
			ids, err := h.Recommended(h.ctx, *who, d.ID.Thing())
			more, merr := h.Recommended(h.ctx, *who, a.ID.Thing())
			if err != nil || merr != nil || ids[string(p.ID)] != want || more[string(a.ID)] != want {
				t.Errorf("got %v %v %v %v", ids, more, err, merr)
			}
		}
		_, err := h.Recommend(h.ctx, h.nobody, p.ID.Thing())
		h.refused(err, fault.SignIn, "fault.sign_in")
		_, err = h.Recommend(h.ctx, h.ana, d.ID.Thing())
		h.refused(err, fault.NotFound, "fault.not_found")
		_, err = h.Recommend(h.ctx, h.ana, forum.ArticleID("none").Thing())
		h.refused(err, fault.NotFound, "forum.article.none")
	})
}

func TestFollow(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		k := h.topic("Calls")
		d := h.open(h.ana, "A question", k)
		a := h.publish(h.bo, forum.NewArticle{Title: "An article"})
		for _, thing := range []forum.Thing{k.Thing(), d.ID.Thing(), a.ID.Thing(), d.ID.Thing()} {
			h.ok(h.Follow(h.ctx, h.cleo, thing))
		}
		h.refused(h.Follow(h.ctx, h.nobody, k.Thing()), fault.SignIn, "fault.sign_in")
		h.refused(h.Follow(h.ctx, h.cleo, forum.TopicKey("none").Thing()), fault.NotFound, "forum.topic.none")
		h.refused(h.Follow(h.ctx, h.cleo, forum.DiscussionID("none").Thing()), fault.NotFound, "forum.discussion.none")
		h.refused(h.Follow(h.ctx, h.cleo, forum.PostID("none").Thing()), fault.NotFound, "fault.not_found")
		h.reply(h.bo, d, "news")
		list, err := h.Follows(h.ctx, h.cleo)
		h.ok(err)
		if len(list) != 3 || list[2].Thing != a.ID.Thing() || list[2].Title != "An article" || list[0].ActiveAt != list[1].ActiveAt {
			t.Errorf("got %+v", list)
		}
		h.ok(h.Unfollow(h.ctx, h.cleo, d.ID.Thing()))
		h.ok(h.Unfollow(h.ctx, h.cleo, d.ID.Thing()))
		for thing, want := range map[forum.Thing]bool{d.ID.Thing(): false, k.Thing(): true} {
			if yes, err := h.Following(h.ctx, h.cleo, thing); yes != want || err != nil {
				t.Errorf("%v: %v %v", thing, yes, err)
			}
		}
		if yes, err := h.Following(h.ctx, h.nobody, k.Thing()); yes || err != nil {
			t.Errorf("got %v %v", yes, err)
		}
		_, err = h.Follows(h.ctx, h.nobody)
		h.refused(err, fault.SignIn, "fault.sign_in")
	})
}

func TestStanding(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A question")
		first := h.reply(h.bo, d, "one")
		h.ok(h.Hush(h.ctx, h.dov, h.reply(h.bo, d, "two").ID.Thing(), "a test"))
		h.reply(h.bo, d, "three")
		if s, err := h.Standing(h.ctx, h.bo.Face); err != nil || s.Posts != 2 || !s.Since.Equal(first.At) {
			t.Errorf("got %+v %v", s, err)
		}
		if s, err := h.Standing(h.ctx, h.cleo.Face); err != nil || s.Posts != 0 || !s.Since.IsZero() {
			t.Errorf("got %+v %v", s, err)
		}
	})
}

func TestMine(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A question")
		h.publish(h.ana, forum.NewArticle{Title: "An article", Text: "![x](/blob/01pic.webp) words"})
		p := h.reply(h.bo, d, "An answer")
		_, err := h.Recommend(h.ctx, h.ana, p.ID.Thing())
		h.ok(err)
		h.ok(h.Follow(h.ctx, h.ana, d.ID.Thing()))
		if b, err := h.Mine(h.ctx, h.ana); err != nil || b != (forum.Belongings{Articles: 1, Discussions: 1, Posts: 1, Recommendations: 1, Follows: 1}) {
			t.Errorf("got %+v %v", b, err)
		}
		if list, err := h.Recommendations(h.ctx, h.ana); err != nil || !slices.Equal(list, []forum.Thing{p.ID.Thing()}) {
			t.Errorf("got %v %v", list, err)
		}
		for name, want := range map[string]bool{"01pic.webp": true, "02pic.webp": false} {
			if shown, err := h.ShowsPicture(h.ctx, name); err != nil || shown != want {
				t.Errorf("%s: %v %v", name, shown, err)
			}
		}
		_, err = h.Mine(h.ctx, h.nobody)
		h.refused(err, fault.SignIn, "fault.sign_in")
		_, err = h.Recommendations(h.ctx, h.nobody)
		h.refused(err, fault.SignIn, "fault.sign_in")
	})
}

func TestQuote(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A question")
		p := h.reply(h.bo, d, "> [ana](/posts/x):\n>\n> earlier\n\nMine,\n\nin two parts.")
		q, err := h.Quote(h.ctx, h.nobody, p.ID, "somebody")
		h.ok(err)
		if want := "> [bo](/posts/" + string(p.ID) + "):\n>\n> Mine,\n>\n> in two parts.\n\n"; q != want {
			t.Errorf("got  %q\nwant %q", q, want)
		}
		r := h.reply(h.ana, d, q+"I agree.")
		if !strings.Contains(string(r.HTML), "<blockquote>") || !strings.Contains(string(r.HTML), `href="/posts/`+string(p.ID)+`"`) {
			t.Errorf("got %s", r.HTML)
		}
	})
}

// Two edit one text at once: one is kept, the other is shown both.
func TestEdit_together(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A question")
		p := h.reply(h.bo, d, "at first")
		texts := []string{"mine", "yours"}
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for i, text := range texts {
			wg.Go(func() { _, errs[i] = h.Edit(h.ctx, h.bo, p.ID, 1, text) })
		}
		wg.Wait()
		lost := 0
		if errs[0] == nil {
			lost = 1
		}
		var clash *forum.Clash
		if errs[1-lost] != nil || !errors.As(errs[lost], &clash) || clash.Current.Source != texts[1-lost] {
			t.Errorf("got %v and %v, %+v", errs[0], errs[1], clash)
		}
	})
}

// Many write at once: no number is given twice, no count is wrong.
func TestReply_together(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A crowd")
		var wg sync.WaitGroup
		for i := range 20 {
			by := []forum.Actor{h.ana, h.bo, h.cleo, h.dov}[i%4]
			wg.Go(func() {
				if _, err := h.Reply(h.ctx, by, d.ID, forum.NewPost{Text: strings.Repeat("word ", i+1)}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		page := h.page(h.nobody, d.ID, 1)
		for i, p := range page.Posts {
			if p.Seq != i+1 {
				t.Fatalf("post %d has number %d", i+1, p.Seq)
			}
		}
		if page.Discussion.Posts != 21 || page.Discussion.Faces != 4 || page.Discussion.LastSeq != 21 {
			t.Errorf("got %+v", page.Discussion)
		}
	})
}

func TestSpeakers(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		if at, err := h.Founded(h.ctx); err != nil || !at.IsZero() {
			t.Errorf("an empty hall was founded: %v, %v", at, err)
		}
		d := h.open(h.ana, "First words")
		first := h.page(forum.Actor{}, d.ID, 1).Posts[0].At
		for i := range 3 {
			h.at = h.at.Add(24 * time.Hour)
			h.reply(h.bo, d, fmt.Sprint("Answer ", i))
		}
		last := h.page(forum.Actor{}, d.ID, 1).Posts[3].At
		if at, err := h.Founded(h.ctx); err != nil || !at.Equal(first) {
			t.Errorf("founded %v, %v", at, err)
		}
		day := 24 * time.Hour
		for _, c := range []struct {
			name            string
			posts           int
			at, first, last time.Time
			only            face.ID
			want            int
		}{
			{"all with a post", 1, last, last, first, "", 2},
			{"three posts", 3, last, last, first, "", 1},
			{"as of yesterday two only", 3, last.Add(-day), last, first, "", 0},
			{"began too late", 3, last, first, first, "", 0},
			{"silent since", 1, last, last, last, "", 1},
			{"one face", 1, last, last, first, h.ana.Face, 1},
			{"another face", 3, last, last, first, h.ana.Face, 0},
		} {
			got, err := h.Speakers(h.ctx, c.posts, c.at, c.first, c.last, c.only)
			if err != nil || len(got) != c.want {
				t.Errorf("%s: %+v, %v", c.name, got, err)
			}
		}
	})
}
