package notice_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/notice"
	"guildhall/internal/push"
)

// TestMain refuses SQL that no test has executed, when all tests were run.
func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, q := range db.Queries() {
			if strings.HasPrefix(q.Name(), "notice.") && !q.Ran() {
				fmt.Println("no test executes", q.Name())
				code = 1
			}
		}
	}
	os.Exit(code)
}

const ana, bo = face.ID("ana"), face.ID("bo")

// letter is what a device was sent.
type letter struct {
	T, N, K, H, B, L, D, U string
	to                     string
	push.Message
}

// hall is one room on one database, with a push service that answers as told.
type hall struct {
	*notice.Room
	t   testing.TB
	ctx context.Context
	at  time.Time

	mu    sync.Mutex
	says  map[string]push.Outcome // by address; none: accepted
	sent  []letter
	words []notice.Word
}

func open(t testing.TB, d *db.DB) *hall {
	h := &hall{t: t, ctx: context.Background(), at: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), says: map[string]push.Outcome{}}
	h.start(d)
	return h
}

// start is what a program does that is started.
func (h *hall) start(d *db.DB) {
	h.Room = &notice.Room{DB: d, Events: event.New(d), Now: func() time.Time { return h.at }, Send: h.send, Check: func(s push.Subscription) error {
		if s.Endpoint == "bad" {
			return fault.New(fault.Invalid, "push.subscription")
		}
		return nil
	}, Carry: h.carry, CheckAddress: func(_ notice.Way, to string) error {
		if to == "bad" {
			return fault.New(fault.Invalid, "push.address")
		}
		return nil
	}}
}

func (h *hall) send(ctx context.Context, s push.Subscription, m push.Message) (push.Outcome, error) {
	if db.InTx(ctx) {
		h.t.Error("sent inside a transaction")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	l := letter{to: s.Endpoint, Message: m}
	if err := json.Unmarshal(m.Payload, &l); err != nil || len(m.Payload) > push.MaxPayload {
		h.t.Errorf("%d bytes, %v", len(m.Payload), err)
	}
	o, told := h.says[s.Endpoint]
	if !told {
		o = push.Outcome{Kind: push.Accepted, Status: 201}
	}
	if o.Kind == push.Accepted {
		h.sent = append(h.sent, l)
	}
	return o, nil
}

func each(t *testing.T, f func(h *hall)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(open(t, d)) })
}

func (h *hall) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) device(f face.ID, name string, rung int) {
	h.t.Helper()
	h.ok(h.Subscribe(h.ctx, f, notice.Subscription{Subscription: push.Subscription{Endpoint: name, Key: "k", Auth: "a"}, Session: "session of " + name, Lang: "en", Zone: "UTC"}))
	for _, d := range h.devices(f) {
		if d.Mark == notice.Mark(name) {
			h.ok(h.Place(h.ctx, f, d.ID, rung))
		}
	}
}

func (h *hall) devices(f face.ID) []notice.Device {
	h.t.Helper()
	list, err := h.Devices(h.ctx, f)
	h.ok(err)
	return list
}

// pass lets time go by in steps, with all that is due.
func (h *hall) pass(d time.Duration) {
	h.t.Helper()
	for ; d > 0; d -= 5 * time.Minute {
		h.at = h.at.Add(min(d, 5*time.Minute))
		h.works()
	}
}

func (h *hall) works() {
	h.t.Helper()
	h.ok(h.Climb(h.ctx))
	_, err := h.Deliver(h.ctx)
	h.ok(err)
}

func (h *hall) raise(k notice.Kind, to ...face.ID) {
	h.t.Helper()
	h.ok(h.Raise(h.ctx, k, to))
	h.works()
}

// rang are the devices that were sent something since this was asked last.
func (h *hall) rang(want ...string) []letter {
	h.t.Helper()
	sent := h.sent
	h.sent = nil
	var got []string
	for _, l := range sent {
		got = append(got, l.to)
	}
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		h.t.Errorf("rang (-want +got):\n%s", d)
	}
	return sent
}

func (h *hall) held(f face.ID, want ...notice.Waiting) {
	h.t.Helper()
	got, err := h.Held(h.ctx, f)
	h.ok(err)
	if d := cmp.Diff(want, got); d != "" {
		h.t.Errorf("on its way to %s (-want +got):\n%s", f, d)
	}
}

func TestLadder_climbsUntilOneShowsIt(t *testing.T) {
	each(t, func(h *hall) {
		h.device(ana, "phone", 1)
		h.device(ana, "tablet", 1)
		h.device(ana, "desk", 3)
		h.device(bo, "other", 1)
		h.raise(notice.Replies, ana)
		h.rang("phone", "tablet")
		h.raise(notice.Replies, ana) // it climbs already
		h.rang()
		h.held(ana, notice.Waiting{Kind: notice.Replies, N: 2})
		h.pass(10 * time.Minute)
		h.rang()
		h.pass(5 * time.Minute)
		last := h.rang("desk")
		if d := h.devices(ana); len(d) != 3 || d[0].State != "" {
			t := h.t
			t.Errorf("a notice is taken for a trial: %+v", d)
		}
		h.ok(h.Acknowledge(h.ctx, last[0].T, last[0].N, notice.Shown))
		h.held(ana)
		h.pass(2 * time.Hour)
		h.rang()
		h.raise(notice.Replies, ana)
		if l := h.rang("phone", "tablet")[0]; l.K != "replies" || l.U != "/following" || l.Urgency != push.Normal || l.D != "ltr" {
			h.t.Errorf("%+v", l)
		}
	})
}

// What happened after a device was told begins a ladder of its own when it has shown that.
func TestLadder_whatHappensMeanwhile(t *testing.T) {
	each(t, func(h *hall) {
		h.device(ana, "phone", 1)
		h.raise(notice.Replies, ana)
		l := h.rang("phone")[0]
		h.raise(notice.Replies, ana)
		h.rang()
		h.ok(h.Acknowledge(h.ctx, l.T, l.N, notice.Shown))
		h.held(ana, notice.Waiting{Kind: notice.Replies, N: 1})
		h.works()
		l = h.rang("phone")[0]
		h.ok(h.Acknowledge(h.ctx, l.T, l.N, notice.Shown))
		h.held(ana)
	})
}

// Who wishes to be rung until it is opened is.
func TestLadder_untilOpened(t *testing.T) {
	each(t, func(h *hall) {
		h.device(ana, "phone", 1)
		h.device(ana, "desk", 2)
		s := notice.Defaults("UTC")
		s.Until, s.Words = notice.Opened, true
		h.ok(h.Save(h.ctx, ana, s))
		h.raise(notice.Terms, ana)
		l := h.rang("phone")[0]
		if l.B == "" || strings.Contains(l.B, "Something new") {
			h.t.Errorf("it says %q", l.B)
		}
		h.ok(h.Acknowledge(h.ctx, l.T, l.N, notice.Shown))
		h.held(ana, notice.Waiting{Kind: notice.Terms, N: 1})
		h.pass(15 * time.Minute)
		h.rang("desk")
		h.ok(h.Acknowledge(h.ctx, l.T, l.N, notice.Opened))
		h.held(ana)
	})
}

func TestLadder_ends(t *testing.T) {
	each(t, func(h *hall) {
		h.raise(notice.Answers, ana) // no device: nothing is made
		h.held(ana)
		h.device(ana, "phone", 2)
		h.raise(notice.Answers, ana)
		h.rang("phone")
		h.pass(10 * time.Minute)
		h.held(ana, notice.Waiting{Kind: notice.Answers, N: 1})
		h.pass(5 * time.Minute)
		h.held(ana)
		h.rang()
	})
}

// A push service that is away for a day loses nothing and doubles nothing.
func TestDeliver_aServiceIsAway(t *testing.T) {
	each(t, func(h *hall) {
		h.device(ana, "phone", 1)
		h.says["phone"] = push.Outcome{Kind: push.Resting, After: 20 * time.Second}
		h.ok(h.Raise(h.ctx, notice.Answers, []face.ID{ana}))
		if again, err := h.Deliver(h.ctx); err != nil || again != 20*time.Second {
			h.t.Errorf("again in %v, %v", again, err)
		}
		h.pass(23 * time.Hour)
		h.rang()
		h.held(ana, notice.Waiting{Kind: notice.Answers, N: 1})
		delete(h.says, "phone")
		h.pass(time.Hour)
		h.rang("phone")
		h.held(ana)
	})
}

func TestRaise_modes(t *testing.T) {
	each(t, func(h *hall) {
		h.device(ana, "phone", 1)
		s := notice.Defaults("Europe/Madrid") // 13:00 there; a digest comes at 18:00
		s.Modes = map[notice.Kind]notice.Mode{notice.Asked: notice.Daily, notice.Terms: notice.Daily, notice.Results: notice.Never}
		h.ok(h.Save(h.ctx, ana, s))
		if got, err := h.Settings(h.ctx, ana, "UTC"); err != nil || cmp.Diff(s, got) != "" {
			h.t.Errorf("%v, %v", cmp.Diff(s, got), err)
		}
		for _, k := range []notice.Kind{notice.Asked, notice.Terms, notice.Results, notice.Asked} {
			h.raise(k, ana)
		}
		h.held(ana, notice.Waiting{Kind: notice.Digest, N: 3})
		h.pass(4*time.Hour + 55*time.Minute)
		h.rang()
		h.pass(5 * time.Minute)
		if l := h.rang("phone")[0]; l.Urgency != push.Low {
			h.t.Errorf("%+v", l)
		}
	})
}

// Whatever a device does not answer to, its owner is told, once.
func TestDevice_lost(t *testing.T) {
	each(t, func(h *hall) {
		var told []string
		log := event.New(h.DB)
		reads := event.Consumer{Name: "test", Handle: func(_ context.Context, batch []event.Event) error {
			for _, e := range batch {
				var l notice.LostDevice
				h.ok(e.Decode(&l))
				told = append(told, e.Kind+" "+string(l.Face))
			}
			return nil
		}}
		h.device(ana, "gone", 1)
		h.device(ana, "refuses", 1)
		h.device(ana, "away", 1)
		h.device(ana, "quiet", 1)
		h.says["gone"] = push.Outcome{Kind: push.Gone, Status: 410}
		h.says["refuses"] = push.Outcome{Kind: push.Refused, Status: 403}
		h.says["away"] = push.Outcome{Kind: push.Unreachable, After: time.Hour}
		var last letter
		s := notice.Defaults("UTC")
		s.QuietFrom = s.QuietTo
		h.ok(h.Save(h.ctx, ana, s))
		for range 5 {
			h.raise(notice.Replies, ana)
			h.pass(8 * time.Hour)
			if n := len(h.sent); n > 0 {
				last = h.sent[n-1]
			}
		}
		h.ok(log.Drain(h.ctx, reads))
		if len(told) != 4 {
			h.t.Errorf("told %q", told)
		}
		health := map[string]notice.Health{}
		for _, d := range h.devices(ana) {
			health[d.Mark] = d.Health
		}
		if d := cmp.Diff(map[string]notice.Health{notice.Mark("gone"): notice.Dead, notice.Mark("refuses"): notice.Dead, notice.Mark("away"): notice.Dead, notice.Mark("quiet"): notice.Silent}, health); d != "" {
			h.t.Error(d)
		}
		h.ok(h.Acknowledge(h.ctx, last.T, last.N, notice.Shown)) // late, of a notice long gone
		for _, d := range h.devices(ana) {
			if d.Mark == notice.Mark("quiet") && d.Health != notice.Well {
				h.t.Errorf("it showed something, and is %s", d.Health)
			}
		}
	})
}

func TestRing(t *testing.T) {
	each(t, func(h *hall) {
		h.at = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC) // at night too
		h.ok(h.Ring(h.ctx, ana))                             // nothing to ring
		h.device(ana, "phone", 1)
		h.device(ana, "desk", 3)
		h.says["desk"] = push.Outcome{Kind: push.TooLarge, Status: 413}
		h.ok(h.Ring(h.ctx, ana))
		h.works()
		l := h.rang("phone")[0]
		h.ok(h.Acknowledge(h.ctx, l.T, l.N, notice.Shown))
		h.ok(h.Acknowledge(h.ctx, l.T, l.N, notice.Opened))
		h.ok(h.Acknowledge(h.ctx, l.T, l.N, notice.Shown)) // they may come in either order
		d := h.devices(ana)
		if d[0].State != notice.Opened || d[0].Status != 201 || d[1].State != notice.Failed || d[1].Status != 413 {
			h.t.Errorf("%+v", d)
		}
		h.pass(time.Hour)
		h.rang()
		h.ok(h.Ring(h.ctx, ana))
		h.held(ana, notice.Waiting{Kind: notice.Trial, N: 1})
		h.ok(h.Keep(h.ctx))
		h.held(ana)
	})
}

func TestSubscribe(t *testing.T) {
	each(t, func(h *hall) {
		h.device(ana, "phone", 3)
		h.device(bo, "phone", 1) // whoever holds the browser now has it
		if d := h.devices(ana); len(d) != 0 {
			h.t.Errorf("it is still ana's: %+v", d)
		}
		h.device(ana, "desk", 2)
		h.ok(h.Subscribe(h.ctx, ana, notice.Subscription{Subscription: push.Subscription{Endpoint: "https://push.example/new"}, Session: "session of desk", Zone: "Nowhere/Nothing"}))
		d := h.devices(ana)
		if len(d) != 1 || d[0].Rung != 2 || d[0].Service != "push.example" || d[0].Mark != notice.Mark("https://push.example/new") {
			h.t.Errorf("%+v", d)
		}
		for i := range 9 {
			h.device(ana, fmt.Sprint("d", i), 1)
		}
		sub := func(f face.ID, endpoint, session string) error {
			return h.Subscribe(h.ctx, f, notice.Subscription{Subscription: push.Subscription{Endpoint: endpoint}, Session: session})
		}
		if err := sub(ana, "more", "s"); !fault.Is(err, fault.TooMany) {
			h.t.Errorf("an eleventh: %v", err)
		}
		if err := sub("", "x", "s"); !fault.Is(err, fault.SignIn) {
			h.t.Errorf("nobody: %v", err)
		}
		if err := sub(ana, "bad", "s"); !fault.Is(err, fault.Invalid) {
			h.t.Errorf("bad: %v", err)
		}
		h.ok(h.Leave(h.ctx, ana, "session of d0"))
		h.ok(h.Remove(h.ctx, bo, h.devices(ana)[0].ID)) // another's
		if n := len(h.devices(ana)); n != 9 {
			h.t.Errorf("%d devices", n)
		}
		h.ok(h.Remove(h.ctx, ana, h.devices(ana)[0].ID))
		if err := h.Place(h.ctx, bo, h.devices(ana)[0].ID, 1); !fault.Is(err, fault.NotFound) {
			h.t.Errorf("another's was moved: %v", err)
		}
		if err := h.Place(h.ctx, ana, h.devices(ana)[0].ID, 4); !fault.Is(err, fault.Invalid) {
			h.t.Errorf("rung 4: %v", err)
		}
		h.ok(h.Leave(h.ctx, ana, ""))
		if d := h.devices(ana); len(d) != 0 {
			h.t.Errorf("left: %+v", d)
		}
		if d := h.devices(bo); len(d) != 1 {
			h.t.Errorf("bo's: %+v", d)
		}
	})
}

func TestAcknowledge_tellsAStrangerNothing(t *testing.T) {
	each(t, func(h *hall) {
		h.device(ana, "phone", 1)
		h.device(bo, "other", 1)
		h.raise(notice.Replies, ana, bo)
		sent := h.rang("other", "phone")
		slices.SortFunc(sent, func(a, b letter) int { return strings.Compare(a.to, b.to) })
		h.ok(h.Acknowledge(h.ctx, sent[0].T, sent[1].N, notice.Shown)) // bo's device, ana's notice
		h.ok(h.Acknowledge(h.ctx, "guessed", sent[1].N, notice.Shown))
		h.held(ana, notice.Waiting{Kind: notice.Replies, N: 1})
		if err := h.Acknowledge(h.ctx, sent[1].T, sent[1].N, notice.Queued); !fault.Is(err, fault.Invalid) {
			h.t.Errorf("%v", err)
		}
	})
}

func TestForget(t *testing.T) {
	each(t, func(h *hall) {
		h.device(ana, "phone", 1)
		h.device(bo, "other", 1)
		h.raise(notice.Replies, ana, bo)
		h.ok(h.Forget(h.ctx, ana))
		h.held(ana)
		h.held(bo, notice.Waiting{Kind: notice.Replies, N: 1})
		if len(h.devices(ana)) != 0 || len(h.devices(bo)) != 1 {
			h.t.Error("devices")
		}
	})
}

func TestSave_refuses(t *testing.T) {
	each(t, func(h *hall) {
		good := notice.Defaults("UTC")
		for what, change := range map[string]func(*notice.Settings){
			"a zone": func(s *notice.Settings) { s.Zone = "Nowhere/Nothing" }, "an hour": func(s *notice.Settings) { s.QuietTo = 1440 },
			"a wait": func(s *notice.Settings) { s.Wait = 1 }, "until": func(s *notice.Settings) { s.Until = notice.Queued },
			"a kind": func(s *notice.Settings) { s.Modes = map[notice.Kind]notice.Mode{notice.Lost: notice.Never} },
			"a mode": func(s *notice.Settings) { s.Modes = map[notice.Kind]notice.Mode{notice.Terms: "soon"} },
		} {
			s := good
			change(&s)
			if err := h.Save(h.ctx, ana, s); !fault.Is(err, fault.Invalid) {
				h.t.Errorf("%s: %v", what, err)
			}
		}
		if err := h.Save(h.ctx, "", good); !fault.Is(err, fault.SignIn) {
			h.t.Errorf("nobody: %v", err)
		}
		if err := h.Ring(h.ctx, ""); !fault.Is(err, fault.SignIn) {
			h.t.Errorf("nobody: %v", err)
		}
	})
}

// What is raised in a transaction that fails was not raised.
func TestRaise_withTheTransaction(t *testing.T) {
	each(t, func(h *hall) {
		h.device(ana, "phone", 1)
		broken := errors.New("broken")
		err := h.DB.Tx(h.ctx, func(ctx context.Context) error {
			h.ok(h.Raise(ctx, notice.Replies, []face.ID{ana}))
			return broken
		})
		if !errors.Is(err, broken) {
			h.t.Fatal(err)
		}
		h.works()
		h.rang()
		h.held(ana)
	})
}

// A clock that was set far ahead and back again delays nothing for long.
func TestClimb_aClockThatJumps(t *testing.T) {
	each(t, func(h *hall) {
		h.device(ana, "phone", 1)
		h.device(ana, "desk", 2)
		at := h.at
		h.at = at.AddDate(1, 0, 0)
		h.raise(notice.Replies, ana)
		h.rang("phone")
		h.at = at
		h.works()
		h.rang("desk")
	})
}

// Run does it all by itself, and goes on where a program was killed.
func TestRun(t *testing.T) {
	t.Parallel()
	h := open(t, dbtest.Open(t, db.SQLite))
	h.device(ana, "phone", 1)
	h.ok(h.Raise(h.ctx, notice.Replies, []face.ID{ana}))
	h.start(h.DB) // killed before anything was handed over
	taken := make(chan string, 1)
	h.Send = func(_ context.Context, s push.Subscription, _ push.Message) (push.Outcome, error) {
		taken <- s.Endpoint
		return push.Outcome{Kind: push.Accepted, Status: 201}, nil
	}
	ctx, stop := context.WithCancel(h.ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); h.Run(ctx) }()
	if got := <-taken; got != "phone" {
		t.Error(got)
	}
	h.ok(h.Ring(h.ctx, ana)) // wakes it
	if got := <-taken; got != "phone" {
		t.Error(got)
	}
	stop()
	<-ended
}
