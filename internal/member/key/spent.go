package key

import (
	"sync"
	"time"

	"guildhall/internal/fault"
)

// spentMax is how many one-time things are remembered per period.
const spentMax = 100_000

// spent remembers what may be used once, for at least ttl, in bounded memory
// that is gone at a restart.
type spent struct {
	ttl time.Duration
	now func() time.Time

	mu     sync.Mutex
	period int64
	recent map[[16]byte]bool // this period's
	before map[[16]byte]bool // those of the period before
}

func newSpent(ttl time.Duration, now func() time.Time) *spent {
	return &spent{ttl: ttl, now: now, recent: map[[16]byte]bool{}}
}

// take uses id up. A clock set back forgets nothing. Faults: Conflict when id
// was used, TooMany when the memory is full.
func (s *spent) take(id [16]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.now().UnixNano() / int64(s.ttl); p > s.period {
		s.before = s.recent
		if p > s.period+1 {
			s.before = nil
		}
		s.recent, s.period = map[[16]byte]bool{}, p
	}
	if s.recent[id] || s.before[id] {
		return errAgain
	}
	if len(s.recent) >= spentMax {
		return fault.New(fault.TooMany, "key.work.full")
	}
	s.recent[id] = true
	return nil
}
