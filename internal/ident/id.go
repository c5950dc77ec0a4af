package ident

import (
	"crypto/rand"
	"encoding/binary"
	"math/bits"
	"sync"
	"time"
)

// Len is the length of an id and of a random text, in bytes of ASCII.
const Len = 26

// alphabet is Crockford's base 32 in lower case: no i, l, o, u, so it can be read
// out and cannot spell much. It is in ASCII order, so texts sort as numbers do.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// Maker makes sortable ids. It is safe for concurrent use.
type Maker struct {
	now func() time.Time

	mu   sync.Mutex
	last int64 // millisecond of the last id
	high uint16
	low  uint64 // high and low are the 80 bits below the millisecond
}

// NewMaker returns a Maker that reads the time from now.
func NewMaker(now func() time.Time) *Maker {
	return &Maker{now: now, last: -1}
}

// New returns an id: 48 bits of milliseconds and 80 random bits, as UUIDv7 has
// them, in 26 lower-case characters. Each id of a Maker sorts after the one
// before it; while the clock stands or runs back, ids count on from the last.
func (m *Maker) New() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	ms := m.now().UnixMilli()
	if ms > m.last {
		m.last = ms
		m.draw()
	} else {
		m.step()
	}
	hi := uint64(m.last)<<16 | uint64(m.high)
	return encode(hi, m.low)
}

// draw takes fresh random bits; the topmost stays clear as room for steps.
func (m *Maker) draw() {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails: the runtime stops the program instead
	m.high = binary.BigEndian.Uint16(b[:2]) &^ 0x8000
	m.low = binary.BigEndian.Uint64(b[2:])
}

// step goes on by a random amount, so that an id does not give away the next.
func (m *Maker) step() {
	var b [4]byte
	_, _ = rand.Read(b[:])
	var carry uint64
	m.low, carry = bits.Add64(m.low, uint64(binary.BigEndian.Uint32(b[:]))+1, 0)
	m.high += uint16(carry)
	if carry == 1 && m.high == 0 { // 2^47 steps in one millisecond: borrow the next
		m.last++
		m.draw()
	}
}

// Random returns 128 bits of secret randomness in the same 26 characters.
func Random() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return encode(binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:]))
}

// Valid tells whether s could be an id or a random text, so that a made-up
// address is refused before it costs a query.
func Valid(s string) bool {
	if len(s) != Len || s[0] > '7' {
		return false
	}
	for i := range len(s) {
		if value[s[i]] == bad {
			return false
		}
	}
	return true
}

const bad = 0xFF

// value is the inverse of alphabet.
var value = func() (v [256]byte) {
	for i := range v {
		v[i] = bad
	}
	for i := range len(alphabet) {
		v[alphabet[i]] = byte(i)
	}
	return v
}()

// encode writes 128 bits as 26 characters of 5 bits, the first of 3.
func encode(hi, lo uint64) string {
	var out [Len]byte
	for i := Len - 1; i >= 0; i-- {
		out[i] = alphabet[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(out[:])
}
