package pass_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/pass"
	"guildhall/internal/pass/token"
)

const space = "designers"

var ctx = context.Background()

// noon is Wednesday noon of the first week of an epoch.
var noon = epoch.Start(742).Add(60 * time.Hour)

// hall is the room with what stands around it: a clock, a log, seats.
type hall struct {
	*pass.Room
	t  testing.TB
	db *db.DB

	mu      sync.Mutex
	at      time.Time
	log     []pass.Entry
	logFail error
	seats   map[string]pass.Standing // by face; others have none
	renewed int                      // masks that renewed in the last week
	counts  bool                     // whether that is known
	apart   map[string]pass.Noted    // by mark; what no restore takes back
	waiting map[string]pass.Noted    // by mark; of these what is not written down yet
}

// build opens the room on a database.
func build(t testing.TB, d *db.DB) *hall {
	h := &hall{t: t, db: d, at: noon, seats: map[string]pass.Standing{}, apart: map[string]pass.Noted{}, waiting: map[string]pass.Noted{}}
	h.Room = h.open([]byte("secret"))
	return h
}

// open makes the room as a start of the program does.
func (h *hall) open(secret []byte) *pass.Room {
	return pass.New(pass.Config{DB: h.db, Now: h.now, Secret: secret, Log: h.enter, Seat: h.standing, Safe: h.safe,
		Renewed: func(context.Context, string, int) (int, bool, error) { return h.renewed, h.counts, nil },
		Crowd:   crowd,
		Noted:   h.noted, NotedOf: h.notedOf, Blurred: h.blurred, Waiting: h.waits,
		Seats: func(context.Context, string) ([]string, error) { return []string{"drivers", space}, nil }})
}

func each(t *testing.T, f func(t *testing.T, h *hall)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, build(t, d)) })
}

func (h *hall) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hall) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// enter is a log as ledger keeps it: the same entry once.
func (h *hall) enter(ctx context.Context, e pass.Entry) (uint64, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if db.InTx(ctx) {
		h.t.Error("the log is written inside a transaction")
	}
	if h.logFail != nil {
		return 0, h.logFail
	}
	if i := slices.Index(h.log, e); i >= 0 {
		return uint64(i), nil
	}
	h.log = append(h.log, e)
	return uint64(len(h.log) - 1), nil
}

// noted keeps the first, as the room of masks does.
func (h *hall) noted(ctx context.Context, n pass.Noted) (pass.Noted, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if db.InTx(ctx) {
		h.t.Error("noted inside a transaction")
	}
	kept, ok := h.apart[n.Mark]
	if _, waits := h.waiting[n.Mark]; !waits {
		h.waiting[n.Mark] = n
	}
	if ok {
		return kept, nil
	}
	h.apart[n.Mark] = n
	return n, nil
}

func (h *hall) waits(context.Context) (list []pass.Noted, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Collect(maps.Values(h.waiting)), nil
}

// batch has what waits written down, as the room of masks does at a batch tick.
func (h *hall) batch() {
	h.t.Helper()
	h.must(h.Seated(ctx, h.waits))
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.waiting)
}

func (h *hall) notedOf(_ context.Context, mark string) (pass.Noted, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n, ok := h.apart[mark]
	return n, ok, nil
}

func (h *hall) blurred(_ context.Context, marks ...string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range marks {
		delete(h.apart, m)
		delete(h.waiting, m)
	}
	return nil
}

// counted is how many rights were counted at all.
func (h *hall) counted() (sum int) {
	by, err := h.ServedEver(ctx, space)
	h.must(err)
	for _, n := range by {
		sum += n
	}
	return sum
}

func (h *hall) entries() []pass.Entry {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.log)
}

func (h *hall) safe(_ context.Context, s string) error {
	if s != space && s != "drivers" {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return nil
}

func (h *hall) standing(_ context.Context, _, face string) (pass.Standing, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seats[face], nil
}

func (h *hall) sit(face string, s pass.Standing) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seats[face] = s
}

// person is a member with a root of her own, derived from a number.
type person struct {
	h    *hall
	face string
	root token.Root
}

func (h *hall) person(n int) person {
	p := person{h, fmt.Sprintf("face-%d", n), sha256.Sum256(fmt.Appendf(nil, "root %d", n))}
	h.sit(p.face, pass.Standing{Seat: true, Eligible: true, Branch: fmt.Sprintf("branch-%d", n%4)})
	return p
}

func (p person) key() ed25519.PublicKey { return p.root.RequestKey().Public().(ed25519.PublicKey) }

// asked is a request with what turns its answer into passes.
type asked struct {
	pass.Request
	right *token.Request
	reads []*token.Request
}

// ask makes the request that a right client makes.
func (p person) ask(ep int, right, reads bool) (a asked) {
	p.h.t.Helper()
	a.Space, a.Epoch = space, ep
	if right {
		k, err := p.h.Issuer(ctx, token.Slot{Purpose: token.Right, Space: space, Epoch: ep})
		p.h.must(err)
		a.right, err = p.root.Right(space, ep, 0, k)
		p.h.must(err)
		a.Right = a.right.Blinded
	}
	if reads {
		k, err := p.h.Issuer(ctx, token.Slot{Purpose: token.Read, Space: space, Epoch: ep})
		p.h.must(err)
		a.reads, err = p.root.Reads(space, ep, 0, k)
		p.h.must(err)
		for _, q := range a.reads {
			a.Reads = append(a.Reads, q.Blinded)
		}
	}
	a.Signature = p.root.SignServe(space, ep, a.Right, a.Reads)
	return a
}

func (p person) serve(q pass.Request) (pass.Answer, error) {
	return p.h.Serve(ctx, p.face, p.key(), q)
}

func (h *hall) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func wantKey(t testing.TB, err error, want string) {
	t.Helper()
	if err == nil || fault.From(err).Key != want {
		t.Errorf("err = %v, want %s", err, want)
	}
}

func same(a, b pass.Answer) bool {
	return bytes.Equal(a.Right, b.Right) && slices.EqualFunc(a.Reads, b.Reads, bytes.Equal)
}
