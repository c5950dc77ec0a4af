package moderation_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/moderation"
)

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func open(d *db.DB) (*moderation.Room, *clock) {
	c := &clock{time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	return moderation.New(moderation.Config{DB: d, Events: event.New(d), Now: c.now, FirstHeld: 1, NewcomerLinks: 2}), c
}

func seasoned(id string, c *clock) moderation.Actor {
	return moderation.Actor{Face: face.ID(id), Posts: 10, Since: c.at.Add(-60 * 24 * time.Hour)}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func seat(t *testing.T, r *moderation.Room, ids ...face.ID) {
	t.Helper()
	for _, id := range ids {
		token, err := r.Invite(context.Background(), "")
		must(t, err)
		must(t, r.Accept(context.Background(), token, id))
	}
}

func TestQueue_worstFirstWeightedByTrust(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, c := open(d)
		bo, liar := seasoned("bo", c), seasoned("liar", c)
		spam, leak, joke := moderation.Target{Kind: "post", ID: "p1"}, moderation.Target{Kind: "post", ID: "p2"}, moderation.Target{Kind: "post", ID: "p3"}
		for i := range 8 { // the liar's past
			wrong := moderation.Target{Kind: "post", ID: fmt.Sprint("old", i)}
			must(t, r.Report(ctx, liar, wrong, moderation.Threat, ""))
			must(t, r.Settle(ctx, wrong, false))
		}
		must(t, r.Report(ctx, bo, spam, moderation.Spam, "buy now"))
		must(t, r.Report(ctx, bo, spam, moderation.Insult, "and rude")) // replaces her earlier one
		must(t, r.Report(ctx, moderation.Actor{}, leak, moderation.PersonalData, "that is my address"))
		must(t, r.Report(ctx, liar, joke, moderation.Threat, ""))
		q, err := r.Queue(ctx)
		must(t, err)
		if len(q) != 3 || q[0].Target != leak || q[1].Target != spam || q[2].Target != joke {
			t.Fatalf("%+v", q)
		}
		if q[1].Count != 1 || q[1].Causes[0] != moderation.Insult || q[1].Words[0] != "and rude" {
			t.Errorf("%+v", q[1])
		}
		must(t, r.Settle(ctx, spam, true))
		for _, bad := range []struct{ cause, words string }{{"boredom", ""}, {"other", ""}, {"spam", strings.Repeat("x", 1001)}} {
			if err := r.Report(ctx, bo, spam, moderation.Cause(bad.cause), bad.words); !fault.Is(err, fault.Invalid) {
				t.Errorf("%.20v: %v", bad, err)
			}
		}
	})
}

// One outsider can be many: a flood from outside neither buries what members
// report, nor raises what it reports above it.
func TestQueue_aFloodFromOutsideBuriesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, c := open(d)
		leak := moderation.Target{Kind: "post", ID: "leak"}
		must(t, r.Report(ctx, seasoned("bo", c), leak, moderation.PersonalData, "my address"))
		must(t, d.Tx(ctx, func(ctx context.Context) error {
			for i := range 600 {
				c.at = c.at.Add(time.Second)
				flood := moderation.Target{Kind: "post", ID: fmt.Sprint("p", i%40)}
				if err := r.Report(ctx, moderation.Actor{}, flood, moderation.Spam, ""); err != nil {
					return err
				}
			}
			return nil
		}))
		q, err := r.Queue(ctx)
		must(t, err)
		if len(q) != 41 || q[0].Target != leak {
			t.Errorf("%d things, first %+v", len(q), q[0])
		}
	})
}

func TestDecide_isPublicAndReversedOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, _ := open(d)
		post := moderation.Target{Kind: "post", ID: "p1"}
		if _, err := r.Decide(ctx, "ana", moderation.Hide, post, " "); !fault.Is(err, fault.Invalid) {
			t.Errorf("a decision without a reason: %v", err)
		}
		hidden, err := r.Decide(ctx, "ana", moderation.Hide, post, "an advert")
		must(t, err)
		if !hidden.Reversible() {
			t.Error("a hiding has a way back")
		}
		back, err := r.Reverse(ctx, "cleo", hidden.ID, "")
		must(t, err)
		if back.Deed != moderation.Show || back.Undoes != hidden.ID || back.Reversible() {
			t.Errorf("%+v", back)
		}
		if _, err := r.Reverse(ctx, "cleo", hidden.ID, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("reversed twice: %v", err)
		}
		if _, err := r.Reverse(ctx, "cleo", back.ID, ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("the way back has no way back: %v", err)
		}
		if _, err := r.Reverse(ctx, "cleo", "nothing", ""); !fault.Is(err, fault.NotFound) {
			t.Errorf("got %v", err)
		}
		about, err := r.About(ctx, post)
		must(t, err)
		all, err := r.Decisions(ctx, time.Time{}, 10)
		must(t, err)
		if len(about) != 2 || len(all) != 2 || all[1].UndoneBy != back.ID || all[1].Reason != "an advert" {
			t.Errorf("%+v %+v", about, all)
		}
	})
}

func TestInvite_makesOneStewardOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, _ := open(d)
		old, err := r.Invite(ctx, "")
		must(t, err)
		token, err := r.Invite(ctx, "")
		must(t, err)
		if err := r.Accept(ctx, old, "eve"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a replaced link was good: %v", err)
		}
		if err := r.Accept(ctx, token, ""); !fault.Is(err, fault.SignIn) {
			t.Errorf("got %v", err)
		}
		if good, _ := r.Invited(ctx, token); !good {
			t.Error("the refusal spent the link")
		}
		must(t, r.Accept(ctx, token, "ana"))
		if err := r.Accept(ctx, token, "eve"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a spent link was good: %v", err)
		}
		if is, err := r.IsSteward(ctx, "ana"); !is || err != nil {
			t.Errorf("%v %v", is, err)
		}
		if is, _ := r.IsSteward(ctx, "eve"); is {
			t.Error("eve is a steward")
		}
		if err := r.Resign(ctx, "ana"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the last steward left: %v", err)
		}
		must(t, r.Appoint(ctx, "ana", "bo"))
		must(t, r.Appoint(ctx, "ana", "bo"))
		must(t, r.Resign(ctx, "ana"))
		if is, _ := r.IsSteward(ctx, "ana"); is {
			t.Error("memory still holds who resigned")
		}
		must(t, r.Forget(ctx, "bo"))
		if ss, _ := r.Stewards(ctx); len(ss) != 0 {
			t.Errorf("%+v", ss)
		}
	})
}

func TestBlock(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, _ := open(d)
		must(t, r.Block(ctx, "ana", "bo"))
		must(t, r.Block(ctx, "ana", "bo"))
		if has, err := r.HasBlocked(ctx, "ana", "bo"); !has || err != nil {
			t.Errorf("%v %v", has, err)
		}
		if has, _ := r.HasBlocked(ctx, "bo", "ana"); has {
			t.Error("a block goes one way")
		}
		if ids, _ := r.Blocked(ctx, "ana"); len(ids) != 1 || ids[0] != "bo" {
			t.Errorf("%v", ids)
		}
		must(t, r.Unblock(ctx, "ana", "bo"))
		if ids, _ := r.Blocked(ctx, "ana"); len(ids) != 0 {
			t.Errorf("%v", ids)
		}
	})
}

func TestMay_yesAndNo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	old := now.Add(-40 * 24 * time.Hour)
	for _, c := range []struct {
		name string
		err  error
		yes  bool
	}{
		{"decide, steward", moderation.MayDecide(true), true},
		{"decide, member", moderation.MayDecide(false), false},
		{"voice, elector", moderation.MayVoice("a", true), true},
		{"voice, not yet", moderation.MayVoice("a", false), false},
		{"voice, nobody", moderation.MayVoice("", true), false},
		{"answer, the steward to recall", moderation.MayAnswer("a", moderation.Motion{Kind: moderation.Recall, Face: "a"}), true},
		{"answer, another", moderation.MayAnswer("b", moderation.Motion{Kind: moderation.Recall, Face: "a"}), false},
		{"answer, a successor", moderation.MayAnswer("a", moderation.Motion{Kind: moderation.Succession, Face: "a"}), false},
		{"answer, nobody", moderation.MayAnswer("", moderation.Motion{Kind: moderation.Recall}), false},
		{"block another", moderation.MayBlock("a", "b"), true},
		{"block oneself", moderation.MayBlock("a", "a"), false},
		{"block, nobody", moderation.MayBlock("", "b"), false},
		{"succeed nobody", moderation.MaySucceed(nil, now), true},
		{"succeed the silent", moderation.MaySucceed([]moderation.Steward{{Active: old}}, now), true},
		{"succeed the present", moderation.MaySucceed([]moderation.Steward{{Active: old}, {Active: now}}, now), false},
	} {
		if (c.err == nil) != c.yes {
			t.Errorf("%s: %v", c.name, c.err)
		}
	}
}

func TestWeigh(t *testing.T) {
	t.Parallel()
	r, c := open(dbtest.Open(t, db.SQLite))
	long := "Earn 500 a day from home, write to me now and I tell you how it is done"
	if v := r.Weigh(moderation.Actor{Face: "a"}, false, long); v.Held != "moderation.held.newcomer" || v.MaxLinks != 2 || !v.Newcomer {
		t.Errorf("%+v", v)
	}
	if v := r.Weigh(moderation.Actor{Face: "a", Posts: 1}, false, long); v.Held != "" {
		t.Errorf("her own text again: %+v", v)
	}
	if v := r.Weigh(moderation.Actor{Face: "b", Posts: 1}, false, strings.ToUpper(long)); v.Held != "moderation.held.echo" {
		t.Errorf("the same text from another newcomer: %+v", v)
	}
	if v := r.Weigh(moderation.Actor{Face: "c", Posts: 50}, false, long); v != (moderation.Verdict{}) {
		t.Errorf("a known member: %+v", v)
	}
	c.at = c.at.Add(25 * time.Hour)
	if v := r.Weigh(moderation.Actor{Face: "d", Posts: 1}, false, long); v.Held != "" {
		t.Errorf("a day later: %+v", v)
	}
}

// A report says on which day it was sent, and neither when nor after which.
func TestReport_keepsADayAndNoOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, c := open(d)
		c.at = time.Date(2026, 11, 23, 9, 47, 31, 123456000, time.UTC)
		for i := range 3 {
			c.at = c.at.Add(time.Hour)
			must(t, r.Report(ctx, seasoned("bo", c), moderation.Target{Kind: "post", ID: fmt.Sprint("p", i)}, moderation.Spam, ""))
		}
		sent, err := r.Reports(ctx, "bo")
		must(t, err)
		for _, s := range sent {
			if !s.Day.Equal(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)) {
				t.Errorf("%+v", s)
			}
		}
		var least, most int64
		if _, err := d.Row(ctx, qDays, nil, &least, &most); err != nil || least != 20780 || most != 20780 {
			t.Errorf("stored: %d to %d, %v", least, most, err)
		}
	})
}

var qDays = db.SQL("moderationtest.days", `SELECT min(day), max(day) FROM moderation_report`)

func TestWeighChange(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	r, c := open(d)
	for _, x := range []struct {
		name    string
		posts   int
		steward bool
		want    string
	}{
		{"first", 0, false, "moderation.held.newcomer"}, {"let in", 1, false, "moderation.held.change"},
		{"known", 5, false, ""}, {"steward", 1, true, ""},
	} {
		if v := r.WeighChange(moderation.Actor{Face: "a", Posts: x.posts}, x.steward, x.name); v.Held != x.want {
			t.Errorf("%s: %+v", x.name, v)
		}
	}
	free := moderation.New(moderation.Config{DB: d, Events: event.New(d), Now: c.now})
	if v := free.WeighChange(moderation.Actor{Face: "a", Posts: 1}, false, "free"); v.Held != "" {
		t.Errorf("where first posts do not wait: %+v", v)
	}
}
