package consultation_test

import (
	"testing"
	"time"

	"guildhall/internal/consultation"
	"guildhall/internal/fault"
)

// What a consultation says of itself changes, is compared and comes back in one press;
// the rest of it stays, and so does all of it once it is over.
func TestReintroduce_andRestore(t *testing.T) {
	each(t, func(h *hall) {
		c := h.open(h.ana)
		n := consultation.Reintroduction{Base: 1, About: "The rule is of **June**.", Reason: "The month was missing."}
		h.refused(h.Reintroduce(h.ctx, h.bo, c.ID, n), fault.Forbidden, "consultation.may.keep")
		h.ok(h.Reintroduce(h.ctx, h.ana, c.ID, n))
		h.refused(h.Reintroduce(h.ctx, h.dov, c.ID, n), fault.Conflict, "forum.edit.clash")
		got, err := h.Consultation(h.ctx, c.ID)
		if h.ok(err); got.About != n.About || got.HTML == c.HTML || got.Title != c.Title || !got.Closes.Equal(c.Closes) {
			h.t.Errorf("%+v", got)
		}
		h.ok(h.Reintroduce(h.ctx, h.dov, c.ID, consultation.Reintroduction{Base: 2, About: n.About, Reason: "Nothing new."}))
		h.refused(h.Restore(h.ctx, h.dov, c.ID, 2, 3), fault.NotFound, "forum.revision.none")
		h.ok(h.Restore(h.ctx, h.dov, c.ID, 2, 1))
		list, err := h.Revisions(h.ctx, c.ID)
		if h.ok(err); len(list) != 3 || list[0].Restores != 1 || list[0].By.Name != "dov" || list[1].Reason != n.Reason || list[0].Source != c.About {
			h.t.Errorf("%+v", list)
		}
		h.at = c.Closes.Add(time.Minute)
		n.Base = 3
		h.refused(h.Reintroduce(h.ctx, h.ana, c.ID, n), fault.Forbidden, "consultation.may.over")
	})
}

func TestMayReintroduce(t *testing.T) {
	t.Parallel()
	c := consultation.Consultation{Closes: start.Add(time.Hour)}
	c.Steward.ID = "ana"
	dov := consultation.Actor{Face: "dov", Steward: true}
	if err := consultation.MayReintroduce(consultation.Actor{Face: "ana"}, c, start); err != nil {
		t.Error(err)
	}
	if err := consultation.MayReintroduce(consultation.Actor{Face: "bo"}, c, start); fault.From(err).Key != "consultation.may.keep" {
		t.Error(err)
	}
	c.Platform = "gigharbour"
	if err := consultation.MayReintroduce(dov, c, start); fault.From(err).Key != "consultation.may.platforms_words" {
		t.Error(err)
	}
}
