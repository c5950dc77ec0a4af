package question_test

import (
	"context"
	"flag"
	"fmt"
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
	"guildhall/internal/question"
)

// TestMain refuses SQL that no test has executed, when all tests were run.
func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, q := range db.Queries() {
			if strings.HasPrefix(q.Name(), "question.") && !q.Ran() {
				fmt.Println("no test executes", q.Name())
				code = 1
			}
		}
	}
	os.Exit(code)
}

// qAnyTerm lists the words that are kept for finding questions.
var qAnyTerm = db.SQL("test.question.terms", `SELECT word FROM question_term WHERE word <> ''`)

// hall is one room on one database, with ana, bo, cleo, and dov the steward.
type hall struct {
	*question.Room
	t       *testing.T
	ctx     context.Context
	db      *db.DB
	log     *event.Log
	at      time.Time
	touched []string

	ana, bo, cleo, dov, nobody question.Actor
}

func each(t *testing.T, f func(h *hall)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(newHall(t, d)) })
}

func newHall(t *testing.T, d *db.DB) *hall {
	t.Helper()
	h := &hall{t: t, ctx: context.Background(), db: d, log: event.New(d), at: time.Date(2020, 5, 28, 10, 35, 0, 0, time.UTC)}
	faces := face.New(face.Config{DB: d, Events: h.log, Now: h.now})
	for name, a := range map[string]*question.Actor{"ana": &h.ana, "bo": &h.bo, "cleo": &h.cleo, "dov": &h.dov} {
		made, err := faces.New(h.ctx, name)
		h.ok(err)
		a.Face = made.ID
	}
	h.dov.Steward = true
	h.Room = question.New(question.Config{DB: d, Events: h.log, Faces: faces, Now: h.now, Host: "hall.test",
		Platform: func(_ context.Context, id string) (bool, error) { return id == "gigharbour", nil },
		Touch:    func(things ...string) { h.touched = append(h.touched, things...) }})
	return h
}

// now moves on by a second at each look, as the world does.
func (h *hall) now() time.Time { h.at = h.at.Add(time.Second); return h.at }

func (h *hall) days(n int) { h.at = h.at.AddDate(0, 0, n) }

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

func (h *hall) ask(a question.Actor, title string) question.Question {
	h.t.Helper()
	q, err := h.Ask(h.ctx, a, question.Asking{Title: title, Lang: "en", Platform: "gigharbour", Owes: question.ByPlatform})
	h.ok(err)
	return q
}

func (h *hall) add(a question.Actor, id question.ID, text string) question.Variant {
	h.t.Helper()
	v, err := h.Add(h.ctx, a, id, text)
	h.ok(err)
	return v
}

func (h *hall) file(id question.ID, f question.Filing) question.Entry {
	h.t.Helper()
	e, err := h.File(h.ctx, h.dov, id, f)
	h.ok(err)
	return e
}

// clock reads a question and its clock, today.
func (h *hall) clock(id question.ID) (question.Question, question.Clock) {
	h.t.Helper()
	q, err := h.Question(h.ctx, h.dov, id)
	h.ok(err)
	return q, q.Tally.On(h.Today())
}

func (h *hall) shows(id question.ID, s question.State, waited, paused int) {
	h.t.Helper()
	if _, c := h.clock(id); c.State != s || c.Waited != waited || c.Paused != paused {
		h.t.Errorf("%s, %d days, %d paused; want %s, %d, %d", c.State, c.Waited, c.Paused, s, waited, paused)
	}
}

// events lists what happened, of a kind.
func (h *hall) events(kind string) (list []event.Event) {
	h.t.Helper()
	h.ok(h.log.Drain(h.ctx, event.Consumer{Name: "test-" + kind, Handle: func(_ context.Context, batch []event.Event) error {
		for _, e := range batch {
			if e.Kind == kind {
				list = append(list, e)
			}
		}
		return nil
	}}))
	return list
}

func (h *hall) told(things ...string) bool {
	for _, x := range things {
		if !slices.Contains(h.touched, x) {
			return false
		}
	}
	return true
}
