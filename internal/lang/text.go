package lang

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"guildhall/internal/fault"
)

// Verbatim is an argument that is inserted exactly as it is, without marks that
// keep its direction apart: addresses and code that people copy.
type Verbatim string

// T returns the text of key with its arguments. Numbers are written as the
// language does; a string is shielded so that its direction does not spread. If
// the text has plural forms, the first argument is the count, as in N. A key
// that the language lacks is answered in English, and one that nobody has by
// the key itself.
func (l Lang) T(key string, args ...any) string {
	e := l.entry(key)
	if e == nil {
		return key
	}
	if e.forms != nil {
		if len(args) == 0 {
			return e.forms[other].plain
		}
		n, isInt := args[0].(int)
		if !isInt {
			return e.forms[other].fill(l, 0, args)
		}
		return e.form(l, n).fill(l, n, args[1:])
	}
	return e.fill(l, 0, args)
}

// N returns the text of key for n things: {n} is n, {0} the first of args.
func (l Lang) N(key string, n int, args ...any) string {
	e := l.entry(key)
	if e == nil {
		return key
	}
	return e.form(l, n).fill(l, n, args)
}

// Link returns the text of key in three parts, for a sentence in which some
// words [in brackets] are a link: what comes before, the words, what comes after.
// Without brackets the whole sentence is the words.
func (l Lang) Link(key string, args ...any) (before, words, after string) {
	s := l.T(key, args...)
	i := strings.IndexByte(s, '[')
	j := strings.IndexByte(s, ']')
	if i < 0 || j < i {
		return "", s, ""
	}
	return s[:i], s[i+1 : j], s[j+1:]
}

// Has tells whether key has a text, for keys built while running.
func Has(key string) bool { return catalogs[English]()[key] != nil }

// Fault returns the sentence to show for err: that of its fault, or the one of
// its kind when the fault has none.
func (l Lang) Fault(err error) string {
	f := fault.From(err)
	if Has(f.Key) {
		return l.T(f.Key, f.Args...)
	}
	return l.T("fault." + f.Kind.String())
}

func (l Lang) entry(key string) *entry {
	if l < count {
		if e := catalogs[l]()[key]; e != nil {
			return e
		}
	}
	return catalogs[English]()[key]
}

// form picks the plural form for n; a text without forms serves every number.
func (e *entry) form(l Lang, n int) *text {
	if e.forms == nil {
		return &e.text
	}
	if t := e.forms[l.pluralOf(n)]; t != nil {
		return t
	}
	return e.forms[other]
}

// fill puts the arguments into their slots. An argument that is missing leaves
// its place empty.
func (t *text) fill(l Lang, n int, args []any) string {
	if len(t.slots) == 0 {
		return t.plain
	}
	b := make([]byte, 0, len(t.plain)+24*len(t.slots))
	for i, slot := range t.slots {
		b = append(b, t.pieces[i]...)
		switch {
		case slot == countSlot:
			b = l.appendNumber(b, int64(n))
		case int(slot) < len(args):
			b = l.appendArg(b, args[slot])
		}
	}
	return string(append(b, t.pieces[len(t.slots)]...))
}

func (l Lang) appendArg(b []byte, arg any) []byte {
	switch v := arg.(type) {
	case string:
		return l.appendShielded(b, v)
	case Verbatim:
		return append(b, v...)
	case int:
		return l.appendNumber(b, int64(v))
	case int64:
		return l.appendNumber(b, v)
	case int32:
		return l.appendNumber(b, int64(v))
	case float64:
		return append(b, l.Decimal(v, -1)...)
	case time.Time:
		return append(b, l.Date(v, time.UTC)...) // a day by the calendar of the hall
	case nil:
		return b
	}
	return l.appendShielded(b, fmt.Sprint(arg))
}

// First-strong isolate and its end: what is between cannot reorder what is around.
const isolate, endIsolate = "\u2068", "\u2069"

// appendShielded isolates s if it holds letters that run against the language.
func (l Lang) appendShielded(b []byte, s string) []byte {
	if !l.runsAgainst(s) {
		return append(b, s...)
	}
	b = append(b, isolate...)
	b = append(b, s...)
	return append(b, endIsolate...)
}

func (l Lang) runsAgainst(s string) bool {
	rtl := l.Dir() == "rtl"
	for _, r := range s {
		if rtl {
			if unicode.IsLetter(r) && !isRTL(r) {
				return true
			}
		} else if r >= 0x590 && isRTL(r) {
			return true
		}
	}
	return false
}

// isRTL tells whether r belongs to the blocks that Unicode keeps for scripts
// written from right to left, or is a mark that changes direction.
func isRTL(r rune) bool {
	switch {
	case r >= 0x590 && r <= 0x8FF, r >= 0xFB1D && r <= 0xFDFF, r >= 0xFE70 && r <= 0xFEFC:
		return true
	case r >= 0x10800 && r <= 0x10FFF, r >= 0x1E800 && r <= 0x1EFFF:
		return true
	}
	return r == 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

func (l Lang) appendNumber(b []byte, n int64) []byte {
	loc := l.locale()
	var digits [20]byte
	d := strconv.AppendInt(digits[:0], n, 10)
	if d[0] == '-' {
		b = append(b, "\u2212"...)
		d = d[1:]
	}
	if len(d) < loc.minGroup {
		return append(b, d...)
	}
	for i, c := range d {
		if i > 0 && (len(d)-i)%3 == 0 {
			b = append(b, loc.group...)
		}
		b = append(b, c)
	}
	return b
}
