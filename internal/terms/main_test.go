package terms

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/event"
	"guildhall/internal/fetch"
	"guildhall/internal/terms/watch"
)

// TestMain refuses SQL that no test has executed, when all tests were run.
func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, q := range db.Queries() {
			if strings.HasPrefix(q.Name(), "terms.") && !q.Ran() {
				fmt.Println("no test executes", q.Name())
				code = 1
			}
		}
	}
	os.Exit(code)
}

// hall is one room on one database, with a clock and a web of its own.
type hall struct {
	*Room
	t   *testing.T
	ctx context.Context
	log *event.Log

	mu     sync.Mutex
	at     time.Time
	web    map[string]fetch.Page
	asked  []string
	waited time.Duration
	broken error
}

func each(t *testing.T, f func(t *testing.T, h *hall)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := &hall{t: t, ctx: t.Context(), log: event.New(d), at: time.Date(2020, 5, 1, 9, 0, 0, 0, time.UTC), web: map[string]fetch.Page{}}
		h.Room = New(Config{DB: d, Events: h.log, Now: func() time.Time { return h.at }, Get: h.fetch, Pause: func(_ context.Context, d time.Duration) error {
			h.waited += d
			h.at = h.at.Add(d)
			return nil
		}})
		f(t, h)
	})
}

func (h *hall) fetch(_ context.Context, address, _ string) (fetch.Page, error) {
	h.asked = append(h.asked, address)
	if h.broken != nil {
		return fetch.Page{}, h.broken
	}
	p, ok := h.web[address]
	if !ok {
		return fetch.Page{}, missing
	}
	if p.FinalURL == "" {
		p.FinalURL = address
	}
	return p, nil
}

func (h *hall) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// events counts the kinds of what happened so far.
func (h *hall) events() map[string]int {
	h.t.Helper()
	n := map[string]int{}
	h.ok(h.log.Drain(h.ctx, event.Consumer{Name: fmt.Sprintf("test-%d", time.Now().UnixNano()), Handle: func(_ context.Context, es []event.Event) error {
		for _, e := range es {
			n[e.Kind]++
		}
		return nil
	}}))
	return n
}

const gigharbour = DocumentID("gigharbour--terms-of-service")

// page is a contract whose last clauses are given.
func page(clauses ...string) string {
	s := "# Terms of Service\n\n"
	for i := range 12 {
		s += fmt.Sprintf("%d. In the matter of number %d you and we keep the promise that is written in the schedule of that number, each in good time.\n\n", i+1, i*i+3)
	}
	return s + strings.Join(clauses, "\n\n")
}

const (
	fee5  = "7.1 We charge a fee of 5 % on each payment."
	fee20 = "7.1 We charge a fee of 20 % on each payment."
	talk  = "7.2 You must not share contact details before a contract begins."
)

func (h *hall) keep(text string) {
	h.t.Helper()
	h.ok(h.Watch(h.ctx, gigharbour, "Gigharbour", "Terms of Service", Declaration{}))
	_, err := h.Keep(h.ctx, gigharbour, watch.Record{At: h.at, Text: text})
	h.ok(err)
}

func (h *hall) days(n float64) { h.at = h.at.Add(time.Duration(n * 24 * float64(time.Hour))) }
