package safe

import (
	"net/http"
	"sync"
	"time"
)

const (
	bagsAtOnce = 2
	bagTime    = time.Minute      // in which the body of a delivery has to arrive
	fairTime   = 10 * time.Second // the same for whoever keeps another one waiting
)

// bags are the deliveries in memory, few because each may be long. Anybody may bring
// one; so that nobody keeps the letterbox out with slow lines, one that is on its line
// for longer than is fair makes room when another waits.
type bags struct {
	places chan struct{}
	fair   time.Duration
	look   time.Duration // how often whoever waits looks at the others
	mu     sync.Mutex
	onLine map[*bag]time.Time // those that arrive, or whose answers leave, and since when
}

type bag struct {
	of   *bags
	line *http.ResponseController
}

func newBags() *bags {
	return &bags{places: make(chan struct{}, bagsAtOnce), fair: fairTime, look: time.Second, onLine: map[*bag]time.Time{}}
}

// take waits for a place; nil when who asks has gone. Give it back with leave.
func (b *bags) take(w http.ResponseWriter, r *http.Request) *bag {
	look := time.NewTicker(b.look)
	defer look.Stop()
	for {
		select {
		case b.places <- struct{}{}:
			one := &bag{b, http.NewResponseController(w)}
			one.moves()
			return one
		case <-r.Context().Done():
			return nil
		case <-look.C:
			b.hurry()
		}
	}
}

// hurry cuts the lines of those that had their time.
func (b *bags) hurry() {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now() // a socket's clock is the machine's
	for one, since := range b.onLine {
		if now.Sub(since) >= b.fair {
			_ = one.line.SetReadDeadline(now)
			_ = one.line.SetWriteDeadline(now)
		}
	}
}

// moves says that the bag is on its line from now on; rests, that it is not.
func (one *bag) moves() {
	one.of.mu.Lock()
	defer one.of.mu.Unlock()
	one.of.onLine[one] = time.Now()
}

func (one *bag) rests() {
	one.of.mu.Lock()
	defer one.of.mu.Unlock()
	delete(one.of.onLine, one)
}

func (one *bag) leave() {
	one.rests()
	<-one.of.places
}
