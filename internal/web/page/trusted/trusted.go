package trusted

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"guildhall/internal/markdown"
)

// HTML shows what people wrote, rendered and sanitised when they wrote it. Set
// it in <div class="prose" dir="auto">.
func HTML(h markdown.HTML) templ.Component { return templ.Raw(string(h)) }

// Append is HTML, appended to b.
func Append(b []byte, h markdown.HTML) []byte { return append(b, h...) }

// Link is the address a person gave (of a web page of theirs, say), or "#" when
// it is not plain http or https.
func Link(address string) templ.SafeURL {
	for _, scheme := range []string{"https://", "http://"} {
		if len(address) > len(scheme) && strings.EqualFold(address[:len(scheme)], scheme) {
			return templ.SafeURL(address)
		}
	}
	return "#"
}

// ForScripts keeps its children in a comment, from which the page's script takes
// them out (account's unveil.ts). The attribute hidden is not enough: text
// browsers show what they cannot use.
func ForScripts() templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		var b strings.Builder
		if err := templ.GetChildren(ctx).Render(templ.ClearChildren(ctx), &b); err != nil {
			return err
		}
		// Two hyphens could end the comment; an entity is the same to the parser
		// that reads the text later.
		_, err := io.WriteString(out, "<!--for scripts"+strings.ReplaceAll(b.String(), "--", "-&#45;")+"-->")
		return err
	})
}
