package movein

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
)

// blockMark is the comment with which the block editor brackets its blocks.
var blockMark = regexp.MustCompile(`<!--\s+(/)?wp:([a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s+(?:(\{.*?\})\s+)?(/)?-->`)

// pageMark are the marks of a cut or a page break within a text.
var (
	moreMark = regexp.MustCompile(`<!--\s*(?:more.*?|noteaser)\s*-->`)
	pageMark = regexp.MustCompile(`<!--\s*nextpage\s*-->`)
)

// quiet blocks hold nothing, so nobody misses them.
var quiet = map[string]bool{"spacer": true, "separator": true, "more": true, "nextpage": true, "post-title": true,
	"post-content": true, "post-date": true, "post-author": true, "template-part": true, "pattern": true}

const (
	blockDepth = 8 // reusable blocks within reusable blocks
	autopOpen  = `<div data-movein="autop">`
)

// unblock takes the marks of the block editor off. Text outside of any block
// gets its paragraphs the old way, so it is put where tidy will find it.
func (c *conversion) unblock(s string, depth int) string {
	s = pageMark.ReplaceAllString(s, "<hr>")
	marks := blockMark.FindAllStringSubmatchIndex(s, -1)
	s2 := moreMark.ReplaceAllString
	if len(marks) == 0 {
		return autopOpen + s2(s, "\n\n") + "</div>"
	}
	var b strings.Builder
	at, open := 0, 0
	text := func(part string) {
		part = s2(part, "")
		if open == 0 && strings.TrimSpace(part) != "" {
			b.WriteString(autopOpen + part + "</div>")
			return
		}
		b.WriteString(part)
	}
	for _, m := range marks {
		text(s[at:m[0]])
		at = m[1]
		name := strings.TrimPrefix(s[m[4]:m[5]], "core/")
		attrs := ""
		if m[6] >= 0 {
			attrs = s[m[6]:m[7]]
		}
		switch {
		case m[2] >= 0:
			open = max(0, open-1)
		case m[8] >= 0:
			b.WriteString(c.lone(name, attrs, depth))
		default:
			open++
		}
	}
	text(s[at:])
	return b.String()
}

// lone gives what a block without content of its own stands for.
func (c *conversion) lone(name, attrs string, depth int) string {
	var a struct {
		Ref     json.Number `json:"ref"`
		URL     string      `json:"url"`
		Label   string      `json:"label"`
		Service string      `json:"service"`
	}
	_ = json.Unmarshal([]byte(attrs), &a) // attributes we cannot read are none
	switch {
	case name == "block":
		if r := c.wxr.byID[a.Ref.String()]; r != nil && depth < blockDepth && r.get("wp:post_type") == "wp_block" {
			return c.unblock(r.get("content:encoded"), depth+1)
		}
		c.note("a reusable block that is not in the file")
	case name == "footnotes":
		return c.footnotes()
	case a.URL != "":
		return `<p><a href="` + html.EscapeString(a.URL) + `">` + html.EscapeString(first(a.Label, a.Service, a.URL)) + `</a></p>`
	case quiet[name]:
	default:
		c.note(fmt.Sprintf("the block %q, which WordPress filled in itself", name))
	}
	return ""
}

// footnotes are kept by WordPress beside the text.
func (c *conversion) footnotes() string {
	var list []struct {
		Content string `json:"content"`
	}
	if err := json.Unmarshal([]byte(c.raw.meta["footnotes"]), &list); err != nil || len(list) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("<hr><ol>")
	for _, f := range list {
		b.WriteString("<li>" + f.Content + "</li>")
	}
	return b.String() + "</ol>"
}
