package shell

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// Time shows a moment with date and time in the reader's language and zone. It
// goes last in its line: a browser whose zone the hall does not know shows its
// own there, which may be shorter.
func Time(t time.Time) templ.Component { return Hand(func(p *Pen) { p.Time(t) }) }

// Date shows a day in the reader's language and zone.
func Date(t time.Time) templ.Component {
	return Hand(func(p *Pen) { p.Date(t) })
}

// Badge is one word about a person or a thing: tone "", "new", "good" or "bad".
func Badge(text, tone string) templ.Component {
	return Hand(func(p *Pen) { p.Badge(text, tone) })
}

// Portrait is a person's picture, or the first letters of the name on a tint of
// the name's own. The name always stands beside it, so it is silent for screen
// readers and text browsers. picture is the image's address in this hall, empty
// when there is none.
func Portrait(name, picture string) templ.Component {
	return Hand(func(p *Pen) { p.Portrait(name, picture) })
}

// LargePortrait is Portrait at the size of a profile's head.
func LargePortrait(name, picture string) templ.Component {
	return Hand(func(p *Pen) { p.portrait(name, picture, `portrait large`, `" alt="" width="72" height="72"/>`) })
}

const tints = 6 // .tint-0 to .tint-5 in person.css

// tint is the digit of one of the portrait colours, always the same for a name
// (FNV-1a, folded so that its high bits count too).
func tint(name string) byte {
	h := uint32(2166136261)
	for i := range len(name) {
		h = (h ^ uint32(name[i])) * 16777619
	}
	return '0' + byte((h^h>>16)%tints)
}

// appendInitials adds the first letters of the first two words of a name.
// Letters that join (Arabic) are kept apart, or two of them would read as a word.
// Only letters and digits come through, so nothing needs escaping.
func appendInitials(b []byte, name string) []byte {
	taken, inWord := 0, false
	for i, r := range name {
		switch {
		case inWord && r > ' ' && r < utf8.RuneSelf: // nearly always
		case !inWord && r == 'ا' && strings.HasPrefix(name[i:], "ال"):
			// The Arabic article begins half of all names and tells nothing.
		case !inWord && r == 'ل' && strings.HasSuffix(name[:i], "ا"):
		case unicode.IsSpace(r):
			inWord = false
		case inWord || !unicode.IsLetter(r) && !unicode.IsDigit(r):
		default:
			if taken > 0 && unicode.Is(unicode.Arabic, r) {
				b = append(b, "\u200c"...) // zero-width non-joiner
			}
			b = utf8.AppendRune(b, unicode.ToUpper(r))
			if taken++; taken == 2 {
				return b
			}
			inWord = true
		}
	}
	return b
}
