package e2e

import (
	"fmt"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// within narrows the page to the first element that matches; empty: all of it.
func (p *page) within(selector string) (*html.Node, error) {
	if p == nil || p.doc == nil {
		return nil, fmt.Errorf("no page is shown")
	}
	if selector == "" {
		return p.doc, nil
	}
	found, err := p.all(selector)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("nothing on the page matches %s", selector)
	}
	return found[0], nil
}

// all finds the elements that match a selector.
func (p *page) all(selector string) ([]*html.Node, error) {
	if p == nil || p.doc == nil {
		return nil, fmt.Errorf("no page is shown")
	}
	s, err := cascadia.ParseGroup(selector)
	if err != nil {
		return nil, err
	}
	return cascadia.QueryAll(p.doc, s), nil
}

// attr is an attribute's value; empty when there is none.
func attr(n *html.Node, name string) string {
	v, _ := lookAttr(n, name)
	return v
}

func lookAttr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Namespace == "" && a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// isolates are the invisible marks that keep directions apart.
var isolates = strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "", "\u200e", "", "\u200f", "", "\u00a0", " ", "\u202f", " ")

// words is the text of an element as one reads it, spaces collapsed.
func words(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "template"):
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if n.Type == html.ElementNode && !inline[n.Data] {
			b.WriteByte(' ')
		}
	}
	walk(n)
	return strings.Join(strings.Fields(isolates.Replace(b.String())), " ")
}

var inline = map[string]bool{"a": true, "b": true, "bdi": true, "code": true, "em": true, "i": true, "mark": true, "q": true,
	"s": true, "span": true, "strong": true, "sub": true, "sup": true, "time": true, "wbr": true, "ins": true, "del": true}

// elements walks the tree below n.
func elements(n *html.Node, visit func(*html.Node)) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode {
			visit(d)
		}
	}
}

// named is what a button or link is called.
func named(n *html.Node) string {
	if l := attr(n, "aria-label"); l != "" {
		return l
	}
	if n.Data == "input" {
		return attr(n, "value")
	}
	return words(n)
}

// one finds the only element below a selector that a rule accepts and that is
// called name; exactly so if there is one, else as the beginning of its name.
func (p *page) one(kind, name, selector string, rule func(*html.Node) bool) (*html.Node, error) {
	root, err := p.within(selector)
	if err != nil {
		return nil, err
	}
	var exact, partly []*html.Node
	var others []string
	elements(root, func(n *html.Node) {
		if !rule(n) || hidden(n) {
			return
		}
		switch s := named(n); {
		case s == name:
			exact = append(exact, n)
		case strings.HasPrefix(s, name):
			partly = append(partly, n)
		default:
			others = append(others, s)
		}
	})
	if len(exact) == 0 {
		exact = partly
	}
	switch {
	case len(exact) == 0:
		return nil, fmt.Errorf("no %s %q; there are %q", kind, name, others)
	case len(exact) > 1 && kind == "button":
		return nil, fmt.Errorf("%d buttons %q: say within what", len(exact), name)
	}
	return exact[0], nil
}

// hidden tells what a browser without scripts does not show.
func hidden(n *html.Node) bool {
	for a := n; a != nil; a = a.Parent {
		if _, ok := lookAttr(a, "hidden"); ok || a.Data == "template" {
			return true
		}
	}
	return false
}

func isButton(n *html.Node) bool {
	t := attr(n, "type")
	return n.Data == "button" && (t == "" || t == "submit") || n.Data == "input" && (t == "submit" || t == "image")
}

func isLink(n *html.Node) bool { return n.Data == "a" && attr(n, "href") != "" }

// formOf is the form a control belongs to.
func (p *page) formOf(n *html.Node) *html.Node {
	if id, ok := lookAttr(n, "form"); ok {
		f, err := p.within("form#" + id)
		if err != nil {
			return nil
		}
		return f
	}
	for a := range n.Ancestors() {
		if a.Type == html.ElementNode && a.Data == "form" {
			return a
		}
	}
	return nil
}

// field finds a control by its label.
func (p *page) field(label, selector string) (*html.Node, error) {
	root, err := p.within(selector)
	if err != nil {
		return nil, err
	}
	var exact, partly []*html.Node
	var others []string
	elements(root, func(n *html.Node) {
		if !isControl(n) || hidden(n) {
			return
		}
		for _, l := range p.labels(n) {
			switch {
			case l == label:
				exact = append(exact, n)
			case strings.HasPrefix(l, label):
				partly = append(partly, n)
			default:
				others = append(others, l)
			}
		}
	})
	if len(exact) == 0 {
		exact = partly
	}
	exact = slices.Compact(exact)
	if len(exact) == 0 {
		return nil, fmt.Errorf("no field %q; there are %q", label, others)
	}
	if len(exact) > 1 {
		return nil, fmt.Errorf("%d fields %q: say within what", len(exact), label)
	}
	return exact[0], nil
}

func isControl(n *html.Node) bool {
	switch n.Data {
	case "textarea", "select":
		return true
	case "input":
		switch attr(n, "type") {
		case "hidden", "submit", "image", "button", "reset":
			return false
		}
		return true
	}
	return false
}

// labels are the names of a control: its labels' words, without hints when
// there are some, and its aria-label.
func (p *page) labels(n *html.Node) (ls []string) {
	if l := attr(n, "aria-label"); l != "" {
		ls = append(ls, l)
	}
	for _, id := range strings.Fields(attr(n, "aria-labelledby")) {
		if l, err := p.within(`[id="` + id + `"]`); err == nil {
			ls = append(ls, words(l))
		}
	}
	add := func(l *html.Node) { ls = append(ls, words(l)) }
	if id := attr(n, "id"); id != "" {
		found, _ := p.all(`label[for="` + id + `"]`)
		for _, l := range found {
			add(l)
		}
	}
	for a := range n.Ancestors() {
		if a.Type == html.ElementNode && a.Data == "label" {
			add(a)
		}
	}
	return ls
}

// fill types into a field, or chooses in it.
func (p *page) fill(label, value, selector string) error {
	n, err := p.field(label, selector)
	if err != nil {
		return err
	}
	switch {
	case n.Data == "select":
		for o := range n.Descendants() {
			if o.Type == html.ElementNode && o.Data == "option" && (words(o) == value || attr(o, "value") == value) {
				p.typed[n] = optionValue(o)
				return nil
			}
		}
		return fmt.Errorf("%q cannot be chosen in %q", value, label)
	case attr(n, "type") == "checkbox" || attr(n, "type") == "radio":
		return fmt.Errorf("%q is ticked, not filled", label)
	}
	p.typed[n] = value
	return nil
}

// tick ticks or unticks a box; a radio button unticks the others of its name.
func (p *page) tick(label, selector string, on bool) error {
	n, err := p.field(label, selector)
	if err != nil {
		return err
	}
	switch attr(n, "type") {
	case "radio":
		form := p.formOf(n)
		elements(p.doc, func(o *html.Node) {
			if o.Data == "input" && attr(o, "type") == "radio" && attr(o, "name") == attr(n, "name") && p.formOf(o) == form {
				p.ticked[o] = false
			}
		})
	case "checkbox":
	default:
		return fmt.Errorf("%q is no box to tick", label)
	}
	p.ticked[n] = on
	return nil
}

func optionValue(o *html.Node) string {
	if v, ok := lookAttr(o, "value"); ok {
		return v
	}
	return words(o)
}
