package forum_test

import (
	"slices"
	"strings"
	"testing"

	"guildhall/internal/fault"
	"guildhall/internal/forum"
)

func TestHush(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A question")
		p := h.reply(h.bo, d, "You silly goose.")
		h.refused(h.Hush(h.ctx, h.ana, p.ID.Thing(), "why"), fault.Forbidden, "forum.may.steward")
		h.refused(h.Hush(h.ctx, h.dov, p.ID.Thing(), " "), fault.Invalid, "forum.reason.empty")
		h.refused(h.Hush(h.ctx, h.dov, forum.Thing{Kind: forum.KindPost, ID: "none"}, "why"), fault.NotFound, "forum.post.none")
		h.refused(h.Unhush(h.ctx, h.dov, p.ID.Thing()), fault.Conflict, "forum.state.other")
		h.ok(h.Hush(h.ctx, h.dov, p.ID.Thing(), "No insults"))
		h.refused(h.Hush(h.ctx, h.dov, p.ID.Thing(), "twice"), fault.Conflict, "forum.state.other")

		for _, c := range []struct {
			who   forum.Actor
			reads bool
		}{{h.nobody, false}, {h.ana, false}, {h.bo, true}, {h.dov, true}} {
			page := h.page(c.who, d.ID, 1)
			got := page.Posts[1]
			if shape(page) != "sh" || got.Hush == nil || got.Hush.Reason != "No insults" || (got.HTML != "") != c.reads {
				t.Errorf("%v reads %+v", c.who, got)
			}
			_, err := h.Revisions(h.ctx, c.who, p.ID.Thing())
			if (err == nil) != c.reads {
				t.Errorf("%v: history %v", c.who, err)
			}
			if _, err := h.Quote(h.ctx, c.who, p.ID, "somebody"); (err == nil) != c.reads {
				t.Errorf("%v: quote %v", c.who, err)
			}
		}
		if d := h.page(h.nobody, d.ID, 1).Discussion; d.Posts != 1 || d.Faces != 1 || d.LastBy.Name != "ana" {
			t.Errorf("got %+v", d)
		}
		if posts, err := h.Posts(h.ctx, h.nobody, forum.PostFilter{Face: h.bo.Face}); err != nil || len(posts) != 0 {
			t.Errorf("a hidden post is listed: %v %v", posts, err)
		}
		if posts, err := h.Posts(h.ctx, h.bo, forum.PostFilter{Face: h.bo.Face}); err != nil || len(posts) != 1 {
			t.Errorf("its author does not see it: %v %v", posts, err)
		}
		h.ok(h.Unhush(h.ctx, h.dov, p.ID.Thing()))
		if page := h.page(h.nobody, d.ID, 1); shape(page) != "ss" || page.Posts[1].HTML == "" || page.Discussion.Posts != 2 {
			t.Errorf("got %s", shape(page))
		}
		got := h.kinds()
		if !slices.Equal(got[len(got)-2:], []string{forum.EventHushed, forum.EventUnhushed}) {
			t.Errorf("events %v", got)
		}
	})
}

func TestHush_article(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		k := h.topic("Calls")
		a := h.publish(h.ana, forum.NewArticle{Title: "One", Topics: []forum.TopicKey{k}})
		d, err := h.Discussion(h.ctx, h.nobody, a.Discussion)
		h.ok(err)
		p := h.reply(h.bo, d, "A comment")
		h.ok(h.Hush(h.ctx, h.dov, a.ID.Thing(), "Names a client"))
		_, err = h.Article(h.ctx, h.nobody, a.ID)
		h.refused(err, fault.NotFound, "forum.article.none")
		_, err = h.Page(h.ctx, h.nobody, d.ID, 1)
		h.refused(err, fault.NotFound, "forum.discussion.none")
		mine, err := h.Article(h.ctx, h.ana, a.ID)
		if h.ok(err); mine.Hush == nil || mine.Hush.Reason != "Names a client" || mine.HTML == "" {
			t.Errorf("got %+v", mine)
		}
		doc, err := h.Document(h.ctx, p.ID.Thing())
		if h.ok(err); doc.Shown {
			t.Error("a comment below a hidden article can be found")
		}
		topic, err := h.Topic(h.ctx, k)
		if h.ok(err); topic.Articles != 0 || topic.Discussions != 0 {
			t.Errorf("got %+v", topic)
		}
		if list, err := h.Articles(h.ctx, h.nobody, forum.Filter{Topic: k}); err != nil || len(list) != 0 {
			t.Errorf("got %v %v", list, err)
		}
		if list, err := h.Articles(h.ctx, h.ana, forum.Filter{Face: h.ana.Face}); err != nil || len(list) != 1 {
			t.Errorf("got %v %v", list, err)
		}
		h.ok(h.Unhush(h.ctx, h.dov, a.ID.Thing()))
		topic, err = h.Topic(h.ctx, k)
		if h.ok(err); topic.Articles != 1 || topic.Discussions != 1 {
			t.Errorf("got %+v", topic)
		}
	})
}

func TestHold_firstPost(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		k := h.topic("Calls")
		d, err := h.Open(h.ctx, h.ana, forum.NewDiscussion{Title: "My first", Topics: []forum.TopicKey{k},
			First: forum.NewPost{Text: "Hello", Held: "moderation.held.newcomer"}})
		h.ok(err)
		_, err = h.Page(h.ctx, h.nobody, d.ID, 1)
		h.refused(err, fault.NotFound, "forum.discussion.none")
		_, err = h.Reply(h.ctx, h.dov, d.ID, forum.NewPost{Text: "early"})
		h.refused(err, fault.Forbidden, "forum.may.held")
		p := h.page(h.ana, d.ID, 1).Posts[0]
		if p.State != forum.Waits || p.Hold == nil || p.Hold.Reason != "moderation.held.newcomer" || p.HTML == "" {
			t.Errorf("got %+v", p)
		}
		if list, err := h.Discussions(h.ctx, h.nobody, forum.Filter{}); err != nil || len(list) != 0 {
			t.Errorf("got %v %v", list, err)
		}
		if list, err := h.Discussions(h.ctx, h.ana, forum.Filter{Face: h.ana.Face}); err != nil || len(list) != 1 {
			t.Errorf("got %v %v", list, err)
		}
		_, err = h.Held(h.ctx, h.ana)
		h.refused(err, fault.Forbidden, "forum.may.steward")
		held, err := h.Held(h.ctx, h.dov)
		h.ok(err)
		if len(held) != 1 || held[0].Thing != p.ID.Thing() || held[0].Title != "My first" || held[0].Author.Name != "ana" || held[0].HTML == "" {
			t.Errorf("got %+v", held)
		}
		h.refused(h.Release(h.ctx, h.ana, p.ID.Thing(), 1), fault.Forbidden, "forum.may.steward")
		h.ok(h.Release(h.ctx, h.dov, p.ID.Thing(), 1))
		h.refused(h.Release(h.ctx, h.dov, p.ID.Thing(), 1), fault.Conflict, "forum.state.other")
		if page := h.page(h.nobody, d.ID, 1); shape(page) != "s" || page.Discussion.Posts != 1 {
			t.Errorf("got %s", shape(page))
		}
		topic, err := h.Topic(h.ctx, k)
		if h.ok(err); topic.Discussions != 1 {
			t.Errorf("got %+v", topic)
		}
		got := h.kinds()
		if !slices.Equal(got[len(got)-2:], []string{forum.EventHeld, forum.EventPosted}) {
			t.Errorf("events %v", got)
		}
	})
}

func TestHold_replyAndArticle(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A question")
		p, err := h.Reply(h.ctx, h.bo, d.ID, forum.NewPost{Text: "Buy my things", Held: "moderation.held.links"})
		h.ok(err)
		page := h.page(h.nobody, d.ID, 1)
		if shape(page) != "sw" || page.Posts[1].HTML != "" || page.Posts[1].Hold != nil || page.Posts[1].Author.ID != "" || page.Discussion.Posts != 1 {
			t.Errorf("got %+v", page.Posts[1])
		}
		_, err = h.Post(h.ctx, h.nobody, p.ID)
		h.refused(err, fault.NotFound, "forum.post.none")
		h.ok(h.Refuse(h.ctx, h.dov, p.ID.Thing(), "Advertising"))
		mine, err := h.Post(h.ctx, h.bo, p.ID)
		if h.ok(err); mine.Hush == nil || mine.Hush.Reason != "Advertising" || mine.HTML == "" {
			t.Errorf("got %+v", mine)
		}

		a, err := h.Publish(h.ctx, h.bo, forum.NewArticle{Title: "My first", Text: "Hello", Held: "moderation.held.newcomer"})
		h.ok(err)
		if a.State != forum.Waits || a.Hold == nil {
			t.Errorf("got %+v", a)
		}
		_, err = h.Article(h.ctx, h.nobody, a.ID)
		h.refused(err, fault.NotFound, "forum.article.none")
		held, err := h.Held(h.ctx, h.dov)
		if h.ok(err); len(held) != 1 || held[0].Thing != a.ID.Thing() {
			t.Errorf("got %+v", held)
		}
		h.ok(h.Release(h.ctx, h.dov, a.ID.Thing(), 1))
		if list, err := h.Articles(h.ctx, h.nobody, forum.Filter{}); err != nil || len(list) != 1 {
			t.Errorf("got %v %v", list, err)
		}
		h.refused(h.Refuse(h.ctx, h.dov, a.ID.Thing(), "late"), fault.Conflict, "forum.state.other")
	})
}

func TestClose(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A question")
		h.refused(h.Close(h.ctx, h.ana, d.ID, "why"), fault.Forbidden, "forum.may.steward")
		h.refused(h.Reopen(h.ctx, h.dov, d.ID), fault.Conflict, "forum.state.other")
		h.ok(h.Close(h.ctx, h.dov, d.ID, "All is said"))
		h.refused(h.Close(h.ctx, h.dov, d.ID, "twice"), fault.Conflict, "forum.state.other")
		got := h.page(h.nobody, d.ID, 1).Discussion
		if !got.Closed || got.Closure == nil || got.Closure.Reason != "All is said" || got.Closure.By != h.dov.Face {
			t.Errorf("got %+v", got.Closure)
		}
		_, err := h.Reply(h.ctx, h.bo, d.ID, forum.NewPost{Text: "one more"})
		h.refused(err, fault.Forbidden, "forum.may.closed")
		h.ok(h.Reopen(h.ctx, h.dov, d.ID))
		h.reply(h.bo, d, "one more")
		if got := h.page(h.nobody, d.ID, 1).Discussion; got.Closed || got.Closure != nil {
			t.Errorf("got %+v", got)
		}
	})
}

func TestSplit_andUndo(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		k := h.topic("Calls")
		d := h.open(h.ana, "Many things", k)
		two := h.reply(h.bo, d, "About fees")
		three := h.reply(h.cleo, d, "About calls")
		four := h.reply(h.ana, d, "About fees, too")
		_, err := h.Recommend(h.ctx, h.cleo, two.ID.Thing())
		h.ok(err)

		_, err = h.Split(h.ctx, h.ana, d.ID, []forum.PostID{two.ID}, "Fees", "why")
		h.refused(err, fault.Forbidden, "forum.may.steward")
		for _, posts := range [][]forum.PostID{nil, {"none"}, {two.ID, "none"}} {
			_, err = h.Split(h.ctx, h.dov, d.ID, posts, "Fees", "why")
			h.refused(err, fault.Invalid, "forum.move.posts")
		}
		h.forget()
		fees, err := h.Split(h.ctx, h.dov, d.ID, []forum.PostID{four.ID, two.ID}, "Fees", "Another subject")
		h.ok(err)
		if !h.told("discussion:"+string(d.ID), "discussion:"+string(fees.ID)) {
			t.Errorf("touched %v", h.touched)
		}
		old, page := h.page(h.nobody, d.ID, 1), h.page(h.nobody, fees.ID, 1)
		if shape(old) != "smsm" || old.Posts[1].MovedTo != two.ID || old.Discussion.Posts != 2 || old.Posts[2].ID != three.ID {
			t.Errorf("old: %s %+v", shape(old), old.Discussion)
		}
		if shape(page) != "ss" || page.Posts[0].ID != two.ID || page.Discussion.Opener.Name != "bo" || page.Discussion.Posts != 2 ||
			page.Discussion.Excerpt != "About fees" || !slices.Equal(page.Discussion.Topics, []forum.TopicKey{k}) {
			t.Errorf("new: %s %+v", shape(page), page.Discussion)
		}
		if ids, err := h.Recommended(h.ctx, h.cleo, fees.ID.Thing()); err != nil || !ids[string(two.ID)] {
			t.Errorf("a recommendation was left behind: %v %v", ids, err)
		}
		if stub, err := h.Post(h.ctx, h.nobody, old.Posts[1].ID); err != nil || stub.MovedTo != two.ID || stub.State != forum.Moved {
			t.Errorf("got %+v %v", stub, err)
		}
		h.reply(h.cleo, fees, "A new one about fees")

		moves, err := h.Moves(h.ctx, d.ID)
		h.ok(err)
		if len(moves) != 1 || moves[0].Kind != forum.SplitMove || moves[0].Posts != 2 || moves[0].By.Name != "dov" || moves[0].Reason != "Another subject" {
			t.Errorf("got %+v", moves)
		}
		h.refused(h.Unmove(h.ctx, h.ana, moves[0].ID), fault.Forbidden, "forum.may.steward")
		h.refused(h.Unmove(h.ctx, h.dov, "none"), fault.NotFound, "forum.move.none")
		h.ok(h.Unmove(h.ctx, h.dov, moves[0].ID))
		h.refused(h.Unmove(h.ctx, h.dov, moves[0].ID), fault.Conflict, "forum.state.other")
		old, page = h.page(h.nobody, d.ID, 1), h.page(h.nobody, fees.ID, 1)
		if shape(old) != "ssss" || old.Posts[1].ID != two.ID || old.Posts[3].ID != four.ID || shape(page) != "mms" || page.Discussion.MergedInto != "" {
			t.Errorf("after the undoing: %s and %s", shape(old), shape(page))
		}
		both, err := h.Moves(h.ctx, fees.ID)
		if h.ok(err); len(both) != 2 || both[0].Kind != forum.UndoMove || both[0].Undoes != moves[0].ID || !both[1].Undone {
			t.Errorf("got %+v", both)
		}
	})
}

func TestSplit_undoneLeadsBack(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "Many things")
		p := h.reply(h.bo, d, "About fees")
		fees, err := h.Split(h.ctx, h.dov, d.ID, []forum.PostID{p.ID}, "Fees", "why")
		h.ok(err)
		moves, err := h.Moves(h.ctx, d.ID)
		h.ok(err)
		h.ok(h.Unmove(h.ctx, h.dov, moves[0].ID))
		if got, err := h.Discussion(h.ctx, h.nobody, fees.ID); err != nil || got.MergedInto != d.ID || got.Posts != 0 {
			t.Errorf("got %+v %v", got, err)
		}
		if list, err := h.Discussions(h.ctx, h.nobody, forum.Filter{}); err != nil || len(list) != 1 {
			t.Errorf("got %v %v", list, err)
		}
	})
}

func TestMerge_andUndo(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		k := h.topic("Calls")
		a, b := h.open(h.ana, "One", k), h.open(h.bo, "The same", k)
		last := h.reply(h.cleo, a, "An answer")
		h.refused(h.Merge(h.ctx, h.ana, a.ID, b.ID, "why"), fault.Forbidden, "forum.may.steward")
		h.refused(h.Merge(h.ctx, h.dov, a.ID, a.ID, "why"), fault.Invalid, "forum.move.same")
		below := h.publish(h.ana, forum.NewArticle{Title: "An article"}).Discussion
		h.refused(h.Merge(h.ctx, h.dov, below, b.ID, "why"), fault.Invalid, "forum.move.article")
		h.ok(h.Merge(h.ctx, h.dov, a.ID, b.ID, "One question"))
		h.refused(h.Merge(h.ctx, h.dov, a.ID, b.ID, "twice"), fault.Conflict, "forum.may.merged")

		old, page := h.page(h.nobody, a.ID, 1), h.page(h.nobody, b.ID, 1)
		if shape(old) != "mm" || old.Discussion.MergedInto != b.ID || shape(page) != "sss" || page.Posts[2].ID != last.ID || page.Discussion.Faces != 3 {
			t.Errorf("got %s and %s", shape(old), shape(page))
		}
		topic, err := h.Topic(h.ctx, k)
		if h.ok(err); topic.Discussions != 1 {
			t.Errorf("got %+v", topic)
		}
		_, err = h.Reply(h.ctx, h.bo, a.ID, forum.NewPost{Text: "too late"})
		h.refused(err, fault.Forbidden, "forum.may.merged")
		moves, err := h.Moves(h.ctx, b.ID)
		h.ok(err)
		h.ok(h.Unmove(h.ctx, h.dov, moves[0].ID))
		old, page = h.page(h.nobody, a.ID, 1), h.page(h.nobody, b.ID, 1)
		if shape(old) != "ss" || old.Discussion.MergedInto != "" || shape(page) != "smm" || page.Discussion.Posts != 1 {
			t.Errorf("after the undoing: %s and %s", shape(old), shape(page))
		}
	})
}

func TestUnmove_refusesWhatMovedOn(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d, other := h.open(h.ana, "One"), h.open(h.bo, "Another")
		p := h.reply(h.bo, d, "About fees")
		fees, err := h.Split(h.ctx, h.dov, d.ID, []forum.PostID{p.ID}, "Fees", "why")
		h.ok(err)
		first, err := h.Moves(h.ctx, d.ID)
		h.ok(err)
		h.ok(h.Merge(h.ctx, h.dov, fees.ID, other.ID, "why"))
		h.refused(h.Unmove(h.ctx, h.dov, first[0].ID), fault.Conflict, "forum.move.moved_on")
		if page := h.page(h.nobody, other.ID, 1); shape(page) != "ss" {
			t.Errorf("a refused undoing left %s", shape(page))
		}
	})
}

// A newcomer's change waits, and only what the steward has seen comes in.
func TestEdit_ofANewcomerWaits(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "A question")
		p := h.reply(h.bo, d, "An honest answer.")
		newcomer := h.bo
		newcomer.Held = "moderation.held.change"
		e, err := h.Edit(h.ctx, newcomer, p.ID, 1, "An honest answer.")
		h.ok(err)
		if e.State != forum.Shown {
			t.Error("nothing changed, and it waits")
		}
		e, err = h.Edit(h.ctx, newcomer, p.ID, 1, "An advert.")
		h.ok(err)
		if e.State != forum.Waits || e.Hold == nil || e.Hold.Reason != newcomer.Held {
			t.Errorf("got %+v", e)
		}
		if got := h.page(forum.Actor{}, d.ID, 1); got.Posts[1].HTML != "" || got.Discussion.Posts != 1 {
			t.Errorf("readers see %s, %d posts", shape(got), got.Discussion.Posts)
		}
		list, err := h.Held(h.ctx, h.dov)
		h.ok(err)
		if len(list) != 1 || list[0].Revision != 2 || !strings.Contains(string(list[0].HTML), "advert") {
			t.Fatalf("%+v", list)
		}
		_, err = h.Edit(h.ctx, newcomer, p.ID, 2, "Another advert.")
		h.ok(err)
		h.refused(h.Release(h.ctx, h.dov, p.ID.Thing(), list[0].Revision), fault.Conflict, "forum.release.changed")
		h.ok(h.Release(h.ctx, h.dov, p.ID.Thing(), 3))
		if got := h.page(forum.Actor{}, d.ID, 1); shape(got) != "ss" {
			t.Errorf("readers see %s", shape(got))
		}
		_, err = h.Retitle(h.ctx, forum.Actor{Face: h.ana.Face, Held: "moderation.held.change"}, d.ID, 1, "Buy now", nil)
		h.refused(err, fault.Forbidden, "forum.may.newcomer_title")

		a, err := h.Publish(h.ctx, h.bo, forum.NewArticle{Title: "Terms", Lang: "en", Text: "Honest."})
		h.ok(err)
		b, err := h.EditArticle(h.ctx, newcomer, a.ID, 1, forum.ArticleEdit{Title: "Buy now", Text: "Honest."})
		h.ok(err)
		if b.State != forum.Waits {
			t.Errorf("got %+v", b)
		}
		if _, err := h.Article(h.ctx, forum.Actor{}, a.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("readers see it: %v", err)
		}
		h.ok(h.Release(h.ctx, h.dov, a.ID.Thing(), 2))
	})
}
