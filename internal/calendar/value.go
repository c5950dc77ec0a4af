package calendar

import (
	"bytes"
	"strconv"
	"strings"
)

// moment is a time as it is written.
type moment struct {
	day   bool    // a date: the whole day
	utc   bool    // with a Z
	local int64   // what the clock on the wall shows; of a date its midnight
	tz    *zoneID // nil: in UTC, or floating
}

// length is a DURATION: days by the calendar, seconds by the clock.
type length struct{ days, seconds int64 }

// number reads digits alone.
func number(b []byte) (int, bool) {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(b) > 0 && len(b) < 10
}

// instant reads a DATE or a DATE-TIME by its shape.
func instant(v []byte, line int) (moment, error) {
	bad := func() (moment, error) { return moment{}, wrong(line, "%q is no date and no time", shown(v)) }
	if len(v) != 8 && len(v) != 15 && len(v) != 16 {
		return bad()
	}
	y, ok1 := number(v[:4])
	m, ok2 := number(v[4:6])
	d, ok3 := number(v[6:8])
	if !ok1 || !ok2 || !ok3 || y < 1 || m < 1 || m > 12 || d < 1 || d > monthDays(y, m) {
		return bad()
	}
	t := moment{day: true, local: dayOf(y, m, d) * daySeconds}
	if len(v) == 8 {
		return t, nil
	}
	t.day = false
	h, ok1 := number(v[9:11])
	mi, ok2 := number(v[11:13])
	s, ok3 := number(v[13:15])
	if !ok1 || !ok2 || !ok3 || v[8]|0x20 != 't' || h > 23 || mi > 59 || s > 60 {
		return bad()
	}
	if len(v) == 16 {
		if v[15]|0x20 != 'z' {
			return bad()
		}
		t.utc = true
	}
	t.local += int64(h)*3600 + int64(mi)*60 + int64(min(s, 59)) // a leap second is one with the one before
	return t, nil
}

// shown is a piece of what is written, short enough for a message.
func shown(v []byte) string {
	if len(v) > 40 {
		v = append(append([]byte(nil), v[:40]...), "…"...)
	}
	return strings.ToValidUTF8(string(v), "?")
}

// duration reads a DURATION: P1W, P1DT2H30M.
func duration(v []byte, line int) (length, error) {
	bad := wrong(line, "%q is no duration", shown(v))
	s, negative := v, false
	if len(s) > 0 && (s[0] == '+' || s[0] == '-') {
		negative = s[0] == '-'
		s = s[1:]
	}
	if len(s) < 3 || s[0]|0x20 != 'p' {
		return length{}, bad
	}
	var d length
	clock := false
	for s = s[1:]; len(s) > 0; {
		if s[0]|0x20 == 't' && !clock && len(s) > 1 {
			clock, s = true, s[1:]
			continue
		}
		i := 0
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		n, ok := number(s[:i])
		if !ok || i == len(s) {
			return length{}, bad
		}
		switch unit := s[i] | 0x20; {
		case unit == 'w' && !clock:
			d.days += int64(n) * 7
		case unit == 'd' && !clock:
			d.days += int64(n)
		case unit == 'h' && clock:
			d.seconds += int64(n) * 3600
		case unit == 'm' && clock:
			d.seconds += int64(n) * 60
		case unit == 's' && clock:
			d.seconds += int64(n)
		default:
			return length{}, bad
		}
		s = s[i+1:]
	}
	if d.days > maxDays || d.seconds > maxDays*daySeconds {
		return length{}, wrong(line, "%q is longer than anything that could be meant", shown(v))
	}
	if negative && d != (length{}) {
		return length{}, wrong(line, "a duration that is less than nothing")
	}
	return d, nil
}

// offset reads a TZOFFSETFROM or TZOFFSETTO.
func offset(v []byte, line int) (int64, error) {
	if len(v) == 5 || len(v) == 7 {
		h, ok1 := number(v[1:3])
		m, ok2 := number(v[3:5])
		s, ok3 := 0, true
		if len(v) == 7 {
			s, ok3 = number(v[5:7])
		}
		if ok1 && ok2 && ok3 && h < 24 && m < 60 && s < 60 && (v[0] == '+' || v[0] == '-') {
			o := int64(h*3600 + m*60 + s)
			if v[0] == '-' {
				o = -o
			}
			return o, nil
		}
	}
	return 0, wrong(line, "%q is no difference to UTC", shown(v))
}

// period is a moment with an end of its own, if it has one.
type period struct {
	start moment
	end   moment
	long  length
	kind  byte // 0: no end, 'e': end, 'd': duration
}

// readPeriod reads START/END, START/DURATION, or START alone.
func readPeriod(v []byte, line int) (period, error) {
	a, b, two := bytes.Cut(v, []byte("/"))
	start, err := instant(a, line)
	if err != nil || !two {
		return period{start: start}, err
	}
	if len(b) > 0 && (b[0] == 'P' || b[0] == 'p' || b[0] == '+' || b[0] == '-') {
		d, err := duration(b, line)
		return period{start: start, long: d, kind: 'd'}, err
	}
	end, err := instant(b, line)
	return period{start: start, end: end, kind: 'e'}, err
}

// ints reads the numbers of a rule's part, each from lo to hi, or from -hi to -lo.
func ints(v string, lo, hi int, negative bool) ([]int, bool) {
	var out []int
	for _, s := range strings.Split(v, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		a := n
		if negative && a < 0 {
			a = -a
		}
		if err != nil || a < lo || a > hi || len(out) > 1000 {
			return nil, false
		}
		out = append(out, n)
	}
	return out, true
}
