package client

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Plain is a post's text for a terminal: no tags, blank lines between blocks, and
// nothing that could steer the terminal.
func Plain(post string) string {
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(post)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(b.String())
		case html.TextToken:
			b.WriteString(strings.Map(shown, html.UnescapeString(string(z.Raw()))))
		case html.EndTagToken:
			if blocks[z.Token().DataAtom] {
				b.WriteString("\n\n")
			}
		case html.SelfClosingTagToken, html.StartTagToken:
			if z.Token().DataAtom == atom.Br {
				b.WriteString("\n")
			}
		}
	}
}

var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Li: true, atom.Pre: true, atom.Blockquote: true, atom.Tr: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
}

// shown drops what is not to be shown as it is: controls and marks of direction.
func shown(r rune) rune {
	if r == '\n' || r == '\t' || !unicode.Is(unicode.C, r) {
		return r
	}
	return -1
}
