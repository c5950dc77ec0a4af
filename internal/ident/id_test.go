package ident

import (
	"slices"
	"sync"
	"testing"
	"time"
)

// clock is a clock that tests set.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

var start = time.Date(2026, 6, 3, 12, 0, 0, 0, time.UTC)

func TestMaker_sortsByTime(t *testing.T) {
	t.Parallel()
	c := &clock{t: start}
	m := NewMaker(c.now)
	var ids []string
	for i := range 5000 {
		switch {
		case i%100 == 99:
			c.add(time.Millisecond)
		case i == 2500:
			c.add(-24 * time.Hour)
		}
		ids = append(ids, m.New())
	}
	if !slices.IsSorted(ids) {
		t.Error("ids do not sort in the order in which they were made")
	}
	if ids = slices.Compact(ids); len(ids) != 5000 {
		t.Errorf("%d different ids, want 5000", len(ids))
	}
	for _, id := range ids {
		if !Valid(id) {
			t.Fatalf("%q is not valid", id)
		}
	}
}

func TestMaker_concurrent(t *testing.T) {
	t.Parallel()
	m := NewMaker(func() time.Time { return start })
	var (
		mu   sync.Mutex
		seen = map[string]bool{}
		wg   sync.WaitGroup
	)
	for range 8 {
		wg.Go(func() {
			for range 500 {
				id := m.New()
				mu.Lock()
				seen[id] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(seen) != 4000 {
		t.Errorf("%d different ids, want 4000", len(seen))
	}
}

func TestMaker_timeIsReadable(t *testing.T) {
	t.Parallel()
	m := NewMaker(func() time.Time { return start })
	var ms int64
	for _, r := range m.New()[:10] {
		ms = ms<<5 | int64(value[r])
	}
	// The first 10 characters are the 48 bits of time, as in ULID: 3 + 9·5 = 48.
	if ms != start.UnixMilli() {
		t.Errorf("the id says %d ms, want %d", ms, start.UnixMilli())
	}
}

func TestMaker_overflowBorrowsAMillisecond(t *testing.T) {
	t.Parallel()
	m := NewMaker(func() time.Time { return start })
	first := m.New()
	m.high, m.low = 0xFFFF, 1<<64-1
	second := m.New()
	if second <= first || m.last != start.UnixMilli()+1 {
		t.Errorf("%q does not sort after %q", second, first)
	}
}

func TestRandom(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		s := Random()
		if !Valid(s) || seen[s] {
			t.Fatalf("%q is not valid, or came twice", s)
		}
		seen[s] = true
	}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hi, lo uint64
		want   string
	}{
		{0, 0, "00000000000000000000000000"},
		{0, 31, "0000000000000000000000000z"},
		{1<<64 - 1, 1<<64 - 1, "7zzzzzzzzzzzzzzzzzzzzzzzzz"},
		{0, 1 << 63, "00000000000008000000000000"},
		{1, 0, "0000000000000g000000000000"},
	} {
		if got := encode(c.hi, c.lo); got != c.want {
			t.Errorf("encode(%x, %x) = %q, want %q", c.hi, c.lo, got, c.want)
		}
	}
}

func TestValid(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "0", "8zzzzzzzzzzzzzzzzzzzzzzzzz", "0000000000000000000000000i",
		"0000000000000000000000000O", "000000000000000000000000000", "0000000000000000000000000é"} {
		if Valid(s) {
			t.Errorf("Valid(%q) is true", s)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	m := NewMaker(func() time.Time { return start })
	for b.Loop() {
		m.New()
	}
}
