//go:build browser

package browser

import (
	"strconv"
	"testing"
)

// hears waits until sound and pictures of so many others go on coming in, each for itself.
func (p *visitor) hears(others int) {
	p.t.Helper()
	const of = callPage + `.counted().then(c=>c?.of??{})`
	type part struct{ Bytes, Frames int }
	was := eval[map[string]part](p, of)
	p.wait("sound and pictures of each of "+strconv.Itoa(others)+" others come", func() bool {
		n := 0
		for seat, now := range eval[map[string]part](p, of) {
			if now.Frames > was[seat].Frames && now.Bytes > was[seat].Bytes {
				n++
			}
		}
		return n == others
	})
}

// tiles waits until so many are shown.
func (p *visitor) tiles(n int) {
	p.t.Helper()
	p.until("so many are shown", `document.querySelectorAll('[data-part=stage] .tile').length===`+strconv.Itoa(n))
}

const heldKey = `(({n,key})=>n+' '+btoa(String.fromCharCode(...key)))(` + callPage + `.stage.keys.held)`

// TestCall_growsIntoAGroup: two talk, a third is brought in without a break and hears and sees
// both; when one leaves the others go on under another key, and what he has kept opens nothing.
func TestCall_growsIntoAGroup(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo, cleo := h.member(t), h.member(t), h.member(t)
	all := []*visitor{ana, bo, cleo}
	for _, p := range all {
		p.excuse("/media/") // who has left is taken out
	}
	toBo := connected(ana, bo)
	toCleo := connected(ana, cleo)
	for _, p := range []*visitor{bo, cleo} {
		p.opensMessages()
		p.until("it listens", `document.documentElement.dataset.line`)
	}
	ana.visit("/people/" + toBo)
	ana.press("Call")
	bo.until("it rings", `document.querySelector('.rings')`)
	bo.click(`document.querySelector('.rings a')`, "Answer")
	for _, p := range []*visitor{ana, bo} {
		p.call("talking")
		p.press("Camera")
	}
	ana.hears(1)
	bo.hears(1)
	first := eval[string](ana, heldKey)

	eval[bool](ana, `(document.querySelector('[data-part=more]').open=true)`)
	eval[bool](ana, `(document.querySelector('[data-part=whom]').value=`+quote(toCleo)+`,true)`)
	ana.press("Call in")
	cleo.until("it rings", `document.querySelector('.rings')?.textContent.includes('People in it: 2')`)
	bo.until("he sees whom she calls", `document.querySelector('[data-part=brought]').textContent.includes('is being called')`)
	cleo.click(`document.querySelector('.rings a')`, "Answer")
	cleo.call("talking")
	cleo.press("Camera")
	for _, p := range all {
		p.tiles(3)
		p.until("the key is another", callPage+`.dataset.key==='1'`)
	}
	bo.until("it is said who came", `document.querySelector('[data-part=company]').textContent.includes('has come in')`)
	for _, p := range all {
		eval[bool](p, `(scrollTo(0,document.querySelector('[data-part=stage]').offsetTop),true)`) // pictures that nobody sees are not sent
	}
	for _, p := range all {
		p.hears(2)
	}
	ana.accessible("call-group", "")
	second := eval[string](bo, heldKey)
	if k := eval[string](cleo, heldKey); k != second || k == first {
		t.Error("the newcomer has the key of what was said before, or not that of now")
	}
	old := eval[string](bo, `btoa(String.fromCharCode(...`+callPage+`.stage.keys.held.key))`)
	ticket := eval[string](bo, `fetch('/calls/'+`+callPage+`.getAttribute('call')+'/seat',{method:'POST',body:JSON.stringify({seat:`+callPage+`.stage.keys.seat}),headers:{'Content-Type':'application/json'}}).then(r=>r.json()).then(t=>t.ticket)`)

	bo.press("Hang up")
	bo.call("left")
	for _, p := range []*visitor{ana, cleo} {
		p.tiles(2)
		p.until("there is another key", callPage+`.stage.keys.used.n===2`)
		p.call("talking")
	}
	cleo.until("it is said who left", `document.querySelector('[data-part=company]').textContent.includes('has left')`)
	if a, c := eval[string](ana, heldKey), eval[string](cleo, heldKey); a != c || a == second {
		t.Errorf("ana and cleo have different keys, or bo's")
	}
	ana.hears(1)
	cleo.hears(1)
	if s := eval[int](bo, `fetch('/media/rtc/validate?access_token='+`+quote(ticket)+`).then(r=>r.status)`); s != 404 {
		t.Errorf("who has left is let in again: %d", s)
	}

	// With the key that bo has kept, and none of the later ones, nothing more is opened.
	eval[bool](cleo, `(async()=>{const s=`+callPage+`.stage,k=Uint8Array.from(atob(`+quote(old)+`),c=>c.charCodeAt(0));s.keys.heard=()=>Promise.resolve(null);for(let n=0;n<16;n++)await s.talk.put(n,k,false);return true})()`)
	cleo.until("what comes cannot be opened", callPage+`.dataset.sealed==='false'`)
	var was carried
	cleo.wait("what was opened before has been shown", func() bool {
		before := was
		was = cleo.carried()
		return was.Frames == before.Frames && was.Bytes > before.Bytes
	})
	cleo.until("bytes come", callPage+`.counted().then(c=>c.bytes>`+strconv.Itoa(was.Bytes)+`+20000)`)
	if now := cleo.carried(); now.Frames > was.Frames {
		t.Errorf("%d frames were opened with the key of who has left", now.Frames-was.Frames)
	}
	ana.press("Hang up")
	ana.call("ended")
	cleo.call("ended")
}
