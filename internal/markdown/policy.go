package markdown

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// policy is the second wall: it knows nothing of the writer and lets through
// what a text may hold, nothing else.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	exactly := func(pattern string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + pattern + `)$`) }
	number := exactly(`[0-9]{1,9}`)
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "hr", "br", "wbr",
		"pre", "code", "em", "strong", "del", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("dir").Matching(exactly("auto|ltr")).OnElements(
		"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "table")
	// Of any length, which the text's limit bounds: counted, it would be compiled a hundred and twenty times over.
	p.AllowAttrs("id").Matching(exactly(`[\p{L}\p{N}_-]+`)).OnElements("h2", "h3", "h4", "h5", "h6")
	p.AllowAttrs("start").Matching(number).OnElements("ol")
	p.AllowAttrs("tabindex").Matching(exactly("0")).OnElements("pre", "div")
	p.AllowAttrs("class").Matching(exactly("wide")).OnElements("div")
	p.AllowAttrs("class").Matching(exactly("middle|end")).OnElements("th", "td")
	p.AllowAttrs("scope").Matching(exactly("col")).OnElements("th")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("rel").Matching(exactly(outboundRel)).OnElements("a")
	p.AllowAttrs("src").Matching(exactly(BlobPath + `[a-z0-9]{16,40}\.(?:jpg|png)`)).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(number).OnElements("img")
	p.AllowAttrs("loading").Matching(exactly("lazy")).OnElements("img")
	p.AllowAttrs("decoding").Matching(exactly("async")).OnElements("img")
	p.AllowURLSchemes("http", "https")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
}

// sanitise passes fragment through the policy.
func sanitise(fragment []byte) (string, error) {
	var out strings.Builder
	out.Grow(len(fragment))
	err := policy.SanitizeReaderToWriter(bytes.NewReader(fragment), &out)
	return out.String(), err
}
