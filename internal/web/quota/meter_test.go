package quota

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/fault"
)

type clock struct{ t time.Time }

func (c *clock) now() time.Time          { return c.t }
func (c *clock) forward(d time.Duration) { c.t = c.t.Add(d) }

func noon() *clock { return &clock{t: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)} }

func TestTake_refusesBeyondTheLimitAndSaysHowLong(t *testing.T) {
	t.Parallel()
	c := noon()
	m := New(c.now, Limit{Count: 3, Per: time.Hour})
	for range 3 {
		if err := m.Take("ana"); err != nil {
			t.Fatal(err)
		}
	}
	err := m.Take("ana")
	f := fault.From(err)
	if f.Kind != fault.TooMany || f.Key != "fault.wait_minutes" {
		t.Fatalf("the fourth: %v", err)
	}
	minutes := f.Args[0].(int)
	if minutes < 1 || minutes > 120 {
		t.Errorf("to wait %d minutes", minutes)
	}
	if err := m.Take("bo"); err != nil {
		t.Errorf("another key: %v", err)
	}
	c.forward(time.Duration(minutes) * time.Minute)
	if err := m.Take("ana"); err != nil {
		t.Errorf("after the wait it asked for: %v", err)
	}
}

func TestTake_holdsToEveryLimitAndCountsAllOrNothing(t *testing.T) {
	t.Parallel()
	c := noon()
	m := New(c.now, Limit{2, time.Minute}, Limit{5, 24 * time.Hour})
	taken := 0
	for range 20 {
		if m.Take("cleo") == nil {
			taken++
		}
		c.forward(time.Minute)
	}
	if taken != 5 {
		t.Errorf("took %d of the day's 5", taken)
	}
}

func TestTake_clockSetBackGivesNothing(t *testing.T) {
	t.Parallel()
	c := noon()
	m := New(c.now, Limit{1, time.Hour})
	if err := m.Take("dov"); err != nil {
		t.Fatal(err)
	}
	c.forward(-24 * time.Hour)
	if m.Take("dov") == nil {
		t.Error("a clock set back a day gave a second helping")
	}
	c.forward(2 * time.Hour)
	if err := m.Take("dov"); err != nil {
		t.Errorf("a clock set back a day locks out for longer than its limit: %v", err)
	}
}

func TestTake_fullMeterSharesOneCounter(t *testing.T) {
	t.Parallel()
	c := noon()
	m := New(c.now, Limit{1, time.Hour})
	m.max = 10
	for i := range 10 {
		if err := m.Take(fmt.Sprint("k", i)); err != nil {
			t.Fatal(err)
		}
	}
	taken := 0
	for i := range 1000 {
		if m.Take(fmt.Sprint("flood", i)) == nil {
			taken++
		}
	}
	if taken > sharedFactor {
		t.Errorf("a flood took %d", taken)
	}
	if m.Take("k3") == nil {
		t.Error("the flood washed an older count away")
	}
	if n := len(m.tallies); n > 11 {
		t.Errorf("%d keys kept of 10", n)
	}
	c.forward(3 * time.Hour)
	for i := range 5 {
		if err := m.Take(fmt.Sprint("later", i)); err != nil {
			t.Errorf("after the flood: %v", err)
		}
	}
}

func TestCheck_countsNothing(t *testing.T) {
	t.Parallel()
	c := noon()
	m := New(c.now, Limit{1, time.Hour})
	for range 3 {
		if err := m.Check("ana"); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Take("ana"); err != nil {
		t.Fatal(err)
	}
	if m.Check("ana") == nil {
		t.Error("a used-up quota reads as free")
	}
}

func TestForget_letsOneKeyBeginAnew(t *testing.T) {
	t.Parallel()
	m := New(noon().now, Limit{1, time.Hour})
	m.max = 2
	for _, key := range []string{"ana", "bo", "cleo"} { // the last shares a counter
		if err := m.Take(key); err != nil {
			t.Fatal(err)
		}
	}
	m.Forget("ana")
	m.Forget(sharedKey)
	m.Forget("nobody")
	for key, free := range map[string]bool{"ana": true, "bo": false, sharedKey: false} {
		if err := m.Check(key); (err == nil) != free {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func TestTake_concurrentNeverExceeds(t *testing.T) {
	t.Parallel()
	c := noon()
	m := New(c.now, Limit{50, time.Hour})
	var mu sync.Mutex
	var wg sync.WaitGroup
	taken := 0
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if m.Take("ana") == nil {
					mu.Lock()
					taken++
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	if taken != 50 {
		t.Errorf("took %d of 50", taken)
	}
}

// Against a list of true moments: no span of length Per ever holds more than
// twice the limit (the price of two windows instead of a list), a quota not
// touched for two spans is whole again, and obeying the asked wait always helps.
func TestTake_property(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := noon()
		l := Limit{Count: rapid.IntRange(1, 8).Draw(t, "count"), Per: time.Hour}
		m := New(c.now, l)
		var taken []time.Time
		for range rapid.IntRange(1, 60).Draw(t, "acts") {
			c.forward(time.Duration(rapid.IntRange(0, 3000).Draw(t, "pause")) * time.Second)
			err := m.Take("ana")
			if err == nil {
				taken = append(taken, c.t)
			} else if rapid.Bool().Draw(t, "obey") {
				c.forward(time.Duration(fault.From(err).Args[0].(int)) * time.Minute)
				if err := m.Take("ana"); err != nil {
					t.Fatalf("obeyed in vain: %v", err)
				}
				taken = append(taken, c.t)
			}
			within := 0
			for _, at := range taken {
				if c.t.Sub(at) < l.Per {
					within++
				}
			}
			if within > 2*l.Count {
				t.Fatalf("%d within %v of a limit of %d", within, l.Per, l.Count)
			}
		}
		c.forward(2 * l.Per)
		if err := m.TakeN("ana", l.Count); err != nil {
			t.Fatalf("after two quiet spans: %v", err)
		}
	})
}
