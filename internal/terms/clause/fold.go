package clause

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is one word of a text as it is compared: in small letters, without
// punctuation. hash stands for text in all comparisons.
type word struct {
	hash  uint64
	kind  wordKind
	upper bool // began with a capital letter
	text  string

	before mark // signs between it and the word before
}

type wordKind uint8

const (
	plain   wordKind = iota
	number           // has a digit, or is a sign of money or percent
	contact          // an address of the net or of mail: where to, not what
)

var (
	image    = regexp.MustCompile(`!\[[^\]]*\]\([^)\s]*(?:\s+"[^"]*")?\)`)
	link     = regexp.MustCompile(`\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"]*")?\)`)
	tag      = regexp.MustCompile(`</?[a-zA-Z][^<>]{0,300}>|<!--[\s\S]*?-->`)
	escape   = regexp.MustCompile("\\\\([\\\\`*_{}\\[\\]()<>#+.!|~:\"'&$%,/;=?@^-])")
	emphasis = regexp.MustCompile("\\*+|`+|~~|(^|[^\\pL\\pN])_+|_+($|[^\\pL\\pN])")
	// hidden is what a content network prints in the place of a mail address.
	hidden  = regexp.MustCompile(`(?i)\[?e-?mail[\s\x{a0}]+protected\]?`)
	address = regexp.MustCompile(`(?i)\bhttps?://\S+|\bwww\.[^\s]+|[\pL\pN._%+-]+@[\pL\pN.-]+\.\pL{2,}|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|co|eu|gov|edu|info|app|uk|de|fr|es|it|nl|pl|pt|ie|at|ch|be|se|dk|no|fi|cz|lv|lt|ee|ro|hu|gr|tr|ru|br|mx|ar|jp|kr|cn|in|au|ca|nz|us)\b(?:/[^\s]*)?` +
		// telephone numbers
		`|\+\d[\d \x{a0}().-]{6,}\d|\(\d{3}\)[ \x{a0}]?\d{3}-\d{4}|\b\d{3}-\d{3}-\d{4}\b|\b0\d(?:[ \x{a0}.]\d\d){4}\b|\b0\d{2,4}(?:[ \x{a0}.-]\d{2,4}){2,3}\b`)
)

// hiddenAddress is what a mail address is compared as when a content network
// has taken it out.
const hiddenAddress = "hidden@invalid.invalid"

// bare takes the markup out of a piece of Markdown. linked is how many of its
// letters stand in links.
func bare(md string) (text string, linked int) {
	if strings.Contains(md, "![") {
		md = image.ReplaceAllString(md, " ")
	}
	for range 3 { // links in links, as broken pages have them
		if !strings.Contains(md, "](") {
			break
		}
		next := link.ReplaceAllStringFunc(md, func(l string) string {
			m := link.FindStringSubmatch(l)
			linked += letters(m[1])
			return m[1]
		})
		if next == md {
			break
		}
		md = next
	}
	if strings.Contains(md, "<") {
		md = tag.ReplaceAllString(md, " ")
	}
	if strings.Contains(md, "\\") {
		md = escape.ReplaceAllString(md, "$1")
	}
	if strings.Contains(md, "&") {
		md = html.UnescapeString(md)
	}
	if strings.Contains(md, "rotected") || strings.Contains(md, "ROTECTED") {
		md = hidden.ReplaceAllString(md, hiddenAddress)
	}
	if strings.ContainsAny(md, "*`~_") {
		md = emphasis.ReplaceAllString(md, "$1$2")
	}
	return strings.Join(strings.Fields(md), " "), linked
}

func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// split makes words of a bare text.
func split(text string) []word {
	text = norm.NFKC.String(text)
	if !mayHoldAddress(text) {
		return splitPlain(make([]word, 0, len(text)/6), text)
	}
	var out []word
	from := 0
	for _, m := range address.FindAllStringIndex(text, -1) {
		out = splitPlain(out, text[from:m[0]])
		end := m[1]
		at := strings.TrimRight(text[m[0]:end], ".,;:)]}>\"'”’")
		out = append(out, newWord(strings.ToLower(at), contact))
		from = end
	}
	return splitPlain(out, text[from:])
}

// mayHoldAddress tells cheaply whether it is worth while to look for addresses:
// signs between letters, or rows of figures.
func mayHoldAddress(s string) bool {
	figures := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if figures++; figures > 8 {
				return true
			}
		case c == '@', c == '.' && i > 0 && i+1 < len(s) && s[i-1] > ' ' && letterByte(s[i+1]), c == ':' && strings.HasPrefix(s[i:], "://"):
			return true
		case letterByte(c):
			figures = 0
		}
	}
	return false
}

func letterByte(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 }

func splitPlain(out []word, s string) []word {
	var b strings.Builder
	kind, upper, before := plain, false, mark(0)
	flush := func() {
		if w := strings.Trim(b.String(), ".,:"); w != "" {
			out = append(out, newWord(w, kind))
			out[len(out)-1].upper, out[len(out)-1].before = upper, before
			before = 0
		}
		b.Reset()
		kind, upper = plain, false
	}
	for i, r := range s {
		next := i + utf8.RuneLen(r)
		if r == utf8.RuneError {
			next = i + 1
		}
		switch {
		case alone(r):
			flush()
			out = append(out, newWord(string(r), plain))
		case unicode.IsDigit(r):
			kind = number
			b.WriteRune(r)
		case unicode.IsLetter(r) || unicode.IsMark(r):
			if kind == number && unicode.IsUpper(r) { // "2021Version", where two lines were put together
				flush()
			}
			upper = upper || b.Len() == 0 && unicode.IsUpper(r)
			b.WriteRune(unicode.ToLower(r))
		case money(r):
			flush()
			out = append(out, newWord(string(r), number))
		case (r == '.' || r == ',' || r == ':') && kind == number && next < len(s) && s[next] >= '0' && s[next] <= '9':
			b.WriteRune(r)
		case silent(r):
		default:
			flush()
			before |= markOf(r)
		}
	}
	flush()
	return out
}

// alone tells of letters that are written without spaces between words.
func alone(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func money(r rune) bool { return r == '%' || unicode.Is(unicode.Sc, r) }

// silent are signs that come and go inside a word: apostrophes, soft hyphens,
// joiners, and the mark that stands where a letter was lost.
func silent(r rune) bool {
	switch r {
	case '\'', '’', '‘', '`', '´', 'ʼ', '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\ufffd', '-', '‐', '‑':
		return true
	}
	return false
}

const (
	fnvStart = 14695981039346656037
	fnvPrime = 1099511628211
)

func newWord(text string, kind wordKind) word {
	h := uint64(fnvStart)
	for i := 0; i < len(text); i++ {
		h = (h ^ uint64(text[i])) * fnvPrime
	}
	return word{hash: h, kind: kind, text: text}
}

// mix makes one hash of a row of words.
func mix(ws []word) uint64 {
	h := uint64(fnvStart)
	for _, w := range ws {
		h = (h ^ w.hash) * fnvPrime
		h ^= h >> 29
	}
	return h
}
