//go:build browser

package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// opensNamed opens the conversation of her list whose line says the words.
func (p *visitor) opensNamed(words string) {
	p.t.Helper()
	p.opensMessages()
	p.click(`[...document.querySelectorAll('[data-part=talks] a')].find(a=>a.innerText.includes(`+quote(words)+`))`, "the conversation with "+words)
	p.until("the conversation stands", `document.querySelector('message-talk').dataset.step==='open'`)
}

// introduces lets two of hers know each other; both wish it.
func (p *visitor) introduces(a, b *visitor) {
	p.t.Helper()
	p.visit("/people/" + a.handle() + "/connection")
	p.fill("Why these two", "You both draw.")
	p.press("Introduce them")
	p.until("it waits for both", `location.pathname==='/connections'`)
	for _, q := range []*visitor{a, b} {
		q.visit("/connections")
		q.see("You two should know each other")
		q.press("Yes, I would like that")
	}
	b.visit("/people/" + a.handle() + "/connection")
	b.see("You are connected")
}

// pages keeps pictures of the page as it stands, by day and by night, on a phone and at a
// desk, when they are asked for; and in Arabic, by loading it anew.
func (p *visitor) pages(name, element string) {
	p.t.Helper()
	p.accessible(name, "")
	if os.Getenv("SCREENSHOTS") != "" {
		p.shotsOf(element, name)
	}
}

// still keeps one picture of the page as it stands, on a phone.
func (p *visitor) still(name string) {
	p.t.Helper()
	p.accessible(name, "")
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		p.size(360, 800)
		p.shoot(filepath.Join(dir, name+".png"))
		p.size(1280, 800)
	}
}

// overhears keeps what the hall hands to her page from now on.
func (p *visitor) overhears() {
	p.t.Helper()
	eval[bool](p, `((was)=>{globalThis.handed=[];globalThis.fetch=async(a,o)=>{const r=await was(a,o);if(String(a).endsWith('/box')&&r.ok)globalThis.handed.push(...await r.clone().json());return r}})(globalThis.fetch),true`)
}

// handedTexts are the sealed texts among what she has overheard.
func (p *visitor) handedTexts() string {
	p.t.Helper()
	return eval[string](p, `JSON.stringify(globalThis.handed.filter(i=>i.kind==='text'))`)
}

// opensNone hands sealed texts to the desk of a device that was lost, as if it were in the
// conversation still: it can open none.
func (p *visitor) opensNone(sealed, words string) {
	p.t.Helper()
	kept := eval[string](p, `(async list=>{const d=document.querySelector('message-talk').desk,id=location.pathname.split('/').at(-1);
for(const i of list){const t=await d.talk(id);await d.take({...i,n:t.n+1,epoch:t.epoch,body:Uint8Array.from(atob(i.body.replaceAll('-','+').replaceAll('_','/')),c=>c.charCodeAt(0))})}
return JSON.stringify([list.length,...(await d.lines(id)).slice(-list.length).map(l=>l.t)])+JSON.stringify(await d.lines(id))})(`+sealed+`)`)
	if !strings.HasPrefix(kept, `[1,"unread"]`) || strings.Contains(kept, words) {
		p.t.Errorf("a lost device has of what was sealed later: %s", kept)
	}
}

// inKeys is how many devices hold the keys of the conversation on her page.
func (p *visitor) inKeys() int {
	p.t.Helper()
	return eval[int](p, `(async()=>{const d=document.querySelector('message-talk').desk;return d.inside((await d.talk(location.pathname.split('/').at(-1))).state).length})()`)
}

// signsOutTheOther signs out her only other device, which she has lost, and takes it out of
// all conversations.
func (p *visitor) signsOutTheOther() {
	p.t.Helper()
	p.visit("/account/keys")
	p.still("three-devices")
	p.click(`document.querySelector('form[action="/account/devices/revoke"] button')`, "sign out the other")
	p.until("she is signed in here alone", `document.querySelector('main')&&!document.querySelector('form[action="/account/devices/revoke"]')`)
	p.press("Lost one? Sign it out, then take it out of your messages, too")
	p.see("sealed under keys that it never had")
	p.still("three-lose")
	p.click(`(d=>{d.open=true;return d.querySelector('button')})(document.querySelector('[data-part=lost]'))`, "take the others out")
	p.see("Your other devices are taken out of all your conversations.")
}

// beginsRoom begins a room with both, and brings a second device of hers in.
func (p *visitor) beginsRoom(bo, cleo *visitor) (laptop *visitor) {
	p.t.Helper()
	p.visit("/messages/room")
	p.until("whom she knows is there", `document.querySelectorAll('[data-part=choices] input').length===2`)
	p.fill("Name of the room", "kanarie rookery")
	p.press(bo.name())
	p.press(cleo.name())
	p.press("Begin the room")
	p.until("the conversation stands", `document.querySelector('message-talk')?.dataset.step==='open'`)
	p.writes("kanarie heron in the room")
	for _, q := range []*visitor{bo, cleo} {
		q.opensNamed("kanarie rookery")
		q.reads("kanarie heron in the room")
	}
	laptop = p.anotherDevice()
	laptop.opensMessages()
	laptop.until("its keys are with the hall", `performance.getEntriesByType('resource').some(e=>e.name.endsWith('/messages/leaves'))`)
	p.opensNamed("kanarie rookery")
	laptop.opensNamed("kanarie rookery")
	laptop.see("What was written before cannot be read on it.")
	bo.writes("kanarie otter for all")
	laptop.reads("kanarie otter for all")
	p.reads("kanarie otter for all")
	return laptop
}

// TestMessages_threeProfiles walks three people who come to know each other, exchange a
// card, and talk in a room; one of them adds a second device, then loses her first: what
// is written after she has signed it out is sealed under keys that it never had, in the
// room and between two whose page has stood open all the time.
func TestMessages_threeProfiles(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo, cleo := h.member(t), h.member(t), h.member(t)
	ana.excuse("status of 4") // her phone will be signed out
	connected(ana, bo)
	connected(bo, cleo)
	bo.introduces(ana, cleo)
	nameOfCleo := cleo.name()

	cleo.visit("/people/" + ana.handle() + "/message")
	cleo.writes("kanarie swan to ana alone")
	ana.opensNamed(nameOfCleo)
	ana.reads("kanarie swan to ana alone")
	ana.givesNumber()
	cleo.until("the card is there", `[...document.querySelectorAll('[data-part=card]')].some(a=>a.checkVisibility())`)
	cleo.pages("three-card", "message-talk")
	alone := eval[string](cleo, `location.pathname`)

	laptop := ana.beginsRoom(bo, cleo)
	laptop.pages("three-laptop", "message-talk")
	cleo.visit(alone) // and leaves it open
	cleo.until("her two devices are in", `document.querySelector('message-talk').dataset.step==='open'`)
	cleo.writes("kanarie tern before the loss")
	laptop.signsOutTheOther()
	laptop.opensNamed("kanarie rookery")
	laptop.overhears()
	bo.writes("kanarie crake after the loss")
	laptop.reads("kanarie crake after the loss")
	ana.opensNone(laptop.handedTexts(), "crake")
	cleo.writes("kanarie stilt after the loss")
	if n := cleo.inKeys(); n != 2 {
		t.Errorf("%d devices have the keys between two of whom one has lost a device", n)
	}
	laptop.opensNamed(nameOfCleo)
	laptop.reads("kanarie stilt after the loss")
	ana.until("the lost device hears that it is signed out", `document.querySelector('[data-part=message]').textContent`)
	ana.still("three-lost")
	ana.visit("/messages")
	ana.see("Sign in")
	ana.still("three-lost-list")
	h.hasNoWordOf(t, "kanarie")
}

// givesNumber gives her number to the only one she has a conversation with.
func (p *visitor) givesNumber() {
	p.t.Helper()
	p.opensCards()
	p.fill("Telephone", "+49 30 77 kanarie 1")
	p.press("Keep it on this device")
	p.see("Kept on this device.")
	p.ticks("phone")
	eval[bool](p, `(document.querySelector('[data-part=talk]').selectedIndex=1,true)`)
	p.press("Seal it and give it")
	p.until("it is on its way in the conversation", `[...document.querySelectorAll('[data-part=card]')].some(a=>a.checkVisibility())`)
}
