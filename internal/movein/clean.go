package movein

import (
	"bufio"
	"bytes"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const sniffed = 256 << 10 // bytes looked at to guess the encoding

var declared = regexp.MustCompile(`^[^<]{0,64}<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']`)

// cleaner turns what was sent into UTF-8 that an XML parser accepts: characters
// XML forbids are dropped, bytes that are no text are mended, and both counted.
type cleaner struct {
	in      *bufio.Reader
	mended  int // bytes that were not valid in the encoding
	dropped int // control characters
	last    byte
	out     []byte
	err     error
}

// newCleaner guesses the encoding of r. The bytes are believed before the
// declaration: exports are often declared wrongly, and nearly always UTF-8.
func newCleaner(r io.Reader) *cleaner {
	in := bufio.NewReaderSize(r, sniffed)
	head, _ := in.Peek(sniffed)
	var e encoding.Encoding
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		_, _ = in.Discard(3)
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}), bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		e = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(head, []byte{0, '<', 0}):
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case bytes.HasPrefix(head, []byte{'<', 0}):
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	default:
		e = guess(head)
	}
	if e != nil {
		in = bufio.NewReaderSize(transform.NewReader(in, e.NewDecoder()), sniffed)
	}
	return &cleaner{in: in}
}

// guess returns nil for UTF-8.
func guess(head []byte) encoding.Encoding {
	good, bad := 0, 0
	for i := 0; i < len(head); {
		if head[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && n == 1 && utf8.FullRune(head[i:]) {
			bad++
		} else {
			good++
		}
		i += n
	}
	if good > 0 && good >= bad {
		return nil
	}
	if m := declared.FindSubmatch(head); m != nil {
		name := strings.ToLower(string(m[1]))
		e, canonical := charset.Lookup(name)
		multi := map[string]bool{"gbk": true, "gb18030": true, "big5": true, "euc-jp": true, "iso-2022-jp": true, "shift_jis": true, "euc-kr": true}
		if e != nil && canonical != "utf-8" && (bad > 0 || multi[canonical]) && !strings.HasPrefix(canonical, "utf-16") {
			return e
		}
	}
	if bad > 0 {
		return charmap.Windows1252
	}
	return nil
}

// Read gives clean UTF-8.
func (c *cleaner) Read(p []byte) (int, error) {
	for len(c.out) == 0 {
		if c.err != nil {
			return 0, c.err
		}
		c.fill()
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

func (c *cleaner) fill() {
	chunk, err := c.in.Peek(utf8.UTFMax)
	if err != nil && len(chunk) == 0 {
		c.err = err
		return
	}
	chunk, _ = c.in.Peek(c.in.Buffered())
	out := make([]byte, 0, len(chunk)+8)
	i := 0
	for i < len(chunk) {
		b := chunk[i]
		if b < utf8.RuneSelf {
			if b >= 0x20 || b == '\n' || b == '\t' || b == '\r' {
				out = append(out, b)
			} else {
				c.dropped++
			}
			c.last = b
			i++
			continue
		}
		if !utf8.FullRune(chunk[i:]) && err == nil && i > 0 {
			break // the rest of the rune comes with the next chunk
		}
		var n int
		out, n = c.rune(out, chunk[i:])
		i += n
	}
	_, _ = c.in.Discard(i)
	c.out = out
}

// rune appends the first rune of s, which is not ASCII.
func (c *cleaner) rune(out, s []byte) ([]byte, int) {
	r, n := utf8.DecodeRune(s)
	switch {
	case r == utf8.RuneError && n == 1:
		c.mended++
		// A lone byte between ASCII letters is an old Western text pasted in; any
		// other is the stump of a longer character, which nobody can restore.
		alone := c.last < utf8.RuneSelf && (len(s) == 1 || s[1] < utf8.RuneSelf)
		if d := charmap.Windows1252.DecodeByte(s[0]); alone && d != utf8.RuneError && d >= 0xA0 {
			out = utf8.AppendRune(out, d)
		} else {
			out = utf8.AppendRune(out, utf8.RuneError)
		}
	case r == 0xFFFE || r == 0xFFFF || r == 0xFEFF || (r >= 0x80 && r < 0xA0 && r != 0x85):
		c.dropped++
	default:
		out = append(out, s[:n]...)
	}
	c.last = s[n-1]
	return out, n
}
