package quota

import (
	"math"
	"sync"
	"time"

	"guildhall/internal/fault"
)

// Limit allows Count acts within any span of length Per.
type Limit struct {
	Count int
	Per   time.Duration
}

// Meter counts acts by key, each key against the same limits. It is safe for
// concurrent use.
type Meter struct {
	now    func() time.Time
	limits []Limit
	max    int // keys counted apart; the rest share one counter

	mu      sync.Mutex
	tallies map[string]*tally
	swept   time.Time
}

// defaultKeys bounds a meter to some 10 MB with two limits.
const defaultKeys = 50_000

// sharedKey is where newcomers are counted while the meter is full. No real
// key is empty: Take refuses to treat one apart.
const sharedKey = ""

// sharedFactor is how many times a limit the shared counter allows.
const sharedFactor = 32

// tally holds one pair of neighbouring windows for each limit.
type tally struct {
	windows []window
}

// window counts acts in the current span and in the one before it.
type window struct {
	index     int64 // number of the current span since the Unix epoch
	now, then int32
}

// New makes a meter whose clock is now and whose keys are held to every one of
// the limits.
func New(now func() time.Time, limits ...Limit) *Meter {
	return &Meter{now: now, limits: limits, max: defaultKeys, tallies: make(map[string]*tally)}
}

// Take counts one act of key. When that would exceed a limit it counts nothing
// and returns a fault.TooMany, whose sentence tells the minutes to wait.
func (m *Meter) Take(key string) error {
	return m.TakeN(key, 1)
}

// TakeN counts n acts at once, or none: see Take.
func (m *Meter) TakeN(key string, n int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	t, factor := m.find(key, now)
	for i, l := range m.limits {
		if wait := t.windows[i].wait(now, l, n, factor); wait > 0 {
			return later(wait)
		}
	}
	for i := range t.windows {
		t.windows[i].now += int32(n)
	}
	return nil
}

// Check tells what Take would, without counting.
func (m *Meter) Check(key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	t, known := m.tallies[key]
	if !known {
		return nil
	}
	for i, l := range m.limits {
		if wait := t.windows[i].wait(now, l, 1, 1); wait > 0 {
			return later(wait)
		}
	}
	return nil
}

// Forget lets key begin anew: what was counted was wanted after all.
func (m *Meter) Forget(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if key != sharedKey {
		delete(m.tallies, key)
	}
}

// later is the fault for a wait; minutes are rounded up, so that obeying helps.
func later(wait time.Duration) error {
	return fault.New(fault.TooMany, "fault.wait_minutes", int(math.Ceil(wait.Minutes())))
}

// find returns the counter of key and how many keys share it. The caller holds
// the lock.
func (m *Meter) find(key string, now time.Time) (*tally, int) {
	if t := m.tallies[key]; t != nil && key != sharedKey {
		return t, 1
	}
	factor := 1
	if len(m.tallies) >= m.max {
		m.sweep(now)
	}
	if len(m.tallies) >= m.max || key == sharedKey {
		key, factor = sharedKey, sharedFactor
	}
	t := m.tallies[key]
	if t == nil {
		t = &tally{windows: make([]window, len(m.limits))}
		m.tallies[key] = t
	}
	return t, factor
}

// sweep forgets the keys that have nothing left to remember; at most once a
// minute, so that a flood does not make every act walk the table.
func (m *Meter) sweep(now time.Time) {
	if since := now.Sub(m.swept); since >= 0 && since < time.Minute {
		return
	}
	m.swept = now
	for key, t := range m.tallies {
		if t.idle(now, m.limits) {
			delete(m.tallies, key)
		}
	}
}

// idle tells whether no window of t counts any more.
func (t *tally) idle(now time.Time, limits []Limit) bool {
	for i, l := range limits {
		w := t.windows[i]
		w.turn(now, l.Per)
		if w.now+w.then > 0 {
			return false
		}
	}
	return true
}

// turn moves the window to the span now lies in. A clock set back keeps the
// counts, so it gives nobody a second helping; set back by more than a span, it
// takes them along, so that they fade from then on and nobody waits until the
// clock has come round again.
func (w *window) turn(now time.Time, per time.Duration) {
	index := now.UnixNano() / int64(per)
	switch {
	case index < w.index-1:
		w.index = index
	case index <= w.index:
	case index == w.index+1:
		w.index, w.then, w.now = index, w.now, 0
	default:
		w.index, w.then, w.now = index, 0, 0
	}
}

// wait tells how long until n more acts fit into l; zero or less when they do.
func (w *window) wait(now time.Time, l Limit, n, factor int) time.Duration {
	w.turn(now, l.Per)
	room := float64(l.Count*factor - n)
	passed := time.Duration(max(0, now.UnixNano()-w.index*int64(l.Per)))
	passed = min(passed, l.Per)
	left := 1 - float64(passed)/float64(l.Per) // share of the earlier span that still counts
	if float64(w.now)+float64(w.then)*left <= room {
		return 0
	}
	if room < 0 { // more at once than ever fits
		return l.Per
	}
	if spare := room - float64(w.now); spare >= 0 { // the earlier span must fade to spare
		fade := time.Duration(float64(l.Per) * (1 - spare/float64(w.then)))
		return max(fade-passed, time.Second)
	}
	// The current span alone is too full: wait for its end, then for its fading.
	fade := time.Duration(float64(l.Per) * (1 - room/float64(w.now)))
	return max(l.Per-passed+fade, time.Second)
}
