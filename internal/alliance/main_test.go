package alliance_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/alliance"
	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// TestMain refuses SQL that no test has executed, when all tests were run.
func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, q := range db.Queries() {
			if strings.HasPrefix(q.Name(), "alliance.") && !q.Ran() {
				fmt.Println("no test executes", q.Name())
				code = 1
			}
		}
	}
	os.Exit(code)
}

// hall is one room on one database with four people in it.
type hall struct {
	*alliance.Room
	t       *testing.T
	ctx     context.Context
	at      time.Time
	blocks  map[[2]face.ID]bool
	handled []string // events, as "kind subject"

	ana, bo, cleo, dov, nobody alliance.Actor
}

func each(t *testing.T, f func(h *hall)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(newHall(t, d)) })
}

func newHall(t *testing.T, d *db.DB) *hall {
	t.Helper()
	h := &hall{t: t, ctx: context.Background(), at: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC), blocks: map[[2]face.ID]bool{}}
	now := func() time.Time { return h.at }
	log := event.New(d)
	faces := face.New(face.Config{DB: d, Events: log, Now: now})
	for name, a := range map[string]*alliance.Actor{"ana": &h.ana, "bo": &h.bo, "cleo": &h.cleo, "dov": &h.dov} {
		made, err := faces.New(h.ctx, name)
		h.ok(err)
		a.Face = made.ID
	}
	h.Room = &alliance.Room{DB: d, Events: log, Faces: faces, Now: now,
		Blocked: func(_ context.Context, by, whom face.ID) (bool, error) { return h.blocks[[2]face.ID{by, whom}], nil }}
	return h
}

func (h *hall) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) refused(err error, kind fault.Kind, key string) {
	h.t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != kind || f.Key != key {
		h.t.Errorf("%v, want %v %s", err, kind, key)
	}
}

// told are the events since the last look that concern somebody, by kind.
func (h *hall) told(a alliance.Actor) (kinds []string) {
	h.t.Helper()
	h.ok(h.Events.Drain(h.ctx, event.Consumer{Name: "test", Handle: func(_ context.Context, batch []event.Event) error {
		for _, e := range batch {
			h.handled = append(h.handled, e.Kind+" "+e.Subject)
		}
		return nil
	}}))
	h.handled = slices.DeleteFunc(h.handled, func(s string) bool {
		kind, to, _ := strings.Cut(s, " ")
		if to != string(a.Face) || !strings.HasPrefix(kind, "alliance.") {
			return false
		}
		kinds = append(kinds, kind)
		return true
	})
	return kinds
}

func (h *hall) block(by, whom alliance.Actor) {
	h.t.Helper()
	h.blocks[[2]face.ID{by.Face, whom.Face}] = true
	h.ok(h.Shut(h.ctx, by.Face, whom.Face))
}

func (h *hall) unblock(by, whom alliance.Actor) {
	h.t.Helper()
	delete(h.blocks, [2]face.ID{by.Face, whom.Face})
	h.ok(h.Reopen(h.ctx, by.Face, whom.Face))
}

func (h *hall) ask(from, to alliance.Actor) {
	h.t.Helper()
	h.ok(h.Ask(h.ctx, from, to.Face, "We met at the fair."))
}

func (h *hall) connect(a, b alliance.Actor) {
	h.t.Helper()
	h.ask(a, b)
	h.ok(h.Accept(h.ctx, b, a.Face))
}

// knows checks whose list has whom.
func (h *hall) knows(a, b alliance.Actor, want bool) {
	h.t.Helper()
	holds, err := h.Holds(h.ctx, a, b.Face)
	h.ok(err)
	list, err := h.Connections(h.ctx, a)
	h.ok(err)
	listed := slices.ContainsFunc(list, func(f face.Face) bool { return f.ID == b.Face })
	reached, err := h.Reaches(h.ctx, b.Face, a.Face)
	h.ok(err)
	if holds != want || listed != want || reached != want {
		h.t.Errorf("holds %v, listed %v, reached by the other %v; want %v", holds, listed, reached, want)
	}
}

func (h *hall) waits(a alliance.Actor) alliance.Waiting {
	h.t.Helper()
	w, err := h.Waits(h.ctx, a)
	h.ok(err)
	return w
}
