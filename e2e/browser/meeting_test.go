//go:build browser

package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bells waits until the page of a booking says how its bell stands.
func (p *visitor) bells(how string) {
	p.t.Helper()
	p.until("the bell "+how, `document.querySelector('meeting-bell')?.dataset.bell===`+quote(how))
}

// TestMeeting_ringsAtItsMinute books a meeting at an address with a fingerprint, leaves the
// page open until its minute, by the clock of this machine, and calls from there: both are
// rung, both see the same digits, sound flows both ways, and it is noted that they have met.
func TestMeeting_ringsAtItsMinute(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana := h.member(t)
	ana.visit("/bookings/page")
	eval[bool](ana, `(()=>{const f=document.querySelector('[name=monday]').form;for(const d of ['monday','tuesday','wednesday','thursday','friday','saturday','sunday'])f.elements[d].value='00:00-24:00';f.elements.zone.value='UTC';f.elements.notice.value='0';f.requestSubmit();return true})()`)
	ana.see("Saved")
	ana.fill("What for", "A word")
	ana.fill("Minutes", "2")
	ana.press("Add this kind")
	ana.see("A word")
	ana.makesLink("many", "For meetings")
	ana.visit("/bookings/page#calls")
	eval[bool](ana, `([...document.querySelectorAll('[name=link]')].find(i=>i.value).click(),true)`)
	ana.press("Keep this")
	ana.see("Saved")
	ana.visit("/bookings")
	ana.until("the address is whole", `document.querySelector('booking-address')?.dataset.address==='whole'`)
	address := strings.TrimPrefix(eval[string](ana, `document.querySelector('booking-address a').href`), h.url)
	ana.accessible("bookings", "")
	ana.until("it listens", `document.documentElement.dataset.line`)

	carla := h.visitor(t)
	carla.visit(address)
	eval[bool](carla, `(document.querySelector('.slots a').click(),true)`)
	carla.fill("Your name, as you wish to be called", "Carla Client")
	carla.press("Book this time")
	carla.see("Booked.")
	if got := eval[string](carla, `location.hash`); got != address[strings.IndexByte(address, '#'):] {
		t.Errorf("the fingerprint has become %q of %s", got, address)
	}
	carla.see("The address at which you booked names the key")
	carla.bells("open")
	carla.guestIs("ready")
	carla.accessible("booking-meeting", "")
	carla.fits("booking-meeting")
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		for _, lang := range []string{"ar", "en"} {
			for _, width := range []int64{360, 1280} {
				carla.size(width, 800)
				carla.wear("", guise{lang, "light"})
				carla.shoot(filepath.Join(dir, "meeting-"+lang+"-"+map[int64]string{360: "360", 1280: "1280"}[width]+".png"))
			}
		}
	}
	for range 5 { // it is two minutes away at most
		if eval[bool](carla, `new Promise(r=>{const look=setInterval(()=>{if(document.querySelector('meeting-bell').dataset.bell==='rings'){clearInterval(look);r(true)}},100);setTimeout(()=>{clearInterval(look);r(false)},25000)})`) {
			break
		}
	}
	carla.bells("rings")
	ana.until("it rings at hers", `document.querySelector('.rings')`)
	ana.see("Your meeting with Carla Client begins.")
	carla.press("Call " + ana.name() + " now")
	carla.bells("open")
	ana.until("she is called", `document.querySelector('.rings')?.textContent.includes('calls you for the meeting')`)
	ana.click(`document.querySelector('.rings a')`, "Answer")
	ana.call("talking")
	carla.guestIs("talking")
	for _, p := range []*visitor{ana, carla} {
		p.until("digits are shown", `document.querySelector('call-page,guest-page').dataset.digits`)
	}
	digits := `document.querySelector('call-page,guest-page').dataset.digits`
	if a, b := eval[string](ana, digits), eval[string](carla, digits); a != b || len(a) != 7 {
		t.Errorf("ana sees %q and carla %q", a, b)
	}
	ana.flows(false)
	carla.guestFlows()
	carla.press("Hang up")
	carla.guestIs("ended")
	ana.call("ended")
	ana.visit("/bookings")
	ana.see("You have met.")
	for _, f := range h.holds(t, address[strings.IndexByte(address, '#')+1:]) {
		t.Error("the hall holds the fingerprint of a link in ", f)
	}
}
