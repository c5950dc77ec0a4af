package forum_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/lang"
)

func TestPublish(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		k := h.topic("Notifications")
		h.forget()
		a := h.publish(h.ana, forum.NewArticle{Title: "Why you need a voice", Lang: "es", Topics: []forum.TopicKey{k, k}, Platform: "Gigharbour",
			Text: "# Why\n\nNobody was *asked*."})
		if a.Slug != "why-you-need-a-voice" || a.Author.Name != "ana" || a.Lang != "es" || !slices.Equal(a.Topics, []forum.TopicKey{k}) ||
			a.Excerpt != "Why Nobody was asked." || a.Words != 4 || a.Revision != 1 || !a.EditedAt.IsZero() {
			t.Errorf("got %+v", a)
		}
		if !h.told("front", "article:"+string(a.ID), "topic:notifications", "face:"+string(h.ana.Face)) {
			t.Errorf("touched %v", h.touched)
		}
		d, err := h.Discussion(h.ctx, h.nobody, a.Discussion)
		h.ok(err)
		if d.Article != a.ID || d.Title != a.Title || d.Posts != 0 || d.Pages() != 1 {
			t.Errorf("got %+v", d)
		}
		if list, err := h.Discussions(h.ctx, h.nobody, forum.Filter{}); err != nil || len(list) != 0 {
			t.Errorf("a discussion without posts is listed: %v %v", list, err)
		}
		h.reply(h.bo, d, "Well said.")
		list, err := h.Discussions(h.ctx, h.nobody, forum.Filter{Topic: k})
		h.ok(err)
		if len(list) != 1 || list[0].Article != a.ID {
			t.Errorf("got %+v", list)
		}
		topics, err := h.Topics(h.ctx)
		h.ok(err)
		if topics[0].Articles != 1 || topics[0].Discussions != 1 {
			t.Errorf("got %+v", topics[0])
		}
		if a, err = h.Article(h.ctx, h.nobody, a.ID); err != nil || a.Posts != 1 {
			t.Errorf("got %d posts, %v", a.Posts, err)
		}
		_, err = h.Publish(h.ctx, h.ana, forum.NewArticle{Title: "Why you need a voice", Text: "Again"})
		h.refused(err, fault.Conflict, "forum.article.duplicate")
		_, err = h.Article(h.ctx, h.nobody, "none")
		h.refused(err, fault.NotFound, "forum.article.none")
	})
}

func TestPublish_refuses(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		_, err := h.Publish(h.ctx, h.nobody, forum.NewArticle{Title: "abc", Text: "x"})
		h.refused(err, fault.SignIn, "fault.sign_in")
		many := []forum.TopicKey{}
		for _, n := range []string{"Aa", "Bb", "Cc", "Dd", "Ee", "Ff"} {
			many = append(many, h.topic(n))
		}
		for key, n := range map[string]forum.NewArticle{
			"fault.too_short":     {Title: "\u202eab"},
			"forum.topic.many":    {Title: "abc", Topics: many},
			"fault.too_long":      {Title: "abc", Platform: strings.Repeat("p", 61)},
			"forum.lang.unknown":  {Title: "abc", Lang: "?"},
			"forum.source.broken": {Title: "abc", Source: "ftp://x.example"},
		} {
			n.Text = "x"
			_, err := h.Publish(h.ctx, h.ana, n)
			h.refused(err, fault.Invalid, key)
		}
		_, err = h.Publish(h.ctx, h.ana, forum.NewArticle{Title: "abc"})
		h.refused(err, fault.Invalid, "forum.text.empty")
		_, err = h.Publish(h.ctx, h.ana, forum.NewArticle{Title: "abc", Text: "x", Imported: true})
		h.refused(err, fault.Forbidden, "forum.may.steward")
	})
}

func TestPublish_imported(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		at := time.Date(2012, 3, 4, 5, 6, 7, 0, time.UTC)
		w, err := h.faces.Imported(h.ctx, "blog.example", "Themis")
		h.ok(err)
		a := h.publish(h.dov, forum.NewArticle{Title: "An old one", Imported: true, Face: w.ID, At: at, Source: "https://blog.example/old"})
		if !a.At.Equal(at) || a.Author.Name != "Themis" || a.Author.Handle != "" || !a.Imported || a.Source != "https://blog.example/old" {
			t.Errorf("got %+v", a)
		}
		newer := h.publish(h.ana, forum.NewArticle{Title: "A new one"})
		list, err := h.Articles(h.ctx, h.nobody, forum.Filter{})
		h.ok(err)
		if len(list) != 2 || list[0].ID != newer.ID {
			t.Errorf("got %+v", list)
		}
	})
}

func TestEditArticle(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		calls, terms := h.topic("Calls"), h.topic("Terms")
		a := h.publish(h.ana, forum.NewArticle{Title: "One", Topics: []forum.TopicKey{calls}, Text: "First text"})
		e := forum.ArticleEdit{Title: "Two", Topics: []forum.TopicKey{terms}, Platform: "Gigharbour", Text: "Second text"}
		_, err := h.EditArticle(h.ctx, h.bo, a.ID, 1, e)
		h.refused(err, fault.Forbidden, "forum.may.author")
		b, err := h.EditArticle(h.ctx, h.ana, a.ID, 1, e)
		h.ok(err)
		if b.Title != "Two" || b.Slug != "two" || b.Platform != "Gigharbour" || b.Revision != 2 || b.Excerpt != "Second text" || b.EditedAt.IsZero() {
			t.Errorf("got %+v", b)
		}
		for k, n := range map[forum.TopicKey]int{calls: 0, terms: 1} {
			list, err := h.Articles(h.ctx, h.nobody, forum.Filter{Topic: k})
			topic, terr := h.Topic(h.ctx, k)
			if err != nil || terr != nil || len(list) != n || topic.Articles != n {
				t.Errorf("%s: got %d, counted %d, %v %v", k, len(list), topic.Articles, err, terr)
			}
		}
		for name, n := range map[string]int{"gigharbour": 1, "Gig": 0} {
			if list, err := h.Articles(h.ctx, h.nobody, forum.Filter{Platform: name}); err != nil || len(list) != n {
				t.Errorf("%s: got %d, %v", name, len(list), err)
			}
		}
		_, err = h.EditArticle(h.ctx, h.ana, a.ID, 1, e)
		var clash *forum.Clash
		if h.refused(err, fault.Conflict, "forum.edit.clash"); !errors.As(err, &clash) || clash.Current.Title != "Two" {
			t.Errorf("got %+v", clash)
		}
		h.ok(h.Restore(h.ctx, h.ana, a.ID.Thing(), 2, 1))
		if b, err = h.Article(h.ctx, h.nobody, a.ID); err != nil || b.Title != "One" || b.Revision != 3 || !slices.Equal(b.Topics, []forum.TopicKey{terms}) {
			t.Errorf("got %+v %v", b, err)
		}
		diff, err := h.Diff(h.ctx, h.nobody, a.ID.Thing(), 2, 3)
		h.ok(err)
		if want := []forum.Segment{{forum.Removed, "Two"}, {forum.Added, "One"}}; !slices.Equal(diff.Title, want) {
			t.Errorf("got %v", diff.Title)
		}
		if d, err := h.Discussion(h.ctx, h.nobody, a.Discussion); err != nil || d.Title != "One" {
			t.Errorf("the discussion is called %q, %v", d.Title, err)
		}
	})
}

func TestRelated_trueReasons(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		calls, terms := h.topic("Calls"), h.topic("Terms")
		first := h.publish(h.ana, forum.NewArticle{Title: "First", Topics: []forum.TopicKey{calls, terms}, Platform: "Gigharbour"})
		both := h.publish(h.bo, forum.NewArticle{Title: "Both topics", Topics: []forum.TopicKey{terms, calls}})
		month := h.publish(h.bo, forum.NewArticle{Title: "Same month", Platform: "GigHarbour "})
		linking := h.publish(h.cleo, forum.NewArticle{Title: "Linking", Text: "See [it](/articles/" + string(first.ID) + "/first)."})
		h.publish(h.cleo, forum.NewArticle{Title: "Nothing to do with it"})
		hidden := h.publish(h.cleo, forum.NewArticle{Title: "Hidden", Topics: []forum.TopicKey{calls}})
		h.ok(h.Hush(h.ctx, h.dov, hidden.ID.Thing(), "a test"))
		h.wait(40 * 24 * time.Hour)
		h.publish(h.bo, forum.NewArticle{Title: "Another month", Platform: "Gigharbour"})

		list, err := h.Related(h.ctx, first.ID, 10)
		h.ok(err)
		var got []string
		for _, r := range list {
			got = append(got, r.Article.Title+": "+r.Reasons[0].Say(lang.English))
		}
		want := []string{"Both topics: both about Calls and Terms", "Linking: it links to this article",
			"Same month: both about Gigharbour, June 2020"}
		if !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		if list[0].Article.ID != both.ID || list[2].Article.ID != month.ID || list[0].Article.Author.Name != "bo" {
			t.Errorf("got %+v", list)
		}
		if back, err := h.Related(h.ctx, linking.ID, 10); err != nil || len(back) != 1 || back[0].Reasons[0].Kind != forum.LinksTo {
			t.Errorf("got %+v %v", back, err)
		}
		if one, err := h.Related(h.ctx, first.ID, 1); err != nil || len(one) != 1 {
			t.Errorf("got %+v %v", one, err)
		}
		_, err = h.Related(h.ctx, hidden.ID, 3)
		h.refused(err, fault.NotFound, "forum.article.none")
	})
}

func TestRelated_sameFaces(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		a, b := h.publish(h.ana, forum.NewArticle{Title: "One"}), h.publish(h.ana, forum.NewArticle{Title: "Two"})
		for i, by := range []forum.Actor{h.bo, h.cleo, h.dov} {
			if list, err := h.Related(h.ctx, a.ID, 5); err != nil || len(list) != 0 {
				t.Errorf("after %d: %+v %v", i, list, err)
			}
			for _, x := range []forum.Article{a, b} {
				_, err := h.Recommend(h.ctx, by, x.ID.Thing())
				h.ok(err)
			}
		}
		list, err := h.Related(h.ctx, a.ID, 5)
		h.ok(err)
		if len(list) != 1 || list[0].Reasons[0].Say(lang.English) != "3 members recommend both" {
			t.Errorf("got %+v", list)
		}
	})
}

func TestReason_everyKindInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, l := range lang.All() {
		for k := forum.SameFaces; k <= forum.LinkedFrom; k++ {
			r := forum.Reason{Kind: k, Topics: []forum.Topic{{Key: "calls"}}, Platform: "Gigharbour", Month: time.Unix(0, 0), Faces: 3}
			if s := r.Say(l); s == "" || strings.Contains(s, "forum.") {
				t.Errorf("%v %d says %q", l, k, s)
			}
		}
	}
}

func TestTopics(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		_, err := h.AddTopic(h.ctx, h.ana, forum.NewTopic{Names: map[string]string{"en": "x"}})
		h.refused(err, fault.Forbidden, "forum.may.steward")
		_, err = h.AddTopic(h.ctx, h.dov, forum.NewTopic{})
		h.refused(err, fault.Invalid, "fault.empty")
		_, err = h.AddTopic(h.ctx, h.dov, forum.NewTopic{Key: "A Key", Names: map[string]string{"en": "x"}})
		h.refused(err, fault.Invalid, "forum.topic.key")
		n, err := h.AddTopic(h.ctx, h.dov, forum.NewTopic{Names: map[string]string{"en": "Notices", "es": "Avisos"}, About: map[string]string{"en": "What rings"}})
		h.ok(err)
		_, err = h.AddTopic(h.ctx, h.dov, forum.NewTopic{Names: map[string]string{"en": "Notices"}})
		h.refused(err, fault.Conflict, "forum.topic.taken")
		if n.Key != "notices" || n.Name(lang.Spanish) != "Avisos" || n.Name(lang.Arabic) != "Notices" || n.AboutIn(lang.English) != "What rings" {
			t.Errorf("got %+v", n)
		}
		_, err = h.Topic(h.ctx, "none")
		h.refused(err, fault.NotFound, "forum.topic.none")
	})
}

func TestMergeTopic(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		old, kept := h.topic("Alerts"), h.topic("Notices")
		a := h.publish(h.ana, forum.NewArticle{Title: "One", Topics: []forum.TopicKey{old, kept}})
		d := h.open(h.ana, "Two", old)
		h.ok(h.Follow(h.ctx, h.bo, old.Thing()))
		h.refused(h.MergeTopic(h.ctx, h.ana, old, kept), fault.Forbidden, "forum.may.steward")
		h.refused(h.MergeTopic(h.ctx, h.dov, old, old), fault.Invalid, "forum.topic.same")
		h.ok(h.MergeTopic(h.ctx, h.dov, old, kept))
		topics, err := h.Topics(h.ctx)
		h.ok(err)
		if len(topics) != 1 || topics[0].Key != kept || topics[0].Articles != 1 || topics[0].Discussions != 1 {
			t.Errorf("got %+v", topics)
		}
		if now, err := h.Topic(h.ctx, old); err != nil || now.Key != kept {
			t.Errorf("the old key leads to %+v, %v", now, err)
		}
		if a, err = h.Article(h.ctx, h.nobody, a.ID); err != nil || !slices.Equal(a.Topics, []forum.TopicKey{kept}) {
			t.Errorf("got %+v %v", a.Topics, err)
		}
		if d, err = h.Discussion(h.ctx, h.nobody, d.ID); err != nil || !slices.Equal(d.Topics, []forum.TopicKey{kept}) {
			t.Errorf("got %+v %v", d.Topics, err)
		}
		if yes, err := h.Following(h.ctx, h.bo, kept.Thing()); err != nil || !yes {
			t.Errorf("who followed the old topic does not follow the new one: %v", err)
		}
		if list, err := h.TopicsOf(h.ctx, []forum.TopicKey{old, kept, "none"}); err != nil || len(list) != 1 {
			t.Errorf("got %+v %v", list, err)
		}
	})
}
