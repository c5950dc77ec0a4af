package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// version changes when the same text would give other words, or when other things
// can be found: an index made with another version is made anew.
const version = 2

const (
	maxWord  = 40      // letters of a word; the rest is not looked at
	maxWords = 16_000  // words of a text; PostgreSQL counts no further
	maxBytes = 400_000 // of folded words of a text; PostgreSQL keeps one megabyte
)

// word is one word of a text: folded, and where it stands.
type word struct {
	fold     string
	from, to int // bytes
}

// scan calls visit for every word of s until it returns false.
func scan(s string, visit func(w word) bool) {
	for i := 0; i < len(s); {
		from, to := next(s, i)
		if from == to {
			return
		}
		i = to
		if f := fold(s[from:to]); f != "" && !visit(word{f, from, to}) {
			return
		}
	}
}

// next finds the first word of s at or after i.
func next(s string, i int) (from, to int) {
	from = -1
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case isWord(r):
			if from < 0 {
				from = i
				if alone(r) {
					return i, tail(s, i+size)
				}
			} else if alone(r) {
				return from, i
			}
		case from < 0:
		case joins(r) || isApostrophe(r) && letterAt(s, i+size):
		default:
			return from, i
		}
		i += size
	}
	if from < 0 {
		return len(s), len(s)
	}
	return from, len(s)
}

// tail is the end of the marks that follow a sign standing alone.
func tail(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !joins(r) {
			break
		}
		i += size
	}
	return i
}

func letterAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLetter(r)
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// joins tells what stands inside a word without being a letter: marks, and the
// invisible signs that shape or break it.
func joins(r rune) bool {
	return r >= 0xAD && (unicode.IsMark(r) || unicode.Is(unicode.Cf, r))
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

// alone tells scripts written without spaces: there each sign is a word.
func alone(r rune) bool {
	return r >= 0x2E80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// fold is what is left of a word when case, accents and ways of writing are
// taken away. Folding twice changes nothing; the answer holds letters and digits
// only, at most maxWord of them.
func fold(s string) string {
	if len(s) <= maxWord && plain(s) {
		return strings.ToLower(s)
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, "’s"), "'s")
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "")) {
		r = unicode.ToLower(unicode.ToUpper(r))
		if like, ok := spelt[r]; ok {
			b.WriteString(like)
			continue
		}
		switch {
		case r == tatweel, isApostrophe(r), unicode.IsMark(r) && !isVowelSign(r):
		case unicode.IsDigit(r):
			b.WriteByte('0' + digit(r))
		case unicode.IsLetter(r), unicode.IsMark(r):
			b.WriteRune(r)
		}
	}
	return bare(clip(norm.NFC.String(b.String())))
}

func plain(s string) bool {
	for i := range len(s) {
		if !isWord(rune(s[i])) || s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isVowelSign tells marks that are letters in all but name: those of Indian and
// other scripts, not accents, Arabic vowels or Hebrew points.
func isVowelSign(r rune) bool {
	return !unicode.In(r, unicode.Inherited, unicode.Arabic, unicode.Hebrew, unicode.Cyrillic, unicode.Syriac, unicode.Me)
}

const tatweel = 'ـ' // only stretches an Arabic word

// spelt are letters that people leave out or exchange when they write.
var spelt = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h",
	'ى': "ي", 'ی': "ي", 'ة': "ه", 'ٱ': "ا", 'ک': "ك", 'ہ': "ه", 'ۀ': "ه",
}

// digit is the value of a decimal digit of any script: Unicode keeps each ten
// together, in order.
func digit(r rune) byte {
	zero := r
	for r-zero < 9 && unicode.IsDigit(zero-1) && unicode.Is(unicode.Nd, zero-1) {
		zero--
	}
	if r < utf8.RuneSelf {
		return byte(r - '0')
	}
	return byte(r-zero) % 10
}

func clip(s string) string {
	if len(s) <= maxWord {
		return s
	}
	n := 0
	for i := range s {
		if n++; n > maxWord {
			return s[:i]
		}
	}
	return s
}

// articles stand before an Arabic noun and are written as one word with it.
var articles = []string{"وال", "بال", "كال", "فال", "ال", "لل"}

// bare takes the Arabic article away, so that "hall" finds "the hall"; three
// letters at least must stay.
func bare(s string) string {
	for again := true; again; {
		again = false
		for _, a := range articles {
			if rest, ok := strings.CutPrefix(s, a); ok && utf8.RuneCountInString(rest) >= 3 {
				s, again = rest, true
				break
			}
		}
	}
	return s
}

// Signs that no text can bring in, for they are neither letters nor digits: the
// beginnings of words about a text, and of words in titles.
const (
	tagSign   = "\uE000"
	titleSign = "\uE001"
	seam      = "\uE002" // between title and text: no phrase crosses it
)

// tag is the word of a filter: class says which, value what it is.
func tag(class byte, value string) string {
	b := []byte(tagSign + string(class))
	for i := range len(value) {
		c := value[i]
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			b = append(b, c)
		} else {
			b = utf8.AppendRune(b, 0xE100+rune(c))
		}
	}
	return string(b)
}

// The classes of tags.
const (
	ofKind   = 'k'
	ofTopic  = 't'
	ofLang   = 'l'
	ofAuthor = 'a'
)
