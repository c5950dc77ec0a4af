package forum_test

import (
	"testing"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
)

// Every permission has its yes and its no.
func TestMay(t *testing.T) {
	t.Parallel()
	reader, ana, bo, dov := forum.Actor{}, forum.Actor{Face: "ana"}, forum.Actor{Face: "bo"}, forum.Actor{Face: "dov", Steward: true}
	by := func(id face.ID) face.Face { return face.Face{ID: id} }
	post := func(s forum.State) forum.Post { return forum.Post{Author: by("ana"), State: s} }
	article := func(s forum.State) forum.Article { return forum.Article{Author: by("ana"), State: s} }
	open := forum.Discussion{Opener: by("ana")}
	held, closed, merged, below := open, open, open, open
	held.Held, closed.Closed, merged.MergedInto, below.Article = true, true, "other", "article"
	const yes = ""
	for _, c := range []struct {
		what string
		err  error
		key  string
	}{
		{"reader writes", forum.MayWrite(reader), "fault.sign_in"},
		{"member writes", forum.MayWrite(ana), yes},
		{"reader replies", forum.MayReply(reader, open), "fault.sign_in"},
		{"member replies", forum.MayReply(bo, open), yes},
		{"member replies where it is closed", forum.MayReply(bo, closed), "forum.may.closed"},
		{"steward replies where it is closed", forum.MayReply(dov, closed), "forum.may.closed"},
		{"member replies where it is merged", forum.MayReply(bo, merged), "forum.may.merged"},
		{"author replies where it waits", forum.MayReply(ana, held), "forum.may.held"},
		{"another replies where it waits", forum.MayReply(bo, held), "forum.discussion.none"},
		{"reader reads", forum.MayReadDiscussion(reader, open), yes},
		{"reader reads what waits", forum.MayReadDiscussion(reader, held), "forum.discussion.none"},
		{"author reads what waits", forum.MayReadDiscussion(ana, held), yes},
		{"steward reads what waits", forum.MayReadDiscussion(dov, held), yes},
		{"reader reads an article", forum.MayReadArticle(reader, article(forum.Shown)), yes},
		{"reader reads an erased article", forum.MayReadArticle(reader, article(forum.Erased)), yes},
		{"reader reads a hidden article", forum.MayReadArticle(reader, article(forum.Hushed)), "forum.article.none"},
		{"author reads her hidden article", forum.MayReadArticle(ana, article(forum.Hushed)), yes},
		{"reader sees a post", forum.MaySeePost(reader, post(forum.Shown)), yes},
		{"member sees a hidden post", forum.MaySeePost(bo, post(forum.Hushed)), "forum.post.none"},
		{"author sees her hidden post", forum.MaySeePost(ana, post(forum.Hushed)), yes},
		{"steward sees a waiting post", forum.MaySeePost(dov, post(forum.Waits)), yes},
		{"author sees her erased post", forum.MaySeePost(ana, post(forum.Erased)), "forum.post.none"},
		{"author edits", forum.MayEdit(ana, post(forum.Shown)), yes},
		{"author edits a hidden post", forum.MayEdit(ana, post(forum.Hushed)), yes},
		{"author edits an erased post", forum.MayEdit(ana, post(forum.Erased)), "forum.may.gone"},
		{"steward edits another's", forum.MayEdit(dov, post(forum.Shown)), "forum.may.author"},
		{"reader edits", forum.MayEdit(reader, post(forum.Shown)), "fault.sign_in"},
		{"author edits an article", forum.MayEditArticle(ana, article(forum.Shown)), yes},
		{"another edits an article", forum.MayEditArticle(bo, article(forum.Shown)), "forum.may.author"},
		{"reader retitles", forum.MayRetitle(reader, open), "fault.sign_in"},
		{"opener retitles", forum.MayRetitle(ana, open), yes},
		{"steward retitles", forum.MayRetitle(dov, open), yes},
		{"another retitles", forum.MayRetitle(bo, open), "forum.may.author"},
		{"opener retitles what was merged", forum.MayRetitle(ana, merged), "forum.may.merged"},
		{"opener retitles below an article", forum.MayRetitle(ana, below), "forum.may.article_title"},
		{"member recommends", forum.MayRecommend(bo, "ana", forum.Shown), yes},
		{"author recommends her own", forum.MayRecommend(ana, "ana", forum.Shown), "forum.may.own"},
		{"member recommends what is hidden", forum.MayRecommend(bo, "ana", forum.Hushed), "forum.post.none"},
		{"reader recommends", forum.MayRecommend(reader, "ana", forum.Shown), "fault.sign_in"},
		{"steward stewards", forum.MaySteward(dov), yes},
		{"member stewards", forum.MaySteward(ana), "forum.may.steward"},
		{"reader stewards", forum.MaySteward(reader), "fault.sign_in"},
	} {
		got := yes
		if c.err != nil {
			got = fault.From(c.err).Key
		}
		if got != c.key {
			t.Errorf("%s: got %q, want %q", c.what, got, c.key)
		}
	}
}
