package key

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"sync"
	"time"

	"guildhall/internal/fault"
)

// Difficulties of work, in leading zero bits.
const (
	WorkLow  = 17 // about 0.3 s on a cheap phone
	WorkHigh = 23 // about 20 s there
)

const (
	workTTL      = 10 * time.Minute
	workVersion  = 1
	workHead     = 26 // version, bits, expiry, salt
	workSize     = 42 // head and MAC
	workSlack    = 2  // bits by which an honest answer may be behind a rising price
	workCalm     = 30 // recent answers at which the price begins to rise
	workHalfLife = 10 * time.Minute
)

// Work is a stateless price on one purpose, such as joining. It is safe for use
// by many. It remembers spent answers in memory only; after a restart an answer
// of the last ten minutes could be spent once more.
type Work struct {
	purpose string
	key     []byte
	random  io.Reader
	now     func() time.Time

	mu      sync.Mutex
	level   float64 // spent answers, decaying
	levelAt time.Time
	spent   *spent
}

// NewWork prices one purpose ("join"). secret is the hall's, at least 32 bytes;
// halls of several processes share it.
func NewWork(secret []byte, purpose string, random io.Reader, now func() time.Time) *Work {
	return &Work{
		purpose: purpose, key: derive(secret, "work"), random: random, now: now, levelAt: now(),
		spent: newSpent(workTTL, now),
	}
}

var errAgain = fault.New(fault.Conflict, "key.work.again")

// Token makes a challenge for the form field work, 56 characters.
func (w *Work) Token() string {
	head := make([]byte, 10, workSize)
	head[0], head[1] = workVersion, byte(w.Bits())
	binary.BigEndian.PutUint64(head[2:], uint64(w.now().Add(workTTL).Unix()))
	head = append(head, draw(w.random, 16)...)
	return encoding.EncodeToString(append(head, w.mac(head)...))
}

// Bits is today's difficulty.
func (w *Work) Bits() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bitsNow()
}

// Spend takes the form field work and says nil when the price is paid. An answer
// is good once. Faults: Invalid "key.work.none" when no work was done (scripts
// off: the shared queue is open), "key.work.wrong" for anything forged,
// Conflict "key.work.again" when expired, already spent or below today's price
// (show the form again with a fresh Token), TooMany when the memory is full.
func (w *Work) Spend(answer string) error {
	token, nonce, done := strings.Cut(answer, ".")
	if !done {
		return fault.New(fault.Invalid, "key.work.none")
	}
	b, ok := decode(token, workSize)
	if !ok || b[0] != workVersion || !hmac.Equal(b[workHead:], w.mac(b[:workHead])) || !solved(b, nonce) {
		return fault.New(fault.Invalid, "key.work.wrong")
	}
	left := time.Unix(int64(binary.BigEndian.Uint64(b[2:])), 0).Sub(w.now())
	if left < 0 || left > workTTL {
		return errAgain
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if int(b[1]) < w.bitsNow()-workSlack {
		return errAgain
	}
	if err := w.spent.take([16]byte(b[10:workHead])); err != nil {
		return err
	}
	w.level++
	return nil
}

// bitsNow decays the level to now and prices it; w.mu is held.
func (w *Work) bitsNow() int {
	now := w.now()
	if past := now.Sub(w.levelAt); past > 0 {
		w.level *= math.Exp2(-float64(past) / float64(workHalfLife))
	}
	w.levelAt = now
	if w.level <= workCalm {
		return WorkLow
	}
	return min(WorkHigh, WorkLow+int(math.Ceil(math.Log2(w.level/workCalm))))
}

func (w *Work) mac(head []byte) []byte {
	m := hmac.New(sha256.New, w.key)
	m.Write([]byte(salt + "/work\x00" + w.purpose + "\x00"))
	m.Write(head)
	return m.Sum(nil)[:16]
}

// solved tells whether nonce (16 hexadecimal digits) solves the token.
func solved(token []byte, nonce string) bool {
	if len(nonce) != 16 || strings.ToLower(nonce) != nonce {
		return false
	}
	n, err := strconv.ParseUint(nonce, 16, 64)
	if err != nil {
		return false
	}
	message := binary.BigEndian.AppendUint64(append([]byte(nil), token[10:]...), n)
	return zeros(sha256.Sum256(message)) >= int(token[1])
}

// zeros counts the leading zero bits of a hash.
func zeros(sum [sha256.Size]byte) int {
	for i, b := range sum {
		if b != 0 {
			return i*8 + bits.LeadingZeros8(b)
		}
	}
	return len(sum) * 8
}
