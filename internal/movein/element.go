package movein

import (
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"strings"
)

// element is a piece of the feed: a name such as "wp:post_id", its text, its
// attributes without prefixes, and what lies within.
type element struct {
	name string
	text string
	attr map[string]string
	kids []element
}

// get returns the text of the first child of that name, without blanks around it.
func (e element) get(name string) string {
	for i := range e.kids {
		if e.kids[i].name == name {
			return strings.TrimSpace(e.kids[i].text)
		}
	}
	return ""
}

// unread are the parts of an export that say who somebody is or where they sat.
// The parser steps over them, so no later mistake can show or store them.
var unread = map[string]bool{
	"wp:comment_author_email": true, "wp:comment_author_IP": true, "wp:comment_author_url": true,
	"wp:comment_agent": true, "wp:comment_user_id": true, "wp:commentmeta": true, "wp:author_email": true,
	"wp:author_first_name": true, "wp:author_last_name": true,
}

// holders are the elements whose children matter; of any other the text does.
var holders = map[string]bool{
	"rss": true, "channel": true, "item": true, "wp:comment": true, "wp:postmeta": true,
	"wp:author": true, "wp:category": true, "wp:tag": true, "wp:term": true,
}

// prefixed gives a name the prefix WordPress uses, whatever the file calls it.
func prefixed(n xml.Name) string {
	s := n.Space
	switch {
	case s == "":
		return n.Local
	case strings.Contains(s, "wordpress.org/export/") && strings.Contains(s, "excerpt"):
		s = "excerpt"
	case strings.Contains(s, "wordpress.org/export/"):
		s = "wp"
	case strings.Contains(s, "purl.org/rss/1.0/modules/content"):
		s = "content"
	case strings.Contains(s, "purl.org/dc/"):
		s = "dc"
	}
	return s + ":" + n.Local
}

var rootTag = regexp.MustCompile(`<rss\b[^>]*>`)

// parse reads well-formed XML. root is the opening tag that declares the
// prefixes; it may be empty. What was read before a fault is returned with it.
func parse(root, raw []byte) ([]element, error) {
	d := xml.NewDecoder(io.MultiReader(bytes.NewReader(root), bytes.NewReader(mendEntities(raw))))
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	top := element{name: "top"}
	stack := []*element{&top}
	for {
		tok, err := d.Token()
		if err != nil {
			for i := len(stack) - 1; i > 0; i-- {
				stack[i-1].kids = append(stack[i-1].kids, *stack[i])
			}
			if e, ok := err.(*xml.SyntaxError); (ok && e.Msg == "unexpected EOF" && len(root) > 0 && len(stack) <= 2) || err == io.EOF {
				err = nil // only the root is open: that is how sections come
			}
			return top.kids, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			name := prefixed(t.Name)
			if unread[name] {
				if err := d.Skip(); err != nil {
					return top.kids, err
				}
				continue
			}
			e := &element{name: name}
			for _, a := range t.Attr {
				if e.attr == nil {
					e.attr = map[string]string{}
				}
				e.attr[a.Name.Local] = a.Value
			}
			if !holders[name] {
				if e.text, err = innerText(d); err != nil {
					return top.kids, err
				}
				last := stack[len(stack)-1]
				last.kids = append(last.kids, *e)
				continue
			}
			stack = append(stack, e)
		case xml.EndElement:
			if n := len(stack); n > 1 {
				stack[n-2].kids = append(stack[n-2].kids, *stack[n-1])
				stack = stack[:n-1]
			}
		}
	}
}

// innerText is all text up to the end of the element just opened; tags within
// (a title written as <em>Hm</em>) are kept as they stood, as far as that matters.
func innerText(d *xml.Decoder) (string, error) {
	var b strings.Builder
	for depth := 0; ; {
		tok, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := tok.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.StartElement:
			depth++
			b.WriteString("<" + t.Name.Local)
			for _, a := range t.Attr {
				b.WriteString(" " + a.Name.Local + `="` + strings.ReplaceAll(a.Value, `"`, "&quot;") + `"`)
			}
			b.WriteString(">")
		case xml.EndElement:
			if depth == 0 {
				return b.String(), nil
			}
			depth--
			b.WriteString("</" + t.Name.Local + ">")
		}
	}
}

var entity = regexp.MustCompile(`^&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,30});`)

// mendEntities makes every & outside CDATA one that XML knows: bare ones and
// unknown names become &amp;, numbers of forbidden characters vanish.
func mendEntities(raw []byte) []byte {
	if bytes.IndexByte(raw, '&') < 0 {
		return raw
	}
	out := make([]byte, 0, len(raw)+64)
	for len(raw) > 0 {
		c := bytes.Index(raw, []byte("<![CDATA["))
		if c < 0 {
			return mendText(out, raw)
		}
		out = mendText(out, raw[:c])
		end := bytes.Index(raw[c:], []byte("]]>"))
		if end < 0 {
			return append(out, raw[c:]...)
		}
		out = append(out, raw[c:c+end+3]...)
		raw = raw[c+end+3:]
	}
	return out
}

func mendText(out, raw []byte) []byte {
	for {
		i := bytes.IndexByte(raw, '&')
		if i < 0 {
			return append(out, raw...)
		}
		out = append(out, raw[:i]...)
		whole := entity.Find(raw[i:min(len(raw), i+40)])
		switch entityKind(whole) {
		case entityBare:
			out = append(out, "&amp;"...)
			raw = raw[i+1:]
		case entityForbidden:
			raw = raw[i+len(whole):]
		default:
			out = append(out, whole...)
			raw = raw[i+len(whole):]
		}
	}
}

const (
	entityFine = iota
	entityBare
	entityForbidden
)

func entityKind(whole []byte) int {
	if len(whole) == 0 {
		return entityBare
	}
	name := string(whole[1 : len(whole)-1])
	if name[0] == '#' {
		if n := number(name[1:]); n == '\t' || n == '\n' || n == '\r' || n >= 0x20 && n < 0xD800 || n >= 0xE000 && n < 0xFFFE || n >= 0x10000 && n <= 0x10FFFF {
			return entityFine
		}
		return entityForbidden
	}
	switch name {
	case "amp", "lt", "gt", "quot", "apos":
		return entityFine
	}
	if _, ok := xml.HTMLEntity[name]; ok {
		return entityFine
	}
	return entityBare
}

func number(s string) int {
	base := 10
	if s[0] == 'x' || s[0] == 'X' {
		base, s = 16, s[1:]
	}
	n := 0
	for _, c := range strings.ToLower(s) {
		d := int(c - '0')
		if c >= 'a' {
			d = int(c-'a') + 10
		}
		n = n*base + d
	}
	return n
}

var leafTag = regexp.MustCompile(`<(/?)(title|link|pubDate|dc:creator|guid|category|content:encoded|excerpt:encoded|` +
	`wp:(?:post_id|post_date|post_date_gmt|comment_status|post_name|status|post_parent|post_type|post_password|is_sticky|attachment_url|` +
	`meta_key|meta_value|postmeta|comment|comment_id|comment_author|comment_date|comment_date_gmt|comment_content|comment_approved|comment_type|comment_parent))` +
	`(\s[^<>]*)?>`)
var attribute = regexp.MustCompile(`([A-Za-z_]+)="([^"]*)"`)

// salvage reads an item that is not well-formed: each known tag runs to the
// last closing tag of its name before the next known one opens.
func salvage(raw []byte) element {
	item := element{name: "item"}
	into := []*element{&item}
	tags := leafTag.FindAllSubmatchIndex(raw, -1)
	closing := func(i int) bool { return raw[tags[i][2]] == '/' && tags[i][3] > tags[i][2] }
	name := func(i int) string { return string(raw[tags[i][4]:tags[i][5]]) }
	for i := 0; i < len(tags); i++ {
		n, top := name(i), into[len(into)-1]
		if holders[n] {
			if len(into) > 1 { // a new one begins, or this one ends: either way it is over
				into = into[:1]
				item.kids = append(item.kids, *top)
			}
			if !closing(i) {
				into = append(into, &element{name: n})
			}
			continue
		}
		if closing(i) {
			continue
		}
		end, after := -1, i
		for j := i + 1; j < min(len(tags), i+5000) && (closing(j) || inText(raw, tags[j][0])); j++ {
			if name(j) == n && closing(j) {
				end, after = tags[j][0], j
			}
		}
		if end < 0 { // never closed: it runs to the next tag we know
			end = len(raw)
			if i+1 < len(tags) {
				end = tags[i+1][0]
			}
		}
		e := element{name: n, text: unwrap(raw[tags[i][1]:end]), attr: map[string]string{}}
		if tags[i][6] >= 0 {
			for _, a := range attribute.FindAllSubmatch(raw[tags[i][6]:tags[i][7]], -1) {
				e.attr[string(a[1])] = string(a[2])
			}
		}
		top.kids = append(top.kids, e)
		i = after
	}
	if len(into) > 1 {
		item.kids = append(item.kids, *into[1])
	}
	return item
}

// inText tells whether a tag stands in the middle of a line, as those of the
// feed never do and those an article writes about often do.
func inText(raw []byte, at int) bool {
	before := bytes.TrimRight(raw[:at], " \t")
	return len(before) > 0 && before[len(before)-1] != '\n' && before[len(before)-1] != '>'
}

// unwrap takes off the CDATA of a salvaged text.
func unwrap(b []byte) string {
	s := strings.TrimSpace(string(b))
	if !strings.HasPrefix(s, "<![CDATA[") {
		var e strings.Builder
		if els, err := parse([]byte("<rss>"), []byte("<x>"+s+"</x>")); err == nil && len(els) == 1 && len(els[0].kids) == 1 {
			e.WriteString(els[0].kids[0].text)
			return e.String()
		}
		return s
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "<![CDATA["), "]]>")
	return strings.ReplaceAll(s, "]]]]><![CDATA[>", "]]>")
}
