//go:build browser

package browser

import (
	"strings"
	"testing"
)

const guestPage = `document.querySelector('guest-page')`

// guestIs waits until the page of a guest says how her call stands.
func (p *visitor) guestIs(how string) {
	p.t.Helper()
	p.until("the guest's call is "+how, guestPage+`?.dataset.call===`+quote(how))
}

// guestFlows waits until sound goes on coming in and out at a guest's.
func (p *visitor) guestFlows() {
	p.t.Helper()
	count := func() carried {
		return eval[carried](p, guestPage+`.counted().then(c=>({Bytes:c?.bytes??0,Frames:c?.frames??0,Sent:c?.sent??0}))`)
	}
	was := count()
	p.wait("sound comes and goes", func() bool {
		now := count()
		return now.Bytes > was.Bytes && now.Sent > was.Sent
	})
}

// atAllHours says that she can be met whenever this test runs.
func (p *visitor) atAllHours() {
	p.t.Helper()
	p.visit("/bookings/page")
	eval[bool](p, `(()=>{for(const d of ['monday','tuesday','wednesday','thursday','friday','saturday','sunday'])document.querySelector('[name='+d+']').value='00:00-24:00';document.querySelector('[name=zone]').value='UTC';document.querySelector('[name=monday]').form.requestSubmit();return true})()`)
	p.see("Saved")
}

// makesLink makes a call link of a kind, and gives its address.
func (p *visitor) makesLink(kind, shown string) string {
	p.t.Helper()
	p.visit("/calls/links")
	p.fill("What you are called there", shown)
	eval[bool](p, `(document.querySelector('[name=kind][value=`+kind+`]').click(),true)`)
	p.press("Make it")
	section := `[...document.querySelectorAll('[data-link]')].find(s=>s.querySelector('h2').textContent===` + quote(shown) + `)`
	p.until("the link is there", section+`?.querySelector('[data-part=address]').textContent`)
	return eval[string](p, section+`.querySelector('[data-part=address]').textContent`)
}

// TestCallLink_guestRings lets a client without an account call by a link: it rings, is
// answered, both see the same digits, sound flows both ways, and hanging up ends it for both.
// A false fingerprint is refused; the link was good for one call.
func TestCallLink_guestRings(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana := h.member(t)
	ana.atAllHours()
	own := ana.makesLink("own", "Ana the Translator")
	if !strings.Contains(own, "/call/"+ana.handle()+"#") {
		t.Errorf("her own address is %s", own)
	}
	ana.accessible("call-links", "")
	ana.fits("call-links")
	address := strings.TrimPrefix(ana.makesLink("once", "Ana for once"), h.url)
	ana.until("it listens", `document.documentElement.dataset.line`)

	carla := h.visitor(t)
	carla.visit(address[:strings.IndexByte(address, '#')] + "#AAAAAAAAAAAAAAAAAAAAAA")
	carla.guestIs("bad_link")
	carla.see("Nothing could be sealed")
	eval[bool](carla, `(location.hash=`+quote(strings.SplitN(address, "#", 2)[1])+`,true)`)
	carla.guestIs("ready")
	carla.settle()
	size := packed(t, strings.NewReader(eval[string](carla, `document.documentElement.outerHTML`)))
	names := eval[[]string](carla, `[...new Set(performance.getEntriesByType('resource').map(e=>new URL(e.name).pathname))]`) // what was preloaded is named again when it is used
	for _, n := range names {
		size += h.weighs(t, n)
		if strings.Contains(n, "/talk-") {
			t.Error("what carries a call is fetched before one rings")
		}
	}
	t.Logf("before ringing: %d bytes in %d files: %v", size, len(names)+1, names)
	if size > firstVisit {
		t.Errorf("the page of a guest takes %d bytes", size)
	}
	carla.accessible("call-guest", "")
	carla.fits("call-guest")
	carla.press("Try microphone, camera and network first")
	carla.press("Try")
	carla.until("the microphone was tried", guestPage+`.dataset.tried==='sound'`)
	carla.until("her network was tried", guestPage+`.dataset.path==='direct'`)
	carla.see("Your network allows a call: yes.")
	carla.fill("Your name, as it will be shown", "Carla Client")
	carla.press("Ring")
	ana.until("it rings", `document.querySelector('.rings')`)
	ana.see("Carla Client (a guest, by your link) calls you.")
	carla.guestIs("woken")
	if way := eval[string](carla, guestPage+`.dataset.way??''`); way != "direct" {
		t.Errorf("the way of the call is %q", way)
	}
	// Her line is lost while it rings: it goes on ringing, and nothing is said without a key.
	eval[bool](carla, `(globalThis.lost=`+guestPage+`.stage.talk,lost.room.disconnect().then(()=>true))`)
	carla.until("there is another line", guestPage+`.stage.talk!==lost&&`+guestPage+`.stage.talk.room.state==='connected'`)
	carla.guestIs("woken")
	if !eval[bool](carla, guestPage+`.stage.talk.deaf`) {
		t.Error("the new line was joined under a key, though there is none while it rings")
	}
	ana.click(`document.querySelector('.rings a')`, "Answer")
	ana.call("talking")
	carla.guestIs("talking")
	for _, p := range []*visitor{ana, carla} {
		p.until("digits are shown", `document.querySelector('call-page,guest-page').dataset.digits`)
		p.until("it is sealed", `document.querySelector('call-page,guest-page').dataset.sealed==='true'`)
	}
	digits := `document.querySelector('call-page,guest-page').dataset.digits`
	if a, b := eval[string](ana, digits), eval[string](carla, digits); a != b || len(a) != 7 {
		t.Errorf("ana sees %q and carla %q", a, b)
	}
	ana.flows(false)
	carla.guestFlows()
	ana.press("Camera")
	carla.until("she sees ana", `document.querySelector('[data-part=stage] video:not([data-own])')?.videoWidth>0`)
	carla.accessible("call-guest-talking", "")
	carla.press("Hang up")
	carla.guestIs("ended")
	ana.call("ended")

	carla.press("Back to the beginning")
	carla.see("This link rings no more")
	for _, f := range h.holds(t, strings.SplitN(address, "#", 2)[1]) {
		t.Error("the hall holds the fingerprint of a link in ", f)
	}
}
