//go:build browser

package browser

import (
	"regexp"
	"testing"
)

// opensLift opens the part in which two lift their masks.
func (p *visitor) opensLift() {
	p.t.Helper()
	p.until("the part is there", `!document.querySelector('[data-part=lift]').hidden`)
	eval[bool](p, `(document.querySelector('[data-part=lift]').open=true)`)
}

// saidOfLift waits until the part says something of that kind, and gives it.
func (p *visitor) saidOfLift(what string) string {
	p.t.Helper()
	const said = `document.querySelector('[data-part=lift-said]').textContent`
	p.until("the part says "+what, said+`.includes(`+quote(what)+`)`)
	return eval[string](p, said)
}

// TestMessages_lift lets two members with masks of one space lift them to each other: before
// both have agreed nothing is shown, then each reads the other's name and no file holds it.
func TestMessages_lift(t *testing.T) {
	t.Parallel()
	h := openTimed(t)
	ana, bo := h.joinSeated(), h.joinSeated()
	two := []*visitor{ana, bo}
	for _, p := range two {
		p.visit("/spaces/designers")
		p.stands("choose-later")
	}
	h.crowd(24)
	h.toMonday()
	for _, p := range two {
		p.visit("/spaces/designers")
		p.stands("choose")
		p.press("Become a mask this week")
		p.until("her right leaves", `['leaving','born'].includes(`+room+`.dataset.stand)`)
		p.visit("/about")
		p.visit("/spaces/designers")
		p.stands("born")
	}
	h.crowd(12)
	h.toMonday()
	for _, p := range two {
		p.visit("/spaces/designers")
		p.stands("active")
		p.fill("Title", "Who pays late")
		p.fill("Your text", "Some clients pay after months. What do you do?")
		p.press("Say it under the mask")
		p.see("It leaves this device when you leave this page")
		p.visit("/about")
		p.wait("the post is in the pool", func() bool {
			p.visit("/spaces/designers")
			return eval[bool](p, `(async()=>{for(let i=0;i<200&&!document.body.innerText.includes('It waits in the hall');i++)await new Promise(r=>setTimeout(r,50));return document.body.innerText.includes('It waits in the hall')})()`)
		})
	}
	h.pass(comingOut)
	for _, p := range two { // each has seen what both have said
		p.visit("/spaces/designers")
		p.until("both are read", `document.body.innerText.split('Who pays late').length>2`)
	}
	toBo := connected(ana, bo)
	bo.opensMessages()
	bo.until("its keys are with the hall", `performance.getEntriesByType('resource').some(e=>e.name.endsWith('/messages/leaves'))`)
	ana.visit("/people/" + toBo + "/message")
	ana.until("the desk stands", `document.querySelector('message-talk').dataset.step==='open'`)
	ana.writes("kanarie heron, is it you?")
	bo.opensTalk()
	bo.reads("kanarie heron, is it you?")

	// A proposal is refused: nothing is shown on either side.
	ana.opensLift()
	ana.press("Propose it")
	ana.saidOfLift("Nothing has been shown")
	bo.opensLift()
	bo.saidOfLift("proposes that you lift your masks")
	bo.shotsOf("message-talk", "lift")
	bo.opensLift()
	bo.press("No")
	bo.saidOfLift("Nothing was shown")
	ana.saidOfLift("Nothing was shown")

	ana.press("Propose it")
	bo.saidOfLift("proposes that you lift your masks")
	bo.press("Lift both masks")
	name := regexp.MustCompile(` is (.+) in “`)
	masks := map[*visitor]string{}
	for of, by := range map[*visitor]*visitor{ana: bo, bo: ana} {
		m := name.FindStringSubmatch(by.saidOfLift(" in “"))
		if m == nil {
			t.Fatal("no mask is named")
		}
		masks[of] = m[1]
		by.until("its picture is drawn", `document.querySelector('[data-part=lift-face] svg.mask-face path')`)
	}
	if masks[ana] == masks[bo] {
		t.Errorf("both are %q", masks[ana])
	}
	ana.press("Forget it on this device")
	ana.until("nothing is said", `!document.querySelector('[data-part=lift-said]').textContent`)
	for p, mask := range masks {
		p.visit("/spaces/designers")
		p.stands("active")
		p.see(mask)
	}
	h.hasNoWordOf(t, "kanarie")
}
