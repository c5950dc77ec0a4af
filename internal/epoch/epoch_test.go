package epoch_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/epoch"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func Example() {
	now := at("2026-11-25T18:00:00Z")
	fmt.Println(epoch.Day(now), epoch.Week(now), epoch.Of(now), epoch.Tick(now))
	fmt.Println(epoch.Start(epoch.Of(now)).Format(time.RFC1123), epoch.BatchTick(epoch.Tick(now)))
	// Output:
	// 20782 2968 742 498786
	// Mon, 23 Nov 2026 00:00:00 UTC false
}

// Values computed by hand from the calendar on the wall.
func TestCalendar_known(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		when             string
		day, week, epoch int
	}{
		{"1970-01-01T00:00:00Z", 0, -1, -1},
		{"1970-01-04T23:59:59Z", 3, -1, -1},
		{"1970-01-05T00:00:00Z", 4, 0, 0},
		{"1970-01-11T23:59:59Z", 10, 0, 0},
		{"1970-02-01T23:59:59Z", 31, 3, 0},
		{"1970-02-02T00:00:00Z", 32, 4, 1},
		{"1969-12-31T23:59:59Z", -1, -1, -1},
		{"2026-11-22T23:59:59Z", 20779, 2967, 741},
		{"2026-11-23T01:59:59+02:00", 20779, 2967, 741},
		{"2026-11-23T00:00:00Z", 20780, 2968, 742},
	} {
		when := at(c.when)
		if d, w, e := epoch.Day(when), epoch.Week(when), epoch.Of(when); d != c.day || w != c.week || e != c.epoch {
			t.Errorf("%s: day %d, week %d, epoch %d; want %d, %d, %d", c.when, d, w, e, c.day, c.week, c.epoch)
		}
	}
}

func TestCalendar_fitsTogether(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		when := time.Unix(rapid.Int64Range(-1<<33, 1<<35).Draw(t, "seconds"), 0)
		e, day, tick := epoch.Of(when), epoch.Day(when), epoch.Tick(when)
		if epoch.Start(e).After(when) || !epoch.End(e).After(when) || epoch.End(e).Sub(epoch.Start(e)) != 28*24*time.Hour {
			t.Fatalf("%v lies not in its epoch %d", when, e)
		}
		if epoch.Start(e).Weekday() != time.Monday || epoch.StartOfDay(epoch.FirstDayOfWeek(epoch.Week(when))).Weekday() != time.Monday {
			t.Fatal("an epoch or a week begins on no Monday")
		}
		if epoch.Week(when)/epoch.WeeksOfEpoch != e && e >= 0 {
			t.Fatalf("week %d is not of epoch %d", epoch.Week(when), e)
		}
		if epoch.DayOfTick(tick) != day || epoch.OfTick(tick) != e || epoch.StartOfTick(tick).After(when) || !epoch.StartOfTick(tick+1).After(when) {
			t.Fatalf("tick %d of %v", tick, when)
		}
		next := epoch.NextBatchTick(tick)
		if !epoch.BatchTick(next) || next <= tick || next-tick > 7*24 || epoch.Tick(epoch.StartOfTick(next)) != next {
			t.Fatalf("batch tick %d after %d", next, tick)
		}
		for b := tick + 1; b < next; b++ {
			if epoch.BatchTick(b) {
				t.Fatalf("%d is a batch tick before %d", b, next)
			}
		}
	})
}
