//go:build browser

package browser

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

const callPage = `document.querySelector('call-page')`

// stands waits until a call says how it stands, in the script's word.
func (p *visitor) call(how string) {
	p.t.Helper()
	p.until("the call is "+how, callPage+`?.dataset.call===`+quote(how))
}

// carried is what a call has brought to a browser and taken from it.
type carried struct{ Bytes, Frames, Sent int }

func (p *visitor) carried() carried {
	p.t.Helper()
	return eval[carried](p, callPage+`.counted().then(c=>({Bytes:c?.bytes??0,Frames:c?.frames??0,Sent:c?.sent??0}))`)
}

// flows waits until sound, and pictures where some are shown, go on coming in and out.
func (p *visitor) flows(pictures bool) {
	p.t.Helper()
	was := p.carried()
	p.wait("sound and pictures come and go", func() bool {
		now := p.carried()
		return now.Bytes > was.Bytes && now.Sent > was.Sent && (!pictures || now.Frames > was.Frames)
	})
}

// startsDark lets the next camera that is taken give no picture, as one may that was let go a
// moment ago.
func (p *visitor) startsDark() {
	p.t.Helper()
	eval[bool](p, `(()=>{const m=navigator.mediaDevices,real=m.getUserMedia.bind(m);m.getUserMedia=c=>{if(!c.video)return real(c);m.getUserMedia=real;const e=document.createElement('canvas');e.getContext('2d');return Promise.resolve(e.captureStream(0))};return true})()`)
}

// sharesUntilTheBrowserEndsIt shares a picture in place of a screen, and ends that by the
// browser's own button.
func (p *visitor) sharesUntilTheBrowserEndsIt() {
	p.t.Helper()
	pressed := `document.querySelector('[data-do=screen]').getAttribute('aria-pressed')===`
	eval[bool](p, `(navigator.mediaDevices.getDisplayMedia=()=>{const e=document.createElement('canvas');e.getContext('2d');globalThis.screenShown=e.captureStream(5);return Promise.resolve(screenShown)},true)`)
	p.press("Share screen")
	p.until("the screen is shared", pressed+`'true'`)
	eval[bool](p, `screenShown.getTracks().every(t=>(t.stop(),t.dispatchEvent(new Event('ended'))))`)
	p.until("the screen is shared no more", pressed+`'false'`)
}

// mediaServer is the child that carries calls.
func (h *hall) mediaServer(t *testing.T) (pid int) {
	t.Helper()
	list, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		b, _ := os.ReadFile(f) // it may have ended meanwhile
		if string(b) != program()+"\x00media\x00" {
			continue
		}
		stat, _ := os.ReadFile(filepath.Join(filepath.Dir(f), "status"))
		if strings.Contains(string(stat), "PPid:\t"+strconv.Itoa(h.pid)+"\n") {
			pid, _ = strconv.Atoi(filepath.Base(filepath.Dir(f)))
		}
	}
	return pid
}

// TestCall_pressRingAnswer walks a call: one press, it rings on both devices of the other,
// answering on one stops the other; sound and pictures flow both ways; the server of calls is
// killed, and both hear each other again; hanging up ends it for both.
func TestCall_pressRingAnswer(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo := h.member(t), h.member(t)
	for _, p := range []*visitor{ana, bo} {
		p.excuse("/media/") // the server is killed on purpose
	}
	toBo := connected(ana, bo)
	second := bo.anotherDevice()
	second.opensMessages()
	bo.opensMessages()
	for _, p := range []*visitor{bo, second} {
		p.until("it listens", `document.documentElement.dataset.line`)
	}
	if pid := h.mediaServer(t); pid != 0 {
		t.Error("the server of calls runs before anybody calls")
	}
	ana.visit("/people/" + toBo)
	ana.press("Call")
	for _, p := range []*visitor{bo, second} {
		p.until("it rings", `document.querySelector('.rings')`)
	}
	bo.accessible("call-rings", "")
	ana.call("rings_computer")
	ana.accessible("call-calling", "")
	bo.click(`document.querySelector('.rings a')`, "Answer")
	second.until("it rings no more", `!document.querySelector('.rings')`)
	ana.call("talking")
	bo.call("talking")
	bo.accessible("call-talking", "")
	ana.flows(false)
	bo.flows(false)
	bo.startsDark()
	for _, p := range []*visitor{ana, bo} {
		p.until("it is sealed", callPage+`.dataset.sealed==='true'`)
		p.press("Camera")
	}
	ana.flows(true)
	bo.flows(true)
	eval[bool](ana, `(document.querySelector('[data-part=write]').closest('details').open=true)`)
	ana.fill("Your words", "kanarie over the line")
	eval[bool](ana, `(document.querySelector('[data-part=write]').requestSubmit(),true)`)
	bo.until("it is read", `[...document.querySelectorAll('[data-part=said]')].some(s=>s.textContent==='kanarie over the line')`)

	eval[bool](ana, `(scrollTo(0,0),true)`) // pictures that nobody sees are not sent
	pid := h.mediaServer(t)
	if pid == 0 {
		t.Fatal("no server of calls")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	ana.wait("it is started again", func() bool { now := h.mediaServer(t); return now != 0 && now != pid })
	ana.flows(true)
	bo.flows(true)

	// A line that is lost for good is taken up again as it was.
	bo.press("Mute")
	bo.until("it is silent", `document.querySelector('[data-do=mute]').getAttribute('aria-pressed')==='true'`)
	eval[bool](bo, `(globalThis.lost=`+callPage+`.stage.talk,lost.room.disconnect().then(()=>true))`)
	bo.until("there is another line", callPage+`.stage.talk!==lost`)
	bo.call("talking")
	ana.until("pictures come again", `document.querySelectorAll('[data-part=stage] video:not([data-own])').length===1`)
	ana.flows(true)
	if pressed := eval[[]string](bo, `['mute','camera'].map(n=>document.querySelector('[data-do='+n+']').getAttribute('aria-pressed'))`); pressed[0] != "true" || pressed[1] != "true" {
		t.Errorf("after the line was taken up again, silent and filmed are %v", pressed)
	}
	bo.visit(eval[string](bo, `location.pathname`))
	bo.call("talking")
	bo.until("the page was loaded anew", `document.querySelector('[data-do=mute]').checkVisibility()`)
	bo.until("she is silent still", `document.querySelector('[data-do=mute]').getAttribute('aria-pressed')==='true'`)
	bo.sharesUntilTheBrowserEndsIt()
	ana.press("Hang up")
	ana.call("ended")
	bo.call("ended")
	for _, f := range h.holds(t, "kanarie") {
		t.Error("the hall holds a word of the call in ", f)
	}
}

// TestCall_wrongKey lets somebody answer with another key: nothing is heard or seen.
func TestCall_wrongKey(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo := h.member(t), h.member(t)
	toBo := connected(ana, bo)
	bo.opensMessages()
	bo.until("it listens", `document.documentElement.dataset.line`)
	ana.visit("/people/" + toBo)
	ana.press("Call")
	bo.until("it rings", `document.querySelector('.rings')`)
	bo.click(`document.querySelector('.rings a')`, "Answer")
	bo.call("talking")
	ana.press("Camera")
	bo.flows(true)
	eval[bool](bo, `(()=>{const k='call/'+`+callPage+`.getAttribute('call'),v=JSON.parse(sessionStorage.getItem(k));v.key='A'.repeat(43);sessionStorage.setItem(k,JSON.stringify(v));return true})()`)
	bo.visit(eval[string](bo, `location.pathname`))
	bo.until("what comes cannot be opened", callPage+`.dataset.sealed==='false'`)
	was := bo.carried()
	bo.until("bytes come", callPage+`.counted().then(c=>c.bytes>`+strconv.Itoa(was.Bytes)+`+20000)`)
	if now := bo.carried(); now.Frames != 0 {
		t.Errorf("%d frames were opened with a wrong key", now.Frames)
	}
}
