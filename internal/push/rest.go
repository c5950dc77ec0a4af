package push

import (
	"sync"
	"time"
)

const (
	// patience is how often in a row a service may fail before it is left alone.
	patience = 5
	// mostServices bounds what is remembered: members choose the addresses.
	mostServices = 1000
)

// rests remembers, in memory, which services are left alone and until when.
type rests struct {
	now func() time.Time
	mu  sync.Mutex
	by  map[string]*rest
}

type rest struct {
	failed int
	until  time.Time
}

func newRests(now func() time.Time) *rests { return &rests{now: now, by: map[string]*rest{}} }

// left is how long a service is to be left alone.
func (r *rests) left(host string) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.by[host]; s != nil {
		return max(0, s.until.Sub(r.now()))
	}
	return 0
}

// note remembers how a service answered, and tells after which time it is worth another
// try; 0 when there is nothing to try again.
func (r *rests) note(host string, o Outcome) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if o.Kind != Slow && o.Kind != Unreachable {
		delete(r.by, host) // it answers
		return 0
	}
	s := r.by[host]
	if s == nil {
		r.shed()
		s = &rest{}
		r.by[host] = s
	}
	wait := o.After
	if o.Kind == Unreachable {
		s.failed++
		wait = min(shortest<<min(max(s.failed-patience, 0), 10), longest)
		if s.failed < patience {
			return wait // this message waits, others may still go
		}
	}
	if until := r.now().Add(wait); until.After(s.until) {
		s.until = until
	}
	return wait
}

// shed makes room: services that may be asked again go first.
func (r *rests) shed() {
	if len(r.by) < mostServices {
		return
	}
	now := r.now()
	for host, s := range r.by {
		if !s.until.After(now) {
			delete(r.by, host)
		}
	}
	for host := range r.by {
		if len(r.by) < mostServices {
			return
		}
		delete(r.by, host)
	}
}
