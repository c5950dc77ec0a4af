//go:build browser

package browser

import (
	"strings"
	"testing"
)

// TestCallWays_areTried: a steward's browser comes to the real server of calls by each way.
// On loopback the relay hands nothing on, and the page says that this is as it should be.
func TestCallWays_areTried(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.as(t, "cleo")
	p.visit("/health/calls")
	p.see("does not run now")
	p.press("Try the ways")
	p.until("all ways were tried", `document.querySelector('call-ways').dataset.ways`)
	if got := eval[string](p, `document.querySelector('call-ways').dataset.ways`); got != "udp tcp" {
		t.Errorf("the ways that work: %q", got)
	}
	came := func(way string) string {
		return eval[string](p, `document.querySelector('[data-part=came-`+way+`]').textContent`)
	}
	for way, want := range map[string]string{"web": "Works, after ", "udp": "Works, after ", "tcp": "Works, after ", "relay": "as it should be"} {
		got := came(way)
		t.Logf("%s: %s", way, got)
		if !strings.Contains(got, want) {
			t.Errorf("%s: %q, not %q", way, got, want)
		}
	}
	p.see("Calls work from where you are: straight by UDP and straight by TCP.")
	p.accessible("call-ways", "")
	p.fits("call-ways")
	p.visit("/health/calls")
	p.see("runs now")
}
