package movein

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
)

func itoa(n int) string { return strconv.Itoa(n) }

// edit replaces a piece of a source.
type edit struct {
	span
	with string
}

// unHTML turns the HTML within Markdown, which the hall shows as it is typed,
// into what it stands for.
func unHTML(c *conversion, src string) string {
	if !strings.Contains(src, "<") {
		return src
	}
	var edits []edit
	doc, _ := parsed(src)
	_ = ast.Walk(doc, func(n ast.Node, enter bool) (ast.WalkStatus, error) {
		if !enter {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.HTMLBlock:
			edits = append(edits, htmlBlock(c, src, n)...)
		case *ast.Paragraph, *ast.TextBlock, *ast.Heading:
			edits = append(edits, inlineTags(c, src, n)...)
		}
		return ast.WalkContinue, nil
	})
	slices.SortStableFunc(edits, func(a, b edit) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for _, e := range edits {
		if e.from < at {
			continue
		}
		b.WriteString(src[at:e.from])
		b.WriteString(e.with)
		at = e.to
	}
	b.WriteString(src[at:])
	return b.String()
}

// htmlBlock converts a block of HTML. Within a quote or a list it becomes one
// line, so that it stays there.
func htmlBlock(c *conversion, src string, n *ast.HTMLBlock) []edit {
	var raw strings.Builder
	var spans []span
	lines := n.Lines()
	for i := range lines.Len() {
		spans = append(spans, span{lines.At(i).Start, lines.At(i).Stop})
	}
	if n.HasClosure() {
		spans = append(spans, span{n.ClosureLine.Start, n.ClosureLine.Stop})
	}
	for _, s := range spans {
		raw.WriteString(src[s.from:s.to])
	}
	if len(spans) == 0 {
		return nil
	}
	out := c.source(raw.String()).markdown(func(url string) string { return url }) // pictures stay pictures here
	nested := n.Parent() != nil && n.Parent().Kind() != ast.KindDocument
	var edits []edit
	for i, s := range spans {
		with := ""
		switch {
		case i == 0 && nested:
			with = strings.Join(strings.Fields(out), " ")
		case i == 0:
			with = "\n" + out + "\n"
		}
		if strings.HasSuffix(src[s.from:s.to], "\n") {
			with += "\n"
		}
		edits = append(edits, edit{s, with})
	}
	return edits
}

// marks are the tags that Markdown has a mark for.
var tagMarks = map[string]string{"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*", "var": "*", "code": "`", "kbd": "`", "samp": "`", "tt": "`",
	"del": "~~", "s": "~~", "strike": "~~"}

var anyTag = regexp.MustCompile(`(?s)^<(/?)([A-Za-z][A-Za-z0-9-]*)`)

// inlineTags replaces the tags within one paragraph.
func inlineTags(c *conversion, src string, n ast.Node) []edit {
	var edits []edit
	var links []string
	for k := range inlines(n) {
		raw, ok := k.(*ast.RawHTML)
		if !ok || raw.Segments.Len() == 0 {
			continue
		}
		s := span{raw.Segments.At(0).Start, raw.Segments.At(raw.Segments.Len() - 1).Stop}
		tag := src[s.from:s.to]
		m := anyTag.FindStringSubmatch(tag)
		if m == nil { // a comment
			edits = append(edits, edit{s, ""})
			continue
		}
		closing, name := m[1] == "/", strings.ToLower(m[2])
		with := tagMarks[name]
		switch name {
		case "br":
			with = "\\\n"
		case "img", "iframe", "video", "audio", "source", "embed":
			with = " " + c.source(tag).markdown(func(url string) string { return url }) + " "
		case "a":
			href := ""
			if !closing {
				href = hrefOf(c, tag)
				links = append(links, href)
			} else if len(links) > 0 {
				href = links[len(links)-1]
				links = links[:len(links)-1]
			}
			switch {
			case href != "" && closing:
				with = "](" + href + ")"
			case href != "":
				with = "["
			}
		case "script", "style", "form", "input":
			c.note("a tag <" + name + "> within the text")
		}
		edits = append(edits, edit{s, with})
	}
	return edits
}

// inlines walks all inline nodes below a block.
func inlines(n ast.Node) func(func(ast.Node) bool) {
	return func(yield func(ast.Node) bool) {
		_ = ast.Walk(n, func(k ast.Node, enter bool) (ast.WalkStatus, error) {
			if enter && k != n && !yield(k) {
				return ast.WalkStop, nil
			}
			return ast.WalkContinue, nil
		})
	}
}

func hrefOf(c *conversion, tag string) string {
	div, err := fragment(tag)
	if err != nil || div.FirstChild == nil || div.FirstChild.Type != html.ElementNode {
		return ""
	}
	href := attr(div.FirstChild, "href")
	if href == "" || unsafeLink.MatchString(href) || strings.ContainsAny(href, " ()<>\n") || strings.HasPrefix(href, "#") {
		return ""
	}
	return href
}
