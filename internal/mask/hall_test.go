package mask_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"math/big"
	"sync"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
	"guildhall/internal/safedb"
)

// issuers hold real keys of the right size, made once for all tests: a slot's key
// is drawn from a small stock by its name.
var issuers = sync.OnceValue(func() map[string]*rsa.PrivateKey {
	m := map[string]*rsa.PrivateKey{}
	for _, name := range []string{"right 0", "right 1", "right 2", "read 0", "read 1", "other", "consultation 0"} {
		bits := 2048
		if name == "consultation 0" {
			bits = 3072
		}
		k, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			panic(err)
		}
		m[name] = k
	}
	return m
})

// firstEpoch is the epoch in which tests begin.
const firstEpoch = 700

func issuerOf(s token.Slot) *rsa.PrivateKey {
	if s.Space == "elsewhere" {
		return issuers()["other"]
	}
	return issuers()[fmt.Sprintf("%s %d", s.Purpose, s.Epoch-firstEpoch)]
}

// sign is what the issuer does: it sees a blinded message only.
func sign(k *rsa.PrivateKey, blinded []byte) []byte {
	c := new(big.Int).SetBytes(blinded)
	return c.Exp(c, k.D, k.N).FillBytes(make([]byte, k.Size()))
}

// hall is a room on a file of its own, with a clock that tests move.
type hall struct {
	*mask.Room
	t     testing.TB
	ctx   context.Context
	dir   string
	db    *safedb.DB
	space mask.Space

	mu       sync.Mutex
	at       time.Time
	logged   []mask.Counts
	decided  []mask.Decision
	ended    []mask.Ending
	asked    map[string]mask.Asked // consultations
	released []mask.Opinion        // what was released of them
	heard    []wire.Heard          // what became of posts elsewhere
	changed  []string              // spaces that were said to show something else
}

func newHall(t testing.TB) *hall {
	t.Helper()
	h := &hall{
		t: t, ctx: context.Background(), dir: t.TempDir(),
		at:    epoch.Start(firstEpoch).Add(50 * time.Hour),
		space: mask.Space{ID: "designers", Name: "Designers", Pace: mask.Hourly},
	}
	h.open()
	h.ok(h.TestOnlyTick(h.ctx))
	return h
}

func (h *hall) now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.at }

func (h *hall) open() { h.t.Helper(); h.openWith(make([]byte, safedb.KeySize)) }

// openWith opens it under a key for what waits.
func (h *hall) openWith(key []byte) {
	h.t.Helper()
	var err error
	h.db, err = safedb.Open(h.ctx, safedb.Config{Dir: h.dir, Now: h.now, Key: key})
	h.ok(err)
	h.t.Cleanup(func() { h.db.Close() })
	h.Room, err = mask.New(h.ctx, h.config(h.db))
	h.ok(err)
}

func (h *hall) config(db *safedb.DB) mask.Config {
	return mask.Config{
		Asked: func(_ context.Context, id string) (mask.Asked, error) {
			if a, ok := h.asked[id]; ok {
				return a, nil
			}
			return mask.Asked{}, fault.New(fault.NotFound, "consultation.none")
		},
		AskedIn:  h.askedIn,
		MaySign:  func(context.Context, token.Slot, []byte) error { return nil },
		Holds:    h.holds,
		MaySay:   func(context.Context, string, string, string) error { return nil },
		Opinions: h.opinions,
		Heard: func(_ context.Context, space string, since int, before time.Time) (list []wire.Heard, _ error) {
			for _, x := range h.heard {
				if x.Day >= since && epoch.StartOfDay(x.Day).Before(before) && space == h.space.ID {
					list = append(list, x)
				}
			}
			return list, nil
		},
		Changed: func(space string) { h.mu.Lock(); defer h.mu.Unlock(); h.changed = append(h.changed, space) },
		DB:      db, Now: h.now, Host: "hall.test",
		Window: func(context.Context, string) (*wire.Window, error) { return &wire.Window{Week: 1, K: 30}, nil },
		Space: func(_ context.Context, id string) (mask.Space, error) {
			if id == "elsewhere" {
				return mask.Space{ID: id}, nil
			}
			if id != h.space.ID {
				return mask.Space{}, fault.New(fault.NotFound, "fault.not_found")
			}
			return h.space, nil
		},
		Spaces: func(context.Context) ([]string, error) { return []string{h.space.ID, "elsewhere"}, nil },
		Issuer: func(_ context.Context, s token.Slot) (*rsa.PublicKey, error) {
			if k := issuerOf(s); k != nil {
				return &k.PublicKey, nil
			}
			return nil, fault.New(fault.NotFound, "fault.not_found")
		},
		Sign: func(_ context.Context, s token.Slot, blinded []byte) ([]byte, error) {
			return sign(issuerOf(s), blinded), nil
		},
		SignReads: func(_ context.Context, _, space string, e int, blinded [][]byte) (signed [][]byte, err error) {
			for _, b := range blinded {
				signed = append(signed, sign(issuerOf(token.Slot{Purpose: token.Read, Space: space, Epoch: e}), b))
			}
			return signed, nil
		},
		Log: func(_ context.Context, c mask.Counts) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.logged = append(h.logged, c)
			return nil
		},
		Decided: func(_ context.Context, d mask.Decision) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.decided = append(h.decided, d)
			return nil
		},
		Ended: func(_ context.Context, e mask.Ending) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.ended = append(h.ended, e)
			return nil
		},
		Beacon: func(context.Context) ([]byte, error) { return []byte("root of the log"), nil },
	}
}

// reopen is a restart.
func (h *hall) reopen() {
	h.t.Helper()
	h.ok(h.db.Close())
	h.open()
}

func (h *hall) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// wait moves the clock and does the ticks it passes.
func (h *hall) wait(d time.Duration) {
	h.t.Helper()
	for end := h.now().Add(d); ; {
		next := epoch.StartOfTick(epoch.Tick(h.now()) + 1)
		if next.After(end) {
			next = end
		}
		h.mu.Lock()
		h.at = next
		h.mu.Unlock()
		_, err := h.Tick(h.ctx)
		h.ok(err)
		if next.Equal(end) {
			return
		}
	}
}

// leap moves the clock at once, as for a hall that was down.
func (h *hall) leap(to time.Time) {
	h.t.Helper()
	h.mu.Lock()
	h.at = to
	h.mu.Unlock()
	h.ok(h.TestOnlyTick(h.ctx))
}

// nextBatch leaps to a moment after the next batch tick.
func (h *hall) nextBatch() {
	h.t.Helper()
	h.leap(epoch.StartOfTick(epoch.NextBatchTick(epoch.Tick(h.now()))).Add(20 * time.Minute))
}

// person holds a root and does what a client does.
type person struct {
	h    *hall
	root token.Root
	n    int // number of the mask
	key  ed25519.PrivateKey
}

func (h *hall) person() *person {
	h.t.Helper()
	p := &person{h: h}
	_, _ = rand.Read(p.root[:])
	p.key = p.root.MaskKey(h.space.ID, 0)
	return p
}

// right gets the pass for mask n, as from the account.
func (p *person) right(e, n int) token.Pass {
	p.h.t.Helper()
	k := issuerOf(token.Slot{Purpose: token.Right, Space: p.h.space.ID, Epoch: e})
	q, err := p.root.Right(p.h.space.ID, e, n, &k.PublicKey)
	p.h.ok(err)
	pass, err := q.Finalize(sign(k, q.Blinded))
	p.h.ok(err)
	if n == 0 {
		_, err = p.h.NoteServed(p.h.ctx, mask.Served{Mark: token.Encode(p.root[:16]), Space: p.h.space.ID, Epoch: e, Asked: q.Blinded[:32]})
		p.h.ok(err)
	}
	return pass
}

func (p *person) reading(e, i int) token.Pass {
	p.h.t.Helper()
	k := issuerOf(token.Slot{Purpose: token.Read, Space: p.h.space.ID, Epoch: e})
	qs, err := p.root.Reads(p.h.space.ID, e, 0, &k.PublicKey)
	p.h.ok(err)
	pass, err := qs[i].Finalize(sign(k, qs[i].Blinded))
	p.h.ok(err)
	return pass
}

// send seals a visit, opens it as the door does, and gives what the room says.
func (h *hall) send(v wire.Visit, key ed25519.PrivateKey) (mask.Outcome, error) {
	h.t.Helper()
	if v.Space == "" {
		v.Space = h.space.ID
	}
	if v.Day == 0 {
		v.Day = epoch.Day(h.now())
	}
	body, err := wire.Seal(v, key)
	h.ok(err)
	opened, err := wire.Open(body)
	h.ok(err)
	return h.Visit(h.ctx, opened)
}

func (p *person) visit(acts ...wire.Act) []wire.Result {
	p.h.t.Helper()
	out, err := p.h.send(wire.Visit{Acts: acts}, p.key)
	p.h.ok(err)
	return out.Results
}

func (p *person) do(a wire.Act) wire.Result { p.h.t.Helper(); return p.visit(a)[0] }

func (p *person) id() string { return wire.MaskID(p.key.Public().(ed25519.PublicKey)) }

// take registers, showing a pass.
func (p *person) take(pass token.Pass) wire.Result {
	p.h.t.Helper()
	v := wire.Visit{Acts: []wire.Act{{Do: wire.Take}}}
	v.Show(pass)
	out, err := p.h.send(v, p.key)
	p.h.ok(err)
	return out.Results[0]
}

// crowd makes n masks that were born, and lets the space be spoken in.
func (h *hall) crowd(n int) []*person {
	h.t.Helper()
	all := make([]*person, n)
	var wg sync.WaitGroup
	passes := make([]token.Pass, n)
	for i := range all {
		all[i] = h.person()
		wg.Go(func() { passes[i] = all[i].right(firstEpoch, 0) })
	}
	wg.Wait()
	for i, p := range all {
		if res := p.take(passes[i]); !res.OK || res.State != "waiting" {
			h.t.Fatalf("take: %+v", res)
		}
	}
	h.nextBatch()
	return all
}

func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return token.Encode(b[:])
}

// thread is an act that begins one.
func thread(title, text string) wire.Act {
	id := newID()
	return wire.Act{Do: wire.Post, ID: id, Thread: id, Title: title, Text: text, Lang: "en"}
}

func reply(to wire.Act, text string) wire.Act {
	return wire.Act{Do: wire.Post, ID: newID(), Thread: to.Thread, Reply: to.ID, Text: text, Lang: "en"}
}

func (h *hall) bundle() wire.Bundle {
	h.t.Helper()
	packed, err := h.Bundle(h.ctx, h.space.ID)
	h.ok(err)
	b, err := wire.Unpack(packed)
	h.ok(err)
	return b
}

// find gives a post of the bundle.
func (h *hall) find(id string) (wire.Said, bool) {
	h.t.Helper()
	for _, t := range h.bundle().Threads {
		for _, p := range t.Posts {
			if p.ID == id {
				return p, true
			}
		}
	}
	return wire.Said{}, false
}

// refused checks a result that says no.
func (h *hall) refused(res wire.Result, key string) {
	h.t.Helper()
	if res.OK || res.Error != key || res.Message == "" || res.Message == key {
		h.t.Errorf("got %+v, want a refusal for %s", res, key)
	}
}

func (h *hall) fault(err error, key string) {
	h.t.Helper()
	if err == nil || fault.From(err).Key != key {
		h.t.Errorf("got %v, want %s", err, key)
	}
}

func (h *hall) good(res wire.Result) wire.Result {
	h.t.Helper()
	if !res.OK {
		h.t.Errorf("refused: %+v", res)
	}
	return res
}
