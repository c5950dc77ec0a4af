package forumpage

import (
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/web/page/shell"
)

// What every reader of a discussion is sent is written by hand, as its posts are;
// what few see stays a template.

// DiscussionPage is one page of a discussion.
type DiscussionPage struct {
	Page      forum.Page
	Names     map[forum.TopicKey]string
	Mine      map[string]bool // what the reader recommends
	Following bool
	Article   *forum.Article // whose comments it holds; nil when it stands on its own
	Moves     []forum.Move
	Folded    map[face.ID]bool // faces whose posts the reader has folded away
	Reply     ReplyForm
}

// ReplyForm is the box to answer in.
type ReplyForm struct {
	Action  string // where it is sent; empty: no box (the discussion is closed or not found)
	Once    string
	ReplyTo forum.PostID
	Text    string
	Error   error
	Done    string // key of the draft that has been accepted
	Folded  map[face.ID]bool

	Restate string                   // where a restate of the discussion is begun; empty: nowhere
	Came    map[forum.PostID][]Asked // what came of the restates among its posts
	Today   time.Time                // midnight, UTC
}

// Discussion shows one page of a discussion.
func Discussion(d DiscussionPage) templ.Component {
	return shell.Hand(func(p *shell.Pen) {
		about := &d.Page.Discussion
		p.Page(shell.Props{
			Title: discussionTitle(p.Viewer.Lang, &d.Page), Description: about.Excerpt, Canonical: DiscussionHref(*about, d.Page.N),
			Here: "discussions", Wide: true, Feeds: discussionFeeds(*about), DraftDone: d.Reply.Done,
		}, func() {
			discussionHead(p, &d)
			if about.Summary != nil || len(d.Moves) > 0 || about.Pages() > 1 {
				p.Raw(`<aside class="side flow">`)
				if about.Summary != nil {
					p.Show(livingSummary(*about))
				}
				if len(d.Moves) > 0 {
					p.Show(moves(d.Moves))
				}
				if about.Pages() > 1 {
					jumpToDate(p, about)
				}
				p.Raw(`</aside>`)
			}
			p.Raw(` `)
			talk(p, &d.Page, d.Mine, &d.Reply, "")
		})
	})
}

func discussionHead(p *shell.Pen, page *DiscussionPage) {
	d := &page.Page.Discussion
	p.Raw(`<div class="flow"><h1 lang="`)
	p.Text(d.Lang)
	p.Raw(`" dir="auto">`)
	p.Text(titleOf(p.Viewer.Lang, d))
	p.Raw(`</h1>`)
	if a := page.Article; a != nil {
		p.Raw(`<p class="meta">`)
		p.T("page.under")
		p.Raw(` <a href="`)
		p.Text(ArticleHref(*a))
		p.Raw(`" lang="`)
		p.Text(a.Lang)
		p.Raw(`" dir="auto">`)
		p.Text(a.Title)
		p.Raw(`</a></p>`)
	}
	p.Raw(`<p class="meta"><a href="#talk">`)
	p.N("page.posts", d.Posts)
	p.Raw(`</a> · `)
	p.N("page.faces", d.Faces)
	p.Raw(` · `)
	p.T("page.begun")
	p.Raw(` `)
	p.Date(d.At)
	p.Raw(`</p>`)
	topics(p, d.Topics, page.Names)
	if d.Closure != nil {
		p.Show(closed(d.Closure.Reason))
	}
	p.Raw(`<div class="deeds">`)
	if p.Viewer.SignedIn {
		p.Show(FollowButton("/discussions/"+string(d.ID)+"/follow", page.Following))
	}
	if !d.Held {
		p.Raw(`<a href="/discussions/`)
		p.Text(string(d.ID))
		p.Raw(`/feed.atom">`)
		p.T("shell.feed")
		p.Raw(`</a>`)
	}
	if p.Viewer.Steward {
		p.Show(discussionDeeds(*d))
	}
	p.Raw(`</div></div>`)
}

// Topics is a row of topic links.
func Topics(keys []forum.TopicKey, names map[forum.TopicKey]string) templ.Component {
	return shell.Hand(func(p *shell.Pen) { topics(p, keys, names) })
}

func topics(p *shell.Pen, keys []forum.TopicKey, names map[forum.TopicKey]string) {
	if len(keys) == 0 {
		return
	}
	p.Raw(`<ul class="topics" aria-label="`)
	p.T("shell.nav.topics")
	p.Raw(`">`)
	for _, k := range keys {
		p.Raw(`<li><a href="`)
		p.Text(TopicHref(k))
		p.Raw(`" rel="tag">`)
		p.Text(topicName(names, k))
		p.Raw(`</a></li>`)
	}
	p.Raw(`</ul>`)
}

// jumpToDate leads to the first post of a day or after.
func jumpToDate(p *shell.Pen, d *forum.Discussion) {
	p.Raw(`<form class="seek" method="get" action="/discussions/`)
	p.Text(string(d.ID))
	p.Raw(`/on"><label for="date">`)
	p.T("page.jump")
	p.Raw(`</label> <input type="date" id="date" name="date" required value="`)
	p.Text(d.ActiveAt.Format(time.DateOnly))
	p.Raw(`" min="`)
	p.Text(d.At.Format(time.DateOnly))
	p.Raw(`" max="`)
	p.Text(d.ActiveAt.Format(time.DateOnly))
	p.Raw(`"> <button>`)
	p.T("page.jump.go")
	p.Raw(`</button></form>`)
}

// Talk shows the posts of a page with the box to answer in. level is "2" when
// the talk stands under something else and needs a heading.
func Talk(page forum.Page, mine map[string]bool, reply ReplyForm, level string) templ.Component {
	return shell.Hand(func(p *shell.Pen) { talk(p, &page, mine, &reply, level) })
}

func talk(p *shell.Pen, page *forum.Page, mine map[string]bool, reply *ReplyForm, level string) {
	d := &page.Discussion
	p.Raw(`<section class="flow" id="talk">`)
	if level != "" {
		p.Raw(`<h2>`)
		p.N("page.replies", d.Posts)
	} else {
		p.Raw(`<h2 class="unseen">`)
		p.N("page.posts", d.Posts)
	}
	p.Raw(`</h2>`)
	if len(page.Posts) == 0 {
		p.Raw(`<p>`)
		p.T("page.talk.none")
		p.Raw(`</p>`)
	} else {
		p.SinceHere(string(d.ID), d.LastSeq, "/discussions/"+string(d.ID)+"/at/{seq}", func() {
			p.QuoteInto("text", func() {
				p.Raw(`<ol class="talk" start="`)
				p.Int(page.Posts[0].Seq)
				p.Raw(`">`)
				posts(p, page, mine, reply)
				p.Raw(`</ol>`)
			})
		})
	}
	p.Pager(page.N, d.Pages(), func(n int) string { return DiscussionHref(*d, n) })
	if d.Closed {
		p.Raw(`<p class="meta">`)
		p.T("page.closed_here")
		p.Raw(`</p>`)
	} else {
		answer(p, reply)
	}
	p.Raw(`</section>`)
}

// answer is the box to answer in, or the way to one for readers.
func answer(p *shell.Pen, f *ReplyForm) {
	if f.Action == "" {
		return
	}
	p.Raw(`<section class="flow" id="answer"><h2>`)
	p.T("page.answer.title")
	p.Raw(`</h2>`)
	if f.Error != nil {
		p.Show(shell.ErrorSummary(shell.FaultsOf(f.Error)))
	}
	p.SpeakingAs()
	if p.Viewer.SignedIn {
		p.Show(answerForm(*f))
		if f.Restate != "" {
			p.Show(mayRestate(f.Restate))
		}
	}
	p.Raw(`</section>`)
}
