package forumpage

import (
	"net/url"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/markdown"
	"guildhall/internal/web/page/shell"
)

// What is in this file stands fifty times on a page, so it is written by hand.

// Name shows as whom a text was written, with the way to the profile if any.
func Name(f face.Face) templ.Component { return shell.Hand(func(p *shell.Pen) { name(p, f) }) }

func name(p *shell.Pen, f face.Face) {
	switch f.Kind {
	case face.Former:
		p.Raw(`<span class="who">`)
		p.T("shell.former_member")
		p.Raw(`</span> `)
	case face.Imported:
		p.Raw(`<span class="who">`)
		p.Text(f.Name)
		p.Raw(`</span> `)
		p.Badge(p.Viewer.Lang.T("shell.imported"), "")
		p.Raw(` `)
	default:
		p.Raw(`<a class="who" href="`)
		faceHref(p, f)
		p.Raw(`"><bdi>`)
		p.Text(f.Name)
		p.Raw(`</bdi></a> `)
	}
}

// Byline says who wrote when.
func Byline(f face.Face, at, edited time.Time) templ.Component {
	return shell.Hand(func(p *shell.Pen) { byline(p, f, at, edited) })
}

func byline(p *shell.Pen, f face.Face, at, edited time.Time) {
	p.Raw(`<p class="byline">`)
	p.Portrait(f.Name, BlobHref(f.Picture))
	name(p, f)
	when(p, at, edited)
}

// when ends a byline.
func when(p *shell.Pen, at, edited time.Time) {
	p.Raw(`<span class="when">`)
	p.Time(at)
	if !edited.IsZero() {
		p.Raw(` · `)
		p.T("page.edited")
	}
	p.Raw(`</span></p>`)
}

// Recommend is the button that recommends a thing or withdraws that. Readers
// without an account, and its author, see the count only.
func Recommend(author face.ID, action string, count int, mine bool) templ.Component {
	return shell.Hand(func(p *shell.Pen) {
		l := labels{recommend: p.Label("page.recommend"), withdraw: p.Label("page.withdraw")}
		recommend(p, author, &l, func() { p.Text(action) }, count, mine)
	})
}

// recommend is Recommend; action writes the address.
func recommend(p *shell.Pen, author face.ID, l *labels, action func(), count int, mine bool) {
	switch {
	case p.Viewer.SignedIn && p.Viewer.FaceID != string(author):
		p.Raw(`<form method="post" action="`)
		action()
		if mine {
			p.Raw(`/undo"><button class="plain" aria-pressed="true">`)
			p.Say(l.withdraw)
		} else {
			p.Raw(`"><button class="plain" aria-pressed="false">`)
			p.Say(l.recommend)
		}
		if count > 0 {
			p.Raw(` <span class="number">`)
			p.Int(count)
			p.Raw(`</span>`)
		}
		p.Raw(`</button></form>`)
	case count > 0:
		p.Raw(`<span>`)
		p.N("page.recommendations", count)
		p.Raw(`</span> `)
	}
}

// faceHref writes FaceHref.
func faceHref(p *shell.Pen, f face.Face) {
	if f.Kind == face.Open && f.Handle != "" {
		p.Raw(peoplePath)
		p.Text(url.PathEscape(f.Handle))
	}
}

// labels are the texts that stand in each post.
type labels struct{ permalink, inReply, answer, edit, revisions, report, recommend, withdraw shell.Label }

// author is what stands in each post of the same face.
type author struct{ name, picture shell.Label }

// authors are those of a page, each made once.
type authors map[face.ID]author

func (m authors) of(p *shell.Pen, f *face.Face) author {
	a, known := m[f.ID]
	if !known {
		a = author{name: p.Ready(f.Name), picture: p.Once(func() {
			p.Portrait(f.Name, BlobHref(f.Picture))
			name(p, *f)
		})}
		m[f.ID] = a
	}
	return a
}

// posts are the rows of a talk.
func posts(p *shell.Pen, page *forum.Page, mine map[string]bool, reply *ReplyForm) {
	ps := page.Posts
	l := labels{
		permalink: p.Label("page.permalink"), inReply: p.Label("page.in_reply"), answer: p.Label("page.answer"),
		edit: p.Label("shell.edit"), revisions: p.Label("page.revisions"), report: p.Label("page.report"),
		recommend: p.Label("page.recommend"), withdraw: p.Label("page.withdraw"),
	}
	known := authors{}
	for i := range ps {
		p.Raw(`<li>`)
		var x *forum.Restate
		if r, is := page.Restates[ps[i].ID]; is {
			x = &r
		}
		post(p, &ps[i], known.of(p, &ps[i].Author), &l, mine[string(ps[i].ID)], x, reply)
		p.Raw(`</li>`)
	}
}

// post is one post, or the stub that keeps its place.
func post(p *shell.Pen, t *forum.Post, by author, l *labels, mine bool, x *forum.Restate, reply *ReplyForm) {
	if t.State == forum.Shown {
		p.Raw(`<article class="post" id="p`)
	} else {
		p.Raw(`<article class="post gone" id="p`)
	}
	p.Int(t.Seq)
	p.Raw(`" data-seq="`)
	p.Int(t.Seq)
	id := p.Ready(string(t.ID))
	p.Raw(`" data-post="`)
	p.Say(id)
	p.Raw(`" data-name="`)
	p.Say(by.name)
	p.Raw(`"><p class="byline">`)
	p.Say(by.picture)
	when(p, t.At, t.EditedAt)
	switch t.State {
	case forum.Shown:
	case forum.Moved:
		p.Raw(`<p>`)
		p.T("page.moved")
		p.Raw(` `)
		p.Link(p.Label("page.moved.there"), postPath, p.Ready(string(t.MovedTo)), ``)
		p.Raw(`</p>`)
	default:
		p.Show(Veil(t.State, t.Hush, t.Hold))
	}
	if x == nil {
		words(p, t.HTML, reply.Folded[t.Author.ID])
	} else {
		p.Show(restateOf(*x))
		before, last := forum.SplitProposal(t.HTML)
		words(p, before, reply.Folded[t.Author.ID])
		p.Show(proposed(*x, last, reply.Came[t.ID], reply.Today))
	}
	p.Raw(`<div class="deeds">`)
	postDeeds(p, t, id, l, mine)
	stewardLinks(p, "post", string(t.ID), t.State)
	p.Raw(`</div></article>`)
}

// words are what was written; those of a blocked face are folded away.
func words(p *shell.Pen, h markdown.HTML, folded bool) {
	if h == "" {
		return
	}
	if folded {
		p.Raw(`<details><summary>`)
		p.T("page.folded")
		p.Raw(`</summary>`)
	}
	p.Raw(`<div class="prose" dir="auto">`)
	p.HTML(h)
	p.Raw(`</div>`)
	if folded {
		p.Raw(`</details>`)
	}
}

// postDeeds are what one may do with a post.
func postDeeds(p *shell.Pen, t *forum.Post, id shell.Label, l *labels, mine bool) {
	p.Raw(`<a href="/posts/`)
	p.Say(id)
	p.Raw(`" title="`)
	p.Say(l.permalink)
	p.Raw(`">#`)
	p.Int(t.Seq)
	p.Raw(`</a> `)
	if t.ReplyTo != "" {
		p.Link(l.inReply, postPath, p.Ready(string(t.ReplyTo)), ``)
	}
	if t.State != forum.Shown {
		return
	}
	own := p.Viewer.SignedIn && string(t.Author.ID) == p.Viewer.FaceID
	if p.Viewer.SignedIn && !own || t.Recommendations > 0 {
		recommend(p, t.Author.ID, l, func() {
			p.Raw(postPath)
			p.Say(id)
			p.Raw(`/recommendation`)
		}, t.Recommendations, mine)
	}
	if p.Viewer.SignedIn {
		p.Link(l.answer, postPath, id, `/reply`)
	}
	if own {
		p.Link(l.edit, postPath, id, `/edit`)
	}
	if t.Revision > 1 {
		p.Link(l.revisions, postPath, id, `/revisions`)
	}
	if !own {
		p.Link(l.report, `/report?kind=post&amp;id=`, id, ``)
	}
}

// stewardDeeds are what a steward may do with a text.
func stewardDeeds(kind, id string, state forum.State) templ.Component {
	return shell.Hand(func(p *shell.Pen) { stewardLinks(p, kind, id, state) })
}

func stewardLinks(p *shell.Pen, kind, id string, state forum.State) {
	if !p.Viewer.Steward {
		return
	}
	switch state {
	case forum.Shown:
		link(p, p.Label("page.hide"), "/moderation/hide?kind=", kind, "&id=", id)
	case forum.Hushed:
		link(p, p.Label("page.decision"), "/decisions?kind=", kind, "&id=", id)
	case forum.Waits:
		link(p, p.Label("page.waiting"), "/moderation")
	}
}

// link is one deed or one way on; search engines follow none of them. href comes
// in parts, so that they need not be joined first.
func link(p *shell.Pen, l shell.Label, href ...string) {
	p.Raw(`<a rel="nofollow" href="`)
	for _, part := range href {
		p.Text(part)
	}
	p.Raw(`">`)
	p.Say(l)
	p.Raw(`</a> `)
}
