package calendar

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// rulesOf reads rules that must be right.
func rulesOf(t interface{ Fatal(...any) }, text string) Rules {
	r, err := ReadRules([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// shownIn prints slots by the clock of a zone.
func shownIn(all []Interval, loc *time.Location) string {
	var out []string
	for _, i := range all {
		out = append(out, i.Start.In(loc).Format("0102T1504")+"/"+i.End.In(loc).Format("1504"))
	}
	return strings.Join(out, " ")
}

func TestRules_Slots(t *testing.T) {
	t.Parallel()
	base := "zone=\"Europe/Paris\"\nlength=\"1h\"\n"
	week := "[hours]\nmonday=[\"09:00-12:00\"]\ntuesday=[\"09:00-10:00\",\"14:00-15:30\"]\n"
	at := func(day, hour int) time.Time { return time.Date(2026, 1, day, hour, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name, rules  string
		now          time.Time
		busy, booked []Interval
		want         string
	}{
		{name: "hours", rules: base + week, want: "0105T0900/1000 0105T1000/1100 0105T1100/1200 0106T0900/1000 0106T1400/1500"},
		{name: "smaller steps", rules: base + "step=\"30m\"\n" + week, want: "0105T0900/1000 0105T0930/1030 0105T1000/1100 0105T1030/1130 0105T1100/1200 0106T0900/1000 0106T1400/1500 0106T1430/1530"},
		{name: "busy", rules: base + week, busy: []Interval{{at(5, 8), at(5, 9)}}, want: "0105T1000/1100 0105T1100/1200 0106T0900/1000 0106T1400/1500"},
		{name: "kept free", rules: base + "before=\"1m\"\n" + week, busy: []Interval{{at(5, 8), at(5, 9)}}, want: "0105T1100/1200 0106T0900/1000 0106T1400/1500"},
		{name: "kept free after", rules: base + "after=\"1h\"\n" + week, busy: []Interval{{at(5, 11), at(5, 12)}}, want: "0105T0900/1000 0105T1000/1100 0106T0900/1000 0106T1400/1500"},
		{name: "notice", rules: base + "notice=\"1d\"\n" + week, now: at(4, 9), want: "0105T1000/1100 0105T1100/1200 0106T0900/1000 0106T1400/1500"},
		{name: "horizon", rules: base + "horizon=1\n" + week, now: at(4, 9), want: "0105T0900/1000 0105T1000/1100 0105T1100/1200"},
		{name: "a full day", rules: base + "daily=2\n" + week, booked: []Interval{{at(5, 8), at(5, 9)}, {at(5, 9), at(5, 10)}, {at(6, 8), at(6, 9)}}, want: "0106T1400/1500"},
		{name: "exceptions", rules: base + week + "[exceptions]\n2026-01-05=[]\n2026-01-07=[\"23:00-24:00\"]\n", want: "0106T0900/1000 0106T1400/1500 0107T2300/0000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := rulesOf(t, c.rules)
			if c.now.IsZero() {
				c.now = at(1, 0)
			}
			got := shownIn(r.Slots(at(4, 0), at(9, 0), c.now, c.busy, c.booked), r.Zone)
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestReadRules_refuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"zone=\"Europe/Paris\"\n":                                                        "1: length",
		"zone=\"Mars\"\nlength=\"1h\"":                                                   "1: zone",
		"zone=\"UTC\"\nlength=\"1 hour\"":                                                "2: length",
		"zone=\"UTC\"\nlength=\"1h\"\n[hours]\nmonday=[\"9-12\"]":                        "4: monday",
		"zone=\"UTC\"\nlength=\"1h\"\n[hours]\nlundi=[\"09:00-12:00\"]":                  "4: lundi",
		"zone=\"UTC\"\nlength=\"1h\"\n[hours]\nmonday=[\"22:00-02:00\"]":                 "4: monday",
		"zone=\"UTC\"\nlength=\"1h\"\n[hours]\nmonday=[\"08:00-12:00\",\"11:00-13:00\"]": "4: monday",
		"zone=\"UTC\"\nlength=\"1h\"\n[exceptions]\n2026-02-30=[]":                       "4: 2026-02-30",
		"zone=\"UTC\"\nlength=\"1h\"\nbuffer=\"1h\"":                                     "3: \"buffer\"",
		"zone=\"UTC\"\nlength=":                                                          "2: ",
	} {
		_, err := ReadRules([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

// TestSlots_everyZone looks for slots around the settings of clocks in every zone.
func TestSlots_everyZone(t *testing.T) {
	t.Parallel()
	for _, name := range everyZone(t) {
		loc, err := Zone(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, turn := range turnsOf(loc, 2026, 2028) {
			rules := rulesOf(t, fmt.Sprintf("zone=%q\nlength=\"30m\"\nstep=\"15m\"\n[hours]\nsunday=[\"00:00-03:15\",\"22:30-24:00\"]\nmonday=[\"00:00-24:00\"]\nfriday=[\"00:00-24:00\"]\nsaturday=[\"00:30-03:30\",\"12:00-24:00\"]\n", name))
			checkSlots(t, rules, turn.Add(-36*time.Hour), turn.Add(36*time.Hour), nil)
		}
	}
}

// checkSlots holds slots against the rules by a clock of the standard library.
func checkSlots(t interface {
	Fatal(...any)
	Fatalf(string, ...any)
}, r Rules, from, to time.Time, busy []Interval) int {
	all := r.Slots(from, to, from, busy, nil)
	for _, s := range all {
		if s.End.Sub(s.Start) != r.Length || s.Start.Before(from.Add(r.Notice)) || s.End.After(to) {
			t.Fatalf("slot %v of %v is out of [%v, %v)", s, r.Length, from, to)
		}
		for _, b := range busy {
			if b.Start.Before(s.End.Add(r.After)) && s.Start.Add(-r.Before).Before(b.End) {
				t.Fatalf("slot %v touches %v", s, b)
			}
		}
		// Every minute of it lies within the same hours of the same date.
		first := s.Start.In(r.Zone)
		hours := r.Week[(int(first.Weekday())+6)%7]
		if other, ok := r.Exceptions[first.Format(time.DateOnly)]; ok {
			hours = other
		}
		i := slices.IndexFunc(hours, func(h Hours) bool { m := first.Hour()*60 + first.Minute(); return m >= h.From && m < h.To })
		if i < 0 {
			t.Fatalf("slot %v begins in no hours", first)
		}
		for m := s.Start; m.Before(s.End); m = m.Add(time.Minute) {
			l := m.In(r.Zone)
			if n := l.Hour()*60 + l.Minute(); n < hours[i].From || n >= hours[i].To || l.YearDay() != first.YearDay() {
				t.Fatalf("slot %v runs out of %v at %v", first, hours[i], l)
			}
		}
	}
	return len(all)
}

func TestSlots_property(t *testing.T) {
	t.Parallel()
	zones := everyZone(t)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(zones).Draw(t, "zone")
		loc, _ := Zone(name)
		minutes := func(label string, lo, hi int) time.Duration {
			return time.Duration(rapid.IntRange(lo, hi).Draw(t, label)) * time.Minute
		}
		r := Rules{Zone: loc, Length: minutes("length", 5, 120), Step: minutes("step", 5, 60), Before: minutes("before", 0, 60), After: minutes("after", 0, 60), Notice: minutes("notice", 0, 3000), Exceptions: map[string][]Hours{}}
		drawHours := func(label string) []Hours {
			var out []Hours
			at := 0
			for range rapid.IntRange(0, 3).Draw(t, label) {
				a := at + rapid.IntRange(0, 600).Draw(t, "from")
				b := a + rapid.IntRange(1, 600).Draw(t, "to")
				if b > 24*60 {
					break
				}
				out, at = append(out, Hours{a, b}), b
			}
			return out
		}
		for d := range r.Week {
			r.Week[d] = drawHours("day")
		}
		from := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, "at"), 0).UTC().Truncate(time.Minute)
		r.Exceptions[from.AddDate(0, 0, 2).Format(time.DateOnly)] = drawHours("exception")
		var busy []Interval
		for range rapid.IntRange(0, 12).Draw(t, "busy") {
			a := from.Add(minutes("begin", -600, 9000))
			busy = append(busy, Interval{a, a.Add(minutes("for", 1, 400))})
		}
		checkSlots(t, r, from, from.AddDate(0, 0, 6), busy)
	})
}

// TestSlots_missesNothing holds the free slots against asking every step by itself.
func TestSlots_missesNothing(t *testing.T) {
	t.Parallel()
	r := rulesOf(t, aWeek)
	from := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		var busy []Interval
		for range rapid.IntRange(0, 20).Draw(t, "busy") {
			a := from.Add(time.Duration(rapid.IntRange(0, 7*24*12).Draw(t, "begin")) * 5 * time.Minute)
			busy = append(busy, Interval{a, a.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "for")) * 5 * time.Minute)})
		}
		free := func(s Interval) bool {
			return !slices.ContainsFunc(busy, func(b Interval) bool {
				return b.Start.Before(s.End.Add(r.After)) && s.Start.Add(-r.Before).Before(b.End)
			})
		}
		var want []Interval
		for _, s := range r.Slots(from, from.AddDate(0, 0, 7), from, nil, nil) {
			if free(s) {
				want = append(want, s)
			}
		}
		got := r.Slots(from, from.AddDate(0, 0, 7), from, busy, nil)
		if !slices.Equal(got, want) {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
	})
}
