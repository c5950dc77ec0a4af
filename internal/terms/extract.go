package terms

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"guildhall/internal/fault"
)

// furniture is never part of a text.
const furniture = "script, style, noscript, template, svg, iframe, form input, button, nav, [aria-hidden=true], [hidden]"

// mainText is where a text stands on a page for which nothing is selected.
var mainText = []string{"main", "[role=main]", "article", "body"}

func (r Range) check() error {
	for _, s := range []string{r.Selector, r.StartBefore, r.StartAfter, r.EndBefore, r.EndAfter} {
		if s == "" {
			continue
		}
		if _, err := cascadia.ParseGroup(s); err != nil {
			return fmt.Errorf("%q: %w", s, err)
		}
	}
	if r.Selector == "" && (r.StartBefore == "") == (r.StartAfter == "") {
		return fmt.Errorf("a range needs startBefore or startAfter")
	}
	if r.Selector == "" && (r.EndBefore == "") == (r.EndAfter == "") {
		return fmt.Errorf("a range needs endBefore or endAfter")
	}
	return nil
}

// extract makes Markdown of the selected parts of a page. Faults: Invalid when
// nothing of the page is selected, or the page is no HTML.
func extract(page []byte, contentType string, s Source) (string, error) {
	if strings.Contains(contentType, "pdf") || bytes.HasPrefix(page, []byte("%PDF-")) {
		return "", fault.New(fault.Invalid, "terms.check.pdf")
	}
	if strings.HasPrefix(contentType, "text/plain") || strings.HasPrefix(contentType, "text/markdown") {
		return string(page), nil
	}
	in, err := charset.NewReader(bytes.NewReader(page), contentType)
	if err != nil {
		return "", fault.New(fault.Invalid, "terms.check.unreadable").Because(err)
	}
	root, err := html.Parse(in)
	if err != nil {
		return "", fault.New(fault.Invalid, "terms.check.unreadable").Because(err)
	}
	drop(root, Range{Selector: furniture})
	if err := affordable(root, slices.Concat(s.Select, s.Remove)); err != nil {
		return "", err
	}
	for _, r := range s.Remove {
		drop(root, r)
	}
	parts := selected(root, s.Select)
	if len(parts) == 0 {
		return "", fault.New(fault.Invalid, "terms.check.nothing")
	}
	to := converter.NewConverter(converter.WithPlugins(base.NewBasePlugin(), commonmark.NewCommonmarkPlugin(), table.NewTablePlugin()))
	var out []string
	for _, n := range parts {
		md, err := to.ConvertNode(n, converter.WithDomain(s.Fetch))
		if err != nil {
			return "", fault.New(fault.Invalid, "terms.check.unreadable").Because(err)
		}
		if text := strings.TrimSpace(string(md)); text != "" {
			out = append(out, text)
		}
	}
	if len(out) == 0 {
		return "", fault.New(fault.Invalid, "terms.check.nothing")
	}
	return strings.Join(out, "\n\n") + "\n", nil
}

// selected finds the parts that are the text, in the order of the selections.
func selected(root *html.Node, wanted []Range) (parts []*html.Node) {
	if len(wanted) == 0 {
		for _, s := range mainText {
			if n := cascadia.Query(root, mustSelect(s)); n != nil {
				return []*html.Node{n}
			}
		}
		return nil
	}
	for _, r := range wanted {
		if r.Selector != "" {
			parts = append(parts, outermost(cascadia.QueryAll(root, mustSelect(r.Selector)))...)
		} else if n := between(root, r); n != nil {
			parts = append(parts, n)
		}
	}
	return parts
}

// mustSelect reads a selector that check has read before; one that makes no
// sense all the same selects nothing.
func mustSelect(s string) cascadia.SelectorGroup {
	g, err := cascadia.ParseGroup(s)
	if err != nil {
		return nil
	}
	return g
}

// outermost leaves out what lies inside another one of the list.
func outermost(ns []*html.Node) (out []*html.Node) {
	in := map[*html.Node]bool{}
	for _, n := range ns {
		in[n] = true
	}
next:
	for _, n := range ns {
		for p := n.Parent; p != nil; p = p.Parent {
			if in[p] {
				continue next
			}
		}
		out = append(out, n)
	}
	return out
}

// drop takes everything in a range out of the page.
func drop(root *html.Node, r Range) {
	if r.Selector != "" {
		for _, n := range outermost(cascadia.QueryAll(root, mustSelect(r.Selector))) {
			n.Parent.RemoveChild(n)
		}
		return
	}
	prune(root, r, func(inside bool) bool { return inside })
}

// between copies the page with nothing but what lies in a range; nil when one of
// its ends is not on the page.
func between(root *html.Node, r Range) *html.Node {
	c := clone(root)
	if !prune(c, r, func(inside bool) bool { return !inside }) {
		return nil
	}
	return c
}

// prune removes the nodes without children for which away says so of whether
// they lie in the range; false when the range is not on the page.
func prune(root *html.Node, r Range, away func(inside bool) bool) bool {
	start, end := cascadia.Query(root, mustSelect(r.StartBefore+r.StartAfter)), cascadia.Query(root, mustSelect(r.EndBefore+r.EndAfter))
	if start == nil || end == nil {
		return false
	}
	var gone []*html.Node
	began, over := false, false
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		began = began || n == start && r.StartBefore != ""
		over = over || n == end && r.EndBefore != ""
		if n.FirstChild == nil && n.Type != html.DocumentNode && away(began && !over) {
			gone = append(gone, n)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		began = began || n == start && r.StartAfter != ""
		over = over || n == end && r.EndAfter != ""
	}
	walk(root)
	for _, n := range gone {
		n.Parent.RemoveChild(n)
	}
	return true
}

func clone(n *html.Node) *html.Node {
	c := &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Namespace: n.Namespace, Attr: n.Attr}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.AppendChild(clone(child))
	}
	return c
}
