package booking_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"guildhall/internal/booking"
	"guildhall/internal/calendar"
	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/fetch"
)

// TestMain refuses SQL that no test has executed, when all tests were run.
func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, q := range db.Queries() {
			if strings.HasPrefix(q.Name(), "booking.") && !q.Ran() {
				fmt.Println("no test executes", q.Name())
				code = 1
			}
		}
	}
	os.Exit(code)
}

// hall is one room on one database. Ana can be booked, from Monday 5 January 2026.
type hall struct {
	*booking.Room
	t     *testing.T
	ctx   context.Context
	at    time.Time
	feeds map[string]string // what lies at addresses

	ana, bo booking.Actor
	talk    string // a kind of Ana's
}

const rules = "zone=\"Europe/Paris\"\nlength=\"1h\"\ndaily=3\n[hours]\nmonday=[\"09:00-12:00\"]\ntuesday=[\"09:00-12:00\"]\n"

func each(t *testing.T, f func(h *hall)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(newHall(t, d)) })
}

func newHall(t *testing.T, d *db.DB) *hall {
	t.Helper()
	h := &hall{t: t, ctx: context.Background(), at: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC), feeds: map[string]string{}, ana: booking.Actor{Face: face.ID("ana")}, bo: booking.Actor{Face: face.ID("bo")}}
	h.Room = &booking.Room{DB: d, Events: event.New(d), Now: func() time.Time { return h.at },
		Get: func(_ context.Context, address, _ string) (fetch.Page, error) {
			if text, ok := h.feeds[address]; ok {
				return fetch.Page{Body: []byte(text)}, nil
			}
			return fetch.Page{}, fault.New(fault.Unavailable, "fetch.slow")
		}}
	h.ok(h.SetRules(h.ctx, h.ana, rules))
	id, err := h.AddKind(h.ctx, h.ana, booking.Kind{Name: "A talk", Length: time.Hour})
	h.ok(err)
	h.talk = id
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

// on is an hour of a day of January by Ana's clock.
func on(day, hour int) time.Time { return time.Date(2026, 1, day, hour-1, 0, 0, 0, time.UTC) }

// offers prints what can be booked in the week, by Ana's clock.
func (h *hall) offers(kind string) string {
	h.t.Helper()
	o, err := h.Offers(h.ctx, h.ana.Face, kind, on(5, 1), on(9, 1))
	h.ok(err)
	var out []string
	for _, s := range o.Slots {
		out = append(out, s.Start.In(o.Zone).Format("2T15:04"))
	}
	if !o.Unknown.IsZero() {
		out = append(out, "unknown since "+o.Unknown.Format("2T15:04"))
	}
	return strings.Join(out, " ")
}

func (h *hall) shows(kind, want string) {
	h.t.Helper()
	if got := h.offers(kind); got != want {
		h.t.Errorf("offers %s\nwant   %s", got, want)
	}
}

func (h *hall) book(start time.Time, who string) (booking.Booking, string) {
	h.t.Helper()
	b, secret, err := h.Book(h.ctx, h.ana.Face, h.talk, start, who)
	h.ok(err)
	return b, secret
}

func (h *hall) state(secret, want string) booking.Booking {
	h.t.Helper()
	b, err := h.Find(h.ctx, secret)
	h.ok(err)
	if b.State != want {
		h.t.Errorf("it is %s, want %s", b.State, want)
	}
	return b
}

// fileOf is a calendar with one busy stretch.
func fileOf(from, to time.Time) string {
	var b strings.Builder
	_ = calendar.Write(&b, "", calendar.Meeting{UID: "1", Start: from, End: to})
	return b.String()
}

// happened are the kinds of events since the last look.
func (h *hall) happened() (kinds string) {
	h.t.Helper()
	h.ok(h.Events.Drain(h.ctx, event.Consumer{Name: "test", Handle: func(_ context.Context, batch []event.Event) error {
		for _, e := range batch {
			kinds += e.Kind + " " + e.Subject + ";"
		}
		return nil
	}}))
	return kinds
}
