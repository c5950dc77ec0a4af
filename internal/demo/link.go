package demo

import (
	"regexp"
	"strings"
)

var (
	inner  = regexp.MustCompile(`\]\((article|discussion):([a-z0-9-]+)\)`)
	number = regexp.MustCompile(`#(\d+)\b`)
)

// Link replaces the inner links of an article or a post, written as
// "[words](article:slug)" and "[words](discussion:key)", with addresses.
func Link(markdown string, address func(kind, key string) string) string {
	return inner.ReplaceAllStringFunc(markdown, func(found string) string {
		m := inner.FindStringSubmatch(found)
		return "](" + address(m[1], m[2]) + ")"
	})
}

// LinkPosts makes each "#12" of a note a link to that post.
func LinkPosts(markdown string, address func(post int) string) string {
	return number.ReplaceAllStringFunc(markdown, func(found string) string {
		return "[" + found + "](" + address(digits(found[1:])) + ")"
	})
}

// Quoting is the post as Markdown with its quotation in front: a block quote
// whose first line names who is quoted and links to that post. It is the plain
// Markdown when the post quotes nothing.
func (p Post) Quoting(name, address string) string {
	if p.QuoteOf == 0 {
		return p.Markdown
	}
	quote := "> [" + name + "](" + address + "):\n"
	if p.Quote != "" {
		quote += ">\n> " + strings.ReplaceAll(p.Quote, "\n", "\n> ") + "\n"
	}
	return quote + "\n" + p.Markdown
}
