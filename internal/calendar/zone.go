package calendar

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// segment is a stretch of time in which clocks differ from UTC by the same offset.
type segment struct{ start, end, offset int64 }

// zone knows how clocks of a place are set.
type zone interface{ at(utc int64) segment }

// clock turns what a clock on the wall shows into time, and back.
type clock struct {
	z    zone
	last segment
}

// at looks a time up, mostly in what it found the last time.
func (c *clock) at(utc int64) segment {
	if utc < c.last.start || utc >= c.last.end {
		c.last = c.z.at(utc)
	}
	return c.last
}

// local is what the clock shows at a time.
func (c *clock) local(utc int64) int64 { return utc + c.at(utc).offset }

// instant is the time at which the clock shows something: the first one if it shows it
// twice; if it leaves it out, the time it would be had it not been put forward (RFC
// 5545, 3.3.5).
func (c *clock) instant(local int64) int64 {
	// No clock is more than a day ahead of UTC.
	s := c.at(local - daySeconds)
	for {
		t := local - s.offset
		if t < s.end {
			return t
		}
		next := c.at(s.end)
		if local-next.offset < s.end {
			return t
		}
		s = next
	}
}

// place is a zone of the time zone database.
type place struct{ loc *time.Location }

func (p place) at(utc int64) segment {
	t := time.Unix(utc, 0).In(p.loc)
	from, to := t.ZoneBounds()
	_, offset := t.Zone()
	s := segment{math.MinInt64 / 2, math.MaxInt64 / 2, int64(offset)}
	if !from.IsZero() {
		s.start = from.Unix()
	}
	if !to.IsZero() {
		s.end = to.Unix()
	}
	return s
}

// fixed is a clock that is never put forward or back.
type fixed int64

func (f fixed) at(int64) segment {
	return segment{math.MinInt64 / 2, math.MaxInt64 / 2, int64(f)}
}

// zoneID is a zone as events of one calendar name it.
type zoneID struct {
	name string
	cal  *scope
	line int // where it is named first
}

// scope is one VCALENDAR: what it says of zones holds inside of it.
type scope struct {
	method string
	ids    map[string]*zoneID
	own    map[string]*ownZone // VTIMEZONEs by name, and by name in small letters
}

// find gives the zone that is meant. A place of the time zone database wins over what
// the file says of it, and so does a name of Windows: what the file says is as old as
// the file, and some programs write only a year of it, or half. Short names (EST) mean
// what the file says, if it says something.
func (z *zoneID) find(until int64, left *budget) (zone, error) {
	loc := known(z.name)
	if loc != nil && strings.ContainsAny(z.name, "/ ") {
		return place{loc}, nil
	}
	for _, name := range []string{z.name, strings.ToLower(z.name)} {
		if own := z.cal.own[name]; own != nil {
			return own.compile(until, left)
		}
	}
	if loc != nil {
		return place{loc}, nil
	}
	if f, ok := writtenOffset(z.name); ok {
		return f, nil
	}
	return nil, wrong(z.line, "nobody knows the time zone %q, and the file does not say what it is", shown([]byte(z.name)))
}

// zoneName is what a name of the database looks like.
var zoneName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$`)

// locations are the zones found, by every name they were asked for.
var locations struct {
	sync.Mutex
	m map[string]*time.Location
}

// known finds a zone by its name in the database, in Windows, or behind the name of
// whoever wrote the file: /freeassociation.sourceforge.net/Europe/Berlin.
func known(name string) *time.Location {
	locations.Lock()
	defer locations.Unlock()
	if loc, ok := locations.m[name]; ok {
		return loc
	}
	loc := search(name)
	if locations.m == nil || len(locations.m) > 5000 {
		locations.m = map[string]*time.Location{}
	}
	locations.m[name] = loc
	return loc
}

// search is known without memory.
func search(name string) *time.Location {
	name = strings.TrimSpace(name)
	if loc := load(name); loc != nil {
		return loc
	}
	if i := strings.LastIndexByte(name, ' '); i > 0 && strings.Trim(name[i+1:], "0123456789") == "" {
		name = name[:i] // Outlook counts zones of one name: "W. Europe Standard Time 1"
	}
	if to, ok := windows[strings.ToLower(name)]; ok {
		return load(to)
	}
	if !strings.HasPrefix(name, "/") {
		return load(titled(name))
	}
	parts := strings.Split(strings.Trim(name, "/"), "/")
	for n := 3; n >= 2; n-- {
		if len(parts) > n {
			if loc := load(strings.Join(parts[len(parts)-n:], "/")); loc != nil {
				return loc
			}
		}
	}
	if len(parts) <= 3 {
		if loc := load(strings.Join(parts, "/")); loc != nil {
			return loc
		}
	}
	if len(parts) == 2 {
		return load(parts[1]) // /citadel.org/UTC
	}
	return nil
}

// load opens a zone of the database.
func load(name string) *time.Location {
	if !zoneName.MatchString(name) || strings.EqualFold(name, "local") {
		return nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return loc
}

// titled writes a name as the database does: EUROPE/PARIS is Europe/Paris.
func titled(name string) string {
	b, up := []byte(strings.ToLower(name)), true
	for i, c := range b {
		if up && c >= 'a' && c <= 'z' {
			b[i] = c - 32
		}
		up = c == '/' || c == '_' || c == '-'
	}
	return string(b)
}

// byHand are differences to UTC in place of a zone's name.
var byHand = regexp.MustCompile(`^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$`)

// writtenOffset reads UTC+02:00, GMT-3, +0530.
func writtenOffset(name string) (fixed, bool) {
	m := byHand.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(name)))
	if m == nil {
		return 0, false
	}
	h, _ := number([]byte(m[2]))
	mi, _ := number([]byte("0" + m[3]))
	o := fixed(h*3600 + mi*60)
	if m[1] == "-" {
		o = -o
	}
	return o, h < 15 && mi < 60
}

// ownZone is a VTIMEZONE.
type ownZone struct {
	line  int
	rules []observance
}

// observance is a STANDARD or DAYLIGHT: from when on, and from which offset to which.
type observance struct {
	line     int
	start    moment
	begun    bool
	from, to int64
	hasFrom  bool
	hasTo    bool
	rules    []*rule
	dates    []period
}

// turn is a moment at which clocks are set.
type turn struct{ utc, from, to int64 }

// turns are the moments at which a zone's clocks are set, in order.
type turns []turn

func (t turns) at(utc int64) segment {
	i, found := slices.BinarySearchFunc(t, utc, func(x turn, u int64) int { return cmp.Compare(x.utc, u) })
	if found {
		i++
	}
	s := segment{math.MinInt64 / 2, math.MaxInt64 / 2, t[0].from}
	if i > 0 {
		s.start, s.offset = t[i-1].utc, t[i-1].to
	}
	if i < len(t) {
		s.end = t[i].utc
	}
	return s
}

// compile lists when clocks are set, up to a time.
func (z *ownZone) compile(until int64, left *budget) (zone, error) {
	var all turns
	for _, o := range z.rules {
		if !o.begun || !o.hasFrom || !o.hasTo {
			return nil, wrong(o.line, "a time zone's rule without DTSTART, TZOFFSETFROM or TZOFFSETTO, and events need it")
		}
		add := func(local int64) { all = append(all, turn{local - o.from, o.from, o.to}) }
		add(o.start.local)
		for _, d := range o.dates {
			if d.start.utc {
				d.start.local += o.from
			}
			add(d.start.local)
		}
		for _, r := range o.rules {
			last := until + daySeconds
			if r.bound {
				u := r.until.local
				switch {
				case r.until.day:
					u += daySeconds - 1
				case r.until.utc:
					u += o.from
				}
				last = min(last, u)
			}
			err := r.each(o.start.local, o.start.local, last, left, func(local int64) bool {
				add(local)
				return len(all) < maxTurns
			})
			if err != nil || len(all) >= maxTurns {
				return nil, wrong(r.line, "a time zone whose clocks are set more often than anybody's")
			}
		}
	}
	if len(all) == 0 {
		return nil, wrong(z.line, "a time zone without rules, and events need it")
	}
	slices.SortStableFunc(all, func(a, b turn) int { return cmp.Compare(a.utc, b.utc) })
	return all.distinct(), nil
}

// distinct keeps the last of turns at one moment.
func (t turns) distinct() turns {
	out := t[:0]
	for _, x := range t {
		if n := len(out); n > 0 && out[n-1].utc == x.utc {
			out[n-1] = x
			continue
		}
		out = append(out, x)
	}
	return out
}

// Zone finds a time zone by its name in the database or in Windows.
func Zone(name string) (*time.Location, error) {
	if loc := known(name); loc != nil {
		return loc, nil
	}
	return nil, fmt.Errorf("nobody knows the time zone %q", name)
}
