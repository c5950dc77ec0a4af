package movein

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// list sees to it that a list holds only entries, and each of them something.
func (c *conversion) list(n *html.Node) {
	if n.DataAtom == atom.Menu || n.DataAtom == atom.Dir {
		n.Data, n.DataAtom = "ul", atom.Ul
	}
	if strings.Contains(attr(n, "class"), "gallery") || c.tooDeep(n) {
		unlist(n)
		return
	}
	start := attr(n, "start")
	n.Attr = nil
	if n.DataAtom == atom.Ol && start != "" && len(start) < 9 && strings.Trim(start, "0123456789") == "" {
		setAttr(n, "start", start)
	}
	var last *html.Node
	for _, k := range kids(n) {
		switch {
		case k.DataAtom == atom.Li && hollow(k):
			remove(k)
		case k.DataAtom == atom.Li:
			k.Attr, last = nil, k
		case k.Type == html.TextNode && blank(k.Data):
		case last != nil && (k.DataAtom == atom.Ul || k.DataAtom == atom.Ol):
			n.RemoveChild(k)
			last.AppendChild(k)
		default:
			last = element0(atom.Li)
			n.InsertBefore(last, k)
			n.RemoveChild(k)
			last.AppendChild(k)
		}
	}
	if hollow(n) {
		remove(n)
		return
	}
	p := n.PrevSibling
	for p != nil && p.Type == html.TextNode && blank(p.Data) {
		p = p.PrevSibling
	}
	if p != nil && p.DataAtom == atom.Ol && n.DataAtom == atom.Ol { // else they would count on
		n.Parent.InsertBefore(element0(atom.Hr), n)
	}
}

const maxDepth = 10 // lists and quotes within each other; the hall reads 12

func (c *conversion) tooDeep(n *html.Node) bool {
	depth := 0
	for p := n.Parent; p != nil; p = p.Parent {
		if p.DataAtom == atom.Ul || p.DataAtom == atom.Ol || p.DataAtom == atom.Blockquote || p.DataAtom == atom.Dl {
			depth++
		}
	}
	if depth >= maxDepth {
		c.note("lists or quotes deeper than ten; the words are there")
	}
	return depth >= maxDepth
}

// unlist takes the frame off a gallery.
func unlist(n *html.Node) {
	n.Data, n.DataAtom, n.Attr = "div", atom.Div, nil
	for _, k := range kids(n) {
		if k.DataAtom == atom.Li {
			k.Data, k.DataAtom, k.Attr = "div", atom.Div, nil
		}
	}
}

// definitions writes terms in bold and what they mean as a list below.
func (c *conversion) definitions(n *html.Node) {
	out := element0(atom.Div)
	var list *html.Node
	for _, k := range append(find(n, atom.Dt, atom.Dd), nil) {
		switch {
		case k == nil || hollow(k):
		case k.DataAtom == atom.Dt:
			list = nil
			p := adopt(element0(atom.P), k)
			bold(p)
			if holdsBlock(p) {
				p.Data, p.DataAtom = "div", atom.Div
			}
			out.AppendChild(p)
		default:
			if list == nil {
				list = element0(atom.Ul)
				out.AppendChild(list)
			}
			list.AppendChild(adopt(element0(atom.Li), k))
		}
	}
	if blank(content(out)) && !blank(content(n)) {
		n.Data, n.DataAtom = "div", atom.Div
		return
	}
	replace(n, out)
}

// quote gives a source named at the end of a quotation its own paragraph.
func (c *conversion) quote(n *html.Node) {
	from := attr(n, "cite")
	n.Attr = nil
	if c.tooDeep(n) {
		n.Data, n.DataAtom = "div", atom.Div
	}
	if hollow(n) {
		remove(n)
		return
	}
	if k := n.LastChild; k.DataAtom == atom.Em && k.PrevSibling != nil && !isBlock(k.PrevSibling) && k.PrevSibling.Type != html.TextNode {
		n.RemoveChild(k)
		n.AppendChild(element0(atom.P, k))
	}
	if strings.HasPrefix(from, "http") && len(find(n, atom.A)) == 0 {
		n.AppendChild(element0(atom.P, link(from, from)))
	}
}

// caption sets the words under a picture or a table in italics.
func (c *conversion) caption(n *html.Node) {
	if hollow(n) {
		remove(n)
		return
	}
	n.Data, n.DataAtom, n.Attr = "p", atom.P, nil
	if holdsBlock(n) {
		n.Data, n.DataAtom = "div", atom.Div
		return
	}
	for _, k := range find(n, atom.Em) {
		peel(k)
	}
	parts := splitInline(kids(n), false, true)
	for _, part := range parts {
		if part = trimEnds(part); len(part) > 0 {
			n.Parent.InsertBefore(element0(atom.P, element1(element0(atom.Em), part)), n)
		}
	}
	remove(n)
}
