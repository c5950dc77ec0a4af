package markdown

import (
	"strings"
	"unicode/utf8"

	"guildhall/internal/fault"
)

// Clean gives src as Render reads it: line ends are \n, and characters that
// would change the order or the look of the text around them are gone (NUL and
// other controls, bidirectional embeddings, overrides and isolates, byte order
// marks). Left-to-right and right-to-left marks stay; Arabic needs them. It
// returns fault.Invalid on the field "text" when src is not valid UTF-8.
func Clean(src string) (string, error) {
	if !utf8.ValidString(src) {
		return "", fault.On("text", fault.Invalid, "markdown.encoding")
	}
	return clean(src), nil
}

func clean(s string) string {
	if strings.IndexFunc(s, unwanted) < 0 {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case unwanted(r):
			return -1
		}
		return r
	}, s)
}

func unwanted(r rune) bool {
	switch {
	case r == '\t' || r == '\n':
		return false
	case r < 0x20, 0x7f <= r && r < 0xa0: // controls
		return true
	case r < 0x202a:
		return false
	case r <= 0x202e: // embeddings and overrides
		return true
	case 0x2066 <= r && r <= 0x206f: // isolates, retired format characters
		return true
	case r == 0xfeff, 0xfff9 <= r && r <= 0xfffb: // byte order mark, interlinear notes
		return true
	}
	return false
}
