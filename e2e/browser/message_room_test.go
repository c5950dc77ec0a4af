//go:build browser

package browser

import (
	"testing"
)

// member opens messages once, so that she can be brought in.
func (h *hall) member(t *testing.T) *visitor {
	t.Helper()
	p := h.correspondent(t)
	p.enrolls()
	return p
}

// enrolls lets the hall have the keys of her device.
func (p *visitor) enrolls() {
	p.t.Helper()
	p.opensMessages()
	p.until("its keys are with the hall", `performance.getEntriesByType('resource').some(e=>e.name.endsWith('/messages/leaves'))`)
}

// name is what others call her.
func (p *visitor) name() string {
	p.t.Helper()
	return eval[string](p, `document.querySelector('.me .name').textContent.trim()`)
}

// inRoom waits until just so many people are in the room, as her page says.
func (p *visitor) inRoom(n string) {
	p.t.Helper()
	p.until("the room holds "+n, `document.querySelector('[data-part=count]').textContent===`+quote(n))
}

func (p *visitor) opensPeople() {
	p.t.Helper()
	eval[bool](p, `(document.querySelector('[data-part=people]').open=true)`)
}

// TestMessages_room walks a room of three: its name is sealed, one who is taken out reads
// on nothing, one who comes in nothing from before, one who leaves hears nothing more.
func TestMessages_room(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo, cleo := h.member(t), h.member(t), h.member(t)
	connected(ana, bo)
	connected(bo, cleo)
	nameOfBo, nameOfCleo := bo.name(), cleo.name()
	dora := h.correspondent(t) // has never opened her messages
	connected(ana, dora)

	ana.opensMessages()
	ana.press("New room")
	ana.until("whom she knows is there", `document.querySelector('[data-part=choices] input')`)
	ana.shotsOf("message-room", "room-new")
	ana.until("whom she knows is there", `document.querySelector('[data-part=choices] input')`)
	ana.fill("Name of the room", "kanarie rookery")
	ana.press("Begin the room")
	ana.see("Choose at least one person.")
	ana.press(nameOfBo)
	ana.press(dora.name())
	ana.press("Begin the room")
	ana.until("the conversation stands", `document.querySelector('message-talk')?.dataset.step==='open'`)
	ana.see("kanarie rookery")
	ana.until("who is not in is named", `document.querySelector('[data-part=missing]').textContent.includes(`+quote(dora.name())+`)`)
	ana.writes("kanarie heron lands at noon")

	bo.opensTalk()
	bo.reads("kanarie heron lands at noon")
	bo.see("kanarie rookery")
	// Bo brings in Cleo, whom Ana does not know: she reads from then on.
	bo.opensPeople()
	bo.until("who is in it is there", `document.querySelectorAll('[data-part=members] li').length===2`)
	bo.until("Cleo may be brought in", `[...document.querySelector('[data-part=whom]').options].some(o=>o.text===`+quote(nameOfCleo)+`)`)
	bo.press("Bring in")
	bo.inRoom("3")
	ana.see("Brought in by " + nameOfBo + ": " + nameOfCleo)
	cleo.opensTalk()
	cleo.see("What was written before cannot be read on it.")
	cleo.see("kanarie rookery")
	ana.writes("kanarie swan comes too")
	cleo.reads("kanarie swan comes too")
	bo.reads("kanarie swan comes too")
	cleo.writes("kanarie newt from cleo")
	ana.reads("kanarie newt from cleo")
	ana.see(nameOfCleo)
	if a, b, c := ana.safetyNumber(), bo.safetyNumber(), cleo.safetyNumber(); a != b || b != c {
		t.Errorf("numbers %q, %q and %q", a, b, c)
	}
	ana.opensPeople()
	bo.shotsOf("message-talk", "room")

	// Ana, who began it, takes Cleo out; Bo could not.
	if eval[int](bo, `document.querySelectorAll('[data-part=members] button').length`) != 0 {
		t.Error("whoever is no keeper takes people out")
	}
	ana.until("who is in it is there", `document.querySelectorAll('[data-part=members] li').length===3`)
	ana.press("Take " + nameOfCleo + " out")
	cleo.see("This device was taken out of the conversation.")
	bo.see("No longer in the room: " + nameOfCleo)
	ana.inRoom("2")
	ana.writes("kanarie crake is for two")
	bo.reads("kanarie crake is for two")
	cleo.visit(eval[string](cleo, `location.pathname`))
	cleo.reads("kanarie swan comes too")
	if eval[bool](cleo, `!!`+line("kanarie crake is for two")) {
		t.Error("whoever was taken out reads on")
	}

	// Ana leaves; what Bo writes then is under keys she never had.
	ana.opensPeople()
	eval[bool](ana, `(document.querySelector('[data-part=people] details').open=true)`)
	ana.press("Leave")
	ana.see("You have left this room.")
	bo.writes("kanarie stilt is alone")
	bo.see("No longer in the room: ")
	bo.inRoom("1")
	ana.visit(eval[string](ana, `location.pathname`))
	ana.reads("kanarie crake is for two")
	h.hasNoWordOf(t, "kanarie")
}

// TestMessages_bothBegin lets two write to each other at once, before either has heard of
// the other: both end up in one conversation, with all that was said.
func TestMessages_bothBegin(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo := h.member(t), h.member(t)
	ana.excuse("ERR_INTERNET_DISCONNECTED")
	bo.excuse("ERR_INTERNET_DISCONNECTED")
	toBo := connected(ana, bo)
	toAna := ana.handle()
	for p, to := range map[*visitor]string{ana: toBo, bo: toAna} {
		p.visit("/people/" + to + "/message")
		p.until("the desk stands", `document.querySelector('message-talk').dataset.step==='open'`)
	}
	// Each begins and cannot fetch: the hall answers that nothing waits.
	for p, text := range map[*visitor]string{ana: "kanarie heron from ana", bo: "kanarie otter from bo"} {
		p.deaf(true)
		p.writes(text)
	}
	for _, p := range []*visitor{ana, bo} {
		p.deaf(false)
	}
	for _, p := range []*visitor{ana, bo} {
		p.reads("kanarie heron from ana")
		p.reads("kanarie otter from bo")
	}
	one := `location.pathname`
	ana.until("both are in one", one+`.startsWith('/messages/')`)
	bo.until("both are in one", one+`===`+quote(eval[string](ana, one)))
	ana.writes("kanarie swan goes on")
	bo.reads("kanarie swan goes on")
	bo.writes("kanarie newt goes on")
	ana.reads("kanarie newt goes on")
	for _, p := range []*visitor{ana, bo} {
		p.opensMessages()
		if n := eval[int](p, `document.querySelectorAll('[data-part=talks] li').length`); n != 1 {
			t.Errorf("%d conversations are listed", n)
		}
	}
}

// deaf lets her page hear that nothing waits for her.
func (p *visitor) deaf(is bool) {
	p.t.Helper()
	eval[bool](p, `((is)=>{globalThis.heard??=fetch;globalThis.fetch=is?(a,o)=>String(a).endsWith('/box')?Promise.resolve(Response.json([])):heard(a,o):heard;return true})(`+map[bool]string{true: "true", false: "false"}[is]+`)`)
}

// brings opens the list of people and brings in the only one who may be.
func (p *visitor) brings(name string) {
	p.t.Helper()
	p.opensPeople()
	p.until(name+" may be brought in", `[...document.querySelector('[data-part=whom]').options].some(o=>o.text===`+quote(name)+`)`)
	eval[bool](p, `(()=>{const s=document.querySelector('[data-part=whom]');s.value=[...s.options].find(o=>o.text===`+quote(name)+`).value;return true})()`)
	p.press("Bring in")
}

// TestMessages_roomAgain lets people go out of a room and come back, and a second device of
// somebody come in: each reads what is written while it is in, and nothing else.
func TestMessages_roomAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo, cleo := h.member(t), h.member(t), h.member(t)
	connected(ana, bo)
	connected(ana, cleo)
	nameOfBo, nameOfCleo := bo.name(), cleo.name()
	ana.visit("/messages/room")
	ana.until("whom she knows is there", `document.querySelectorAll('[data-part=choices] input').length===2`)
	ana.fill("Name of the room", "kanarie rookery")
	ana.press(nameOfBo)
	ana.press(nameOfCleo)
	ana.press("Begin the room")
	ana.until("the conversation stands", `document.querySelector('message-talk')?.dataset.step==='open'`)
	ana.writes("kanarie heron one")
	for _, p := range []*visitor{bo, cleo} {
		p.opensTalk()
		p.reads("kanarie heron one")
	}

	second := cleo.anotherDevice()
	second.opensMessages()
	second.until("its keys are with the hall", `performance.getEntriesByType('resource').some(e=>e.name.endsWith('/messages/leaves'))`)
	cleo.opensTalk()
	second.opensTalk()
	second.see("kanarie rookery")
	bo.writes("kanarie swan two")
	second.reads("kanarie swan two")
	second.writes("kanarie newt from the second")
	ana.reads("kanarie newt from the second")
	cleo.reads("kanarie newt from the second")

	ana.opensPeople()
	ana.until("who is in it is there", `document.querySelectorAll('[data-part=members] li').length===3`)
	ana.press("Take " + nameOfCleo + " out")
	cleo.see("This device was taken out of the conversation.")
	second.see("This device was taken out of the conversation.")
	ana.inRoom("2")
	ana.writes("kanarie crake three")
	ana.brings(nameOfCleo)
	ana.inRoom("3")
	ana.writes("kanarie stilt four")
	for _, p := range []*visitor{cleo, second} {
		p.reads("kanarie stilt four")
		if eval[bool](p, `!!`+line("kanarie crake three")) {
			t.Error("what was written while she was out is read")
		}
	}
	second.writes("kanarie tern five")
	bo.reads("kanarie tern five")

	bo.opensPeople()
	eval[bool](bo, `(document.querySelector('[data-part=people] details').open=true)`)
	bo.press("Leave")
	bo.see("You have left this room.")
	ana.writes("kanarie dove six")
	ana.inRoom("2")
	ana.brings(nameOfBo)
	ana.inRoom("3")
	ana.writes("kanarie rail seven")
	cleo.reads("kanarie rail seven")
	// He is asked first, on a page and in the list; until he comes in nothing is his.
	bo.see("You had left this room")
	bo.until("who is in it is named", `document.querySelector('[data-part=asked-who]').textContent.includes(`+quote(nameOfCleo)+`)`)
	bo.shotsOf("message-talk", "room-asked")
	bo.opensMessages()
	bo.see("You had left. Will you come in again?")
	bo.opensTalk()
	bo.press("Come in")
	bo.until("he writes", `!document.querySelector('[data-part=write]').hidden`)
	bo.writes("kanarie grebe eight")
	cleo.reads("kanarie grebe eight")
	ana.writes("kanarie knot nine")
	bo.reads("kanarie knot nine")
	for _, unheard := range []string{"kanarie dove six", "kanarie rail seven"} {
		if eval[bool](bo, `!!`+line(unheard)) {
			t.Errorf("%q, written while he was out or only asked, is read", unheard)
		}
	}
	// Whoever declines is out as before.
	bo.opensPeople()
	eval[bool](bo, `(document.querySelector('[data-part=people] details').open=true)`)
	bo.press("Leave")
	bo.see("You have left this room.")
	ana.writes("kanarie teal ten")
	ana.inRoom("2")
	ana.brings(nameOfBo)
	ana.inRoom("3")
	bo.see("You had left this room")
	bo.press("Stay out")
	bo.see("You have left this room.")
	ana.writes("kanarie ruff eleven")
	ana.inRoom("2")
	cleo.reads("kanarie ruff eleven")
	h.hasNoWordOf(t, "kanarie")
}
