package card

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// line is a line of a file, put together from those it was folded into.
type line struct {
	text string
	at   int // where it begins, counted from 1
}

// decoded is a file as UTF-8. Cards of old programs are in the machine's own letters,
// of which Western Europe's are by far the most.
func decoded(b []byte) (string, error) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		b = b[3:]
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		u, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(b)
		if err != nil {
			return "", wrong(1, "it begins like UTF-16 and is none")
		}
		b = u
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return "", wrong(1+bytes.Count(b[:i], []byte("\n")), "a zero byte: this is no text")
	}
	if utf8.Valid(b) {
		return string(b), nil
	}
	for n, l := range bytes.Split(b, []byte("\n")) {
		if !utf8.Valid(l) && !old(b) {
			return "", wrong(n+1, "these are not letters of UTF-8, which this version asks for")
		}
	}
	w, err := charmap.Windows1252.NewDecoder().Bytes(b)
	return string(w), err
}

// old tells whether every card of a file is of version 2.1, which may have other letters.
func old(b []byte) bool {
	u := bytes.ToUpper(b)
	all := bytes.Count(u, []byte("VERSION:"))
	return all > 0 && all == bytes.Count(u, []byte("VERSION:2.1"))
}

// split cuts a file into physical lines, whatever ends them.
func split(s string) []string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	return strings.Split(strings.TrimSuffix(s, "\n"), "\n")
}

// unfolder puts lines together again.
type unfolder struct {
	rows []string
	next int
}

// take gives the next line. What folds a line differs: in 3 and 4 one space goes, in
// 2.1 it stays; quoted-printable goes on after a last "=", and Base64 of 2.1 until a
// line that is empty or has a colon.
func (u *unfolder) take(v Version) (line, bool) {
	for u.next < len(u.rows) && strings.TrimSpace(u.rows[u.next]) == "" {
		u.next++
	}
	if u.next >= len(u.rows) {
		return line{}, false
	}
	l := line{u.rows[u.next], u.next + 1}
	u.next++
	head, _, _ := strings.Cut(l.text, ":")
	head = strings.ToUpper(head)
	if v != V4 && strings.Contains(head, "QUOTED-PRINTABLE") {
		return u.quoted(l), true
	}
	var b strings.Builder
	b.WriteString(l.text)
	basic := v == V21 && strings.Contains(head, "BASE64")
	for u.next < len(u.rows) {
		r := u.rows[u.next]
		switch {
		case r != "" && (r[0] == ' ' || r[0] == '\t'):
			if v != V21 || basic {
				r = r[1:]
			}
		case basic && r != "" && !strings.ContainsAny(r, ":;"):
		default:
			l.text = b.String()
			return l, true
		}
		b.WriteString(r)
		u.next++
	}
	l.text = b.String()
	return l, true
}

// quoted goes on while a line ends with a soft break.
func (u *unfolder) quoted(l line) line {
	var b strings.Builder
	b.WriteString(l.text)
	for last := l.text; strings.HasSuffix(last, "=") && u.next < len(u.rows); u.next++ {
		last = u.rows[u.next]
		b.WriteString("\n" + last)
	}
	l.text = b.String()
	return l
}
