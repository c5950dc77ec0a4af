package movein

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Classic articles are written with line ends: an empty line parts paragraphs,
// a single one is a line break. WordPress makes the paragraphs when it shows
// the article, so here they are made too, on the tree instead of the text.

var emptyLine = regexp.MustCompile(`\r?\n[ \t\r]*\n\s*`)

// flow elements hold paragraphs; of the others only those with an empty line.
var flow = map[atom.Atom]bool{atom.Div: true, atom.Blockquote: true, atom.Section: true, atom.Article: true, atom.Main: true,
	atom.Aside: true, atom.Header: true, atom.Footer: true, atom.Center: true, atom.Form: true, atom.Details: true, atom.Fieldset: true}

// frame elements hold only other elements.
var frame = map[atom.Atom]bool{atom.Ul: true, atom.Ol: true, atom.Dl: true, atom.Table: true, atom.Thead: true, atom.Tbody: true,
	atom.Tfoot: true, atom.Tr: true, atom.Colgroup: true, atom.Menu: true, atom.Dir: true, atom.Figure: true}

// fixed elements mean their line ends.
var fixed = map[atom.Atom]bool{atom.Pre: true, atom.Script: true, atom.Style: true, atom.Textarea: true, atom.Svg: true,
	atom.Math: true, atom.Iframe: true, atom.Object: true, atom.Select: true, atom.Video: true, atom.Audio: true, atom.Noscript: true}

// paragraphs gives the line ends within n their meaning.
func paragraphs(n *html.Node) {
	var run []*html.Node
	flush := func(before *html.Node) {
		nodes := run
		run = nil
		if len(nodes) == 0 {
			return
		}
		parts := splitInline(nodes, true, false)
		for _, part := range parts {
			breaks(part)
			part = trimEnds(part)
			if len(part) == 0 {
				continue
			}
			if flow[n.DataAtom] || (len(parts) > 1 && n.DataAtom != atom.P) {
				part = []*html.Node{element0(atom.P, part...)}
			}
			for _, p := range part {
				n.InsertBefore(p, before)
			}
		}
	}
	for _, k := range kids(n) {
		switch {
		case k.Type == html.CommentNode:
		case isBlock(k) || fixed[k.DataAtom]:
			flush(k)
			if !fixed[k.DataAtom] {
				paragraphs(k)
			}
		case frame[n.DataAtom] && k.Type == html.TextNode && blank(k.Data):
		default:
			n.RemoveChild(k)
			run = append(run, k)
		}
	}
	flush(nil)
}

// splitInline parts a run of inline nodes where an empty line stands (lines) or
// two line breaks follow each other (brs), even within emphasis or a link.
// The nodes have no parent afterwards.
func splitInline(nodes []*html.Node, lines, brs bool) [][]*html.Node {
	parts := [][]*html.Node{nil}
	put := func(n *html.Node) { parts[len(parts)-1] = append(parts[len(parts)-1], n) }
	broke := false // the last thing put was a break
	for _, n := range nodes {
		remove(n)
		switch {
		case n.Type == html.TextNode && lines:
			for i, piece := range emptyLine.Split(n.Data, -1) {
				if i > 0 {
					parts = append(parts, nil)
				}
				if piece != "" {
					put(textNode(piece))
				}
			}
		case n.DataAtom == atom.Br && brs:
			if broke {
				parts = append(parts, nil)
				continue
			}
			broke = true
			put(n)
			continue
		case n.Type == html.TextNode && blank(n.Data) && broke:
			put(n)
			continue
		case n.Type == html.ElementNode && !fixed[n.DataAtom] && n.FirstChild != nil && !isBlock(n):
			for i, inner := range splitInline(kids(n), lines, brs) {
				if i > 0 {
					parts = append(parts, nil)
				}
				put(element1(shallow(n), inner))
			}
		default:
			put(n)
		}
		broke = false
	}
	return parts
}

func element1(n *html.Node, with []*html.Node) *html.Node {
	for _, k := range with {
		n.AppendChild(k)
	}
	return n
}

// breaks turns the single line ends of a run into <br>, except where one stands
// already. It changes the nodes within, and parts text nodes of the run by
// putting them into a <span>.
func breaks(run []*html.Node) {
	afterBr := true // at the start of a paragraph a line end means nothing
	for i, n := range run {
		switch {
		case n.Type == html.TextNode:
			span := element0(atom.Span)
			text := n.Data
			if afterBr {
				text = strings.TrimLeft(text, " \t\r\n")
			}
			for j, line := range strings.Split(text, "\n") {
				if j > 0 {
					span.AppendChild(element0(atom.Br))
					line = strings.TrimLeft(line, " \t")
				}
				if line = strings.TrimRight(line, "\r"); line != "" {
					span.AppendChild(textNode(line))
				}
			}
			run[i] = span
			if !blank(n.Data) {
				afterBr = false
			}
		case n.DataAtom == atom.Br:
			afterBr = true
		case n.Type == html.ElementNode && !fixed[n.DataAtom] && !isBlock(n):
			inner := kids(n)
			for _, k := range inner {
				n.RemoveChild(k)
			}
			breaks(inner)
			element1(n, inner)
			afterBr = false
		case isBlock(n):
			paragraphs(n)
			afterBr = true
		}
	}
}

// trimEnds drops breaks and blanks at both ends of a run.
func trimEnds(run []*html.Node) []*html.Node {
	idle := func(n *html.Node) bool {
		switch {
		case n.Type == html.TextNode:
			return blank(n.Data)
		case n.DataAtom == atom.Br:
			return true
		case n.DataAtom == atom.Span || n.Type == html.CommentNode:
			return hollow(n) && len(find(n, atom.Iframe, atom.Video, atom.Audio, atom.Object, atom.Embed, atom.Svg)) == 0
		}
		return false
	}
	for len(run) > 0 && idle(run[0]) {
		run = run[1:]
	}
	for len(run) > 0 && idle(run[len(run)-1]) {
		run = run[:len(run)-1]
	}
	return run
}
