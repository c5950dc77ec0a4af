package movein

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// element handles one element whose inside is tidy already.
func (c *conversion) element(n *html.Node) {
	switch n.DataAtom {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		c.paragraph(n)
	case atom.A:
		c.anchor(n)
	case atom.Img:
		c.picture(n)
	case atom.Em, atom.I, atom.Var, atom.Cite, atom.Dfn:
		n.Data, n.DataAtom = "em", atom.Em
		c.emphasis(n)
	case atom.Strong, atom.B:
		n.Data, n.DataAtom = "strong", atom.Strong
		c.emphasis(n)
	case atom.Del, atom.S, atom.Strike:
		n.Data, n.DataAtom = "del", atom.Del
		c.emphasis(n)
	case atom.Q:
		replace(n, append(append([]*html.Node{textNode("“")}, kids(n)...), textNode("”"))...)
	case atom.Sup, atom.Sub:
		c.raised(n)
	case atom.Abbr, atom.Acronym:
		c.abbreviation(n)
	case atom.Rt:
		replace(n, textNode(" ("+content(n)+") "))
	case atom.Rp:
		remove(n)
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		c.list(n)
	case atom.Dl:
		c.definitions(n)
	case atom.Blockquote:
		c.quote(n)
	case atom.Figcaption, atom.Caption:
		c.caption(n)
	case atom.Summary, atom.Legend:
		n.Data, n.DataAtom, n.Attr = "p", atom.P, nil
		bold(n)
	case atom.Table:
		c.table(n)
	case atom.Br, atom.Hr, atom.Li, atom.Dt, atom.Dd, atom.Tr, atom.Td, atom.Th, atom.Thead, atom.Tbody, atom.Tfoot, atom.Div:
		c.background(n)
	default:
		c.other(n)
	}
}

// other peels what Markdown has no word for; blocks stay apart.
func (c *conversion) other(n *html.Node) {
	c.background(n)
	if isBlock(n) || n.DataAtom == atom.Picture && holdsBlock(n) {
		n.Data, n.DataAtom, n.Attr = "div", atom.Div, nil
		return
	}
	if n.Data == "math" {
		c.note("a formula; its characters are there")
	}
	peel(n)
}

var backgroundURL = regexp.MustCompile(`background(?:-image)?\s*:[^;]*url\(\s*["']?([^"')]+)["']?\s*\)`)

// background saves the picture a block is printed upon.
func (c *conversion) background(n *html.Node) {
	m := backgroundURL.FindStringSubmatch(attr(n, "style"))
	if m == nil || !flow[n.DataAtom] {
		return
	}
	img := element0(atom.Img)
	setAttr(img, "src", m[1])
	p := element0(atom.P, img)
	n.InsertBefore(p, n.FirstChild)
	n.Attr = nil
	c.picture(img)
}

// paragraph parts a paragraph at double breaks and drops an empty one. A
// heading stays one line; one that holds only a picture is none.
func (c *conversion) paragraph(n *html.Node) {
	c.background(n)
	switch {
	case hollow(n):
		remove(n)
	case holdsBlock(n):
		n.Data, n.DataAtom, n.Attr = "div", atom.Div, nil
	case n.DataAtom != atom.P:
		if blank(content(n)) {
			n.Data, n.DataAtom, n.Attr = "p", atom.P, nil
			return
		}
		for _, br := range find(n, atom.Br) {
			replace(br, textNode(" "))
		}
	default:
		for _, part := range splitInline(kids(n), false, true) {
			for _, piece := range frugal(part) {
				if piece = trimEnds(piece); len(piece) > 0 {
					n.Parent.InsertBefore(element0(atom.P, piece...), n)
				}
			}
		}
		remove(n)
	}
}

const maxMarks = 160 // links and emphases in one paragraph; the hall reads no more than some hundred

// frugal parts a paragraph that holds more links than the hall reads in one.
func frugal(run []*html.Node) [][]*html.Node {
	parts, marks := [][]*html.Node{nil}, 0
	for _, n := range run {
		more := 0
		if n.Type == html.ElementNode && n.DataAtom != atom.Br {
			more = 1 + len(find(n, atom.A, atom.Em, atom.Strong, atom.Del, atom.Code, atom.Img))
		}
		if marks += more; marks > maxMarks && more > 0 && len(parts[len(parts)-1]) > 0 {
			parts, marks = append(parts, nil), more
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], n)
	}
	return parts
}

var unsafeLink = regexp.MustCompile(`(?i)^\s*(?:javascript|data|vbscript|file|about|blob):`)

func (c *conversion) anchor(n *html.Node) {
	href := strings.TrimSpace(attr(n, "href"))
	switch {
	case href == "" || hollow(n):
		peel(n)
		return
	case unsafeLink.MatchString(href):
		c.note("a link that runs a program: its words are there")
		peel(n)
		return
	case strings.HasPrefix(href, "#"):
		peel(n)
		return
	}
	if scheme, rest, ok := strings.Cut(c.absolute(href), ":"); ok && scheme != "http" && scheme != "https" {
		// The hall links to pages only; another address is written out.
		if scheme = strings.ToLower(scheme); scheme == "mailto" || scheme == "tel" || scheme == "sms" {
			rest, _, _ = strings.Cut(rest, "?")
			rest = unescaped(rest)
		} else {
			rest = scheme + ":" + rest
		}
		if !strings.Contains(strings.ReplaceAll(content(n), " ", ""), strings.ReplaceAll(rest, " ", "")) {
			n.AppendChild(textNode(" (" + rest + ")"))
		}
		peel(n)
		return
	}
	title := strings.TrimSpace(attr(n, "title"))
	n.Attr = []html.Attribute{{Key: "href", Val: c.target(href)}}
	if title != "" && title != strings.TrimSpace(content(n)) {
		n.Attr = append(n.Attr, html.Attribute{Key: "title", Val: strings.Join(strings.Fields(title), " ")})
	}
	if img := find(n, atom.Img); len(img) == 1 && blank(content(n)) && c.showsOnly(href, attr(img[0], "src")) {
		peel(n)
		return
	}
	if p := n.PrevSibling; p != nil && p.DataAtom == atom.A {
		n.Parent.InsertBefore(textNode(" "), n)
	}
	pushDown(n)
}

// showsOnly tells whether a link around a picture leads to that picture.
func (c *conversion) showsOnly(href, src string) bool {
	href = c.absolute(href)
	if isPicture(href) {
		return original(href) == original(src)
	}
	r := c.wxr.attachment(src)
	return r != nil && (r.get("link") == href || strings.HasSuffix(href, "attachment_id="+r.get("wp:post_id")))
}

// pushDown moves an inline element that encloses blocks into these.
func pushDown(n *html.Node) {
	if !holdsBlock(n) {
		return
	}
	var run []*html.Node
	shell := shallow(n)
	flush := func(before *html.Node) {
		if run = trimEnds(run); len(run) > 0 {
			n.InsertBefore(element1(shallow(shell), run), before)
		}
		run = nil
	}
	for _, k := range kids(n) {
		switch {
		case isBlock(k) || holdsBlock(k):
			flush(k)
			if k.DataAtom != atom.Pre && k.DataAtom != atom.Hr {
				inner := adopt(shallow(shell), k)
				k.AppendChild(inner)
				pushDown(inner)
			}
		default:
			n.RemoveChild(k)
			run = append(run, k)
		}
	}
	flush(nil)
	peel(n)
}

// emphasis drops an empty one and one within its like, which would cancel out
// in Markdown, and moves blanks at its edges outside.
func (c *conversion) emphasis(n *html.Node) {
	if hollow(n) {
		peel(n)
		return
	}
	n.Attr = nil
	for _, k := range find(n, n.DataAtom) {
		peel(k)
	}
	pushDown(n)
}

func bold(n *html.Node) {
	if !holdsBlock(n) && !hollow(n) {
		n.AppendChild(adopt(element0(atom.Strong), n))
	}
}

var raisedSigns = map[bool]*strings.Replacer{
	true: strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹",
		"+", "⁺", "-", "⁻", "=", "⁼", "(", "⁽", ")", "⁾", "n", "ⁿ", "i", "ⁱ"),
	false: strings.NewReplacer("0", "₀", "1", "₁", "2", "₂", "3", "₃", "4", "₄", "5", "₅", "6", "₆", "7", "₇", "8", "₈", "9", "₉",
		"+", "₊", "-", "₋", "=", "₌", "(", "₍", ")", "₎"),
}

// raised writes x<sup>2</sup> as x²; what has no such signs stays as it is,
// except that a power reads as one.
func (c *conversion) raised(n *html.Node) {
	text := strings.TrimSpace(content(n))
	if attr(n, "data-fn") != "" || strings.HasPrefix(attr(n, "class"), "footnote") {
		replace(n, textNode("["+strings.Trim(text, "[]")+"]"))
		return
	}
	if len(find(n, atom.A, atom.Img)) == 0 {
		up := n.DataAtom == atom.Sup
		if strings.Trim(text, "0123456789+-=()") == "" || up && (text == "n" || text == "i") {
			replace(n, textNode(raisedSigns[up].Replace(text)))
			return
		}
	}
	peel(n)
}

func (c *conversion) abbreviation(n *html.Node) {
	if t := strings.TrimSpace(attr(n, "title")); t != "" && !strings.Contains(content(n), t) {
		n.AppendChild(textNode(" (" + t + ")"))
	}
	peel(n)
}
