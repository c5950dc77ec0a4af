package shell

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// What stands around the posts of every discussion is written by hand as well: as
// templates it took as long as thirty posts.

// Page is the frame around every page; the children are its main part.
func Page(props Props) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		main := templ.GetChildren(ctx)
		return Hand(func(p *Pen) {
			p.Page(props, func() { p.Show(main) })
		}).Render(templ.ClearChildren(ctx), w)
	})
}

// Page is the component of that name; main writes its main part.
func (p *Pen) Page(props Props, main func()) {
	p.above(&props)
	main()
	p.below()
}

// SinceHere remembers on this device how far one has read the discussion id, of
// which last is the number of the newest post, and marks what came since. Inside
// are the posts, each <article class="post" data-seq="N">. href is the address of
// a post by number, with {seq} in the place of the number.
func (p *Pen) SinceHere(id string, last int, href string, inside func()) {
	p.attribute(`<since-here discussion="`, id)
	p.Raw(` last="`)
	p.Int(last)
	p.attribute(`" href="`, href)
	p.attribute(` label="`, p.Viewer.Lang.T("shell.since"))
	p.attribute(` seam="`, p.Viewer.Lang.T("shell.since.seam"))
	p.Raw(`>`)
	inside()
	p.Raw(`</since-here>`)
}

// QuoteInto lets words selected in the posts inside be quoted in the textarea of
// that id.
func (p *Pen) QuoteInto(id string, inside func()) {
	p.attribute(`<quote-source for="`, id)
	p.attribute(` label="`, p.Viewer.Lang.T("shell.quote"))
	p.Raw(`>`)
	inside()
	p.Raw(`</quote-source>`)
}

// Pager leads through pages 1 to pages; href gives the address of one. It shows
// nothing when there is only one page.
func Pager(page, pages int, href func(page int) string) templ.Component {
	return Hand(func(p *Pen) { p.Pager(page, pages, href) })
}

// Pager is the component of that name.
func (p *Pen) Pager(page, pages int, href func(page int) string) {
	if pages <= 1 {
		return
	}
	p.attribute(`<nav class="pager" aria-label="`, p.Viewer.Lang.T("shell.page.nav"))
	p.Raw(`>`)
	if page > 1 {
		p.attribute(`<a rel="prev" href="`, href(page-1))
		p.Raw(`>`)
		p.T("shell.page.previous")
		p.Raw(`</a> `)
	}
	for _, n := range window(page, pages) {
		switch n {
		case 0:
			p.Raw(`<span aria-hidden="true">…</span> `)
			continue
		case page:
			p.Raw(`<span aria-current="page">`)
		default:
			p.attribute(`<a href="`, href(n))
			p.Raw(`>`)
		}
		p.Raw(`<span class="unseen">`)
		p.T("shell.page")
		p.Raw(` </span>`)
		p.Int(n)
		if n == page {
			p.Raw(`</span> `)
		} else {
			p.Raw(`</a> `)
		}
	}
	if page < pages {
		p.attribute(`<a rel="next" href="`, href(page+1))
		p.Raw(`>`)
		p.T("shell.page.next")
		p.Raw(`</a>`)
	}
	p.Raw(`</nav>`)
}

// SpeakingAs says, beside every box to write in, who will be seen to have
// written; to a reader it offers the door.
func SpeakingAs() templ.Component { return Hand((*Pen).SpeakingAs) }

// SpeakingAs is the component of that name.
func (p *Pen) SpeakingAs() {
	v := &p.Viewer
	if v.SignedIn {
		p.Raw(`<p class="speaking">`)
		p.Portrait(v.Name, v.Picture)
		p.Raw(`<span>`)
		p.T("shell.speaking_as", v.Name)
		p.Raw(`</span></p>`)
		return
	}
	before, words, after := v.Lang.Link("shell.speaking_none")
	p.Raw(`<p class="speaking"><span>`)
	p.Text(before)
	p.attribute(`<a href="/join`, back(v.Path))
	p.Raw(`>`)
	p.Text(words)
	p.Raw(`</a>`)
	p.Text(after)
	p.Raw(`</span></p>`)
}
