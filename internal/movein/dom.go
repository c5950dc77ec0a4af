package movein

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// fragment parses HTML into one <div>. It fails when elements are nested more
// than some hundred deep.
func fragment(s string) (*html.Node, error) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragmentWithOptions(strings.NewReader(s), body, html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, err
	}
	div := element0(atom.Div)
	for _, n := range nodes {
		div.AppendChild(n)
	}
	return div, nil
}

func element0(a atom.Atom, kids ...*html.Node) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: a.String(), DataAtom: a}
	for _, k := range kids {
		n.AppendChild(k)
	}
	return n
}

func textNode(s string) *html.Node { return &html.Node{Type: html.TextNode, Data: s} }

func link(href, label string) *html.Node {
	a := element0(atom.A, textNode(label))
	a.Attr = []html.Attribute{{Key: "href", Val: href}}
	return a
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func setAttr(n *html.Node, key, val string) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			n.Attr[i].Val = val
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: val})
}

func kids(n *html.Node) []*html.Node {
	var out []*html.Node
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		out = append(out, k)
	}
	return out
}

func remove(n *html.Node) {
	if n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
}

// replace puts with where n was.
func replace(n *html.Node, with ...*html.Node) {
	for _, w := range with {
		remove(w)
		n.Parent.InsertBefore(w, n)
	}
	remove(n)
}

// peel takes an element away and leaves what it held.
func peel(n *html.Node) { replace(n, kids(n)...) }

// adopt moves the children of from to the end of to, and gives it back.
func adopt(to, from *html.Node) *html.Node {
	for _, k := range kids(from) {
		from.RemoveChild(k)
		to.AppendChild(k)
	}
	return to
}

func shallow(n *html.Node) *html.Node {
	return &html.Node{Type: n.Type, Data: n.Data, DataAtom: n.DataAtom, Attr: n.Attr, Namespace: n.Namespace}
}

// find lists the descendants with one of the names, in order.
func find(n *html.Node, names ...atom.Atom) []*html.Node {
	var out []*html.Node
	for k := range n.Descendants() {
		for _, a := range names {
			if k.Type == html.ElementNode && k.DataAtom == a {
				out = append(out, k)
			}
		}
	}
	return out
}

// content is all text of n, with line ends where <br> stands.
func content(n *html.Node) string {
	var b strings.Builder
	for k := range n.Descendants() {
		if k.Type == html.TextNode {
			b.WriteString(k.Data)
		} else if k.DataAtom == atom.Br {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func blank(s string) bool { return strings.Trim(s, " \t\r\n\f\u00a0\u200b") == "" }

// hollow tells whether n shows nothing at all.
func hollow(n *html.Node) bool {
	return blank(content(n)) && len(find(n, atom.Img, atom.Hr, atom.Input)) == 0
}

var blockAtoms = func() map[atom.Atom]bool {
	m := map[atom.Atom]bool{}
	for _, a := range []atom.Atom{atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Caption, atom.Center, atom.Col,
		atom.Colgroup, atom.Dd, atom.Details, atom.Dialog, atom.Dir, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption,
		atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hgroup,
		atom.Hr, atom.Legend, atom.Li, atom.Main, atom.Menu, atom.Nav, atom.Ol, atom.P, atom.Pre, atom.Section, atom.Summary,
		atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Tr, atom.Ul} {
		m[a] = true
	}
	return m
}()

func isBlock(n *html.Node) bool { return n.Type == html.ElementNode && blockAtoms[n.DataAtom] }

func holdsBlock(n *html.Node) bool {
	for k := range n.Descendants() {
		if isBlock(k) {
			return true
		}
	}
	return false
}

// strip is the text of an HTML fragment, in the order it stands.
func strip(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.WriteString(string(z.Text()))
		}
	}
}

// plain makes one line of text out of a title written as HTML. A tag it does
// not know, as in "a < b", is text.
func plain(s string) string {
	if strings.ContainsAny(s, "<&") {
		if div, err := fragment(s); err == nil {
			for _, n := range find(div, atom.Script, atom.Style) {
				remove(n)
			}
			if t := content(div); !blank(t) || blank(s) {
				s = t
			}
		}
	}
	return strings.Join(strings.Fields(s), " ")
}
