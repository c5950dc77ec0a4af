package movein

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// tidy reduces a tree to what Markdown can say: paragraphs, headings, lists,
// quotes, listings, simple tables, emphasis, links and pictures. What shows
// nothing goes; what shows something else is turned into a link or named.
func (c *conversion) tidy(n *html.Node) {
	for _, k := range kids(n) {
		if k.Parent != n {
			continue // moved by a neighbour
		}
		switch {
		case k.Type == html.CommentNode || k.Type == html.DoctypeNode:
			remove(k)
		case k.Type != html.ElementNode:
		case c.outside(k):
		default:
			c.tidy(k)
			c.element(k)
		}
	}
}

// outside handles elements whose inside is not text of the article. It tells
// whether it did.
func (c *conversion) outside(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script:
		if src := attr(n, "src"); strings.Contains(src, "gist.github.com") {
			replace(n, element0(atom.P, link(strings.TrimSuffix(src, ".js"), strings.TrimSuffix(src, ".js"))))
			return true
		}
		c.note("a script")
		remove(n)
	case atom.Style, atom.Link, atom.Meta, atom.Base, atom.Template, atom.Track, atom.Param, atom.Source, atom.Area:
		remove(n)
	case atom.Iframe, atom.Embed, atom.Frame:
		c.frame(n, first(attr(n, "src"), attr(n, "data-src")), attr(n, "title"))
	case atom.Object:
		c.object(n)
	case atom.Video, atom.Audio:
		c.player(n)
	case atom.Svg, atom.Canvas:
		if t := strings.Join(strings.Fields(content(n)), " "); t != "" {
			c.note("a drawing in the page, with the words: " + t)
		} else {
			c.note("a drawing in the page")
		}
		remove(n)
	case atom.Select, atom.Datalist:
		c.note("a choice of a form: " + strings.Join(strings.Fields(content(n)), " "))
		remove(n)
	case atom.Input:
		c.input(n)
	case atom.Pre, atom.Listing, atom.Xmp, atom.Plaintext:
		c.pre(n)
	case atom.Code, atom.Kbd, atom.Samp, atom.Tt:
		c.code(n)
	default:
		return false
	}
	return true
}

func (c *conversion) frame(n *html.Node, src, label string) {
	src = c.absolute(src)
	if i := strings.Index(src, "youtube.com/embed/"); i >= 0 {
		id, _, _ := strings.Cut(src[i+len("youtube.com/embed/"):], "?")
		src = "https://www.youtube.com/watch?v=" + id
	}
	if !strings.HasPrefix(src, "http") {
		c.note("a frame that shows no page")
		remove(n)
		return
	}
	c.linkFor(n, src, label)
}

// linkFor puts a link where n was: in its own paragraph, unless text stands
// around it.
func (c *conversion) linkFor(n *html.Node, href, label string) {
	a := link(href, first(strings.Join(strings.Fields(label), " "), href))
	if n.Parent.DataAtom == atom.A {
		replace(n, textNode(" "+a.FirstChild.Data+" "))
		return
	}
	if flow[n.Parent.DataAtom] || n.Parent.DataAtom == atom.Figure {
		replace(n, element0(atom.P, a))
		return
	}
	replace(n, textNode(" "), a, textNode(" "))
}

func (c *conversion) object(n *html.Node) {
	src := attr(n, "data")
	for _, p := range find(n, atom.Param, atom.Embed) {
		if strings.EqualFold(attr(p, "name"), "movie") || strings.EqualFold(attr(p, "name"), "src") {
			src = first(src, attr(p, "value"))
		}
		src = first(src, attr(p, "src"))
	}
	for _, p := range find(n, atom.Param, atom.Embed) {
		remove(p)
	}
	c.tidy(n)
	if src = c.absolute(src); strings.HasPrefix(src, "http") && !strings.Contains(content(n), src) && len(find(n, atom.A)) == 0 {
		n.AppendChild(element0(atom.P, link(src, src)))
	}
	peel(n)
}

func (c *conversion) player(n *html.Node) {
	var sources []string
	for _, s := range append([]*html.Node{n}, find(n, atom.Source)...) {
		if src := c.absolute(attr(s, "src")); src != "" {
			sources = append(sources, src)
		}
	}
	for _, a := range find(n, atom.A) {
		sources = append(sources, c.absolute(attr(a, "href")))
	}
	if len(sources) == 0 || !strings.HasPrefix(sources[0], "http") {
		c.note("a " + n.Data + " that names no recording")
		remove(n)
		return
	}
	c.linkFor(n, sources[0], attr(n, "title"))
}

func (c *conversion) input(n *html.Node) {
	switch strings.ToLower(attr(n, "type")) {
	case "hidden", "image":
		remove(n)
	case "checkbox":
		mark := "☐ "
		for _, a := range n.Attr {
			if a.Key == "checked" {
				mark = "☑ "
			}
		}
		replace(n, textNode(mark))
	default:
		c.note("a field of a form")
		if v := first(attr(n, "value"), attr(n, "placeholder")); v != "" {
			replace(n, textNode(v))
			return
		}
		remove(n)
	}
}

// pre keeps a listing as it stands. One that holds links, pictures or verse is
// no listing: its lines become lines.
func (c *conversion) pre(n *html.Node) {
	class := attr(n, "class")
	if strings.Contains(class, "verse") || len(find(n, atom.Img)) > 0 || c.linkedAway(n) {
		p := adopt(element0(atom.P), n)
		replace(n, p)
		run := kids(p)
		for _, k := range run {
			p.RemoveChild(k)
		}
		breaks(run)
		element1(p, run)
		c.tidy(p)
		return
	}
	lang := listingLang(n)
	for _, k := range find(n, atom.Code) {
		lang = first(lang, listingLang(k))
	}
	code := element0(atom.Code, textNode(strings.Trim(content(n), "\r\n")))
	if lang != "" {
		code.Attr = []html.Attribute{{Key: "class", Val: "language-" + lang}}
	}
	if hollow(n) {
		remove(n)
		return
	}
	replace(n, element0(atom.Pre, code))
}

// linkedAway tells whether n links to something its text does not show.
func (c *conversion) linkedAway(n *html.Node) bool {
	for _, a := range find(n, atom.A) {
		if h := attr(a, "href"); strings.HasPrefix(h, "http") && !strings.Contains(content(n), h) {
			return true
		}
	}
	return false
}

func listingLang(n *html.Node) string {
	class := strings.ReplaceAll(attr(n, "class")+" "+attr(n, "data-lang"), ": ", ":")
	for _, w := range strings.FieldsFunc(class, func(r rune) bool { return r == ' ' || r == ';' }) {
		for _, p := range []string{"language-", "lang-", "brush:", "lang:"} {
			if l, ok := strings.CutPrefix(w, p); ok && plainWord(l) {
				return l
			}
		}
	}
	if l := attr(n, "data-lang") + attr(n, "data-language"); plainWord(l) {
		return l
	}
	return ""
}

func plainWord(s string) bool {
	return s != "" && len(s) < 30 && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789+#-") == ""
}

// code keeps inline code; links around it or within become links of code.
func (c *conversion) code(n *html.Node) {
	if len(find(n, atom.Img)) > 0 || c.linkedAway(n) {
		c.tidy(n)
		peel(n)
		return
	}
	text := content(n)
	if hollow(n) {
		replace(n, textNode(text))
		return
	}
	code := element0(atom.Code, textNode(text))
	if strings.Contains(strings.Trim(text, "\n"), "\n") && alone(n) && flow[n.Parent.DataAtom] {
		replace(n, element0(atom.Pre, code))
		return
	}
	code.FirstChild.Data = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
	replace(n, code)
}

// alone tells whether n is all that its parent shows.
func alone(n *html.Node) bool {
	for k := n.Parent.FirstChild; k != nil; k = k.NextSibling {
		if k != n && !(k.Type == html.TextNode && blank(k.Data)) {
			return false
		}
	}
	return true
}
