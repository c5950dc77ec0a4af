package space_test

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
	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/space"
)

// TestMain refuses SQL that no test has executed, when all tests were run.
func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, q := range db.Queries() {
			if strings.HasPrefix(q.Name(), "space.") && !q.Ran() {
				fmt.Println("no test executes", q.Name())
				code = 1
			}
		}
	}
	os.Exit(code)
}

// hall is one room on one database, with ana, bo, cleo, and dov the steward.
type hall struct {
	*space.Room
	t       *testing.T
	ctx     context.Context
	db      *db.DB
	at      time.Time
	credits map[face.ID]space.Credit
	touched []string

	ana, bo, dov, nobody space.Actor
}

// start is a Monday, the first day of an epoch.
var start = epoch.Start(742)

func each(t *testing.T, f func(h *hall)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := &hall{t: t, ctx: context.Background(), db: d, at: start.Add(9 * time.Hour), credits: map[face.ID]space.Credit{
			"ana": {Joined: 740, Vouches: 2, Branch: "one"}, "bo": {Joined: 741, Vouches: 1, Branch: "two"}, "dov": {Joined: 742, Vouches: 2, Founder: true, Branch: "three"},
		}}
		h.ana.Face, h.bo.Face, h.dov = "ana", "bo", space.Actor{Face: "dov", Steward: true}
		h.Room = space.New(space.Config{DB: d, Host: "hall.test", Now: func() time.Time { return h.at },
			Credit: func(_ context.Context, f face.ID) (space.Credit, error) {
				c, ok := h.credits[f]
				if !ok {
					return c, fault.New(fault.NotFound, "member.unknown")
				}
				return c, nil
			},
			Touch: func(things ...string) { h.touched = append(h.touched, things...) }})
		f(h)
	})
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

func safe(name string) space.Opening {
	return space.Opening{Kind: space.Safe, Lang: "en", Reason: "asked for in the discussion of Monday", Says: space.Says{
		Name: name, Purpose: "Where designers say what they would not say elsewhere.", Rules: "Speak of *deeds*, never of people.",
		Entry: space.Vouched, Pace: space.Careful, Label: space.PlatformReads}}
}

func open(name string, entry space.Entry) space.Opening {
	o := safe(name)
	o.Kind, o.Topic, o.Entry, o.Pace = space.Open, strings.ToLower(name), entry, ""
	return o
}

func (h *hall) open(o space.Opening) space.Space {
	h.t.Helper()
	s, err := h.Open(h.ctx, h.dov, o)
	h.ok(err)
	return s
}

func TestOpen_changeAndHistory(t *testing.T) {
	each(t, func(h *hall) {
		s := h.open(safe("Designers at night"))
		if s.ID != "designers-at-night" || s.N != 1 || !strings.Contains(string(s.HTML), "<em>deeds</em>") {
			h.t.Errorf("opened %+v", s)
		}
		if tr := h.open(safe("Diseño & Traducción")); tr.ID != "diseno-traduccion" {
			h.t.Errorf("without accents: %q", tr.ID)
		}
		ar := safe("المصممون")
		ar.Lang, ar.Address = "ar", "musammimun"
		if got := h.open(ar); got.ID != "musammimun" {
			h.t.Errorf("as typed: %q", got.ID)
		}
		to := s.Says
		to.Purpose = "Where designers say it all."
		h.at = h.at.Add(time.Hour)
		changed, err := h.Change(h.ctx, h.dov, s.ID, 1, to, "shorter is better")
		h.ok(err)
		if changed.N != 2 || changed.Purpose != to.Purpose {
			h.t.Errorf("changed %+v", changed)
		}
		_, err = h.Change(h.ctx, h.dov, s.ID, 1, to, "from an old page")
		h.refused(err, fault.Conflict, "space.changed_meanwhile")
		got, err := h.Space(h.ctx, s.ID)
		h.ok(err)
		if got.Purpose != to.Purpose || got.By != "dov" || got.Reason != "shorter is better" || !got.OpenedAt.Equal(s.OpenedAt) {
			h.t.Errorf("reads %+v", got)
		}
		list, err := h.Revisions(h.ctx, s.ID)
		h.ok(err)
		if len(list) != 2 || list[0].N != 2 || list[1].Purpose != s.Purpose || list[1].By != "dov" {
			h.t.Errorf("history %+v", list)
		}
		_, err = h.Revisions(h.ctx, "nowhere")
		h.refused(err, fault.NotFound, "space.none")
		if !slices.Contains(h.touched, "space:designers-at-night") || !slices.Contains(h.touched, "spaces") {
			h.t.Errorf("touched %v", h.touched)
		}
	})
}

func TestOpen_refuses(t *testing.T) {
	each(t, func(h *hall) {
		h.open(safe("Designers"))
		h.open(open("Calls", space.Anybody))
		for _, c := range []struct {
			what string
			by   space.Actor
			make func(*space.Opening)
			kind fault.Kind
			key  string
		}{
			{"a reader", h.nobody, func(*space.Opening) {}, fault.SignIn, "fault.sign_in"},
			{"a member", h.ana, func(*space.Opening) {}, fault.Forbidden, "space.may.steward"},
			{"same name", h.dov, func(o *space.Opening) { o.Name = "designers" }, fault.Conflict, "space.name_taken"},
			{"an address that is something else", h.dov, func(o *space.Opening) { o.Name = "New" }, fault.Conflict, "space.name_taken"},
			{"topic taken", h.dov, func(o *space.Opening) { *o = open("Telephone", space.Anybody); o.Topic = "calls" }, fault.Conflict, "space.topic_taken"},
			{"open without a topic", h.dov, func(o *space.Opening) { *o = open("Telephone", space.Anybody); o.Topic = "" }, fault.Invalid, "fault.choose"},
			{"safe with a topic", h.dov, func(o *space.Opening) { o.Topic = "calls" }, fault.Invalid, "fault.choose"},
			{"no kind", h.dov, func(o *space.Opening) { o.Kind = "" }, fault.Invalid, "fault.choose"},
			{"no language", h.dov, func(o *space.Opening) { o.Lang = "xx" }, fault.Invalid, "fault.choose"},
			{"a name without plain letters", h.dov, func(o *space.Opening) { o.Name = "المصممون" }, fault.Invalid, "space.address"},
			{"a long address", h.dov, func(o *space.Opening) { o.Address = strings.Repeat("a", 41) }, fault.Invalid, "space.address"},
			{"no name", h.dov, func(o *space.Opening) { o.Name = " " }, fault.Invalid, "fault.empty"},
			{"a long purpose", h.dov, func(o *space.Opening) { o.Purpose = strings.Repeat("x", 301) }, fault.Invalid, "fault.too_long"},
			{"short rules", h.dov, func(o *space.Opening) { o.Rules = "be nice" }, fault.Invalid, "fault.too_short"},
			{"rules of too many bytes", h.dov, func(o *space.Opening) { o.Rules = strings.Repeat("é", 5000) }, fault.Invalid, "markdown.too_long"},
			{"safe for anybody", h.dov, func(o *space.Opening) { o.Entry = space.Anybody }, fault.Invalid, "space.safe_is_vouched"},
			{"no entry rule", h.dov, func(o *space.Opening) { o.Entry = "all" }, fault.Invalid, "fault.choose"},
			{"no pace", h.dov, func(o *space.Opening) { o.Pace = "" }, fault.Invalid, "fault.choose"},
			{"no label", h.dov, func(o *space.Opening) { o.Label = "" }, fault.Invalid, "fault.choose"},
			{"no reason", h.dov, func(o *space.Opening) { o.Reason = "" }, fault.Invalid, "fault.empty"},
		} {
			o := safe("Another")
			c.make(&o)
			_, err := h.Open(h.ctx, c.by, o)
			if f := fault.From(err); err == nil || f.Kind != c.kind || f.Key != c.key {
				h.t.Errorf("%s: %v; want %v %s", c.what, err, c.kind, c.key)
			}
		}
	})
}

func TestChange_paceOnlySlower(t *testing.T) {
	each(t, func(h *hall) {
		o := safe("Editors")
		o.Pace = space.Daily
		s := h.open(o)
		to := s.Says
		to.Pace = space.Hourly
		_, err := h.Change(h.ctx, h.dov, s.ID, 1, to, "people are impatient")
		h.refused(err, fault.Invalid, "space.pace_faster")
		to.Pace = space.Careful
		_, err = h.Change(h.ctx, h.dov, s.ID, 1, to, "people are careful")
		h.ok(err)
		_, err = h.Change(h.ctx, h.ana, s.ID, 2, to, "I would like it")
		h.refused(err, fault.Forbidden, "space.may.steward")
		_, err = h.Change(h.ctx, h.dov, "nowhere", 1, to, "there is no such space")
		h.refused(err, fault.NotFound, "space.none")
	})
}

func TestClose_andReopen(t *testing.T) {
	each(t, func(h *hall) {
		first, second := h.open(safe("First")), h.open(safe("Second"))
		h.ok(h.Enter(h.ctx, h.ana, first.ID))
		h.refused(h.Close(h.ctx, h.ana, first.ID, "because"), fault.Forbidden, "space.may.steward")
		h.refused(h.Close(h.ctx, h.dov, first.ID, ""), fault.Invalid, "fault.empty")
		h.refused(h.Close(h.ctx, h.dov, "nowhere", "because"), fault.NotFound, "space.none")
		h.ok(h.Close(h.ctx, h.dov, first.ID, "nobody came"))
		h.ok(h.Close(h.ctx, h.dov, first.ID, "once more"))
		s, err := h.Space(h.ctx, first.ID)
		h.ok(err)
		if !s.Closed() || s.Closure.Reason != "nobody came" || s.Closure.By != "dov" {
			h.t.Errorf("closed: %+v", s.Closure)
		}
		list, err := h.Spaces(h.ctx)
		h.ok(err)
		if len(list) != 2 || list[0].ID != second.ID {
			h.t.Errorf("closed ones come last: %v", list)
		}
		h.refused(h.Enter(h.ctx, h.bo, first.ID), fault.Forbidden, "space.may.closed")
		st, err := h.Standing(h.ctx, first.ID, "ana")
		h.ok(err)
		h.refused(st.Why, fault.Forbidden, "space.may.closed")
		h.ok(h.Reopen(h.ctx, h.dov, first.ID, "they came"))
		st, err = h.Standing(h.ctx, first.ID, "ana")
		h.ok(err)
		if !st.Eligible || !st.Seat {
			h.t.Errorf("after reopening: %+v", st)
		}
	})
}

func TestStanding_saysWhyNotYet(t *testing.T) {
	each(t, func(h *hall) {
		s := h.open(safe("Designers"))
		stand := func(f face.ID) space.Standing {
			st, err := h.Standing(h.ctx, s.ID, f)
			h.ok(err)
			return st
		}
		h.refused(stand("ana").Why, fault.Forbidden, "space.may.no_seat")
		for _, who := range []space.Actor{h.ana, h.bo, h.dov} {
			h.ok(h.Enter(h.ctx, who, s.ID))
			h.ok(h.Enter(h.ctx, who, s.ID)) // twice is once
		}
		if st := stand("ana"); !st.Eligible || st.Why != nil || st.Branch != "one" || st.Missing != 0 {
			h.t.Errorf("ana, seasoned: %+v", st)
		}
		if st := stand("dov"); !st.Eligible {
			h.t.Errorf("a founder counts at once: %+v", st)
		}
		bo := stand("bo")
		h.refused(bo.Why, fault.Forbidden, "space.may.one_vouch")
		if bo.Missing != 1 || !bo.From.Equal(epoch.Start(743)) {
			h.t.Errorf("bo: %+v", bo)
		}
		h.credits["bo"] = space.Credit{Joined: 741, Vouches: 2, Branch: "two"}
		f := fault.From(stand("bo").Why)
		if f.Key != "space.may.not_yet" || !f.Args[0].(time.Time).Equal(epoch.Start(743)) {
			h.t.Errorf("bo has his vouches, not his time: %v %v", f, f.Args)
		}
		h.at = epoch.Start(743).Add(-time.Second)
		if stand("bo").Eligible {
			h.t.Error("a second too early")
		}
		h.at = epoch.Start(743)
		if !stand("bo").Eligible {
			h.t.Error("he joined before the previous epoch began")
		}
		h.refused(stand("stranger").Why, fault.Forbidden, "space.may.no_seat")
		_, err := h.Standing(h.ctx, "nowhere", "ana")
		h.refused(err, fault.NotFound, "space.none")
		if st, err := h.Standing(h.ctx, h.open(open("Calls", space.Anybody)).ID, "ana"); err != nil || fault.From(st.Why).Key != "space.may.no_masks" {
			h.t.Errorf("an open space has no masks: %+v %v", st, err)
		}
	})
}

func TestSeats_enterAndLeave(t *testing.T) {
	each(t, func(h *hall) {
		safeID, openID := h.open(safe("Designers")).ID, h.open(open("Calls", space.Vouched)).ID
		h.refused(h.Enter(h.ctx, h.nobody, safeID), fault.SignIn, "fault.sign_in")
		h.refused(h.Leave(h.ctx, h.nobody, safeID), fault.SignIn, "fault.sign_in")
		h.refused(h.Enter(h.ctx, h.ana, "nowhere"), fault.NotFound, "space.none")
		h.refused(h.Enter(h.ctx, h.bo, openID), fault.Forbidden, "space.may.one_vouch")
		h.refused(h.MaySpeak(h.ctx, h.bo, "letters", "calls"), fault.Forbidden, "space.may.seat_first")
		h.refused(h.MaySpeak(h.ctx, h.nobody, "calls"), fault.SignIn, "fault.sign_in")
		h.ok(h.MaySpeak(h.ctx, h.bo, "letters"))
		h.ok(h.Enter(h.ctx, h.ana, safeID))
		h.ok(h.Enter(h.ctx, h.ana, openID))
		h.ok(h.MaySpeak(h.ctx, h.ana, "calls"))
		h.touched = nil
		ids, err := h.Seats(h.ctx, "ana")
		h.ok(err)
		if !slices.Equal(ids, []space.ID{openID, safeID}) {
			h.t.Errorf("seats %v", ids)
		}
		h.ok(h.Leave(h.ctx, h.ana, safeID))
		h.ok(h.Leave(h.ctx, h.ana, safeID))
		if st, _ := h.Standing(h.ctx, safeID, "ana"); st.Seat {
			h.t.Error("she left and still sits")
		}
		h.ok(h.Forget(h.ctx, "ana"))
		if ids, _ := h.Seats(h.ctx, "ana"); len(ids) != 0 {
			h.t.Errorf("after erasure: %v", ids)
		}
		if len(h.touched) != 0 {
			h.t.Errorf("coming and going touched %v", h.touched)
		}
		h.ok(h.Close(h.ctx, h.dov, openID, "moved elsewhere"))
		h.refused(h.MaySpeak(h.ctx, h.ana, "calls"), fault.Forbidden, "space.may.closed")
	})
}

// What a page shows of seats is the number at the beginning of the epoch.
func TestCounted_oncePerEpoch(t *testing.T) {
	each(t, func(h *hall) {
		id := h.open(safe("Designers")).ID
		h.ok(h.Enter(h.ctx, h.ana, id))
		h.ok(h.Keep(h.ctx))
		if m, _ := h.Counted(h.ctx); len(m) != 0 {
			h.t.Errorf("a space of this epoch is not counted yet: %v", m)
		}
		if !h.NextCount().Equal(epoch.Start(743)) {
			h.t.Errorf("next count %v", h.NextCount())
		}
		h.at = epoch.Start(743).Add(time.Hour)
		h.ok(h.Keep(h.ctx))
		h.ok(h.Enter(h.ctx, h.bo, id))
		h.ok(h.Keep(h.ctx))
		m, err := h.Counted(h.ctx)
		h.ok(err)
		if m[id] != (space.Count{Epoch: 743, Seats: 1}) {
			h.t.Errorf("counted %v", m)
		}
	})
}

func TestCrowd_noBranchAboveAThird(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		branches map[string]int
		want     int
	}{
		{nil, 0},
		{map[string]int{"a": 60}, 0},
		{map[string]int{"a": 30, "b": 30}, 0},
		{map[string]int{"a": 20, "b": 20, "c": 20}, 60},
		{map[string]int{"a": 1, "b": 1, "c": 1}, 3},
		{map[string]int{"a": 1000, "b": 5, "c": 5}, 15},
		{map[string]int{"a": 1000, "b": 10, "c": 5, "d": 5}, 30},
		{map[string]int{"mail": 45, "a": 5, "b": 5, "c": 5}, 22},
	} {
		if got := space.Crowd(c.branches); got != c.want {
			t.Errorf("%v counts for %d, want %d", c.branches, got, c.want)
		}
	}
}
