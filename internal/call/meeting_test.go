package call_test

import (
	"testing"
	"time"

	"guildhall/internal/call"
)

// Who calls from a booking rings as one that was agreed upon, on both rungs; her answer is
// told, once, in the transaction that answers. A silent link stays silent.
func TestBeginByBooking(t *testing.T) {
	each(t, func(h *hall) {
		l := h.linked(ana, call.Link{})
		c, secret, err := h.BeginByBooking(h.ctx, l, "meeting", "Bo", "sealed")
		h.ok(err)
		by := call.Visitor(secret)
		_, err = h.Seat(h.ctx, by, c.ID, "page")
		h.ok(err)
		h.hears("join ana 1", "tell ana")
		h.passes(9 * time.Second)
		h.hears("join ana 2")
		g, err := h.Guest(h.ctx, ana, c.ID)
		h.ok(err)
		if g.Booking != "meeting" || g.Link != l.ID {
			t.Errorf("the guest: %+v", g)
		}
		for range 2 {
			_, err = h.AnswerGuest(h.ctx, ana, c.ID, "seat", "answer")
			h.ok(err)
		}
		h.hears("hush ana", "met meeting", "tell ana")
		h.ok(h.End(h.ctx, by, c.ID, false))
		h.passes(2 * time.Minute)
		h.heard = nil
		h.ok(h.SetLink(h.ctx, ana, l.ID, call.Silent))
		c, secret, err = h.BeginByBooking(h.ctx, l, "meeting", "Bo", "sealed")
		h.ok(err)
		_, err = h.Seat(h.ctx, call.Visitor(secret), c.ID, "page")
		h.ok(err)
		h.passes(9 * time.Second)
		h.hears()
	})
}
