package question_test

import (
	"slices"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/question"
)

// heard lists what a space is told, as what=event.
func (h *hall) heard(space string) (list []string) {
	h.t.Helper()
	all, err := h.Heard(h.ctx, space, 0, h.at.Add(time.Hour))
	h.ok(err)
	for _, x := range all {
		list = append(list, x.Mask+" "+string(x.What))
	}
	slices.Sort(list)
	return list
}

// A mask's post becomes a case: it counts apart from people, names no face, moves with the
// others and back, and its space is told once of each thing, the same for all.
func TestHeard_whatBecameOfMasks(t *testing.T) {
	each(t, func(h *hall) {
		q := h.ask(h.ana, "Do calls ring while the app is closed?")
		day := h.at.Truncate(24 * time.Hour).Add(-48 * time.Hour)
		posts := []question.Said{{Post: "p1", Space: "designers", Mask: "m1", At: day}, {Post: "p2", Space: "designers", Mask: "m1", At: day}, {Post: "p3", Space: "designers", Mask: "m2", At: day}}
		tick := h.at
		made, err := h.Gather(h.ctx, h.dov, q.ID, posts)
		if h.ok(err); made != 3 {
			h.t.Error(made)
		}
		got, err := h.Question(h.ctx, h.nobody, q.ID)
		if h.ok(err); got.Variants != 4 || got.Faces != 1 || got.Masks != 2 {
			h.t.Errorf("%+v", got)
		}
		askers, err := h.Askers(h.ctx, q.ID)
		if h.ok(err); len(askers) != 1 || askers[0] != h.ana.Face {
			h.t.Errorf("%v", askers)
		}
		vs, _, err := h.Variants(h.ctx, h.nobody, q.ID, "")
		if h.ok(err); vs[1].Asker.ID != "" || vs[1].Asker.Name != "" || vs[1].Mask != "m1" || !vs[1].At.Equal(day) || vs[1].Taken.IsZero() {
			h.t.Errorf("%+v", vs[1])
		}
		if v, err := h.Variant(h.ctx, h.nobody, vs[3].ID); err != nil || v.Space != "designers" || v.Post != "p3" {
			h.t.Errorf("%+v, %v", v, err)
		}
		if list, err := h.Heard(h.ctx, "designers", 0, tick); err != nil || len(list) != 0 {
			h.t.Errorf("told before its tick: %v, %v", list, err)
		}
		h.at = h.at.Add(time.Hour)
		into := h.ask(h.bo, "Why do calls not reach anybody?")
		h.at = h.at.Add(time.Hour)
		m, err := h.Merge(h.ctx, h.dov, q.ID, into.ID, "The same.")
		h.ok(err)
		h.at = h.at.Add(time.Hour)
		h.file(into.ID, question.Filing{Kind: question.Closure, Code: "outdated", Words: "It is of last year."})
		h.at = h.at.Add(time.Hour)
		h.file(into.ID, question.Filing{Kind: question.Reopening, Code: "still_asked"})
		want := []string{"m1 closure", "m1 merge", "m1 reopening", "m1 taken", "m1 taken", "m2 closure", "m2 merge", "m2 reopening", "m2 taken"}
		if list := h.heard("designers"); !slices.Equal(list, want) {
			h.t.Errorf("%v", list)
		}
		h.at = h.at.Add(time.Hour)
		_, err = h.Unmove(h.ctx, h.dov, m, "They differ.")
		h.ok(err)
		h.at = h.at.Add(time.Hour)
		h.file(into.ID, question.Filing{Kind: question.Closure, Code: "outdated"}) // not theirs any more
		h.at = h.at.Add(time.Hour)
		_, err = h.Split(h.ctx, h.dov, q.ID, []question.VariantID{vs[3].ID}, "Do calls ring at night?", "Another question.")
		h.ok(err)
		want = append(want, "m1 undoing", "m2 undoing", "m2 split")
		slices.Sort(want)
		if list := h.heard("designers"); !slices.Equal(list, want) {
			h.t.Errorf("after the split: %v", list)
		}
		ids := map[string]bool{}
		all, err := h.Heard(h.ctx, "designers", question.DayOf(h.at), h.at.Add(time.Hour))
		h.ok(err)
		for _, x := range all {
			if x.Mask == "m1" {
				ids[x.ID] = true
			}
		}
		if len(ids) != 6 {
			h.t.Errorf("%d events with ids of their own", len(ids))
		}
		if list := h.heard("elsewhere"); len(list) != 0 {
			h.t.Errorf("%v", list)
		}
	})
}

// What is hidden is not told.
func TestHeard_nothingHidden(t *testing.T) {
	each(t, func(h *hall) {
		q := h.ask(h.ana, "Do calls ring while the app is closed?")
		_, err := h.Gather(h.ctx, h.dov, q.ID, []question.Said{{Post: "p1", Space: "designers", Mask: "m1", At: h.at.Truncate(24 * time.Hour)}})
		h.ok(err)
		h.ok(h.Hush(h.ctx, h.dov, q.ID, string(q.ID), "It names somebody."))
		if list := h.heard("designers"); len(list) != 0 {
			h.t.Errorf("%v", list)
		}
	})
}

func TestMayTakeUp(t *testing.T) {
	t.Parallel()
	dov := question.Actor{Face: "dov", Steward: true}
	if err := question.MayTakeUp(dov, false); err != nil {
		t.Error(err)
	}
	if err := question.MayTakeUp(dov, true); fault.From(err).Key != "question.may.take_up" {
		t.Error(err)
	}
	if err := question.MayTakeUp(question.Actor{Face: "ana"}, false); fault.From(err).Key != "question.may.steward" {
		t.Error(err)
	}
}
