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

// pointsAndDraws lets one share a picture for a screen: another points at it and draws, a third
// sees the dot and the stroke on the same spot, and both go away.
func pointsAndDraws(shares, points, sees *visitor) {
	const screen = `document.querySelector('[data-part=stage] video[data-screen]')`
	eval[bool](shares, `(navigator.mediaDevices.getDisplayMedia=()=>{const e=document.createElement('canvas');[e.width,e.height]=[640,360];const c=e.getContext('2d');globalThis.paints=setInterval(()=>{c.fillStyle='#'+String(Date.now()).slice(-3);c.fillRect(0,0,640,360)},100);globalThis.screenShown=e.captureStream(10);return Promise.resolve(screenShown)},true)`)
	shares.press("Share screen")
	for _, p := range []*visitor{points, sees} {
		p.until("there is a screen", screen)
		eval[bool](p, `(`+screen+`.scrollIntoView(),true)`) // pictures that nobody sees are not sent
		p.until("the screen is shown", screen+`?.videoWidth>0`)
	}
	const at = `(type,x,y)=>{const v=` + screen + `,r=v.getBoundingClientRect();v.dispatchEvent(new PointerEvent(type,{bubbles:true,clientX:r.left+x*r.width,clientY:r.top+y*r.height}))}`
	eval[bool](points, `((`+at+`)('pointermove',0.5,0.5),true)`)
	if eval[int](points, `document.querySelectorAll('.stage .dot').length`) != 0 {
		points.t.Error("she points before she has pressed")
	}
	points.press("Point")
	eval[bool](points, `(()=>{const at=`+at+`;at('pointerdown',0.25,0.5);at('pointermove',0.5,0.5);return true})()`)
	sees.until("the dot is there, with a name", `(()=>{const d=document.querySelector('.stage .dot'),v=`+screen+`?.getBoundingClientRect(),r=d?.getBoundingClientRect();return !!d&&d.textContent.length>3&&Math.abs(parseFloat(d.style.left)-`+screen+`.offsetLeft-v.width/2)<v.width/50})()`)
	sees.until("the stroke is there", `!!document.querySelector('.stage .stroke polyline')`)
	sees.keepTyped("call-points")
	sees.until("the dot and the stroke are gone", `!document.querySelector('.stage .dot, .stage .stroke')`)
	eval[bool](shares, `screenShown.getTracks().every(t=>(t.stop(),t.dispatchEvent(new Event('ended'))))`)
	shares.until("it is not shared", `document.querySelector('[data-do=screen]').getAttribute('aria-pressed')==='false'`)
	sees.until("the screen is shown no more, and nobody points", `document.querySelector('[data-do=point]').hidden`)
}

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
	ana.keepTyped("call-group")
	pointsAndDraws(bo, ana, cleo)
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
