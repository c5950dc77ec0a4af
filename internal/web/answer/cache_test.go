package answer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// thingOf makes the Thing numbered i.
func thingOf(i int) Thing { return Thing(fmt.Sprint("thing:", i)) }

// world is the truth that pages show: a version for every thing, changed first
// and touched afterwards, as a transaction and its AfterCommit do.
type world struct {
	cache    *Cache
	versions []atomic.Int64
}

func newWorld(n int, budget int64) *world {
	return &world{cache: NewCache(budget), versions: make([]atomic.Int64, n)}
}

func (w *world) change(i int) int64 {
	v := w.versions[i].Add(1)
	w.cache.Touch(thingOf(i))
	return v
}

// read asks for the page that shows the things and returns the versions shown.
// between runs after the first version was read: writes may slip in there.
func (w *world) read(things []int, between func()) ([]int64, error) {
	k := pageKey{uri: fmt.Sprint(things)}
	p := w.cache.find(k)
	if p == nil {
		var err error
		p, err = w.cache.page(context.Background(), k, func() (*page, error) {
			var b strings.Builder
			var names []Thing
			for n, i := range things {
				fmt.Fprintf(&b, "%d ", w.versions[i].Load())
				names = append(names, thingOf(i))
				if n == 0 && between != nil {
					between()
				}
			}
			return newPage("text/plain", []byte(b.String()), identity, names, nil), nil
		})
		if err != nil {
			return nil, err
		}
	}
	var shown []int64
	for _, f := range strings.Fields(string(p.body.Load().bytes)) {
		var v int64
		fmt.Sscan(f, &v)
		shown = append(shown, v)
	}
	return shown, nil
}

// One writer at a time, every interleaving of a write inside the making of a
// page: what is shown is never older than what was touched before the reader
// came.
func TestCache_model(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(4, rapid.Int64Range(1000, 20_000).Draw(t, "budget"))
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "write") {
				w.change(rapid.IntRange(0, 3).Draw(t, "thing"))
				continue
			}
			things := rapid.SliceOfNDistinct(rapid.IntRange(0, 3), 1, 4, rapid.ID).Draw(t, "things")
			atLeast := make([]int64, len(things))
			for n, i := range things {
				atLeast[n] = w.versions[i].Load()
			}
			var between func()
			if rapid.Bool().Draw(t, "write while making") {
				i := rapid.IntRange(0, 3).Draw(t, "slips in")
				between = func() { w.change(i) }
			}
			shown, err := w.read(things, between)
			if err != nil {
				t.Fatal(err)
			}
			for n := range things {
				if shown[n] < atLeast[n] {
					t.Fatalf("thing %d is shown as %d, was %d", things[n], shown[n], atLeast[n])
				}
			}
			w.check(t)
		}
	})
}

// check holds the cache's own books against one another.
func (w *world) check(t interface{ Fatalf(string, ...any) }) {
	c := w.cache
	c.mu.Lock()
	defer c.mu.Unlock()
	var size int64
	for _, p := range c.pages {
		size += p.size
	}
	if size != c.size || size > c.budget || len(c.pages) != c.order.Len() {
		t.Fatalf("%d bytes counted as %d of %d; %d pages, %d in order", size, c.size, c.budget, len(c.pages), c.order.Len())
	}
	for thing, ps := range c.byThing {
		for p := range ps {
			if c.pages[p.key] != p {
				t.Fatalf("%s leads to a page that is gone", thing)
			}
		}
	}
	if len(c.flights) != 0 || len(c.flying) != 0 {
		t.Fatalf("%d and %d flights left over", len(c.flights), len(c.flying))
	}
}

// Many readers and writers at once: no reader is shown a version older than one
// that was touched before the reader came.
func TestCache_concurrent(t *testing.T) {
	t.Parallel()
	const things, readers, writers, rounds = 5, 6, 3, 400
	w := newWorld(things, 8_000)
	var touched [things]atomic.Int64 // versions whose Touch has returned
	var wg sync.WaitGroup
	for n := range writers {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(n)))
			for range rounds {
				i := r.IntN(things)
				v := w.change(i)
				for old := touched[i].Load(); old < v && !touched[i].CompareAndSwap(old, v); old = touched[i].Load() {
				}
			}
		})
	}
	for n := range readers {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(2, uint64(n)))
			for range rounds {
				shows := r.Perm(things)[:1+r.IntN(3)]
				atLeast := make([]int64, len(shows))
				for j, i := range shows {
					atLeast[j] = touched[i].Load()
				}
				shown, err := w.read(shows, nil)
				if err != nil {
					t.Error(err)
					return
				}
				for j := range shows {
					if shown[j] < atLeast[j] {
						t.Errorf("thing %d is shown as %d, was %d", shows[j], shown[j], atLeast[j])
						return
					}
				}
			}
		})
	}
	wg.Wait()
	w.check(t)
}

func TestCache_makesAPageOnceForMany(t *testing.T) {
	t.Parallel()
	c := NewCache(1 << 20)
	k := pageKey{uri: "/a"}
	var made atomic.Int32
	begun, finish := make(chan struct{}), make(chan struct{})
	make := func() (*page, error) {
		made.Add(1)
		close(begun)
		<-finish
		return newPage("text/plain", []byte("a"), identity, nil, nil), nil
	}
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if p, err := c.page(context.Background(), k, make); err != nil || p == nil {
				t.Error(p, err)
			}
		})
	}
	<-begun
	close(finish)
	wg.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
}

// Whoever comes after a change is not given a page that was begun before it.
func TestCache_nobodyJoinsAnOutdatedFlight(t *testing.T) {
	t.Parallel()
	c := NewCache(1 << 20)
	k := pageKey{uri: "/a"}
	begun, finish := make(chan struct{}), make(chan struct{})
	old := make(chan string, 1)
	go func() {
		p, err := c.page(context.Background(), k, func() (*page, error) {
			close(begun)
			<-finish
			return newPage("text/plain", []byte("old"), identity, []Thing{"a"}, nil), nil
		})
		if err != nil {
			old <- err.Error()
			return
		}
		old <- string(p.body.Load().bytes)
	}()
	<-begun
	c.Touch("a")
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second) // joining would wait for ever
	defer cancel()
	p, err := c.page(ctx, k, func() (*page, error) {
		return newPage("text/plain", []byte("new"), identity, []Thing{"a"}, nil), nil
	})
	if err != nil || string(p.body.Load().bytes) != "new" {
		t.Fatalf("after the change: %v %v", p, err)
	}
	close(finish)
	if got := <-old; got != "old" {
		t.Errorf("who came before: %s", got)
	}
	if p := c.find(k); p == nil || string(p.body.Load().bytes) != "new" {
		t.Error("the outdated page has pushed the new one out")
	}
}

func TestCache_waitersSurviveAPanic(t *testing.T) {
	t.Parallel()
	c := NewCache(1 << 20)
	begun, finish := make(chan struct{}), make(chan struct{})
	go func() {
		defer func() { recover() }()
		c.page(context.Background(), pageKey{}, func() (*page, error) { close(begun); <-finish; panic("bug") })
	}()
	<-begun
	joined := make(chan error, 1)
	go func() {
		_, err := c.page(context.Background(), pageKey{}, func() (*page, error) { return nil, errAbandoned })
		joined <- err
	}()
	close(finish)
	if err := <-joined; !errors.Is(err, errAbandoned) {
		t.Errorf("got %v", err)
	}
}

func TestCache_dropsWhatIsLeastRead(t *testing.T) {
	t.Parallel()
	c := NewCache(20 * 2000)
	add := func(i int) {
		k := pageKey{uri: fmt.Sprint(i)}
		_, err := c.page(context.Background(), k, func() (*page, error) {
			return newPage("image/png", make([]byte, 1200), identity, []Thing{"all"}, nil), nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	add(0)
	for i := range 200 {
		c.find(pageKey{uri: "0"})
		add(i + 1)
	}
	if n, size := c.Size(); n < 15 || size > 40_000 {
		t.Errorf("%d pages, %d bytes", n, size)
	}
	if c.find(pageKey{uri: "0"}) == nil {
		t.Error("the busiest page was dropped")
	}
	if c.find(pageKey{uri: "100"}) != nil {
		t.Error("a page read once was kept")
	}
}
