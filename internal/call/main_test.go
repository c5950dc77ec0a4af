package call_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"guildhall/internal/call"
	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// TestMain refuses SQL that no test has executed, when all tests were run.
func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, q := range db.Queries() {
			if strings.HasPrefix(q.Name(), "call.") && !q.Ran() {
				fmt.Println("no test executes", q.Name())
				code = 1
			}
		}
	}
	os.Exit(code)
}

const ana, bo, cleo = face.ID("ana"), face.ID("bo"), face.ID("cleo")

// hall is one room on one database. Everybody is connected but the strangers.
type hall struct {
	*call.Room
	t         testing.TB
	ctx       context.Context
	at        time.Time
	strangers map[[2]face.ID]bool
	blocks    map[[2]face.ID]bool
	config    call.Config
	heard     []string // what was rung, hushed, told and closed
}

func each(t *testing.T, f func(h *hall)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(newHall(t, d)) })
}

func newHall(t testing.TB, d *db.DB) *hall {
	h := &hall{t: t, ctx: context.Background(), at: time.Date(2026, 5, 28, 10, 35, 0, 0, time.UTC),
		strangers: map[[2]face.ID]bool{}, blocks: map[[2]face.ID]bool{}}
	inTx := func(ctx context.Context, what string) error {
		if !db.InTx(ctx) {
			return errors.New(what + " outside the transaction")
		}
		h.heard = append(h.heard, what)
		return nil
	}
	h.config = call.Config{DB: d, Now: func() time.Time { return h.at },
		Connected: func(_ context.Context, a, b face.ID) (bool, error) { return !h.strangers[[2]face.ID{a, b}], nil },
		Blocked:   func(_ context.Context, by, whom face.ID) (bool, error) { return h.blocks[[2]face.ID{by, whom}], nil },
		Apart: func(_ context.Context, a, b face.ID) (bool, error) {
			return h.blocks[[2]face.ID{a, b}] || h.blocks[[2]face.ID{b, a}], nil
		},
		Ring: func(ctx context.Context, to face.ID, rung int) error {
			return inTx(ctx, fmt.Sprintf("ring %s %d", to, rung))
		},
		Join: func(ctx context.Context, to face.ID, rung int) error {
			return inTx(ctx, fmt.Sprintf("join %s %d", to, rung))
		},
		Met:   func(ctx context.Context, booking string) error { return inTx(ctx, "met "+booking) },
		Hush:  func(ctx context.Context, to face.ID) error { return inTx(ctx, "hush "+string(to)) },
		Tell:  func(to face.ID) { h.heard = append(h.heard, "tell "+string(to)) },
		Close: func(call.ID) { h.heard = append(h.heard, "close") },
		Leave: func(_ call.ID, seat string) { h.heard = append(h.heard, "leave "+seat) },
	}
	h.Room = call.New(h.config)
	return h
}

// quiet is the same room, which says nothing: for those who act at once.
func (h *hall) quiet() *call.Room {
	c := h.config
	c.Tell, c.Close, c.Leave = func(face.ID) {}, func(call.ID) {}, func(call.ID, string) {}
	c.Hush = func(context.Context, face.ID) error { return nil }
	return call.New(c)
}

// hears expects what has been rung and told since it was last asked.
func (h *hall) hears(want ...string) {
	h.t.Helper()
	if got := strings.Join(h.heard, ", "); got != strings.Join(want, ", ") {
		h.t.Errorf("heard %s; want %s", got, strings.Join(want, ", "))
	}
	h.heard = nil
}

func (h *hall) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) refused(err error, kind fault.Kind, key string) {
	h.t.Helper()
	if f := fault.From(err); err == nil || f.Kind != kind || f.Key != key {
		h.t.Errorf("got %v; want %v %s", err, kind, key)
	}
}

// begun calls, and lets it ring.
func (h *hall) begun(by, to face.ID) call.ID {
	h.t.Helper()
	c, err := h.Begin(h.ctx, by, to)
	h.ok(err)
	h.going(c.ID, "caller's", !c.State.Over())
	if c.From == by && c.FromSeat == "" && !c.State.Over() {
		_, err = h.Seat(h.ctx, by, c.ID, "caller's")
		h.ok(err)
	}
	return c.ID
}

func (h *hall) state(by face.ID, id call.ID) call.State {
	h.t.Helper()
	c, _, err := h.Get(h.ctx, by, id)
	h.ok(err)
	return c.State
}

func (h *hall) going(id call.ID, seat string, want bool) {
	h.t.Helper()
	got, err := h.Going(h.ctx, id, seat)
	h.ok(err)
	if got != want {
		h.t.Errorf("going: %t", got)
	}
}

func (h *hall) passes(d time.Duration) time.Duration {
	h.t.Helper()
	h.at = h.at.Add(d)
	next, err := h.Tick(h.ctx)
	h.ok(err)
	return next
}
