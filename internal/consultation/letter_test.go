package consultation_test

import (
	"slices"
	"testing"

	"guildhall/internal/fault"
)

// A result leads to what was written from it, once it is there, and each once.
func TestWrote(t *testing.T) {
	each(t, func(h *hall) {
		c := h.open(h.ana)
		h.refused(h.Wrote(h.ctx, c.ID, "article-b"), fault.Forbidden, "consultation.may.not_yet")
		h.refused(h.Wrote(h.ctx, "none", "article-b"), fault.NotFound, "consultation.none")
		h.crowd(c, 3, func(int) bool { return false })
		h.close(c)
		for _, article := range []string{"article-b", "article-a", "article-b"} {
			h.ok(h.Wrote(h.ctx, c.ID, article))
		}
		if list, err := h.Letters(h.ctx, c.ID); err != nil || !slices.Equal(list, []string{"article-a", "article-b"}) {
			h.t.Error(list, err)
		}
	})
}
