package account

import (
	"sync"
	"time"

	"guildhall/internal/fault"
)

// joined is what a browser gets for a joining.
type joined struct {
	session, codes, fresh string // sealed cookies
	to                    string
}

// joins lets a form of joining that arrives twice join once: the second gets
// what the first got, for it is the same browser that lost the answer. It lives
// in memory, for minutes.
type joins struct {
	now func() time.Time
	mu  sync.Mutex
	of  map[string]*attempt
}

// attempt is one form, found by its random key.
type attempt struct {
	at   time.Time
	done chan struct{}
	got  joined
	err  error
}

const (
	joinsKept = 5 * time.Minute
	joinsMost = 4096
)

func newJoins(now func() time.Time) *joins { return &joins{now: now, of: map[string]*attempt{}} }

// do runs join once for each key; a failure may be tried again.
func (j *joins) do(key string, join func() (joined, error)) (joined, error) {
	j.mu.Lock()
	if a := j.of[key]; a != nil && j.now().Sub(a.at) < joinsKept {
		j.mu.Unlock()
		<-a.done
		return a.got, a.err
	}
	j.sweep()
	a := &attempt{at: j.now(), done: make(chan struct{}), err: fault.New(fault.Internal, "fault.internal")} // should join panic
	j.of[key] = a
	j.mu.Unlock()
	defer func() {
		if a.err != nil {
			j.mu.Lock()
			delete(j.of, key)
			j.mu.Unlock()
		}
		close(a.done)
	}()
	a.got, a.err = join()
	return a.got, a.err
}

// sweep drops what is old; everything, should there be very much.
func (j *joins) sweep() {
	for k, a := range j.of {
		if j.now().Sub(a.at) >= joinsKept || len(j.of) >= joinsMost {
			delete(j.of, k)
		}
	}
}
