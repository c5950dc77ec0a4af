package platform_test

import (
	"context"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/event"
	"guildhall/internal/fault"
	"guildhall/internal/platform"
)

// What is wrong about a platform is put right, and that can be taken back; its address
// stays, and so does the way to it by its old name.
func TestCorrect(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, at := context.Background(), time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
		r := platform.New(platform.Config{DB: d, Events: event.New(d), Now: func() time.Time { return at }})
		make := func(name, domain string) platform.ID {
			t.Helper()
			p, err := r.Propose(ctx, ana, platform.Proposal{Name: name, Domain: domain, About: "Where ships find sailors."})
			if err == nil {
				err = r.Decide(ctx, dov, p.ID, platform.Accepted, "It is where we work.")
			}
			if err != nil {
				t.Fatal(err)
			}
			return p.ID
		}
		id := make("Gigharbor", "gigharbor.example")
		make("Quay", "quay.example")
		to := platform.Proposal{Name: " Gig Harbour ", Domain: "https://www.gigharbour.example/x", About: "Where ships find their crews."}
		_, err := r.Correct(ctx, ana, id, to, "It is spelt so.")
		wants(t, err, fault.Forbidden, "", "platform.may.correct")
		_, err = r.Correct(ctx, dov, "none", to, "It is spelt so.")
		wants(t, err, fault.NotFound, "", "platform.none")
		_, err = r.Correct(ctx, dov, id, to, "")
		wants(t, err, fault.Invalid, "reason", "fault.empty")
		_, err = r.Correct(ctx, dov, id, platform.Proposal{Name: "Gigharbor", Domain: "gigharbor.example", About: "Where ships find sailors."}, "Nothing differs.")
		wants(t, err, fault.Invalid, "name", "platform.correct.same")
		for field, other := range map[string]platform.Proposal{"name": {Name: "QUAY", Domain: "x.example"}, "domain": {Name: "Gigharbor", Domain: "quаy.example"}} {
			_, err = r.Correct(ctx, dov, id, other, "It is spelt so.")
			if f := fault.From(err); err == nil || f.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		_, err = r.Correct(ctx, dov, id, platform.Proposal{Name: "Gigharbor", Domain: "QUAY.example"}, "It is spelt so.")
		wants(t, err, fault.Conflict, "domain", "platform.taken")
		c, err := r.Correct(ctx, dov, id, to, "It is spelt so.")
		if err != nil || c.Old.Domain != "gigharbor.example" || c.New.Domain != "gigharbour.example" {
			t.Fatal(c, err)
		}
		p, err := r.Platform(ctx, nobody, id)
		if err != nil || p.Name != "Gig Harbour" || p.Domain != "gigharbour.example" || p.About != "Where ships find their crews." || p.ID != "gigharbor" {
			t.Error(p, err)
		}
		named := func(words string, want platform.ID) {
			t.Helper()
			if got, err := r.Named(ctx, words); err != nil || got != want {
				t.Errorf("%q finds %q, %v; not %q", words, got, err, want)
			}
		}
		named("gig harbour", id)
		named("GIGHARBOR", id)
		// Another correction stands on the first.
		at = at.Add(time.Hour)
		if _, err = r.Correct(ctx, dov, id, platform.Proposal{Name: "Gig Harbour", Domain: "gigharbour.example"}, "The words were an advert."); err != nil {
			t.Fatal(err)
		}
		_, err = r.Uncorrect(ctx, dov, id, 1)
		wants(t, err, fault.Conflict, "", "platform.correct.since")
		_, err = r.Uncorrect(ctx, dov, id, 3)
		wants(t, err, fault.NotFound, "", "platform.correct.none")
		_, err = r.Uncorrect(ctx, ana, id, 2)
		wants(t, err, fault.Forbidden, "", "platform.may.correct")
		if _, err = r.Uncorrect(ctx, dov, id, 2); err != nil {
			t.Fatal(err)
		}
		_, err = r.Uncorrect(ctx, dov, id, 2)
		wants(t, err, fault.Conflict, "", "platform.correct.since")
		// Whoever took the old name meanwhile keeps it, and is found by it.
		other := make("gigharbor", "harbor.example")
		named("Gigharbor", other)
		_, err = r.Uncorrect(ctx, dov, id, 1)
		wants(t, err, fault.Conflict, "name", "platform.taken")
		if _, err = r.Correct(ctx, dov, other, platform.Proposal{Name: "Harbor", Domain: "harbor.example"}, "It is called so."); err != nil {
			t.Fatal(err)
		}
		if _, err = r.Uncorrect(ctx, dov, id, 1); err != nil {
			t.Fatal(err)
		}
		named("gigharbor", id)
		list, err := r.Corrections(ctx, nobody, id)
		if err != nil || len(list) != 2 || list[0].N != 2 || list[1].Undone.IsZero() || list[1].Reason != "It is spelt so." || list[1].Old.Name != "Gigharbor" {
			t.Errorf("%+v %v", list, err)
		}
		_, err = r.Corrections(ctx, nobody, "none")
		wants(t, err, fault.NotFound, "", "platform.none")
	})
}

// Whoever leaves with her texts leaves no words of a proposal in what was put right.
func TestCorrect_erased(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r := platform.New(platform.Config{DB: d, Events: event.New(d), Now: time.Now})
		p, err := r.Propose(ctx, ana, platform.Proposal{Name: "Waits", Domain: "waits.example", About: "Words about it."})
		if err == nil {
			_, err = r.Correct(ctx, dov, p.ID, platform.Proposal{Name: "Waits here", Domain: "waits.example"}, "It is called so.")
		}
		if err == nil {
			err = r.Erase(ctx, ana.Face)
		}
		if err != nil {
			t.Fatal(err)
		}
		if list, err := r.Platforms(ctx, dov); err != nil || len(list) != 0 {
			t.Error(list, err)
		}
	})
}
