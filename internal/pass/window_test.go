package pass_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/pass"
)

// crowd is space.Crowd, which this room must not import: nobody's branch counts for
// more than a third.
func crowd(by map[string]int) (k int) {
	for _, n := range by {
		k += n
	}
	for {
		sum := 0
		for _, n := range by {
			sum += min(n, k/3)
		}
		if sum >= k {
			return k
		}
		k = sum
	}
}

type shownWindow struct{ Week, Rights, K int }

func (h *hall) window() *shownWindow {
	h.t.Helper()
	b, err := h.Keys(ctx, space)
	h.must(err)
	var doc struct{ Window *shownWindow }
	h.must(json.Unmarshal(b, &doc))
	return doc.Window
}

func (h *hall) serveFrom(branch string, n int) {
	h.t.Helper()
	for range n {
		p := h.person(1000 + len(h.apart))
		h.sit(p.face, pass.Standing{Seat: true, Eligible: true, Branch: branch})
		_, err := p.serve(p.cheap(epoch.Of(h.now()), "right"))
		h.must(err)
	}
}

// Leak 9: nine of ten who are served in a window, and later nine of ten who renew, are
// one operator's socks, all of the branch through which they came in. What is shown
// as k is at most half as many again as the others are, and does not change within
// the week whoever comes.
func TestWindow_ninetyPercentSocks(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		const socks, others = 45, 5
		h.serveFrom("socks", socks)
		for i := range others {
			h.serveFrom(fmt.Sprint("branch-", i), 1)
		}
		if w := h.window(); w != nil {
			t.Fatalf("the running week is shown: %+v", w)
		}
		h.counts = true
		week := epoch.Week(h.now())
		h.pass(7 * 24 * time.Hour)
		h.batch()
		w := h.window()
		if w == nil || w.Week != week || w.Rights != socks+others || w.K > others*3/2 || w.K < others {
			t.Fatalf("after the week: %+v", w)
		}
		h.serveFrom("branch-9", 3)
		if again := h.window(); *again != *w {
			t.Errorf("it changed within the week: %+v, %+v", w, again)
		}
		h.pass(3 * 7 * 24 * time.Hour)
		h.must(h.Keep(ctx))
		h.renewed = socks + others
		w = h.window()
		if w == nil || w.Rights != socks+others || w.K > (others+3)*3/2 {
			t.Errorf("when all have renewed: %+v", w)
		}
	})
}
