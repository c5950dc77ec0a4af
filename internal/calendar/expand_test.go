package calendar

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestRule_shortcut: beginning near what is asked for gives what walking there gives.
func TestRule_shortcut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
		freq := pick("freq", frequencies[:6]...)
		parts := []string{"FREQ=" + freq, "INTERVAL=" + pick("interval", "1", "2", "3", "7", "31")}
		for _, p := range []string{
			pick("month", "", "BYMONTH=2,3,11"), pick("day", "", "BYDAY=MO,2TU,-1FR"), pick("date", "", "BYMONTHDAY=-1,1,29"),
			pick("hour", "", "BYHOUR=1,9"), pick("week", "", "WKST=SU"), pick("number", "", "BYWEEKNO=1,-1,53"), pick("year", "", "BYYEARDAY=-1,60"),
		} {
			if p != "" && (freq != "MINUTELY" || !strings.HasPrefix(p, "INTERVAL")) {
				parts = append(parts, p)
			}
		}
		if strings.Contains(strings.Join(parts, ";"), ";BY") && rapid.Bool().Draw(t, "pos") {
			parts = append(parts, "BYSETPOS=1,-2")
		}
		r, err := readRule([]byte(strings.Join(parts, ";")), 1)
		if err != nil {
			t.Fatal(err)
		}
		start := dayOf(2019, 1, 1)*daySeconds + rapid.Int64Range(0, 2*366*daySeconds).Draw(t, "start")
		hint := start + rapid.Int64Range(0, 900*daySeconds).Draw(t, "hint")
		last := hint + rapid.Int64Range(0, 800*daySeconds).Draw(t, "window")
		list := func(hint int64) []int64 {
			var out []int64
			if err := r.each(start, hint, last, &budget{1 << 40}, func(at int64) bool { out = append(out, at); return true }); err != nil {
				t.Fatal(err)
			}
			return out
		}
		long, short := list(start), list(hint)
		keep := func(v []int64) []int64 { return slices.DeleteFunc(v, func(at int64) bool { return at < hint }) }
		if long, short = keep(long), keep(short); !slices.Equal(long, short) {
			t.Fatalf("%s: %d from the start, %d by the shortcut", strings.Join(parts, ";"), len(long), len(short))
		}
		if !slices.IsSorted(long) {
			t.Fatalf("%s: out of order", strings.Join(parts, ";"))
		}
	})
}

func TestDate_thereAndBack(t *testing.T) {
	t.Parallel()
	for n := dayOf(1, 1, 1); n < dayOf(2500, 1, 1); n += 5 {
		if y, m, d := dateOf(n); dayOf(y, m, d) != n || d > monthDays(y, m) {
			t.Fatalf("day %d is %d-%d-%d", n, y, m, d)
		}
	}
}
