package forum_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/forum"
)

func TestOpenAndReply(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		calls := h.topic("Calls")
		d := h.open(h.ana, "  Why calls\tfail ", calls)
		if d.Title != "Why calls fail" || d.Slug != "why-calls-fail" || d.Posts != 1 || d.Opener.Name != "ana" || d.Lang != "en" {
			t.Errorf("got %+v", d)
		}
		h.forget()
		p := h.reply(h.bo, d, "Because **nobody** rings.")
		if p.Seq != 2 || p.Author.Name != "bo" || !strings.Contains(string(p.HTML), "<strong>nobody</strong>") {
			t.Errorf("got %+v", p)
		}
		if !h.told("front", "discussion:"+string(d.ID), "topic:calls", "face:"+string(h.bo.Face)) {
			t.Errorf("touched %v", h.touched)
		}
		page := h.page(forum.Actor{}, d.ID, 1)
		if shape(page) != "ss" || page.Discussion.Posts != 2 || page.Discussion.Faces != 2 || page.Discussion.LastBy.Name != "bo" {
			t.Errorf("got %s %+v", shape(page), page.Discussion)
		}
		list, err := h.Discussions(h.ctx, forum.Actor{}, forum.Filter{Topic: calls})
		h.ok(err)
		if len(list) != 1 || list[0].LastPost != p.ID || list[0].Excerpt != "First words of Why calls fail" || !list[0].ActiveAt.Equal(p.At) {
			t.Errorf("got %+v", list)
		}
		if got, want := h.kinds()[5:], []string{forum.EventPosted, forum.EventPosted}; !slices.Equal(got, want) {
			t.Errorf("events %v, want %v", got, want)
		}
	})
}

func TestReply_refuses(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A question")
		say := func(a forum.Actor, n forum.NewPost) error { _, err := h.Reply(h.ctx, a, d.ID, n); return err }
		h.refused(say(h.nobody, forum.NewPost{Text: "x"}), fault.SignIn, "fault.sign_in")
		h.refused(say(h.bo, forum.NewPost{Text: " \n\t"}), fault.Invalid, "forum.text.empty")
		h.refused(say(h.bo, forum.NewPost{Text: strings.Repeat("a", forum.MaxPost+1)}), fault.Invalid, "markdown.too_long")
		h.refused(say(h.bo, forum.NewPost{Text: "\xff"}), fault.Invalid, "markdown.encoding")
		h.refused(say(h.bo, forum.NewPost{Text: "x", ReplyTo: "nothing"}), fault.Invalid, "forum.reply.target")
		h.refused(say(h.bo, forum.NewPost{Text: "x", Imported: true}), fault.Forbidden, "forum.may.steward")
		newcomer := h.bo
		newcomer.MaxLinks = 1
		h.refused(say(newcomer, forum.NewPost{Text: "https://a.example https://b.example"}), fault.Invalid, "forum.text.links")
		newcomer.MaxLinks = -1
		h.refused(say(newcomer, forum.NewPost{Text: "https://a.example"}), fault.Invalid, "forum.text.no_links")
		h.ok(say(newcomer, forum.NewPost{Text: "https://hall.test/articles"}))
		_, err := h.Reply(h.ctx, h.bo, "none", forum.NewPost{Text: "x"})
		h.refused(err, fault.NotFound, "forum.discussion.none")
	})
}

func TestReply_duplicate(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A question")
		h.reply(h.bo, d, "Same here!")
		_, err := h.Reply(h.ctx, h.bo, d.ID, forum.NewPost{Text: "  same   HERE"})
		h.refused(err, fault.Conflict, "forum.reply.duplicate")
		h.reply(h.cleo, d, "Same here!")
		h.wait(25 * time.Hour)
		h.reply(h.bo, d, "Same here!")
		h.reply(h.bo, d, "👍")
		_, err = h.Reply(h.ctx, h.bo, d.ID, forum.NewPost{Text: "👍"})
		h.refused(err, fault.Conflict, "forum.reply.duplicate")
		h.reply(h.bo, d, "🎉")
	})
}

func TestOpen_refuses(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		for key, n := range map[string]forum.NewDiscussion{
			"fault.too_short":     {Title: "ab"},
			"fault.too_long":      {Title: strings.Repeat("a", 141)},
			"forum.topic.unknown": {Title: "abc", Topics: []forum.TopicKey{"none"}},
			"forum.lang.unknown":  {Title: "abc", Lang: "english language"},
			"fault.not_text":      {Title: "abc\xff"},
			"forum.source.broken": {Title: "abc", Source: "javascript:alert(1)"},
		} {
			n.First.Text = "text"
			_, err := h.Open(h.ctx, h.ana, n)
			h.refused(err, fault.Invalid, key)
		}
		_, err := h.Open(h.ctx, h.nobody, forum.NewDiscussion{Title: "abc", First: forum.NewPost{Text: "x"}})
		h.refused(err, fault.SignIn, "fault.sign_in")
		_, err = h.Open(h.ctx, h.ana, forum.NewDiscussion{Title: "abc", First: forum.NewPost{Text: "x"}, Imported: true})
		h.refused(err, fault.Forbidden, "forum.may.steward")
	})
}

func TestPage_numbersLast(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A long one")
		var posts []forum.NewPost
		start := time.Date(2020, 5, 26, 0, 0, 0, 0, time.UTC)
		for i := range 119 {
			posts = append(posts, forum.NewPost{Text: fmt.Sprintf("Post %d", i+2), Face: h.bo.Face, At: start.AddDate(0, 0, i), Imported: true, Answers: i})
		}
		ids, err := h.AppendMany(h.ctx, h.dov, d.ID, posts)
		h.ok(err)
		p := h.page(h.nobody, d.ID, 3)
		if len(p.Posts) != 20 || p.Posts[0].Seq != 101 || p.Discussion.Pages() != 3 || p.Discussion.Posts != 120 || !p.Posts[0].Imported {
			t.Errorf("page 3 has %d posts from %d of %d pages", len(p.Posts), p.Posts[0].Seq, p.Discussion.Pages())
		}
		if p.Posts[1].ReplyTo != p.Posts[0].ID {
			t.Error("an answer within the batch lost what it answers")
		}
		for _, n := range []int{0, 4, -1} {
			_, err := h.Page(h.ctx, h.nobody, d.ID, n)
			h.refused(err, fault.NotFound, "forum.page.none")
		}
		h.ok(h.Hush(h.ctx, h.dov, ids[0].Thing(), "a test"))
		if p := h.page(h.nobody, d.ID, 2); p.Posts[0].Seq != 51 {
			t.Error("hiding a post moved the others")
		}
		in, seq, err := h.Place(h.ctx, ids[60])
		if err != nil || in != d.ID || seq != 62 || forum.PageOf(seq) != 2 {
			t.Errorf("got %s %d %v", in, seq, err)
		}
		seq, err = h.FirstAfter(h.ctx, d.ID, start.AddDate(0, 0, 60))
		if err != nil || seq != 62 {
			t.Errorf("got %d %v", seq, err)
		}
		if seq, err = h.FirstAfter(h.ctx, d.ID, start.AddDate(1, 0, 0)); err != nil || seq != 0 {
			t.Errorf("got %d %v", seq, err)
		}
		if got := h.page(h.nobody, d.ID, 1).Discussion; !got.ActiveAt.Equal(start.AddDate(0, 0, 118)) || got.LastBy.Name != "bo" {
			t.Errorf("active %v by %s", got.ActiveAt, got.LastBy.Name)
		}
	})
}

func TestAppendMany_namesTheBrokenPost(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A long one")
		_, err := h.AppendMany(h.ctx, h.dov, d.ID, []forum.NewPost{{Text: "one"}, {Text: ""}})
		h.refused(err, fault.Invalid, "forum.append.post")
		_, err = h.AppendMany(h.ctx, h.ana, d.ID, []forum.NewPost{{Text: "one"}})
		h.refused(err, fault.Forbidden, "forum.may.steward")
		if p := h.page(h.nobody, d.ID, 1); shape(p) != "s" {
			t.Errorf("a refused batch left %s", shape(p))
		}
	})
}

func TestLists_goOnAfterAMark(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		for i := range 7 {
			h.open(h.ana, fmt.Sprintf("Discussion %d", i))
			h.publish(h.bo, forum.NewArticle{Title: fmt.Sprintf("Article %d", i), Imported: false})
		}
		var titles []string
		for before := ""; ; {
			list, err := h.Discussions(h.ctx, h.nobody, forum.Filter{Before: before, Limit: 3})
			h.ok(err)
			if len(list) == 0 {
				break
			}
			for _, d := range list {
				titles = append(titles, d.Title[len(d.Title)-1:])
			}
			before = list[len(list)-1].Mark()
		}
		if got := strings.Join(titles, ""); got != "6543210" {
			t.Errorf("got %s", got)
		}
		list, err := h.Articles(h.ctx, h.nobody, forum.Filter{Limit: 2})
		h.ok(err)
		rest, err := h.Articles(h.ctx, h.nobody, forum.Filter{Before: list[1].Mark(), Face: h.bo.Face})
		h.ok(err)
		if list[0].Title != "Article 6" || len(rest) != 5 || rest[0].Title != "Article 4" || rest[0].Author.Name != "bo" {
			t.Errorf("got %v, %v", list, rest)
		}
		mine, err := h.Discussions(h.ctx, h.nobody, forum.Filter{Face: h.ana.Face, Lang: "en"})
		h.ok(err)
		posts, err := h.Posts(h.ctx, h.nobody, forum.PostFilter{Face: h.ana.Face, Limit: 2})
		h.ok(err)
		more, err := h.Posts(h.ctx, h.nobody, forum.PostFilter{Before: posts[1].Mark()})
		h.ok(err)
		if len(mine) != 7 || len(posts) != 2 || posts[0].Title != "Discussion 6" || len(more) != 5 || more[0].Title != "Discussion 4" {
			t.Errorf("got %d, %v, %v", len(mine), posts, more)
		}
		if list, err := h.Articles(h.ctx, h.nobody, forum.Filter{Before: "nonsense", Lang: "es"}); err != nil || len(list) != 0 {
			t.Errorf("got %v %v", list, err)
		}
	})
}

func TestPosts_ofTopicAndDiscussion(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		k := h.topic("Terms")
		a, b := h.open(h.ana, "First", k), h.open(h.ana, "Second", k)
		h.reply(h.bo, a, "latest of first")
		got, err := h.Posts(h.ctx, h.nobody, forum.PostFilter{Topic: k})
		h.ok(err)
		if len(got) != 2 || got[0].Title != "First" || got[0].Author.Name != "bo" || got[1].Title != "Second" {
			t.Errorf("got %+v", got)
		}
		if got, err = h.Posts(h.ctx, h.nobody, forum.PostFilter{Discussion: b.ID}); err != nil || len(got) != 1 || got[0].Discussion != b.ID {
			t.Errorf("got %+v %v", got, err)
		}
	})
}

func TestEdit_revisionsDiffAndUndo(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A question")
		p := h.reply(h.bo, d, "Calls never ring.")
		e, err := h.Edit(h.ctx, h.bo, p.ID, 1, "Calls rarely ring.")
		h.ok(err)
		if e.Revision != 2 || e.EditedAt.IsZero() || !strings.Contains(string(e.HTML), "rarely") {
			t.Errorf("got %+v", e)
		}
		if e, err = h.Edit(h.ctx, h.bo, p.ID, 2, "Calls rarely ring."); err != nil || e.Revision != 2 {
			t.Errorf("the same text made a revision: %+v %v", e, err)
		}
		diff, err := h.Diff(h.ctx, h.nobody, p.ID.Thing(), 1, 2)
		h.ok(err)
		want := []forum.Segment{{forum.Same, "Calls "}, {forum.Removed, "never"}, {forum.Added, "rarely"}, {forum.Same, " ring."}}
		if !slices.Equal(diff.Text, want) {
			t.Errorf("got %v", diff.Text)
		}
		_, err = h.Edit(h.ctx, h.bo, p.ID, 1, "Calls ring twice.")
		h.refused(err, fault.Conflict, "forum.edit.clash")
		var clash *forum.Clash
		if !errors.As(err, &clash) || clash.Current.Source != "Calls rarely ring." || clash.Current.N != 2 || clash.Current.By.Name != "bo" {
			t.Errorf("got %+v", clash)
		}
		if strings.Contains(err.Error(), "rarely") {
			t.Error("the text of a person stands in an error for the log")
		}
		_, err = h.Edit(h.ctx, h.bo, p.ID, 7, "Calls ring twice.")
		h.refused(err, fault.Invalid, "forum.edit.base")
		_, err = h.Edit(h.ctx, h.ana, p.ID, 2, "mine")
		h.refused(err, fault.Forbidden, "forum.may.author")
		_, err = h.Edit(h.ctx, h.dov, p.ID, 2, "even a steward's")
		h.refused(err, fault.Forbidden, "forum.may.author")

		h.ok(h.Restore(h.ctx, h.bo, p.ID.Thing(), 2, 1))
		list, err := h.Revisions(h.ctx, h.nobody, p.ID.Thing())
		h.ok(err)
		if len(list) != 3 || list[0].Source != "Calls never ring." || list[0].N != 3 || list[2].N != 1 {
			t.Errorf("got %+v", list)
		}
		if v, err := h.Revision(h.ctx, h.nobody, p.ID.Thing(), 0); err != nil || v.N != 3 {
			t.Errorf("got %+v %v", v, err)
		}
		_, err = h.Revision(h.ctx, h.nobody, p.ID.Thing(), 9)
		h.refused(err, fault.NotFound, "forum.revision.none")
	})
}

func TestEdit_newcomersLinks(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A question")
		p := h.reply(h.bo, d, "no link yet")
		newcomer := h.bo
		newcomer.MaxLinks = -1
		_, err := h.Edit(h.ctx, newcomer, p.ID, 1, "https://spam.example")
		h.refused(err, fault.Invalid, "forum.text.no_links")
	})
}

func TestSummarise(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A question")
		_, err := h.Summarise(h.ctx, h.ana, d.ID, 0, "mine")
		h.refused(err, fault.Forbidden, "forum.may.steward")
		s, err := h.Summarise(h.ctx, h.dov, d.ID, 0, "**Settled**: nothing.")
		h.ok(err)
		if s.Revision != 1 || s.By.Name != "dov" || !strings.Contains(string(s.HTML), "<strong>Settled</strong>") {
			t.Errorf("got %+v", s)
		}
		_, err = h.Summarise(h.ctx, h.dov, d.ID, 0, "Another.")
		h.refused(err, fault.Conflict, "forum.edit.clash")
		if _, err = h.Summarise(h.ctx, h.dov, d.ID, 1, ""); err != nil {
			t.Fatal(err)
		}
		if p := h.page(h.nobody, d.ID, 1); p.Discussion.Summary != nil {
			t.Error("a summary that was taken away is shown")
		}
		h.ok(h.Restore(h.ctx, h.dov, d.ID.Summary(), 2, 1))
		if p := h.page(h.nobody, d.ID, 1); p.Discussion.Summary == nil || p.Discussion.Summary.Revision != 3 {
			t.Errorf("got %+v", p.Discussion.Summary)
		}
		list, err := h.Revisions(h.ctx, h.nobody, d.ID.Summary())
		if err != nil || len(list) != 3 {
			t.Errorf("got %v %v", list, err)
		}
	})
}

func TestRetitle(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		calls, terms := h.topic("Calls"), h.topic("Terms")
		d := h.open(h.ana, "A quetsion", calls)
		_, err := h.Retitle(h.ctx, h.bo, d.ID, 1, "Mine", nil)
		h.refused(err, fault.Forbidden, "forum.may.author")
		d, err = h.Retitle(h.ctx, h.ana, d.ID, 1, "A question", []forum.TopicKey{terms})
		h.ok(err)
		if d.Slug != "a-question" || d.Revision != 2 || !slices.Equal(d.Topics, []forum.TopicKey{terms}) {
			t.Errorf("got %+v", d)
		}
		if list, err := h.Discussions(h.ctx, h.nobody, forum.Filter{Topic: calls}); err != nil || len(list) != 0 {
			t.Errorf("the old topic still lists it: %v %v", list, err)
		}
		h.ok(h.Restore(h.ctx, h.dov, d.ID.Thing(), 2, 1))
		if d, err = h.Discussion(h.ctx, h.nobody, d.ID); err != nil || d.Title != "A quetsion" || !slices.Equal(d.Topics, []forum.TopicKey{terms}) {
			t.Errorf("got %+v %v", d, err)
		}
		topics, err := h.Topics(h.ctx)
		h.ok(err)
		if topics[0].Key != terms || topics[0].Discussions != 1 || topics[1].Discussions != 0 {
			t.Errorf("got %+v", topics)
		}
	})
}
