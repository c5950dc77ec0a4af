package markdown

import (
	"bytes"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// maxGrowth is how many times its limit a source may grow as HTML. The worst
// honest text (one letter a line, in a list) grows eightfold; references to one
// long address could grow without end.
const maxGrowth = 16

// writer walks a parsed text and fills HTML and plain text side by side. What it
// cannot write does not exist: every element and attribute is named here.
type writer struct {
	o      Options
	source []byte
	html   []byte
	plain  []byte
	links  []string
	images []string
	alts   [][2]int        // where the words of images stand in plain
	seen   map[string]bool // links and images already listed
	ids    map[string]int  // heading ids already used, and the last number given
	levels []int           // of the headings one stands under, as they were typed
	inLink bool
	full   bool // the result grew beyond maxGrowth; nothing more is written
}

func newWriter(src string, o Options) *writer {
	return &writer{
		o:      o,
		source: []byte(src),
		html:   make([]byte, 0, len(src)+len(src)/2+64),
		plain:  make([]byte, 0, len(src)),
	}
}

// raw appends markup of our own.
func (w *writer) raw(s string) { w.html = append(w.html, s...) }

// text appends words of the person to both results.
func (w *writer) text(s []byte) {
	w.plain = append(w.plain, s...)
	for len(s) > longWord {
		at := longWord
		for at > 0 && !utf8.RuneStart(s[at]) {
			at--
		}
		if space := bytes.LastIndexFunc(s[:at], unicode.IsSpace); space >= 0 {
			at = space + 1
			w.html = escape(w.html, s[:at])
		} else {
			w.html = append(escape(w.html, s[:at]), "<wbr>"...)
		}
		s = s[at:]
	}
	w.html = escape(w.html, s)
}

// longWord is the most bytes without a place where a line may break. Browsers take
// seconds to lay out a word of tens of thousands.
const longWord = 200

// lineBreak ends a line of the plain text.
func (w *writer) lineBreak() {
	if n := len(w.plain); n > 0 && w.plain[n-1] != '\n' {
		w.plain = append(w.plain, '\n')
	}
}

// blocks writes the block children of n.
func (w *writer) blocks(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if len(w.html) > maxGrowth*w.o.MaxBytes {
			w.full = true
			return
		}
		w.block(c)
		w.lineBreak()
	}
}

// block writes one block. Direction: every paragraph finds its own, a list and a
// table one for all their lines, code always runs from left to right.
func (w *writer) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph:
		w.element(n, "p", dirAuto(n))
	case *ast.TextBlock:
		w.inlines(n)
	case *ast.Heading:
		w.heading(n)
	case *ast.Blockquote:
		w.raw("<blockquote>\n")
		w.blocks(n)
		w.raw("</blockquote>\n")
	case *ast.List:
		w.list(n)
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		w.code(n)
	case *ast.ThematicBreak:
		w.raw("<hr>\n")
	case *extast.Table:
		w.table(n)
	}
}

// element writes a block that holds inlines.
func (w *writer) element(n ast.Node, tag, attrs string) {
	w.raw("<" + tag + attrs + ">")
	w.inlines(n)
	w.raw("</" + tag + ">\n")
}

// dirAuto gives the direction attribute of a block. Inside a list the list has
// it: a browser skips children that have their own when it looks for the
// direction of the whole.
func dirAuto(n ast.Node) string {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindList {
			return ""
		}
	}
	return ` dir="auto"`
}

// under tells how deep a heading of that typed level stands. People choose levels
// by their looks ("##" at once, "####" for small); a page's headings may not
// skip one, or readers who walk by headings get lost.
func (w *writer) under(level int) int {
	for n := len(w.levels); n > 0 && w.levels[n-1] >= level; n-- {
		w.levels = w.levels[:n-1]
	}
	w.levels = append(w.levels, level)
	return len(w.levels)
}

func (w *writer) heading(n *ast.Heading) {
	tag := "h" + strconv.Itoa(min(w.under(n.Level)+w.o.Top-1, 6))
	if w.o.IDPrefix == "" {
		w.element(n, tag, dirAuto(n))
		return
	}
	// The id is made from the words, which are known once they are written.
	w.raw("<" + tag + dirAuto(n) + ` id="`)
	html, plain := len(w.html), len(w.plain)
	w.inlines(n)
	words := string(w.html[html:])
	w.html = w.html[:html]
	w.raw(w.headingID(w.plain[plain:]) + `">` + words + "</" + tag + ">\n")
}

func (w *writer) list(n *ast.List) {
	tag, start := "ul", ""
	if n.IsOrdered() {
		tag = "ol"
		if n.Start != 1 {
			start = ` start="` + strconv.Itoa(n.Start) + `"`
		}
	}
	w.raw("<" + tag + dirAuto(n) + start + ">\n")
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		w.raw("<li>")
		w.blocks(item)
		w.raw("</li>\n")
	}
	w.raw("</" + tag + ">\n")
}

func (w *writer) code(n ast.Node) {
	w.raw(`<pre dir="ltr" tabindex="0"><code>`)
	lines := n.Lines()
	for i := range lines.Len() {
		seg := lines.At(i)
		w.text(seg.Value(w.source))
	}
	w.raw("</code></pre>\n")
}

func (w *writer) table(n *extast.Table) {
	w.raw(`<div class="wide" tabindex="0"><table` + dirAuto(n) + `>` + "\n")
	for row := n.FirstChild(); row != nil && !w.full; row = row.NextSibling() {
		head := row.Kind() == extast.KindTableHeader
		if head {
			w.raw("<thead>\n")
		}
		w.row(row, head)
		if head {
			w.raw("</thead>\n<tbody>\n")
		}
		w.full = w.full || len(w.html) > maxGrowth*w.o.MaxBytes
	}
	w.raw("</tbody>\n</table></div>\n")
}

func (w *writer) row(row ast.Node, head bool) {
	tag, attrs := "td", ""
	if head {
		tag, attrs = "th", ` scope="col"`
	}
	w.raw("<tr>")
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		if tag == "th" && !c.HasChildren() {
			w.raw("<td></td>") // heads nothing
			continue
		}
		w.raw("<" + tag + attrs + align(c.(*extast.TableCell).Alignment) + ">")
		w.inlines(c)
		w.raw("</" + tag + ">")
		if c.NextSibling() != nil {
			w.plain = append(w.plain, ' ')
		}
	}
	w.raw("</tr>\n")
	w.lineBreak()
}

// align names the style sheet's classes: style attributes are refused by the
// pages' content policy.
func align(a extast.Alignment) string {
	switch a {
	case extast.AlignCenter:
		return ` class="middle"`
	case extast.AlignRight:
		return ` class="end"`
	}
	return ""
}
