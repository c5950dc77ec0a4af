package shell

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/lang"
	"guildhall/internal/markdown"
	"guildhall/internal/web/page/trusted"
	"guildhall/internal/web/viewer"
)

// Pen writes by hand what stands in every post of a long discussion: as
// templates these parts took most of a page's time. Everything else is a
// template.
//
// Raw takes constants only (its type cannot be named elsewhere, so no variable
// fits); all that comes from people goes through Text.
type Pen struct {
	Viewer viewer.Viewer
	ctx    context.Context
	w      io.Writer
	out    *bytes.Buffer // w, if it is one: b lies in it, behind what it holds, and is copied nowhere
	b      []byte
	own    []byte // b for other writers; lent again and again
	err    error
}

// literal is a piece of markup from the source of a page.
type literal string

var pens = sync.Pool{New: func() any { return new(Pen) }}

// What a pen has written goes on in portions, so that it need not grow with the
// page: a pen that grew larger than largePen is let go.
const (
	portion  = 16 << 10 // bytes
	largePen = 64 << 10
)

// Hand makes a component of a function that writes with a pen.
func Hand(write func(*Pen)) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		p := pens.Get().(*Pen)
		p.Viewer, p.ctx, p.w, p.err = viewer.From(ctx), ctx, w, nil
		p.out, _ = w.(*bytes.Buffer)
		p.ready()
		write(p)
		p.flush()
		err := p.err
		if cap(p.own) > largePen {
			p.own = nil
		}
		p.ctx, p.w, p.out, p.b = nil, nil, nil, nil
		pens.Put(p)
		return err
	})
}

// ready makes room to write in.
func (p *Pen) ready() {
	if p.out == nil {
		p.b = p.own[:0]
		return
	}
	p.out.Grow(2 * portion)
	p.b = p.out.AvailableBuffer()
}

func (p *Pen) flush() {
	if p.err == nil && len(p.b) > 0 {
		_, p.err = p.w.Write(p.b)
	}
	if p.out == nil {
		p.own = p.b // it may have grown
	}
	p.ready()
}

// Raw writes markup that stands in the source.
func (p *Pen) Raw(s literal) { p.b = append(p.b, s...) }

// Text writes s as text or as the value of a quoted attribute.
func (p *Pen) Text(s string) {
	for i := range len(s) {
		if special[s[i]] {
			p.escape(s, i)
			return
		}
	}
	p.b = append(p.b, s...)
}

// special are the letters that mean something in HTML.
var special = [256]bool{'&': true, '<': true, '>': true, '"': true, '\'': true}

// escape is Text for an s with something special, the first of it at i.
func (p *Pen) escape(s string, i int) {
	from := 0
	for ; i < len(s); i++ {
		var e string
		switch s[i] {
		case '&':
			e = "&amp;"
		case '<':
			e = "&lt;"
		case '>':
			e = "&gt;"
		case '"':
			e = "&#34;"
		case '\'':
			e = "&#39;"
		default:
			continue
		}
		p.b = append(append(p.b, s[from:i]...), e...)
		from = i + 1
	}
	p.b = append(p.b, s[from:]...)
}

// HTML writes what people wrote, as trusted.HTML does.
func (p *Pen) HTML(h markdown.HTML) {
	if len(p.b) > portion {
		p.flush()
	}
	p.b = trusted.Append(p.b, h)
}

// Label is a text made ready to be written many times on a page.
type Label struct{ escaped string }

// Label makes the text of key in the reader's language ready.
func (p *Pen) Label(key string) Label { return p.Ready(p.Viewer.Lang.T(key)) }

// Ready makes s ready to be written many times, as text or as the value of a
// quoted attribute.
func (p *Pen) Ready(s string) Label {
	from := len(p.b)
	p.Text(s)
	l := Label{s}
	if len(p.b)-from != len(s) { // something was escaped, and grew
		l.escaped = string(p.b[from:])
	}
	p.b = p.b[:from]
	return l
}

// Once makes what write writes ready to be written many times, in place of being
// written now. Nothing with HTML or Show can be.
func (p *Pen) Once(write func()) Label {
	from := len(p.b)
	write()
	l := Label{string(p.b[from:])}
	p.b = p.b[:from]
	return l
}

// Say writes a label.
func (p *Pen) Say(l Label) { p.b = append(p.b, l.escaped...) }

// Link is one deed or one way on, which search engines do not follow. Its address
// is id between two pieces that stand in the source, escaped as they are there.
func (p *Pen) Link(l Label, before literal, id Label, after literal) {
	p.Raw(`<a rel="nofollow" href="`)
	p.Raw(before)
	p.Say(id)
	p.Raw(after)
	p.Raw(`">`)
	p.Say(l)
	p.Raw(`</a> `)
}

// Int writes n in plain digits, as ids and addresses have them.
func (p *Pen) Int(n int) { p.b = strconv.AppendInt(p.b, int64(n), 10) }

// T writes the text of key in the reader's language.
func (p *Pen) T(key string, args ...any) { p.Text(p.Viewer.Lang.T(key, args...)) }

// N writes the text of key for n things.
func (p *Pen) N(key string, n int) { p.Text(p.Viewer.Lang.N(key, n)) }

// Show writes a component.
func (p *Pen) Show(c templ.Component) {
	p.flush()
	if p.err == nil {
		p.err = c.Render(p.ctx, p.w)
	}
	p.ready()
}

// Time is the part of that name.
func (p *Pen) Time(t time.Time) { p.moment(t, `" data-own-zone="time`, lang.Lang.AppendDateTime) }

// Date is the part of that name.
func (p *Pen) Date(t time.Time) { p.moment(t, `" data-own-zone="date`, lang.Lang.AppendDate) }

func (p *Pen) moment(t time.Time, ownZone literal, say func(lang.Lang, []byte, time.Time, *time.Location) []byte) {
	p.Raw(`<time datetime="`)
	p.b = t.UTC().AppendFormat(p.b, time.RFC3339)
	if p.Viewer.Zone == nil {
		p.Raw(ownZone)
	}
	p.Raw(`">`)
	p.b = say(p.Viewer.Lang, p.b, t, p.Viewer.Location()) // months and digits: nothing special
	p.Raw(`</time>`)
}

// Badge is the part of that name.
func (p *Pen) Badge(text, tone string) {
	p.Raw(`<span class="badge`)
	if tone != "" {
		p.Raw(` `)
		p.Text(tone)
	}
	p.Raw(`">`)
	p.Text(text)
	p.Raw(`</span>`)
}

// Portrait is the part of that name.
func (p *Pen) Portrait(name, picture string) {
	p.portrait(name, picture, `portrait`, `" alt="" width="36" height="36" loading="lazy"/>`)
}

func (p *Pen) portrait(name, picture string, class, rest literal) {
	if picture != "" {
		p.Raw(`<img class="`)
		p.Raw(class)
		p.Raw(`" src="`)
		p.Text(picture)
		p.Raw(rest)
		return
	}
	p.Raw(`<span class="`)
	p.Raw(class)
	p.Raw(` tint-`)
	p.b = append(p.b, tint(name))
	p.Raw(`" aria-hidden="true" data-letters="`)
	p.b = appendInitials(p.b, name)
	p.Raw(`"></span>`)
}
