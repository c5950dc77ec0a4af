package forum_test

import (
	"slices"
	"strings"
	"testing"

	"guildhall/internal/fault"
	"guildhall/internal/forum"
)

func TestErase_texts(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		k := h.topic("Calls")
		d := h.open(h.ana, "Her question", k)
		own := h.open(h.ana, "Her monologue", k)
		p := h.reply(h.bo, d, "His answer")
		a := h.publish(h.ana, forum.NewArticle{Title: "Her article", Topics: []forum.TopicKey{k}, Platform: "Gigharbour"})
		_, err := h.Recommend(h.ctx, h.ana, p.ID.Thing())
		h.ok(err)
		h.ok(h.Follow(h.ctx, h.ana, d.ID.Thing()))
		h.ok(h.Erase(h.ctx, h.ana.Face, true))

		page := h.page(h.nobody, d.ID, 1)
		if shape(page) != "es" || page.Posts[0].HTML != "" || page.Discussion.Title != "Her question" || page.Posts[1].Recommendations != 0 ||
			page.Discussion.Excerpt != "His answer" || page.Discussion.Posts != 1 {
			t.Errorf("got %s %+v", shape(page), page)
		}
		if got, err := h.Discussion(h.ctx, h.nobody, own.ID); err != nil || got.Title != "" || got.Posts != 0 || got.Excerpt != "" {
			t.Errorf("got %+v %v", got, err)
		}
		got, err := h.Article(h.ctx, h.nobody, a.ID)
		if h.ok(err); got.State != forum.Erased || got.Title != "" || got.HTML != "" || got.Excerpt != "" || got.Platform != "" {
			t.Errorf("got %+v", got)
		}
		topic, err := h.Topic(h.ctx, k)
		if h.ok(err); topic.Articles != 0 || topic.Discussions != 1 {
			t.Errorf("got %+v", topic)
		}
		if yes, err := h.Following(h.ctx, h.ana, d.ID.Thing()); err != nil || yes {
			t.Errorf("she still follows: %v", err)
		}
		for _, table := range []string{"forum_post", "forum_article", "forum_revision", "forum_discussion"} {
			if found := h.grep(table, "First words of Her monologue", "Her monologue", "Words about Her article"); found != "" {
				t.Errorf("%s still holds %q", table, found)
			}
		}
	})
}

func TestErase_keepsTexts(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "Her question")
		a := h.publish(h.bo, forum.NewArticle{Title: "His article"})
		_, err := h.Recommend(h.ctx, h.ana, a.ID.Thing())
		h.ok(err)
		h.ok(h.Erase(h.ctx, h.ana.Face, false))
		h.ok(h.faces.Retire(h.ctx, h.ana.Face))
		page := h.page(h.nobody, d.ID, 1)
		if shape(page) != "s" || page.Posts[0].HTML == "" || page.Posts[0].Author.Name != "" {
			t.Errorf("got %+v", page.Posts)
		}
		if a, err = h.Article(h.ctx, h.nobody, a.ID); err != nil || a.Recommendations != 0 {
			t.Errorf("got %d %v", a.Recommendations, err)
		}
	})
}

func TestDocuments(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		k := h.topic("Calls")
		h.publish(h.ana, forum.NewArticle{Title: "One", Text: "# Head\n\nSome *words* & [a link](https://x.example)\n\n- one\n- two", Topics: []forum.TopicKey{k}, Platform: "Gigharbour"})
		h.publish(h.ana, forum.NewArticle{Title: "Two"})
		d := h.open(h.bo, "Three", k)
		p := h.reply(h.cleo, d, "Four")
		h.ok(h.Hush(h.ctx, h.dov, p.ID.Thing(), "a test"))
		var all []forum.Document
		for cursor := ""; ; {
			list, next, err := h.Documents(h.ctx, cursor, 1)
			h.ok(err)
			all = append(all, list...)
			if cursor = next; next == "" {
				break
			}
		}
		if len(all) != 4 || all[0].Text != "Head\nSome words & a link\none\ntwo" || all[0].Platform != "Gigharbour" || !slices.Equal(all[0].Topics, []forum.TopicKey{k}) {
			t.Fatalf("got %d: %+v", len(all), all)
		}
		if last := all[3]; last.ID != string(p.ID) || last.Title != "Three" || last.Seq != 2 || last.Shown || last.Author != h.cleo.Face || !all[2].Shown {
			t.Errorf("got %+v", last)
		}
		if list, err := h.DocumentsIn(h.ctx, d.ID, 1, 1); err != nil || len(list) != 1 || !strings.HasPrefix(list[0].Text, "First words") {
			t.Errorf("got %+v %v", list, err)
		}
		heads, err := h.Headings(h.ctx, "", 10)
		h.ok(err)
		head, err := h.Heading(h.ctx, d.ID)
		h.ok(err)
		if len(heads) != 1 || heads[0].Title != "Three" || head.Title != "Three" || !head.Shown || head.Kind != forum.KindDiscussion {
			t.Errorf("got %+v, %+v", heads, head)
		}
		_, err = h.Heading(h.ctx, "none")
		h.refused(err, fault.NotFound, "forum.discussion.none")
		_, err = h.Document(h.ctx, forum.Thing{Kind: forum.KindArticle, ID: "none"})
		h.refused(err, fault.NotFound, "fault.not_found")
	})
}
