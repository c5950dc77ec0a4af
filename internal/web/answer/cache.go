package answer

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// Thing names something a page shows, such as "discussion:ID", "front" or
// "topic:KEY". Whoever changes the thing touches it.
type Thing string

// Cache keeps pages of readers who are not signed in, rendered and compressed.
// It is safe for concurrent use. A page is made once for many who ask at the
// same time, is dropped by Touch, and is never stored when something it shows
// was touched while it was being made.
type Cache struct {
	budget int64 // bytes

	mu      sync.RWMutex
	pages   map[pageKey]*page
	byThing map[Thing]map[*page]struct{}
	order   *list.List // of *page; front is the newest
	size    int64
	flights map[pageKey]*flight  // those a newcomer may join
	flying  map[*flight]struct{} // all that are on their way
}

// pageKey finds a page: its canonical address, how it is looked at, and how it
// is compressed.
type pageKey struct {
	uri    string
	look   look
	coding coding
}

// flight is one page on its way.
type flight struct {
	landed  chan struct{}
	touched map[Thing]struct{} // what was touched since it took off
	awaited bool               // somebody else waits for it
	page    *page
	err     error
}

// pageOverhead is what an entry costs beside its bytes and its address.
const pageOverhead = 700

// NewCache makes a cache that holds at most about budget bytes.
func NewCache(budget int64) *Cache {
	return &Cache{
		budget:  budget,
		pages:   make(map[pageKey]*page),
		byThing: make(map[Thing]map[*page]struct{}),
		order:   list.New(),
		flights: make(map[pageKey]*flight),
		flying:  make(map[*flight]struct{}),
	}
}

// Touch tells that the things have changed: when it returns, every page that
// shows one of them is gone, and a reader who comes now is shown the new state.
// Call it by db.AfterCommit, so that it runs before the write is acknowledged.
func (c *Cache) Touch(things ...Thing) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range things {
		for p := range c.byThing[t] {
			c.drop(p)
		}
		for f := range c.flying {
			f.touched[t] = struct{}{}
		}
	}
	// Who comes from now on must not be given a page begun before the change,
	// and what a page on its way will show is known only when it has landed.
	clear(c.flights)
}

// Size tells how many pages are kept and how many bytes they hold.
func (c *Cache) Size() (pages int, bytes int64) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.pages), c.size
}

// find returns the page kept under k, or nil.
func (c *Cache) find(k pageKey) *page {
	c.mu.RLock()
	p := c.pages[k]
	c.mu.RUnlock()
	if p != nil && !p.used.Load() {
		p.used.Store(true)
	}
	return p
}

// errAbandoned is what those waiting get when the one who made the page did not
// finish (it panicked).
var errAbandoned = errors.New("answer: the page was not finished")

// page returns the page of k: kept, from a flight begun before this call that
// nothing has overtaken, or made now. render reports what the page shows; it must
// read the hall's state only after it was called. What it lends the page must
// last until the caller has given the page to its reader.
func (c *Cache) page(ctx context.Context, k pageKey, render func() (*page, error)) (*page, error) {
	c.mu.Lock()
	if p := c.pages[k]; p != nil {
		c.mu.Unlock()
		return p, nil
	}
	if f := c.flights[k]; f != nil {
		f.awaited = true
		c.mu.Unlock()
		select {
		case <-f.landed:
			return f.page, f.err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	f := &flight{landed: make(chan struct{}), touched: make(map[Thing]struct{}), err: errAbandoned}
	c.flights[k] = f
	c.flying[f] = struct{}{}
	c.mu.Unlock()

	defer c.land(k, f)
	f.page, f.err = render()
	return f.page, f.err
}

// land ends a flight and keeps its page if nothing it shows was touched.
func (c *Cache) land(k pageKey, f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer close(f.landed)
	delete(c.flying, f)
	if c.flights[k] == f {
		delete(c.flights, k)
	}
	if f.err != nil {
		return
	}
	if f.awaited {
		f.page.own()
	}
	if f.fresh() {
		c.keep(k, f.page)
	}
}

// fresh tells whether nothing the page shows changed while it was made.
func (f *flight) fresh() bool {
	for _, t := range f.page.things {
		if _, stale := f.touched[t]; stale {
			return false
		}
	}
	return true
}

// keep stores p and makes room for it. The caller holds the lock.
func (c *Cache) keep(k pageKey, p *page) {
	if other := c.pages[k]; other != nil {
		c.drop(other)
	}
	p.key = k
	p.size = p.weight()
	if p.size > c.budget/4 { // one giant must not empty the house
		return
	}
	p.own()
	c.pages[k] = p
	p.place = c.order.PushFront(p)
	c.size += p.size
	for _, t := range p.things {
		if c.byThing[t] == nil {
			c.byThing[t] = make(map[*page]struct{})
		}
		c.byThing[t][p] = struct{}{}
	}
	c.shrink()
}

// shrink drops the pages longest unread until the budget holds; a page read
// since it last stood at the end gets a second chance.
func (c *Cache) shrink() {
	for c.size > c.budget {
		last := c.order.Back()
		if last == nil {
			return
		}
		p := last.Value.(*page)
		if p.used.Swap(false) && last != c.order.Front() {
			c.order.MoveToFront(last)
			continue
		}
		c.drop(p)
	}
}

// drop forgets p. The caller holds the lock.
func (c *Cache) drop(p *page) {
	if c.pages[p.key] != p {
		return
	}
	delete(c.pages, p.key)
	c.order.Remove(p.place)
	c.size -= p.size
	for _, t := range p.things {
		delete(c.byThing[t], p)
		if len(c.byThing[t]) == 0 {
			delete(c.byThing, t)
		}
	}
}

// resize counts p's bytes anew after its body was pressed harder.
func (c *Cache) resize(p *page) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pages[p.key] == p {
		c.size -= p.size
		p.size = p.weight()
		c.size += p.size
	}
}

// page is one kept answer.
type page struct {
	key    pageKey
	things []Thing
	place  *list.Element
	size   int64
	used   atomic.Bool
	asked  atomic.Int32
	body   atomic.Pointer[body]

	contentType []string
	shared      bool // other sites may show it
	etag        []string
	counts      *pageCounts
}

// body is the bytes of a page and the headers that speak of them.
type body struct {
	bytes  []byte
	length []string
	coding []string // nil for identity
	how    coding
	lent   bool // the bytes are good only until the one who made the page has given it
}

// weight is what p costs to keep.
func (p *page) weight() int64 {
	n := int64(len(p.body.Load().bytes)) + int64(len(p.key.uri)) + pageOverhead
	for _, t := range p.things {
		n += int64(len(t)) + 64
	}
	return n
}
