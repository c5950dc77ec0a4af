package forumpage

import (
	"context"
	"slices"

	"guildhall/internal/forum"
	"guildhall/internal/lang"
	"guildhall/internal/news"
	"guildhall/internal/web/page/shell"
)

// deed is the address that does a thing, or takes it back.
func deed(action string, done bool) string {
	if done {
		return action + "/undo"
	}
	return action
}

func topicName(names map[forum.TopicKey]string, k forum.TopicKey) string {
	if n := names[k]; n != "" {
		return n
	}
	return string(k)
}

// reasons says why an article is related, strongest first, at most two.
func reasons(l lang.Lang, rs []forum.Reason) string {
	said := make([]string, 0, 2)
	for _, r := range rs[:min(len(rs), 2)] {
		said = append(said, r.Say(l))
	}
	return l.List(said)
}

// DiscussionTitle is a discussion's title; its author may have erased it.
func DiscussionTitle(l lang.Lang, d forum.Discussion) string { return titleOf(l, &d) }

func titleOf(l lang.Lang, d *forum.Discussion) string {
	if d.Title == "" {
		return l.T("page.untitled")
	}
	return d.Title
}

// discussionTitle tells pages apart in tabs and search engines.
func discussionTitle(l lang.Lang, p *forum.Page) string {
	t := titleOf(l, &p.Discussion)
	if p.N > 1 {
		t += " · " + l.T("shell.page.of", p.N, p.Discussion.Pages())
	}
	return t
}

func moveText(ctx context.Context, m forum.Move) string {
	switch m.Kind {
	case forum.SplitMove:
		return shell.N(ctx, "page.move.split", m.Posts)
	case forum.MergeMove:
		return shell.N(ctx, "page.move.merge", m.Posts)
	default:
		return shell.N(ctx, "page.move.undo", m.Posts)
	}
}

func chosen(keys []forum.TopicKey, k forum.TopicKey) bool { return slices.Contains(keys, k) }

// toldKeys say what happened.
var toldKeys = map[news.Kind]string{
	news.Answered: "news.answered", news.Promised: "news.promised", news.Closed: "news.closed", news.Moved: "news.moved", news.Asked: "news.asked",
	news.Replied: "news.replied", news.Discussed: "news.discussed", news.Consulted: "news.consulted", news.Concluded: "news.concluded", news.Changed: "news.changed",
	news.Booked: "news.booked", news.Shifted: "news.shifted", news.CalledOff: "news.calledoff",
	news.Wished: "news.wished", news.Connected: "news.connected", news.Introduced: "news.introduced", news.Lost: "news.lost", news.Warned: "news.warned",
}

func followedHref(r forum.Followed) string {
	switch r.Thing.Kind {
	case forum.KindTopic:
		return TopicHref(forum.TopicKey(r.Thing.ID))
	case forum.KindArticle:
		return "/articles/" + r.Thing.ID
	default:
		return "/discussions/" + r.Thing.ID
	}
}

func followAction(r forum.Followed) string { return followedHref(r) + "/follow" }

func followedName(p FollowingPage, r forum.Followed) string {
	if r.Thing.Kind == forum.KindTopic {
		return topicName(p.Names, forum.TopicKey(r.Thing.ID))
	}
	return r.Title
}
