package consultation_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"guildhall/internal/consultation"
	"guildhall/internal/consultation/opinion"
	"guildhall/internal/fault"
)

// crowd makes people who answer three statements and seven more that they add, in two
// camps.
func (h *hall) crowd(c consultation.Consultation, people int, fresh func(i int) bool) {
	h.t.Helper()
	for n := c.Statements; n < 10; n++ {
		_, err := h.Say(h.ctx, h.dov, c.ID, fmt.Sprintf("Rule number %d should be dropped.", n))
		h.ok(err)
	}
	for i := range people {
		f := h.joins(fmt.Sprint("person", i))
		h.new[f] = fresh(i)
		for n := 1; n <= 10; n++ {
			choice := opinion.Agree
			if i%2 == 1 && n > 2 || (i+n)%7 == 0 {
				choice = opinion.Disagree
			}
			h.answer(f, c, n, choice)
		}
	}
}

func TestClose(t *testing.T) {
	each(t, func(h *hall) {
		c := h.open(h.dov)
		_, err := h.Close(h.ctx, c.ID, 0)
		h.refused(err, fault.Conflict, "consultation.may.not_yet")
		_, _, err = h.Bundle(h.ctx, c.ID)
		h.refused(err, fault.Forbidden, "consultation.may.not_yet")
		h.crowd(c, 32, func(i int) bool { return i < 2 })
		b := h.close(c)
		if b.Result.Newcomers != 2 || b.Result.Settled == nil || b.Result.Settled.People != 30 || !b.Result.All.Reliable || len(b.Result.All.Groups) != 2 {
			h.t.Errorf("%d newcomers, %d groups; without them %+v", b.Result.Newcomers, len(b.Result.All.Groups), b.Result.Settled)
		}
		if !slices.Equal(b.Days, []int{32, 0, 0, 0, 0, 0, 0}) {
			h.t.Errorf("days %v", b.Days)
		}
		hash, err := h.Close(h.ctx, c.ID, 0) // a job may run twice
		h.ok(err)
		again, logged, err := h.Bundle(h.ctx, c.ID)
		h.ok(err)
		if sum, err := b.Sum(); err != nil || sum != hash || logged != -1 || !reflect.DeepEqual(again, b) {
			h.t.Errorf("closed twice: %s is not %s, logged at %d, %v", sum, hash, logged, err)
		}
		h.ok(h.Logged(h.ctx, c.ID, 7))
		done, err := h.Consultation(h.ctx, c.ID)
		h.ok(err)
		if !done.Done || !done.Logged {
			h.t.Errorf("%+v", done)
		}
	})
}

func TestClose_nobodyCame(t *testing.T) {
	each(t, func(h *hall) {
		b := h.close(h.open(h.dov))
		if b.Result.All.People != 0 || b.Result.All.Reliable || len(b.People) != 0 {
			h.t.Errorf("%+v", b.Result)
		}
	})
}

func TestClose_fewGetCountsOnly(t *testing.T) {
	each(t, func(h *hall) {
		c := h.open(h.dov)
		h.crowd(c, 29, func(int) bool { return false })
		b := h.close(c)
		if m := b.Result.All; m.Reliable || len(m.Groups) != 0 || len(m.Places) != 0 || m.Statements[0].Answers() != 29 {
			h.t.Errorf("%+v", m)
		}
	})
}

func TestTurnout_tellsYesterday(t *testing.T) {
	each(t, func(h *hall) {
		c := h.open(h.dov)
		h.answer(h.ana.Face, c, 1, opinion.Agree)
		h.answer(h.ana.Face, c, 2, opinion.Agree)
		if n, err := h.Turnout(h.ctx, c.ID); err != nil || n != 0 {
			h.t.Errorf("%d today, %v", n, err)
		}
		h.at = h.at.Add(24 * time.Hour)
		h.answer(h.bo.Face, c, 1, opinion.Agree)
		if n, err := h.Turnout(h.ctx, c.ID); err != nil || n != 1 {
			h.t.Errorf("%d until yesterday, %v", n, err)
		}
		h.at = h.at.Add(72 * time.Hour)
		h.answer(h.bo.Face, c, 2, opinion.Agree) // she is nobody new
		if n, err := h.Silence(h.ctx, c); err != nil || n != 3 {
			h.t.Errorf("silence for %d days, %v", n, err)
		}
	})
}

func TestForget(t *testing.T) {
	each(t, func(h *hall) {
		c := h.open(h.dov)
		_, err := h.Say(h.ctx, h.ana, c.ID, "Calls on the platform do not ring.")
		h.ok(err)
		h.answer(h.ana.Face, c, 1, opinion.Agree)
		h.answer(h.bo.Face, c, 1, opinion.Disagree)
		h.ok(h.Forget(h.ctx, h.ana.Face))
		if m, err := h.Mine(h.ctx, h.ana, c.ID); err != nil || m.Said != 0 || len(m.Answers) != 0 {
			h.t.Errorf("%+v, %v", m, err)
		}
		if b := h.close(c); len(b.People) != 1 || len(b.Statements) != 3 {
			h.t.Errorf("%d people, %d statements", len(b.People), len(b.Statements))
		}
	})
}
