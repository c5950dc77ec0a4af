package movein

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/strikethrough"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// conversion turns the HTML of one item into tidy HTML, from which Markdown can
// be written more than once: first with its pictures as links, then with those
// that have found a place in the hall.
type conversion struct {
	wxr        *wxr
	raw        *raw
	title      string
	base       *url.URL
	images     []Image
	inMarkdown bool            // HTML within Markdown: its pictures are found later
	seen       map[string]bool // notes and pictures named already
}

func (c *conversion) note(what string) {
	if what = "left out: " + what; !c.seen["note "+what] {
		c.seen["note "+what] = true
		c.wxr.blog.note(c.title, what)
	}
}

// article reads the content of a post or page: blocks, shortcodes, paragraphs.
func (c *conversion) article(s string) source {
	return c.source(c.unshort(c.unblock(s, 0)))
}

// comment reads the text of a comment, in which neither is looked for.
func (c *conversion) comment(s string) source {
	return c.source(autopOpen + s + "</div>")
}

func (c *conversion) source(s string) source {
	div, err := fragment(s)
	if err != nil {
		c.note("its formatting, which is nested too deep; the words are there")
		div = element0(atom.Div)
		for _, p := range emptyLine.Split(strip(s), -1) {
			div.AppendChild(element0(atom.P, textNode(p)))
		}
	}
	for k := range div.Descendants() {
		if k.DataAtom == atom.Div && attr(k, "data-movein") == "autop" {
			paragraphs(k)
			k.Attr = nil
		}
	}
	c.tidy(div)
	c.bareLinks(div)
	var b strings.Builder
	if err := html.Render(&b, div); err != nil { // a tree that cannot be written, such as <plaintext>
		return htmlSource(html.EscapeString(content(div)))
	}
	return htmlSource(b.String())
}

// picture keeps address and words of an <img> and finds its largest copy.
func (c *conversion) picture(n *html.Node) {
	src := ""
	for _, key := range []string{"src", "data-src", "data-lazy-src", "data-original", "data-orig-file"} {
		if v := strings.TrimSpace(attr(n, key)); v != "" && !strings.HasPrefix(v, "data:") {
			src = c.absolute(v)
			break
		}
	}
	alt := strings.Join(strings.Fields(first(attr(n, "alt"), attr(n, "title"))), " ")
	if c.inMarkdown && src != "" {
		n.Attr = []html.Attribute{{Key: "src", Val: attr(n, "src")}, {Key: "alt", Val: alt}}
		return
	}
	if !strings.HasPrefix(src, "http") {
		c.note("a picture that is drawn within the page: " + alt)
		replace(n, textNode(alt))
		return
	}
	if r := c.wxr.attachment(src); r != nil {
		src = attachmentURL(r)
		alt = first(alt, pictureAlt(r))
		c.wxr.shown[r] = true
	}
	n.Attr = []html.Attribute{{Key: "src", Val: src}, {Key: "alt", Val: alt}}
	if !c.seen["picture "+src] {
		c.seen["picture "+src] = true
		c.images = append(c.images, Image{URL: src, Alt: alt, File: c.wxr.files.find(src)})
	}
}

// absolute gives an address the site it was relative to.
func (c *conversion) absolute(href string) string {
	href = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, href))
	u, err := url.Parse(href)
	if err != nil || href == "" {
		return href
	}
	if c.base != nil && !u.IsAbs() {
		u = c.base.ResolveReference(u)
	}
	if u.Scheme == "" && u.Host != "" {
		u.Scheme = "https"
	}
	return u.String()
}

// target is where a link leads: within the blog by path alone, so that it
// follows the blog into the hall, which knows its old addresses.
func (c *conversion) target(href string) string {
	full := c.absolute(href)
	key := pathKey(full)
	if c.base == nil || !c.wxr.moved[key] {
		return full
	}
	u, err := url.Parse(full)
	if err != nil || !sameSite(u, c.base) {
		return full
	}
	u.Scheme, u.Host, u.User = "", "", nil
	return u.String()
}

func sameSite(a, b *url.URL) bool {
	host := func(u *url.URL) string { return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") }
	return host(a) == host(b)
}

// bareLinks makes a paragraph that is nothing but an address a link, as
// WordPress does when it embeds what stands there.
func (c *conversion) bareLinks(div *html.Node) {
	for _, p := range find(div, atom.P, atom.Div, atom.Li) {
		t := strings.TrimSpace(content(p))
		if !strings.HasPrefix(t, "http://") && !strings.HasPrefix(t, "https://") || strings.ContainsAny(t, " \n\t<>") || len(find(p, atom.A)) > 0 || holdsBlock(p) {
			continue
		}
		for _, k := range kids(p) {
			p.RemoveChild(k)
		}
		p.AppendChild(link(t, t))
	}
}

// source is the text of an item from which Markdown can be written again.
type source interface {
	// markdown writes it. place gives the address in the hall of a picture that
	// has one; another becomes a link to where it was.
	markdown(place func(string) string) string
}

// htmlSource is tidy HTML.
type htmlSource string

var writer = sync.OnceValue(func() *converter.Converter {
	return converter.NewConverter(converter.WithPlugins(
		base.NewBasePlugin(),
		commonmark.NewCommonmarkPlugin(commonmark.WithHorizontalRule("---"), commonmark.WithListEndComment(false)),
		strikethrough.NewStrikethroughPlugin(),
		table.NewTablePlugin(table.WithSkipEmptyRows(true), table.WithHeaderPromotion(true), table.WithCellPaddingBehavior(table.CellPaddingBehaviorMinimal)),
	))
})

func (s htmlSource) markdown(place func(string) string) string {
	div, err := fragment(string(s))
	if err != nil {
		return strings.TrimSpace(strip(string(s)))
	}
	for _, img := range find(div, atom.Img) {
		settle(img, place)
	}
	many := strings.Count(string(s), "[") > maxBrackets
	if many {
		setAside(div)
	}
	out, err := writer().ConvertNode(div)
	if err != nil {
		return strings.TrimSpace(content(div))
	}
	if many {
		out = bytes.ReplaceAll(out, []byte(aside), []byte(`\[`))
	}
	return strings.TrimSpace(string(out))
}

const (
	maxBrackets = 2000
	aside       = "\uE5B0" // a character nobody writes
)

// setAside hides brackets from the converter, which looks from each of them to
// the end of the text to see whether it must be escaped: a million would take
// it days. Here all of them are.
func setAside(n *html.Node) {
	for k := range n.Descendants() {
		if k.Type == html.TextNode && k.Parent.DataAtom != atom.Code && k.Parent.DataAtom != atom.Pre {
			k.Data = strings.ReplaceAll(strings.ReplaceAll(k.Data, aside, ""), "[", aside)
		}
	}
}

// settle shows a picture that has a place in the hall, and links to another.
func settle(img *html.Node, place func(string) string) {
	src, alt := attr(img, "src"), attr(img, "alt")
	if at := place(src); at != "" {
		setAttr(img, "src", at)
		return
	}
	label := first(alt, src[strings.LastIndex(src, "/")+1:], src)
	for p := img.Parent; p != nil; p = p.Parent {
		if p.DataAtom == atom.A { // a link cannot hold a link: the picture's comes after
			replace(img, textNode(label))
			p.Parent.InsertBefore(textNode(" "), p.NextSibling)
			p.Parent.InsertBefore(link(src, "🖼"), p.NextSibling.NextSibling)
			return
		}
	}
	replace(img, link(src, "🖼 "+label))
}

func nowhere(string) string { return "" }

var linked = regexp.MustCompile(`https?://[^\s)<>"]+`)
