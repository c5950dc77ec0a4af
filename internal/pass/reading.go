package pass

import (
	"crypto/sha256"
	"sync"
)

// mostReading bounds what is known of requests for read passes; then all is forgotten.
const mostReading = 1 << 16

// reading knows, in memory only, what each seat, and each mask, asked first for the
// read passes of the running epoch, so that nobody collects several sets of them by asking again
// and again. Were it written down, a copy of the files each night would tell the
// night of each account's first visit of the epoch. Forgotten at the epoch's end, at
// a restart and when it gets too large: another set then lets somebody read who may
// read anyhow.
type reading struct {
	mu    sync.Mutex
	epoch int
	asked map[string][sha256.Size]byte // by seat or mask
}

// otherwise tells whether a seat or mask asked for something else before.
func (r *reading) otherwise(seat string, epoch int, asked [sha256.Size]byte) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	had, ok := r.asked[seat]
	return ok && r.epoch == epoch && had != asked
}

// first remembers what a seat or mask asks first, and tells whether this is it.
func (r *reading) first(seat string, epoch int, asked [sha256.Size]byte) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.epoch != epoch || r.asked == nil || len(r.asked) >= mostReading {
		r.epoch, r.asked = epoch, map[string][sha256.Size]byte{}
	}
	had, ok := r.asked[seat]
	if !ok {
		r.asked[seat] = asked
	}
	return !ok || had == asked
}
