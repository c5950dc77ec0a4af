package reply_test

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
	"guildhall/internal/reply"
)

// TestMain refuses SQL that no test has executed, when all tests were run.
func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, q := range db.Queries() {
			if strings.HasPrefix(q.Name(), "reply.") && !q.Ran() {
				fmt.Println("no test executes", q.Name())
				code = 1
			}
		}
	}
	os.Exit(code)
}

func wants(t *testing.T, err error, kind fault.Kind, field, key string) {
	t.Helper()
	if f := fault.From(err); err == nil || f.Kind != kind || f.Field != field || f.Key != key {
		t.Errorf("got %v; want %v %s on %q", err, kind, key, field)
	}
}

var (
	nobody = reply.Actor{}
	ana    = reply.Actor{Face: "ana", For: "gigharbour", Mandate: "m1"}
	bo     = reply.Actor{Face: "bo", For: "gigharbour", Mandate: "m2"}
	cleo   = reply.Actor{Face: "cleo"}
	dov    = reply.Actor{Face: "dov", Steward: true}
	about  = reply.Target{Kind: reply.Article, ID: "a1"}
)

func each(t *testing.T, f func(t *testing.T, r *reply.Room, ctx context.Context, touched *[]string)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
		now := func() time.Time { at = at.Add(time.Second); return at }
		var touched []string
		r := reply.New(reply.Config{DB: d, Faces: face.New(face.Config{DB: d, Events: event.New(d), Now: now}), Now: now, Host: "hall.test",
			Touch: func(things ...string) { touched = append(touched, things...) }})
		f(t, r, context.Background(), &touched)
	})
}

func TestWrite_andRevise(t *testing.T) {
	each(t, func(t *testing.T, r *reply.Room, ctx context.Context, touched *[]string) {
		_, err := r.Write(ctx, nobody, about, 100, "No.")
		wants(t, err, fault.SignIn, "", "fault.sign_in")
		_, err = r.Write(ctx, cleo, about, 100, "No.")
		wants(t, err, fault.Forbidden, "", "reply.may.write")
		_, err = r.Write(ctx, dov, about, 100, "No.")
		wants(t, err, fault.Forbidden, "", "reply.may.write")
		_, err = r.Write(ctx, ana, about, 100, " ")
		wants(t, err, fault.Invalid, "text", "fault.empty")
		_, err = r.Write(ctx, ana, about, 100, "Send us your user name.")
		wants(t, err, fault.Invalid, "text", "guard.asks")
		if _, err = r.Write(ctx, ana, about, 100, strings.Repeat("x", 101)); fault.From(err).Field != "text" || !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
		x, err := r.Write(ctx, ana, about, 100, "The fee was *announced*.")
		if err != nil || !strings.Contains(string(x.HTML), "<em>announced</em>") || !slices.Contains(*touched, about.Thing()) {
			t.Fatal(x, err, *touched)
		}
		_, err = r.Write(ctx, bo, about, 100, "Again.")
		wants(t, err, fault.Conflict, "", "reply.there")
		other := bo
		other.For = "elsewhere"
		if _, err = r.Write(ctx, other, about, 100, "Another platform's."); err != nil {
			t.Error(err)
		}
		_, err = r.Revise(ctx, other, x.ID, 100, "Not ours.")
		wants(t, err, fault.Forbidden, "", "reply.may.write")
		_, err = r.Revise(ctx, dov, x.ID, 100, "The steward's words.")
		wants(t, err, fault.Forbidden, "", "reply.may.write")
		_, err = r.Revise(ctx, bo, "nothing", 100, "Nothing.")
		wants(t, err, fault.NotFound, "", "reply.none")
		_, err = r.Revise(ctx, bo, x.ID, 100, "")
		wants(t, err, fault.Invalid, "text", "fault.empty")
		if _, err = r.Revise(ctx, bo, x.ID, 100, "The fee was announced in May."); err != nil {
			t.Fatal(err)
		}
		y, found, err := r.Below(ctx, nobody, about, "gigharbour")
		if err != nil || !found || y.ID != x.ID || y.Revisions != 2 || y.Mandate != "m2" || y.Source != "The fee was announced in May." || !y.EditedAt.After(y.At) {
			t.Errorf("%+v %v", y, err)
		}
		vs, err := r.Revisions(ctx, nobody, x.ID)
		if err != nil || len(vs) != 2 || vs[1].Source != "The fee was *announced*." || vs[1].Mandate != "m1" || vs[0].N != 2 {
			t.Error(vs, err)
		}
		if _, found, err = r.Below(ctx, nobody, reply.Target{Kind: reply.Question, ID: "a1"}, "gigharbour"); found || err != nil {
			t.Error(found, err)
		}
		_, err = r.Reply(ctx, nobody, "nothing")
		wants(t, err, fault.NotFound, "", "reply.none")
	})
}

func TestHush(t *testing.T) {
	each(t, func(t *testing.T, r *reply.Room, ctx context.Context, _ *[]string) {
		x, err := r.Write(ctx, ana, about, 100, "Maria did it.")
		if err != nil {
			t.Fatal(err)
		}
		wants(t, r.Hush(ctx, cleo, x.ID, "It names somebody."), fault.Forbidden, "", "reply.may.steward")
		wants(t, r.Hush(ctx, dov, x.ID, ""), fault.Invalid, "reason", "fault.empty")
		wants(t, r.Hush(ctx, dov, x.ID, strings.Repeat("x", reply.MaxReason+1)), fault.Invalid, "reason", "fault.too_long")
		wants(t, r.Hush(ctx, dov, "nothing", "It names somebody."), fault.NotFound, "", "reply.none")
		for range 2 {
			if err := r.Hush(ctx, dov, x.ID, "It names somebody."); err != nil {
				t.Fatal(err)
			}
		}
		for a, sees := range map[reply.Actor]bool{nobody: false, cleo: false, dov: true, bo: true} {
			y, err := r.Reply(ctx, a, x.ID)
			vs, err2 := r.Revisions(ctx, a, x.ID)
			if err != nil || err2 != nil || y.Hush == nil || y.Hush.Reason != "It names somebody." || (y.Source != "") != sees || (y.HTML != "") != sees || (len(vs) == 1) != sees {
				t.Errorf("%+v: %+v %v %v", a, y, vs, err)
			}
		}
		wants(t, r.Unhush(ctx, ana, x.ID), fault.Forbidden, "", "reply.may.steward")
		if err := r.Unhush(ctx, dov, x.ID); err != nil {
			t.Fatal(err)
		}
		if y, err := r.Reply(ctx, nobody, x.ID); err != nil || y.Hush != nil || y.Source == "" {
			t.Error(y, err)
		}
	})
}

func TestCorrect(t *testing.T) {
	each(t, func(t *testing.T, r *reply.Room, ctx context.Context, touched *[]string) {
		wants(t, r.Correct(ctx, nobody, about, "It was June."), fault.SignIn, "", "fault.sign_in")
		wants(t, r.Correct(ctx, ana, about, "It was June."), fault.Forbidden, "", "reply.may.steward")
		wants(t, r.Correct(ctx, dov, about, " "), fault.Invalid, "text", "fault.empty")
		if err := r.Correct(ctx, dov, about, strings.Repeat("x", reply.MaxCorrection+1)); fault.From(err).Field != "text" {
			t.Error(err)
		}
		for i := range 50 {
			if err := r.Correct(ctx, dov, about, fmt.Sprintf("It was *June* %d.", i)); err != nil {
				t.Fatal(err)
			}
		}
		wants(t, r.Correct(ctx, dov, about, "Once more."), fault.TooMany, "", "reply.corrected_enough")
		list, err := r.Corrections(ctx, about)
		if err != nil || len(list) != 50 || list[0].N != 1 || list[0].By.ID != "dov" || !strings.Contains(string(list[0].HTML), "<em>June</em>") || !slices.Contains(*touched, about.Thing()) {
			t.Error(len(list), err)
		}
		if list, err = r.Corrections(ctx, reply.Target{Kind: reply.Clause, ID: "a1"}); err != nil || len(list) != 0 {
			t.Error(list, err)
		}
	})
}

func TestMay(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		err error
		key string
	}{
		"write":                   {reply.MayWrite(ana, "gigharbour"), ""},
		"write, nobody":           {reply.MayWrite(nobody, "gigharbour"), "fault.sign_in"},
		"write, another platform": {reply.MayWrite(ana, "elsewhere"), "reply.may.write"},
		"write, none named":       {reply.MayWrite(ana, ""), "reply.may.write"},
		"write, none either":      {reply.MayWrite(cleo, ""), "reply.may.write"},
		"write, no mandate":       {reply.MayWrite(reply.Actor{Face: "x", For: "gigharbour"}, "gigharbour"), "reply.may.write"},
		"keep":                    {reply.MayKeep(dov), ""},
		"keep, nobody":            {reply.MayKeep(nobody), "fault.sign_in"},
		"keep, a platform":        {reply.MayKeep(ana), "reply.may.steward"},
	} {
		if got := fault.From(c.err); (c.err == nil) != (c.key == "") || c.err != nil && got.Key != c.key {
			t.Errorf("%s: %v, want %q", what, c.err, c.key)
		}
	}
}
