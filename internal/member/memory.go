package member

import (
	"sync"
	"time"
)

// known is what a session needs of an account.
type known struct {
	account Account
	devices map[string]bool
}

// accountCache remembers the accounts that were here lately. It drops
// everything when full: simpler than an LRU, and learning again is two rows.
type accountCache struct {
	mu      sync.RWMutex
	max     int
	entries map[ID]known
	forgets uint64
}

func newAccountCache(max int) *accountCache {
	return &accountCache{max: max, entries: map[ID]known{}}
}

func (c *accountCache) get(id ID) (known, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	k, ok := c.entries[id]
	return k, ok
}

// mark is taken before the rows are read: what was forgotten since then must
// not be remembered from an older read.
func (c *accountCache) mark() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.forgets
}

func (c *accountCache) put(id ID, k known, mark uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.forgets != mark {
		return
	}
	if len(c.entries) >= c.max {
		clear(c.entries)
	}
	c.entries[id] = k
}

func (c *accountCache) forget(id ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgets++
	delete(c.entries, id)
}

// queue lets n through in each period.
type queue struct {
	now    func() time.Time
	n      int
	period time.Duration

	mu   sync.Mutex
	past []time.Time
}

func newQueue(now func() time.Time, n int, period time.Duration) *queue {
	return &queue{now: now, n: n, period: period}
}

// take lets one through and returns 0, or the time to wait.
func (q *queue) take() time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	for i, at := range q.past {
		if at.After(now) { // the clock was set back: nobody waits for it to come round again
			q.past[i] = now
		}
	}
	for len(q.past) > 0 && now.Sub(q.past[0]) >= q.period {
		q.past = q.past[1:]
	}
	if len(q.past) >= q.n {
		return q.period - now.Sub(q.past[0])
	}
	q.past = append(q.past, now)
	return 0
}
