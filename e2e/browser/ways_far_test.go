//go:build browser && calls

package browser

import (
	"strings"
	"testing"
)

// TestFar_guestIsTold: a client whose network lets nothing through but the pages and the relay
// is told so before she rings.
func TestFar_guestIsTold(t *testing.T) {
	n := lay(t, `iifname "to-b" udp dport != 3478 drop
		iifname "to-b" tcp dport != `+hallPort+` drop`)
	h := n.opens()
	ana := n.lives(h, "a")
	ana.atAllHours()
	carla := n.visits(h, "b")
	carla.visit(strings.TrimPrefix(ana.makesLink("many", "Ana the Translator"), h.url))
	carla.guestIs("ready")
	carla.press("Try microphone, camera and network first")
	carla.press("Try")
	carla.until("her network was tried", guestPage+`.dataset.path==='relay'`)
	carla.see("Your network allows a call: yes, by relay.")
}

// TestFar_waysAreTold: a steward tries the ways from outside, behind a router that lets more
// or less through, and is told what does.
func TestFar_waysAreTold(t *testing.T) {
	n := lay(t, "")
	dir := t.TempDir()
	seats, err := seat(dir)
	if err != nil {
		t.Fatal(err)
	}
	h := n.opensOn(dir)
	p := n.visits(h, "a")
	p.cookie(sessionCookie, seats["cleo"])
	const page = `document.querySelector('call-ways')`
	for _, c := range []struct{ rules, works, said string }{
		{"", "udp tcp relay", "Calls work from where you are"},
		{`udp dport 7882 drop`, "tcp relay", "Open port 7882 for UDP"},
		{`meta l4proto udp drop`, "tcp", "The relay does not answer: open port 3478 for UDP"},
		{`iifname "to-a" udp dport != 3478 drop; tcp dport 7881 drop`, "relay", "Open port 7881 for TCP"},
		{`meta l4proto udp drop; tcp dport 7881 drop`, "none", "No call comes through from where you are"},
	} {
		n.filter(c.rules)
		p.visit("/health/calls")
		p.press("Try the ways")
		p.until("all ways were tried", page+`.dataset.ways`)
		if got := eval[string](p, page+`.dataset.ways`); got != c.works {
			t.Errorf("with %q the ways that work are %q, not %q", c.rules, got, c.works)
		}
		said := eval[string](p, page+`.innerText`)
		t.Logf("%s\n%s", c.rules, said)
		if !strings.Contains(said, c.said) {
			t.Errorf("with %q it is not said that %q", c.rules, c.said)
		}
	}
}
