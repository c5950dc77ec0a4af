//go:build browser

package browser

import (
	"crypto/ed25519"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"guildhall/internal/mask/wire"
)

const room = `document.querySelector('safe-space')`

// stands waits until the page says that somebody stands so.
func (p *visitor) stands(how string) {
	p.t.Helper()
	p.until("one stands as "+how, room+`.dataset.stand===`+quote(how)+` && !`+room+`.hasAttribute('aria-busy')`)
}

// safeLine notes what goes to the safe origin, as the browser itself tells it.
type safeLine struct {
	mu    sync.Mutex
	sent  int
	named []string
	lines map[string]int
}

func (p *visitor) watchSafe() *safeLine {
	p.t.Helper()
	s := &safeLine{lines: map[string]int{}}
	toSafe := map[network.RequestID]bool{}
	p.must("listen", chromedp.Listen(p.ctx, func(event any) {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if strings.HasPrefix(e.Request.URL, p.hall.safe()+"/") {
				toSafe[e.RequestID] = true
				s.sent++
			}
		case *network.EventRequestWillBeSentExtraInfo:
			if !toSafe[e.RequestID] {
				return
			}
			for name := range e.Headers {
				if n := strings.ToLower(name); n == "cookie" || n == "authorization" || n == "referer" {
					s.named = append(s.named, name)
				}
			}
		case *network.EventResponseReceived:
			if toSafe[e.RequestID] {
				s.lines[fmt.Sprint(e.Response.ConnectionID)]++
			}
		}
	}))
	return s
}

// held fails the test when a request to the safe origin named anybody, or shared its line.
func (s *safeLine) held(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sent == 0 {
		t.Error("nothing went to the safe origin: the record itself is broken")
	}
	if len(s.named) > 0 {
		t.Errorf("requests to the safe origin carried %v", s.named)
	}
	for line, n := range s.lines {
		if n > 1 {
			t.Errorf("%d requests went over line %s", n, line)
		}
	}
}

// session is the cookie that signs the visitor in.
func (p *visitor) session() string {
	p.t.Helper()
	got, err := chromedp.Call(p.ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{p.hall.url}})
	p.must("read cookies", err)
	for _, c := range got.Cookies {
		if c.Name == sessionCookie {
			return c.Value
		}
	}
	p.t.Fatal("nobody is signed in")
	return ""
}

// joinSeated joins by hand and takes a seat.
func (h *timed) joinSeated() *visitor {
	h.t.Helper()
	p := h.visitor(h.t)
	p.visit("/join")
	p.press("Make seven words")
	words, _ := p.writeWords()
	p.words = strings.Join(words, " ")
	p.putAway()
	h.seat(p.session())
	return p
}

// joinMasked joins by hand and becomes a mask among others, whose keys it gives.
func (h *timed) joinMasked() (p *visitor, others []ed25519.PrivateKey) {
	h.t.Helper()
	p = h.joinSeated()
	p.visit("/spaces/designers")
	p.stands("choose-later")
	others = h.crowd(24)
	h.toMonday()
	p.visit("/spaces/designers")
	p.stands("choose")
	p.press("Become a mask this week")
	p.stands("leaving")
	p.visit("/about")
	p.visit("/spaces/designers")
	p.stands("born")
	others = append(others, h.crowd(12)...) // alone, hers would wait for another batch
	h.toMonday()
	p.visit("/spaces/designers")
	p.stands("active")
	return p, others
}

// TestMask_fromJoiningToBeingAnswered walks J1: joining, a seat, passes, a mask
// born with others, a post that leaves when the page is put away and comes out at a
// tick, and the answer to it.
func TestMask_fromJoiningToBeingAnswered(t *testing.T) {
	t.Parallel()
	h := openTimed(t)
	p := h.joinSeated()
	line := p.watchSafe()
	p.visit("/spaces/designers")
	p.stands("choose-later")
	p.see("you only read")
	others := h.crowd(24)
	h.toMonday()
	p.visit("/spaces/designers")
	p.stands("choose")
	p.inspectSafe("choose")
	p.press("Become a mask this week")
	p.stands("leaving")
	p.visit("/about")
	p.visit("/spaces/designers")
	p.stands("born")
	h.crowd(12) // alone, hers would wait for another batch
	h.toMonday()
	p.visit("/spaces/designers")
	p.stands("active")
	p.inspectSafe("active")

	p.fill("Title", "Who pays late")
	p.fill("Your text", "Since 12 March I wait for $1,234 from Acme. I am the only one who draws bridges.")
	p.until("the guard marks what could tell", `['is an exact date','is an exact amount','looks like a name','only one person'].every(w=>document.querySelector('.marks').innerText.includes(w))`)
	p.inspectSafe("writing")
	p.fill("Title", "Who pays late")
	p.fill("Your text", "Some clients pay after months. What do you do?")
	p.press("Say it under the mask")
	p.see("Kept on this device, under “Not yet seen by others”.")
	p.see("It leaves this device when you leave this page")
	p.visit("/about")
	p.wait("the post is in the pool", func() bool {
		p.visit("/spaces/designers")
		return eval[bool](p, `(async()=>{for(let i=0;i<200&&!document.body.innerText.includes('It waits in the hall');i++)await new Promise(r=>setTimeout(r,50));return document.body.innerText.includes('It waits in the hall')})()`)
	})
	p.inspectSafe("waiting")
	h.pass(comingOut)
	p.visit("/spaces/designers")
	p.see("Who pays late")
	p.press("Who pays late")
	p.until("the post is hers", `[...document.querySelectorAll('.said')].some(e=>e.innerText.includes('Some clients pay')&&e.innerText.includes('You'))`)
	p.inspectSafe("thread")
	thread := eval[string](p, `document.querySelector('.said').dataset.thread`)
	h.speak(others[0], wire.Visit{Space: "designers", Lang: "en", Acts: []wire.Act{{Do: wire.Post, ID: "AAAAAAAAAAAAAAAAAAAAAA", Thread: thread, Reply: thread, Text: "I ask for half before.", Lang: "en"}}})
	h.pass(comingOut)
	p.visit("/spaces/designers")
	p.until("the answer is told", `document.querySelector('[data-part=replies]').innerText.includes('Who pays late')`)
	line.held(t)

	p.press("Who could know that this is me?")
	p.inspectSafe("who")
	p.press("Forget everything on this device")
	p.see("Forgotten.")
	if n := eval[int](p, `indexedDB.databases().then(d=>d.filter(d=>d.name==='guildhall-held').length)`); n != 0 {
		t.Error("something is still held")
	}
}

// inspectSafe looks at the page in its guises, and takes pictures when asked.
func (p *visitor) inspectSafe(name string) {
	p.t.Helper()
	for _, theme := range []string{"light", "dark"} {
		p.prefer(&emulation.MediaFeature{Name: "prefers-color-scheme", Value: theme}, &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
		p.until("the colours are there", `new Promise(r=>requestAnimationFrame(()=>requestAnimationFrame(()=>r(true))))`)
		p.accessible(name+" "+theme, map[string]string{"dark": "color-contrast"}[theme])
		if dir := os.Getenv("SCREENSHOTS"); dir != "" {
			for _, w := range []int64{360, 1280} {
				p.size(w, 800)
				p.shoot(filepath.Join(dir, fmt.Sprintf("mask-%s-%d-%s.png", name, w, theme)))
			}
		}
	}
	p.fits(name)
	p.size(1000, 900)
}

// TestMask_paintedAnewLosesNothing presses a button at a post while a report of
// another is half written: its words stay, and the keyboard stays at the post.
func TestMask_paintedAnewLosesNothing(t *testing.T) {
	t.Parallel()
	h := openTimed(t)
	p, others := h.joinMasked()
	h.speak(others[0], wire.Visit{Space: "designers", Lang: "en", Acts: []wire.Act{{Do: wire.Post, ID: "AAAAAAAAAAAAAAAAAAAAAA", Thread: "AAAAAAAAAAAAAAAAAAAAAA", Title: "Half before", Text: "I ask for half before.", Lang: "en"}}})
	h.pass(comingOut)
	p.visit("/spaces/designers")
	p.stands("active")
	p.press("Half before")
	p.until("the post is there", `document.querySelector('.said')`)
	eval[bool](p, `(document.querySelector('.said [data-act=recommend]').focus(),true)`)
	p.do("recommend by the keyboard", chromedp.KeyEvent(kb.Enter))
	p.see("Recommended.")
	p.until("it is painted anew", `document.querySelector('.said [data-act=recommend]').hidden`)
	p.until("the keyboard is still at the post", `document.querySelector('.said').contains(document.activeElement)`)
	p.press("Report")
	p.until("it asks why", `document.querySelector('.said form textarea')`)
	eval[bool](p, `(document.querySelector('.said form textarea').value='It names a client.',true)`)
	p.press("Recommend no longer")
	p.see("No longer recommended.")
	p.until("what was written to the report is still there", `document.querySelector('.said form textarea')?.value==='It names a client.'`)
}

// TestMask_heldBackAfterSpeakingOpenly keeps a post on the device.
func TestMask_heldBackAfterSpeakingOpenly(t *testing.T) {
	t.Parallel()
	h := openTimed(t)
	p, _ := h.joinMasked()
	// The device has a clock of its own; the mark is set as the form would set it now.
	eval[bool](p, fmt.Sprintf(`(localStorage.setItem('guildhall-spoke','%d'),true)`, h.now().UnixMilli()))
	p.fill("Title", "A quiet thing")
	p.fill("Your text", "Said under the mask.")
	p.press("Say it under the mask")
	p.see("Held back on this device, because you have just spoken openly")
	p.press("Take back")
	p.until("the text is in the box again, and so is the keyboard", `document.querySelector('[name=text]').value==='Said under the mask.' && document.activeElement.name==='text'`)
}

// TestMask_refusesKeys sends keys by which people could be marked.
func TestMask_refusesKeys(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		change func(b string, safe bool) string
		says   string
	}{
		"another exponent":              {func(b string, _ bool) string { return strings.ReplaceAll(b, `"e":65537`, `"e":3`) }, "is not of the agreed kind"},
		"one for her alone":             {func(b string, safe bool) string { return map[bool]string{true: b, false: b + " "}[safe] }, "shows you other keys"},
		"a place in the log of another": {func(b string, _ bool) string { return strings.ReplaceAll(b, `"place":`, `"place":0,"was":`) }, "does not stand in the public log"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := openTimed(t)
			h.onTheWay = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if !strings.HasSuffix(r.URL.Path, "/keys") || r.URL.Path == "/account/keys" {
					next.ServeHTTP(w, r)
					return
				}
				k := &withheld{ResponseWriter: w}
				next.ServeHTTP(k, r)
				w.Write([]byte(one.change(k.b.String(), strings.HasPrefix(r.Host, "safe."))))
			}
			p := h.joinSeated()
			p.visit("/spaces/designers")
			p.see(one.says)
			if n := eval[string](p, room+`.dataset.stand`); n != "nothing" {
				t.Errorf("stands as %s", n)
			}
		})
	}
}

// withheld holds an answer back to be changed.
type withheld struct {
	http.ResponseWriter
	b strings.Builder
}

func (k *withheld) Write(b []byte) (int, error) { return k.b.Write(b) }
func (k *withheld) WriteHeader(int)             {}
