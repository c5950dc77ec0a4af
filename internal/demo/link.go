package demo

import "regexp"

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
