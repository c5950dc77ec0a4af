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

// TestCallWays_fromFirefox: the other engine counts the ways that it has taken in its own words.
func TestCallWays_fromFirefox(t *testing.T) {
	t.Parallel()
	mustHave(t, "firefox-esr", "firefox-esr")
	h := open(t)
	p := &guest{t, openFirefox(t)}
	p.visit(h.url + "/about")
	p.must(p.call("WebDriver:AddCookie", map[string]any{"cookie": map[string]any{"name": sessionCookie, "value": h.seats["cleo"], "path": "/", "httpOnly": true}}))
	p.visit(h.url + "/health/calls")
	p.pressNamed("Try the ways")
	p.until("all ways were tried", `document.querySelector('call-ways').dataset.ways`)
	said := text(p.run(`return document.querySelector('call-ways').innerText`))
	t.Log(said)
	if got := text(p.run(`return document.querySelector('call-ways').dataset.ways`)); got != "udp tcp" {
		t.Errorf("the ways that work: %q", got)
	}
	p.see("as it should be")
}
