package lang

import (
	"strconv"
	"strings"
	"time"
)

// Number writes a whole number with the grouping of the language.
func (l Lang) Number(n int) string {
	return string(l.appendNumber(make([]byte, 0, 24), int64(n)))
}

// Decimal writes f with so many digits after the decimal sign; -1 means as many
// as f needs.
func (l Lang) Decimal(f float64, digits int) string {
	s := strconv.FormatFloat(f, 'f', digits, 64)
	whole, part, broken := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return s // beyond whole numbers, or not a number: as it is
	}
	b := make([]byte, 0, 32)
	if n == 0 && whole[0] == '-' {
		b = append(b, "\u2212"...)
	}
	b = l.appendNumber(b, n)
	if broken {
		b = append(append(b, l.locale().decimal...), part...)
	}
	return string(b)
}

// List joins names as a sentence does: "a, b and c".
func (l Lang) List(names []string) string {
	loc := l.locale()
	var b []byte
	for i, name := range names {
		switch {
		case i > 0 && i == len(names)-1:
			b = append(b, l.and(name)...)
		case i > 0:
			b = append(b, loc.join...)
		}
		b = l.appendShielded(b, name)
	}
	return string(b)
}

// and is the word before the last name; Spanish says "e" before the sound i.
func (l Lang) and(next string) string {
	if l == Spanish {
		low := strings.ToLower(next)
		if strings.HasPrefix(low, "i") || strings.HasPrefix(low, "í") ||
			strings.HasPrefix(low, "hi") && !strings.HasPrefix(low, "hie") && !strings.HasPrefix(low, "hia") {
			return " e "
		}
	}
	return l.locale().last
}

// Date writes the day of t in zone ("3 June 2026"); a nil zone is UTC.
func (l Lang) Date(t time.Time, zone *time.Location) string {
	return string(l.AppendDate(nil, t, zone))
}

// AppendDate is Date, appended to b.
func (l Lang) AppendDate(b []byte, t time.Time, zone *time.Location) []byte {
	return l.day(b, in(t, zone), l.locale().date)
}

// Month writes the month of t in zone ("June 2026"); a nil zone is UTC.
func (l Lang) Month(t time.Time, zone *time.Location) string {
	return string(l.day(nil, in(t, zone), l.locale().month))
}

// DateTime writes day and minute of t in zone ("3 June 2026, 14:05"). In UTC,
// which is nobody's own zone, it says so.
func (l Lang) DateTime(t time.Time, zone *time.Location) string {
	return string(l.AppendDateTime(make([]byte, 0, 64), t, zone))
}

// AppendDateTime is DateTime, appended to b.
func (l Lang) AppendDateTime(b []byte, t time.Time, zone *time.Location) []byte {
	t = in(t, zone)
	b = l.day(b, t, l.locale().date)
	b = append(b, l.locale().comma...)
	hour, minute, _ := t.Clock()
	b = append(b, byte('0'+hour/10), byte('0'+hour%10), ':', byte('0'+minute/10), byte('0'+minute%10))
	if t.Location() == time.UTC {
		b = append(b, " UTC"...)
	}
	return b
}

func in(t time.Time, zone *time.Location) time.Time {
	if zone == nil {
		return t.UTC()
	}
	return t.In(zone)
}

// day appends a pattern with {d}, {m} and {y} filled in.
func (l Lang) day(b []byte, t time.Time, pattern string) []byte {
	y, m, d := t.Date()
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '{' {
			b = append(b, pattern[i])
			continue
		}
		switch pattern[i+1] {
		case 'd':
			b = strconv.AppendInt(b, int64(d), 10)
		case 'm':
			b = append(b, l.locale().months[m-1]...)
		case 'y':
			b = strconv.AppendInt(b, int64(y), 10)
		}
		i += 2
	}
	return b
}
