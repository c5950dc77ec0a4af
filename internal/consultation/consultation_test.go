package consultation_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/consultation"
	"guildhall/internal/consultation/bundle"
	"guildhall/internal/consultation/opinion"
	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/epoch"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/job"
)

// TestMain refuses SQL that no test has executed, when all tests were run.
func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, q := range db.Queries() {
			if strings.HasPrefix(q.Name(), "consultation.") && !q.Ran() {
				fmt.Println("no test executes", q.Name())
				code = 1
			}
		}
	}
	os.Exit(code)
}

// hall is one room on one database, with ana, bo, cleo who joined just now, and dov
// the steward.
type hall struct {
	*consultation.Room
	t     *testing.T
	ctx   context.Context
	db    *db.DB
	jobs  *job.Queue
	faces *face.Room
	at    time.Time
	new   map[face.ID]bool

	ana, bo, cleo, dov, nobody consultation.Actor
}

// start is the tenth day of an epoch.
var start = epoch.Start(742).Add(9*24*time.Hour + 9*time.Hour)

func each(t *testing.T, f func(h *hall)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := &hall{t: t, ctx: context.Background(), db: d, at: start, new: map[face.ID]bool{}}
		now := func() time.Time { return h.at }
		h.jobs = job.New(d, now)
		h.faces = face.New(face.Config{DB: d, Events: event.New(d), Now: now})
		h.Room = consultation.New(consultation.Config{DB: d, Events: event.New(d), Jobs: h.jobs, Faces: h.faces, Now: now, Host: "hall.test",
			SpaceName: func(context.Context, string) (string, error) { return "Designers at night", nil },
			Speaking: func(_ context.Context, space string) error {
				if space != "designers" {
					return fault.New(fault.NotFound, "consultation.no_masks")
				}
				return nil
			},
			Joined: func(_ context.Context, f face.ID) (consultation.Joined, error) {
				if h.new[f] {
					return consultation.Joined{Epoch: 742}, nil
				}
				return consultation.Joined{Epoch: 740, Vouched: true}, nil
			}})
		for name, a := range map[string]*consultation.Actor{"ana": &h.ana, "bo": &h.bo, "cleo": &h.cleo, "dov": &h.dov} {
			a.Face = h.joins(name)
		}
		h.dov.Steward = true
		h.new[h.cleo.Face] = true
		f(h)
	})
}

func (h *hall) joins(name string) face.ID {
	h.t.Helper()
	f, err := h.faces.New(h.ctx, name)
	h.ok(err)
	return f.ID
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

func (h *hall) opening() consultation.Opening {
	return consultation.Opening{Title: "Contact before a contract", About: "Clause *7.2* forbids it.", Lang: "en",
		LastDay: h.at.AddDate(0, 0, 6).Format(time.DateOnly), Origin: consultation.Origin{Kind: "clause", ID: "gigharbour-7-2"},
		Seeds: []string{"The rule protects newcomers from fraud.", "", "I need to call clients before I can quote a price."}}
}

func (h *hall) open(by consultation.Actor) consultation.Consultation {
	h.t.Helper()
	c, err := h.Open(h.ctx, by, h.opening())
	h.ok(err)
	return c
}

func (h *hall) answer(by face.ID, c consultation.Consultation, n int, choice opinion.Choice) {
	h.t.Helper()
	h.ok(h.Answer(h.ctx, consultation.Actor{Face: by}, c.ID, n, choice))
}

func (h *hall) close(c consultation.Consultation) bundle.Bundle {
	h.t.Helper()
	h.at = c.Closes
	_, err := h.Close(h.ctx, c.ID, 0)
	h.ok(err)
	b, _, err := h.Bundle(h.ctx, c.ID)
	h.ok(err)
	return b
}

func TestOpen(t *testing.T) {
	each(t, func(h *hall) {
		c := h.open(h.ana)
		got, err := h.Consultation(h.ctx, c.ID)
		h.ok(err)
		if got.Title != "Contact before a contract" || !strings.Contains(string(got.HTML), "<em>7.2</em>") || got.Steward.Name != "ana" ||
			got.Statements != 2 || got.Done || got.Closes.Format(time.RFC3339) != h.at.AddDate(0, 0, 7).Format(time.DateOnly)+"T00:00:00Z" {
			h.t.Errorf("%+v", got)
		}
		all, err := h.Statements(h.ctx, c.ID)
		h.ok(err)
		if len(all) != 2 || !all[0].Seed || all[1].N != 2 || all[1].Text != "I need to call clients before I can quote a price." {
			h.t.Errorf("%+v", all)
		}
		if waiting, _, err := h.jobs.Counts(h.ctx); err != nil || waiting != 1 {
			h.t.Errorf("%d jobs wait for the hour, %v", waiting, err)
		}
		of, err := h.OfOrigin(h.ctx, consultation.Origin{Kind: "clause", ID: "gigharbour-7-2"})
		h.ok(err)
		open, over, err := h.Consultations(h.ctx)
		h.ok(err)
		if len(of) != 1 || len(open) != 1 || len(over) != 0 {
			h.t.Errorf("%d began from the clause, %d are open, %d over", len(of), len(open), len(over))
		}
		h.at = c.Closes
		if open, over, err = h.Consultations(h.ctx); err != nil || len(open) != 0 || len(over) != 1 {
			h.t.Errorf("after the hour %d are open, %d over, %v", len(open), len(over), err)
		}
	})
}

func TestOpen_mayAndMayNot(t *testing.T) {
	each(t, func(h *hall) {
		o := h.opening()
		_, err := h.Open(h.ctx, h.nobody, o)
		h.refused(err, fault.SignIn, "fault.sign_in")
		_, err = h.Open(h.ctx, h.cleo, o)
		h.refused(err, fault.Forbidden, "consultation.may.settled")
		h.open(h.ana)
		_, err = h.Open(h.ctx, h.ana, o)
		h.refused(err, fault.Forbidden, "consultation.may.busy")
		h.open(h.dov)
		h.open(h.dov) // stewards may hold several
	})
}

func TestOpen_refusesWhatMakesNoSense(t *testing.T) {
	each(t, func(h *hall) {
		for _, tt := range []struct {
			field, key string
			change     func(*consultation.Opening)
		}{
			{"title", "fault.empty", func(o *consultation.Opening) { o.Title = " \u202e " }},
			{"title", "fault.too_short", func(o *consultation.Opening) { o.Title = "Why?" }},
			{"title", "fault.too_long", func(o *consultation.Opening) { o.Title = strings.Repeat("long ", 40) }},
			{"lang", "fault.choose", func(o *consultation.Opening) { o.Lang = "tlh" }},
			{"about", "consultation.about_long", func(o *consultation.Opening) { o.About = strings.Repeat("x", 7000) }},
			{"last_day", "consultation.day_missing", func(o *consultation.Opening) { o.LastDay = "" }},
			{"last_day", "consultation.day_broken", func(o *consultation.Opening) { o.LastDay = "soon" }},
			{"last_day", "consultation.day_far", func(o *consultation.Opening) { o.LastDay = h.at.Format(time.DateOnly) }},
			{"last_day", "consultation.day_far", func(o *consultation.Opening) { o.LastDay = h.at.AddDate(0, 0, 93).Format(time.DateOnly) }},
			{"seeds", "consultation.seeds_few", func(o *consultation.Opening) { o.Seeds = o.Seeds[:1] }},
			{"seeds", "guard.personal.name", func(o *consultation.Opening) { o.Seeds = append(o.Seeds, "My client Maria Huber should call me.") }},
			{"seeds", "consultation.seed_wrong", func(o *consultation.Opening) { o.Seeds = append(o.Seeds, "Short.") }},
			{"seeds", "consultation.seed_twice", func(o *consultation.Opening) { o.Seeds = append(o.Seeds, "The rule protects newcomers from fraud!") }},
			{"seeds", "consultation.seeds_many", func(o *consultation.Opening) {
				for i := range 45 {
					o.Seeds = append(o.Seeds, fmt.Sprintf("Somebody should do number %d about it.", i))
				}
			}},
		} {
			o := h.opening()
			tt.change(&o)
			_, err := h.Open(h.ctx, h.dov, o)
			h.refused(err, fault.Invalid, tt.key)
			if f := fault.From(err).Field; f != tt.field {
				h.t.Errorf("%s stands at %q", tt.key, f)
			}
		}
	})
}

func TestSay(t *testing.T) {
	each(t, func(h *hall) {
		c := h.open(h.dov)
		n, err := h.Say(h.ctx, h.ana, c.ID, "  Calls on the platform   do not ring. ")
		h.ok(err)
		all, err := h.Statements(h.ctx, c.ID)
		h.ok(err)
		if n != 3 || all[2].Text != "Calls on the platform do not ring." || all[2].Seed {
			h.t.Errorf("%d %+v", n, all)
		}
		_, err = h.Say(h.ctx, h.bo, c.ID, "calls on the platform do NOT ring!")
		h.refused(err, fault.Conflict, "consultation.twice")
		if f := fault.From(err); fmt.Sprint(f.Args[0]) != "3" {
			h.t.Errorf("points to %v", f.Args)
		}
		_, err = h.Say(h.ctx, h.bo, c.ID, "Calls on the platform do ring.") // the opposite is no repetition
		h.ok(err)
		for text, key := range map[string]string{
			"Write to me at ana@example.org please": "guard.personal.mail", "See https://example.org for it all": "consultation.person",
			"Call me at 030 1234567 instead": "guard.personal.number", "It was @somebody who began it": "consultation.person",
			"My client Maria Huber should pay for calls.": "guard.personal.name",
		} {
			_, err = h.Say(h.ctx, h.bo, c.ID, text)
			h.refused(err, fault.Invalid, key)
		}
		for _, text := range []string{"The rule of 2020-05-20 should go at once.", "A fee of 1 000 000 dollars is no fee."} {
			_, err = h.Say(h.ctx, h.ana, c.ID, text)
			h.ok(err)
		}
		_, err = h.Say(h.ctx, h.nobody, c.ID, "Nobody may say anything here.")
		h.refused(err, fault.SignIn, "fault.sign_in")
		_, err = h.Say(h.ctx, h.bo, "none", "There is no such consultation.")
		h.refused(err, fault.NotFound, "consultation.none")
		for i := range 9 {
			_, err = h.Say(h.ctx, h.bo, c.ID, fmt.Sprintf("Rule number %d should be dropped.", i))
			h.ok(err)
		}
		_, err = h.Say(h.ctx, h.bo, c.ID, "One more thing that comes to my mind.")
		h.refused(err, fault.TooMany, "consultation.own_many")
		h.at = c.Closes
		_, err = h.Say(h.ctx, h.ana, c.ID, "This one comes too late for anybody.")
		h.refused(err, fault.Forbidden, "consultation.may.over")
	})
}

func TestAnswer_changeableUntilTheEnd(t *testing.T) {
	each(t, func(h *hall) {
		c := h.open(h.dov)
		m, err := h.Mine(h.ctx, h.ana, c.ID)
		h.ok(err)
		if m.Left != 2 || m.Next == nil || len(m.Answers) != 0 {
			h.t.Errorf("%+v", m)
		}
		h.answer(h.ana.Face, c, 2, opinion.Agree)
		h.answer(h.ana.Face, c, 2, opinion.Disagree)
		if m, err = h.Mine(h.ctx, h.ana, c.ID); err != nil || m.Left != 1 || m.Next.N != 1 || m.Answers[2] != opinion.Disagree {
			h.t.Errorf("%+v, %v", m, err)
		}
		h.answer(h.ana.Face, c, 1, opinion.Pass)
		if m, err = h.Mine(h.ctx, h.ana, c.ID); err != nil || m.Left != 0 || m.Next != nil {
			h.t.Errorf("%+v, %v", m, err)
		}
		h.refused(h.Answer(h.ctx, h.ana, c.ID, 3, opinion.Agree), fault.NotFound, "consultation.no_statement")
		h.refused(h.Answer(h.ctx, h.ana, c.ID, 1, 2), fault.Invalid, "fault.choose")
		h.refused(h.Answer(h.ctx, h.nobody, c.ID, 1, opinion.Agree), fault.SignIn, "fault.sign_in")
		h.at = c.Closes.Add(-time.Microsecond)
		h.answer(h.bo.Face, c, 1, opinion.Agree)
		h.at = c.Closes
		h.refused(h.Answer(h.ctx, h.bo, c.ID, 1, opinion.Disagree), fault.Forbidden, "consultation.may.over")
		b := h.close(c)
		rows := []string{b.People[0].Answers, b.People[1].Answers}
		slices.Sort(rows)
		if !slices.Equal(rows, []string{"+", "0-"}) {
			h.t.Errorf("answers %q", rows)
		}
	})
}

func TestTakeOut_andPutBack(t *testing.T) {
	each(t, func(h *hall) {
		c := h.open(h.ana)
		h.answer(h.bo.Face, c, 1, opinion.Agree)
		h.refused(h.TakeOut(h.ctx, h.bo, c.ID, 1, "I do not like it"), fault.Forbidden, "consultation.may.keep")
		h.refused(h.TakeOut(h.ctx, h.nobody, c.ID, 1, "I do not like it"), fault.SignIn, "fault.sign_in")
		h.refused(h.TakeOut(h.ctx, h.ana, c.ID, 1, ""), fault.Invalid, "fault.empty")
		h.refused(h.TakeOut(h.ctx, h.ana, c.ID, 9, "There is none"), fault.NotFound, "consultation.no_statement")
		h.ok(h.TakeOut(h.ctx, h.ana, c.ID, 1, "It names a person."))
		h.refused(h.TakeOut(h.ctx, h.dov, c.ID, 1, "It names a person."), fault.Conflict, "consultation.is_out")
		h.refused(h.Answer(h.ctx, h.bo, c.ID, 1, opinion.Agree), fault.Conflict, "consultation.is_out")
		all, err := h.Statements(h.ctx, c.ID)
		h.ok(err)
		if all[0].Removal == nil || all[0].Removal.Reason != "It names a person." || all[0].Removal.By != h.ana.Face {
			h.t.Errorf("%+v", all[0])
		}
		if m, err := h.Mine(h.ctx, h.dov, c.ID); err != nil || m.Left != 1 {
			h.t.Errorf("%+v, %v", m, err)
		}
		h.ok(h.PutBack(h.ctx, h.dov, c.ID, 1))
		h.ok(h.TakeOut(h.ctx, h.dov, c.ID, 2, "It is two sentences."))
		b := h.close(c)
		if b.Statements[0].Out != "" || b.Statements[1].Out != "It is two sentences." {
			h.t.Errorf("%+v", b.Statements)
		}
		if s := b.Result.All.Statements; len(s) != 1 || s[0].All != [3]int{1, 0, 0} {
			h.t.Errorf("the statement that is out is counted: %+v", s)
		}
		h.refused(h.PutBack(h.ctx, h.ana, c.ID, 2), fault.Forbidden, "consultation.may.over")
	})
}

// A platform asks about itself, once at a time, and no face stands beside its mandate.
func TestOpen_forAPlatform(t *testing.T) {
	each(t, func(h *hall) {
		rep := h.ana
		rep.For, rep.Mandate = "gigharbour", "m1"
		o := h.opening()
		o.Origin = consultation.Origin{Kind: consultation.OfPlatform, ID: "gigharbour"}
		asks := o
		asks.About = "Message me your profile, and I explain."
		_, err := h.Open(h.ctx, rep, asks)
		h.refused(err, fault.Invalid, "guard.asks")
		c, err := h.Open(h.ctx, rep, o)
		h.ok(err)
		if c, err = h.Consultation(h.ctx, c.ID); err != nil || c.Platform != "gigharbour" || c.Mandate != "m1" || c.Steward.ID != "" {
			h.t.Errorf("it is %+v %v", c, err)
		}
		_, err = h.Open(h.ctx, rep, o)
		h.refused(err, fault.Forbidden, "consultation.may.platform_busy")
	})
}
