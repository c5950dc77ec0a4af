//go:build browser

package browser

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// fakeDevices gives Firefox a microphone and a camera that nobody need allow.
const fakeDevices = `user_pref("media.navigator.streams.fake", true); user_pref("media.navigator.permission.disabled", true); user_pref("media.autoplay.default", 0);`

// flows waits until sound, and pictures where some are shown, go on coming in and out.
func (p *guest) flows(pictures bool) {
	p.t.Helper()
	count := func() (c carried) {
		b := p.run(`return document.querySelector('guest-page').counted().then(c=>({Bytes:c.bytes,Frames:c.frames,Sent:c.sent}))`)
		if err := json.Unmarshal(b, &c); err != nil {
			p.t.Fatal(err)
		}
		return c
	}
	was := count()
	awaitEngine(p.t, "sound and pictures come and go", &journal{}, func() error {
		if now := count(); now.Bytes <= was.Bytes || now.Sent <= was.Sent || pictures && now.Frames <= was.Frames {
			return fmt.Errorf("%+v after %+v", now, was)
		}
		return nil
	})
}

// TestCallLink_fromFirefox lets a client call by a link in Firefox, and be answered in
// Chromium: both see the same digits and each other, sealed from browser to browser; of
// her whose camera rests, since her line is weak, no picture stays, and she is heard on.
func TestCallLink_fromFirefox(t *testing.T) {
	t.Parallel()
	mustHave(t, "firefox-esr", "firefox-esr")
	h := open(t)
	ana := h.member(t)
	ana.atAllHours()
	address := ana.makesLink("once", "Ana for once")
	ana.until("it listens", `document.documentElement.dataset.line`)

	carla := &guest{t, openFirefox(t, fakeDevices)}
	carla.visit(address)
	carla.until("the link is good", guestPage+`.dataset.call==='ready'`)
	carla.fillNamed("Your name, as it will be shown", "Carla Client")
	carla.pressNamed("Ring")
	ana.until("it rings", `document.querySelector('.rings')`)
	carla.until("it rings there", guestPage+`.dataset.call==='woken'`)
	ana.click(`document.querySelector('.rings a')`, "Answer")
	ana.call("talking")
	carla.until("they talk", guestPage+`.dataset.call==='talking'`)
	carla.until("digits are shown", guestPage+`.dataset.digits`)
	ana.until("digits are shown", callPage+`.dataset.digits`)
	if a, b := eval[string](ana, callPage+`.dataset.digits`), text(carla.run(`return document.querySelector('guest-page').dataset.digits`)); a != b || len(a) != 7 {
		t.Errorf("ana sees %q and carla %q", a, b)
	}
	carla.until("it is sealed", guestPage+`.dataset.sealed==='true'`)
	ana.until("it is sealed", callPage+`.dataset.sealed==='true'`)
	ana.flows(false)
	carla.flows(false)
	ana.press("Camera")
	carla.pressNamed("Camera")
	ana.flows(true)
	carla.flows(true)
	carla.shoot("firefox-call")
	carla.until("her camera rests on a weak line", `(document.querySelector('guest-page').stage.heard.quality('poor'),document.body.innerText.includes('The line is weak, so your camera rests'))`)
	ana.until("her picture is gone", `!document.querySelector('[data-part=stage] video:not([data-own])')`)
	ana.flows(false)
	carla.pressNamed("Hang up")
	carla.until("it is over", guestPage+`.dataset.call==='ended'`)
	ana.call("ended")
	for _, f := range h.holds(t, strings.SplitN(address, "#", 2)[1]) {
		t.Error("the hall holds the fingerprint of a link in ", f)
	}
}
