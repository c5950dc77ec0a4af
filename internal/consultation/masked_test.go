package consultation_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/consultation"
	"guildhall/internal/consultation/opinion"
	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// among opens a consultation of the masks of a space.
func (h *hall) among() consultation.Consultation {
	h.t.Helper()
	o := h.opening()
	o.Space = "designers"
	c, err := h.Open(h.ctx, h.dov, o)
	h.ok(err)
	return c
}

func (h *hall) take(c consultation.Consultation, list ...consultation.Opinion) {
	h.t.Helper()
	for i := range list {
		list[i].ID = c.ID
	}
	h.ok(h.Take(h.ctx, list))
}

func (h *hall) holds(c consultation.Consultation, pass string) (int, string) {
	h.t.Helper()
	n, row, err := h.Holds(h.ctx, c.ID, pass)
	h.ok(err)
	return n, row
}

func TestOpen_amongMasks(t *testing.T) {
	each(t, func(h *hall) {
		c := h.among()
		got, err := h.AmongMasks(h.ctx, c.ID)
		h.ok(err)
		if got.Space != "designers" || got.Epoch() != 742 {
			h.t.Errorf("%+v", got)
		}
		list, err := h.OfSpace(h.ctx, "designers")
		h.ok(err)
		if len(list) != 1 || list[0].ID != c.ID {
			h.t.Errorf("%+v", list)
		}
		if waiting, _, err := h.jobs.Counts(h.ctx); err != nil || waiting != 2 {
			h.t.Errorf("%d jobs, %v", waiting, err)
		}
		o := h.opening()
		o.Space = "designers"
		_, err = h.Open(h.ctx, h.ana, o)
		h.refused(err, fault.Forbidden, "consultation.may.masks_steward")
		o.Space = "elsewhere"
		_, err = h.Open(h.ctx, h.dov, o)
		h.refused(err, fault.NotFound, "consultation.no_masks")
		h.refused(h.Answer(h.ctx, h.ana, c.ID, 1, opinion.Agree), fault.Forbidden, "consultation.may.masks")
		_, err = h.Say(h.ctx, h.ana, c.ID, "An open profile would like to say this.")
		h.refused(err, fault.Forbidden, "consultation.may.masks")
		open := h.open(h.ana)
		_, err = h.AmongMasks(h.ctx, open.ID)
		h.refused(err, fault.NotFound, "consultation.none")
		h.take(open, consultation.Opinion{Pass: "p", Count: 1, Answers: "+"})
		if got := h.close(open); len(got.People) != 0 {
			h.t.Errorf("a pass answered among open profiles: %+v", got.People)
		}
	})
}

// However answers come, again and in any order, those with the highest count hold, one
// row for each pass.
func TestTake_theHighestCountHolds(t *testing.T) {
	each(t, func(h *hall) {
		c := h.among()
		counts, rows := map[string]int{}, map[string]string{}
		r := rand.New(rand.NewPCG(3, 4))
		for range 25 {
			var list []consultation.Opinion
			for range 1 + r.IntN(4) {
				o := consultation.Opinion{Pass: string(rune('a' + r.IntN(3))), Count: 1 + r.IntN(30), Answers: []string{"+", "-", "0+", ".-"}[r.IntN(4)]}
				list = append(list, o)
				if o.Count > counts[o.Pass] {
					counts[o.Pass], rows[o.Pass] = o.Count, o.Answers
				}
			}
			h.take(c, list...)
			h.take(c, list...)
			for pass, want := range counts {
				if n, row := h.holds(c, pass); n != want || row != rows[pass] {
					h.t.Fatalf("%s: %d %q, want %d %q", pass, n, row, want, rows[pass])
				}
			}
		}
		if v := h.column(qAllAnswers); len(v) != len(counts) {
			h.t.Errorf("%d rows of %d passes", len(v), len(counts))
		}
	})
}

// What is broken is left out, and does not keep the rest from being taken.
func TestTake_leavesOutWhatCannotBe(t *testing.T) {
	each(t, func(h *hall) {
		c := h.among()
		h.take(c, consultation.Opinion{Pass: "a", Count: 1, Answers: "+++"}, consultation.Opinion{Pass: "a", Count: 0, Answers: "+"},
			consultation.Opinion{Pass: "a", Count: 2, Answers: "x"}, consultation.Opinion{Pass: "a", Text: "short"},
			consultation.Opinion{Pass: "b", Count: 1, Answers: "-"}, consultation.Opinion{Pass: "b", Text: "Invoices are lost twice a month."},
			consultation.Opinion{Pass: "c", Text: "Invoices are lost twice a month!"})
		if n, _ := h.holds(c, "a"); n != 0 {
			h.t.Error("what is broken was taken")
		}
		all, err := h.Statements(h.ctx, c.ID)
		h.ok(err)
		if n, row := h.holds(c, "b"); n != 1 || row != "-" || len(all) != 3 || all[2].Seed {
			h.t.Errorf("%d %q, %+v", n, row, all)
		}
		h.refused(h.MaySay(h.ctx, c.ID, "c", "Invoices are lost twice a month!"), fault.Conflict, "consultation.twice")
		h.ok(h.MaySay(h.ctx, c.ID, "c", "They change the rates overnight."))
		h.take(c, consultation.Opinion{Pass: "c", Count: 1, Answers: "..+"})
		h.at = c.Closes.Add(time.Hour) // what waited is given at closing
		h.take(c, consultation.Opinion{Pass: "d", Count: 1, Answers: "+"})
		_, err = h.Close(h.ctx, c.ID, 4)
		h.ok(err)
		b, _, err := h.Bundle(h.ctx, c.ID)
		h.ok(err)
		if len(b.People) != 3 || *b.About.Passes != 4 || b.About.Space != "designers" || b.About.Epoch != 742 ||
			b.About.Electorate != "masks of the safe space Designers at night that were born in epoch 742" || b.Days[len(b.Days)-1] != 1 {
			h.t.Errorf("%+v %+v", b.About, b.Days)
		}
		rows := []string{}
		for _, p := range b.People {
			rows = append(rows, p.Answers)
		}
		if slices.Sort(rows); !slices.Equal(rows, []string{"+", "-", "..+"}) {
			h.t.Errorf("rows %q", rows)
		}
		h.take(c, consultation.Opinion{Pass: "e", Count: 1, Answers: "+"}) // too late
		if v := h.column(qAllAnswers); len(v) != 0 {
			h.t.Errorf("after closing: %v", v)
		}
	})
}

var (
	qEverything = db.SQL("consultationtest.everything", `SELECT a.voter || ' ' || a.answers || ' ' || s.text || ' ' || s.voter
		FROM consultation_answers a, consultation_statement s WHERE a.consultation_id = s.consultation_id`)
)

// Neither the pass nor anything by which it could be looked up later stands beside
// answers, and the same pass would be another row elsewhere.
func TestTake_namesNoPass(t *testing.T) {
	each(t, func(h *hall) {
		c, d := h.among(), h.among()
		for _, c := range []consultation.Consultation{c, d} {
			h.take(c, consultation.Opinion{Pass: "canary-pass", Count: 1, Answers: "+-"}, consultation.Opinion{Pass: "canary-pass", Text: "They change the rates overnight."})
		}
		if all := strings.Join(h.column(qEverything), "\n"); strings.Contains(all, "canary") {
			h.t.Errorf("a pass stands in %s", all)
		}
		if v := h.column(qAllAnswers); len(v) != 2 || v[0] == v[1] {
			h.t.Errorf("voters %v", v)
		}
		h.ok(h.Forget(h.ctx, h.ana.Face)) // who leaves takes nothing of masks along
		if v := h.column(qAllAnswers); len(v) != 2 {
			h.t.Errorf("left: %v", v)
		}
		h.close(c)
		h.at = h.at.Add(time.Hour)
		_, err := h.Close(h.ctx, d.ID, 1)
		h.ok(err)
		if left := slices.Concat(h.column(qAllAnswers), h.column(qVoters), h.column(qSecrets)); len(left) != 0 {
			h.t.Errorf("left: %v", left)
		}
	})
}
