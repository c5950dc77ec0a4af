package markdown

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// inlines writes the inline children of n.
func (w *writer) inlines(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if len(w.html) > maxGrowth*w.o.MaxBytes {
			w.full = true
			return
		}
		w.inline(c)
	}
}

func (w *writer) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		w.words(n)
	case *ast.String:
		w.text(decode(n.Value))
	case *ast.CodeSpan:
		w.raw("<code>")
		w.codeSpan(n)
		w.raw("</code>")
	case *ast.Emphasis:
		tag := "em"
		if n.Level == 2 {
			tag = "strong"
		}
		w.span(n, tag)
	case *extast.Strikethrough:
		w.span(n, "del")
	case *ast.Link:
		w.link(n, string(decode(n.Destination)))
	case *ast.AutoLink:
		w.autoLink(n)
	case *ast.Image:
		w.image(n)
	}
}

func (w *writer) span(n ast.Node, tag string) {
	w.raw("<" + tag + ">")
	w.inlines(n)
	w.raw("</" + tag + ">")
}

func (w *writer) words(n *ast.Text) {
	value := n.Segment.Value(w.source)
	if n.IsRaw() {
		w.text(value)
	} else {
		w.text(decode(value))
	}
	switch {
	case n.HardLineBreak(), n.SoftLineBreak() && w.o.Breaks:
		w.raw("<br>\n")
		w.plain = append(w.plain, '\n')
	case n.SoftLineBreak():
		w.text([]byte{'\n'})
	}
}

func (w *writer) codeSpan(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			w.text(bytes.ReplaceAll(t.Segment.Value(w.source), []byte{'\n'}, []byte{' '}))
		}
	}
}

// link writes an anchor where the address is one that may be linked, and only
// its words where not. An anchor without words shows its address.
func (w *writer) link(n ast.Node, address string) {
	a, ok := w.address(address)
	if !ok || w.inLink {
		w.inlines(n)
		return
	}
	w.open(a)
	before := len(w.html)
	w.inLink = true
	w.inlines(n)
	w.inLink = false
	if !visible(w.html[before:]) {
		w.text([]byte(a.href))
	}
	w.raw("</a>")
}

// visible tells whether markup shows anything. Anchors of nothing cannot be read
// out, nor found by the eye.
func visible(fragment []byte) bool {
	tag := false
	for i, r := range string(fragment) {
		switch {
		case r == '<':
			if tag = true; bytes.HasPrefix(fragment[i:], []byte("<img ")) {
				return true
			}
		case r == '>':
			tag = false
		case !tag && !unicode.IsSpace(r) && unicode.IsGraphic(r):
			return true
		}
	}
	return false
}

func (w *writer) open(a address) {
	w.raw(`<a href="`)
	w.html = escape(w.html, []byte(a.href))
	if a.outbound {
		w.raw(`" rel="` + outboundRel)
		w.links = w.once(w.links, a.href)
	}
	w.raw(`">`)
}

func (w *writer) autoLink(n *ast.AutoLink) {
	label := n.Label(w.source)
	a, ok := address{}, false
	if n.AutoLinkType == ast.AutoLinkURL && !w.inLink {
		target := string(n.URL(w.source))
		if bytes.HasPrefix(label, []byte("www.")) {
			target = "https://" + string(label)
		}
		a, ok = w.address(target)
	}
	if !ok {
		w.text(label)
		return
	}
	w.open(a)
	w.text(label)
	w.raw("</a>")
}

// image writes an image of this hall. Any other would be fetched from a third
// party, so it becomes a link with the same words.
func (w *writer) image(n *ast.Image) {
	target := string(decode(n.Destination))
	name, ok := strings.CutPrefix(target, BlobPath)
	if !ok || !blobName.MatchString(name) {
		w.link(n, target)
		return
	}
	w.raw(`<img src="` + BlobPath + name + `" alt="`)
	// The words of an image go into an attribute: their markup is left out.
	html := len(w.html)
	plain := len(w.plain)
	w.inlines(n)
	w.html = escape(w.html[:html], bytes.TrimSpace(w.plain[plain:]))
	w.alts = append(w.alts, [2]int{plain, len(w.plain)})
	w.raw(`"`)
	if w.o.ImageSize != nil {
		if x, y := w.o.ImageSize(name); x > 0 && y > 0 {
			w.raw(` width="` + strconv.Itoa(x) + `" height="` + strconv.Itoa(y) + `"`)
		}
	}
	w.raw(` loading="lazy" decoding="async">`)
	w.images = w.once(w.images, name)
}

// once appends s to list unless it has been there before.
func (w *writer) once(list []string, s string) []string {
	if w.seen == nil {
		w.seen = make(map[string]bool)
	}
	if w.seen[s] {
		return list
	}
	w.seen[s] = true
	return append(list, s)
}

// headingID makes an id from the words of a heading, unlike those before it.
func (w *writer) headingID(words []byte) string {
	if w.ids == nil {
		w.ids = make(map[string]int)
	}
	slug := slug(words)
	id := slug
	for w.ids[id] > 0 {
		// Counting on from the last number keeps a thousand equal headings cheap.
		w.ids[slug]++
		id = slug + "-" + strconv.Itoa(w.ids[slug])
	}
	w.ids[id] = 1
	return w.o.IDPrefix + id
}

const maxSlug = 60 // bytes

func slug(words []byte) string {
	var b strings.Builder
	for _, r := range strings.ToLower(string(words)) {
		if b.Len()+utf8.RuneLen(r) > maxSlug {
			break
		}
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-") && !unicode.IsMark(r):
			b.WriteByte('-')
		}
	}
	if s := strings.TrimRight(b.String(), "-"); s != "" {
		return s
	}
	return "part"
}

// escape appends s to dst, safe between tags and in quoted attributes. The
// sanitiser writes the same references, so it need not change them.
func escape(dst, s []byte) []byte {
	last := 0
	for i, c := range s {
		var ref string
		switch c {
		case '&':
			ref = "&amp;"
		case '<':
			ref = "&lt;"
		case '>':
			ref = "&gt;"
		case '"':
			ref = "&#34;"
		case '\'':
			ref = "&#39;"
		default:
			continue
		}
		dst = append(append(dst, s[last:i]...), ref...)
		last = i + 1
	}
	return append(dst, s[last:]...)
}

// decode resolves backslash escapes and character references of Markdown text.
// What a reference stands for is cleaned as if it had been typed.
func decode(s []byte) []byte {
	if bytes.IndexByte(s, '\\') < 0 && bytes.IndexByte(s, '&') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && util.IsPunct(s[i+1]):
			i++
			out = append(out, s[i])
		case s[i] == '&':
			ref, length := reference(s[i:])
			out = append(out, ref...)
			i += length - 1
		default:
			out = append(out, s[i])
		}
	}
	return out
}

const maxReference = 36 // bytes of the longest name, with & and ;

// reference reads one character reference at the start of s and gives what it
// stands for and its length; without one, the ampersand itself.
func reference(s []byte) (string, int) {
	end := bytes.IndexByte(s[:min(len(s), maxReference)], ';')
	if end < 2 {
		return "&", 1
	}
	whole := s[:end+1]
	got := util.ResolveEntityNames(whole)
	if s[1] == '#' {
		got = util.ResolveNumericReferences(whole)
	}
	if bytes.Equal(got, whole) {
		return "&", 1
	}
	return clean(strings.ReplaceAll(string(got), "\r", "")), end + 1
}
