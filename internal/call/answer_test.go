package call_test

import (
	"testing"

	"guildhall/internal/call"
	"guildhall/internal/fault"
)

// Who answers one while she rings another rings him no more: nobody is in two calls.
func TestAnswer_ringsNobodyMeanwhile(t *testing.T) {
	each(t, func(h *hall) {
		id := h.begun(bo, ana)
		other := h.begun(ana, cleo)
		_, err := h.Answer(h.ctx, ana, id, "seat")
		h.ok(err)
		if c, _, err := h.Get(h.ctx, ana, other); err != nil || c.State != call.Cancelled {
			t.Error(c.State, err)
		}
		_, err = h.Answer(h.ctx, cleo, other, "seat")
		h.refused(err, fault.Conflict, "call.over")
	})
}
