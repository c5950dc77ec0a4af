package representative_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/representative"
)

// TestMain refuses SQL that no test has executed, when all tests were run.
func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, q := range db.Queries() {
			if strings.HasPrefix(q.Name(), "representative.") && !q.Ran() {
				fmt.Println("no test executes", q.Name())
				code = 1
			}
		}
	}
	os.Exit(code)
}

// hall is one room on one database, with ana and bo, and an outside that says what
// the test wants.
type hall struct {
	*representative.Room
	t       *testing.T
	ctx     context.Context
	at      time.Time
	domain  string // of gigharbour; empty: not accepted
	txt     []string
	txtErr  error
	file    string
	fileErr error
	asked   []string      // names and addresses
	slow    time.Duration // which each question to the outside takes
	touched []string
	began   []representative.ID

	ana, bo, nobody representative.Actor
}

func each(t *testing.T, f func(h *hall)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(newHall(t, d)) })
}

var noFile = fault.New(fault.NotFound, "fetch.missing")

func newHall(t *testing.T, d *db.DB) *hall {
	t.Helper()
	h := &hall{t: t, ctx: context.Background(), at: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), domain: "gigharbour.example",
		txtErr: &net.DNSError{IsNotFound: true}, fileErr: noFile}
	now := func() time.Time { return h.at }
	faces := face.New(face.Config{DB: d, Events: event.New(d), Now: now})
	for name, a := range map[string]*representative.Actor{"ana": &h.ana, "bo": &h.bo} {
		made, err := faces.New(h.ctx, name)
		h.ok(err)
		a.Face = made.ID
	}
	h.Room = representative.New(representative.Config{DB: d, Faces: faces, Now: now, Host: "hall.test",
		Domain: func(_ context.Context, id string) (string, error) {
			if id != "gigharbour" {
				return "", nil
			}
			return h.domain, nil
		},
		LookupTXT: func(ctx context.Context, name string) ([]string, error) {
			h.outside(ctx, name)
			return h.txt, h.txtErr
		},
		Fetch: func(ctx context.Context, address string) ([]byte, error) {
			h.outside(ctx, address)
			return []byte(h.file), h.fileErr
		},
		Began: func(ctx context.Context, m representative.Mandate) error {
			if !db.InTx(ctx) {
				t.Error("nobody is told outside the transaction")
			}
			h.began = append(h.began, m.ID)
			return nil
		},
		Touch: func(things ...string) { h.touched = append(h.touched, things...) }})
	return h
}

// outside notes who is asked, never while the database waits.
func (h *hall) outside(ctx context.Context, what string) {
	if db.InTx(ctx) {
		h.t.Error(what, "is asked inside a transaction")
	}
	h.asked, h.at = append(h.asked, what), h.at.Add(h.slow)
}

func (h *hall) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) refused(err error, kind fault.Kind, field, key string) {
	h.t.Helper()
	if f := fault.From(err); err == nil || f.Kind != kind || f.Field != field || f.Key != key {
		h.t.Errorf("got %v; want %v %s on %q", err, kind, key, field)
	}
}

// publish lets the platform say in the DNS what a mandate wants said.
func (h *hall) publish(ms ...representative.Mandate) {
	h.txt, h.txtErr = []string{"v=spf1 -all"}, nil
	for _, m := range ms {
		h.txt = append(h.txt, m.Text)
	}
}

// silence lets the platform say nothing any more.
func (h *hall) silence() { h.txt, h.txtErr = nil, &net.DNSError{IsNotFound: true} }

func (h *hall) claim(a representative.Actor, role string) representative.Mandate {
	h.t.Helper()
	m, err := h.Claim(h.ctx, a, "gigharbour", role)
	h.ok(err)
	return m
}

func (h *hall) check(a representative.Actor, m representative.Mandate) representative.Mandate {
	h.t.Helper()
	m, err := h.Check(h.ctx, a, m.ID)
	h.ok(err)
	return m
}

// proven is a mandate that the platform has confirmed.
func (h *hall) proven(a representative.Actor, role string) representative.Mandate {
	h.t.Helper()
	m := h.claim(a, role)
	h.publish(m)
	return h.check(a, m)
}

func (h *hall) told(thing string) bool { return slices.Contains(h.touched, thing) }

var errDown = errors.New("no answer")
