//go:build browser

package browser

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"guildhall/internal/epoch"
)

// anotherTab opens a second tab of the same browser.
func (p *visitor) anotherTab() *visitor {
	p.t.Helper()
	ctx, cancel := chromedp.NewContext(p.ctx)
	p.t.Cleanup(cancel)
	return p.hall.meet(p.t, ctx)
}

// TestMask_overAnEpoch takes a post back while it waits in the hall, renews from two
// tabs at once at the change of the epoch, and goes on from another device by the
// seven words.
func TestMask_overAnEpoch(t *testing.T) {
	t.Parallel()
	h := openTimed(t)
	p, others := h.joinMasked()
	old := eval[string](p, `document.querySelector('.speaking.masked').innerText`)

	p.fill("Title", "Never mind")
	p.fill("Your text", "I have thought better of it.")
	p.press("Say it under the mask")
	p.see("It leaves this device when you leave this page")
	p.visit("/about")
	p.wait("the post is in the pool", func() bool {
		p.visit("/spaces/designers")
		return eval[bool](p, `(async()=>{for(let i=0;i<200&&!document.body.innerText.includes('It waits in the hall');i++)await new Promise(r=>setTimeout(r,50));return document.body.innerText.includes('It waits in the hall')})()`)
	})
	p.press("Take back")
	p.until("the text is in the box again", `document.querySelector('[name=text]').value==='I have thought better of it.'`)
	h.pass(comingOut)
	p.visit("/spaces/designers")
	p.stands("active")
	if eval[bool](p, `document.querySelector('[data-part=rows]').innerText.includes('Never mind')`) {
		t.Error("it has come out")
	}

	h.pass(epoch.End(epoch.Of(h.now())).Sub(h.now()) + 157*time.Hour) // renewal opens after 72 hours, and this device takes up to 84 more
	q := p.anotherTab()
	var both sync.WaitGroup
	for _, tab := range []*visitor{p, q} {
		both.Go(func() { tab.visit("/spaces/designers") })
	}
	both.Wait()
	for _, tab := range []*visitor{p, q} {
		tab.stands("later")
	}
	h.toMonday()
	h.pass(49 * time.Hour)
	p.visit("/spaces/designers")
	p.stands("born-again")
	h.renewAll(others) // alone, hers would wait for another batch
	h.toMonday()
	p.visit("/spaces/designers")
	p.stands("active")
	if now := eval[string](p, `document.querySelector('.speaking.masked').innerText`); now == old {
		t.Errorf("still %s", now)
	}
	now := eval[string](p, `document.querySelector('.speaking.masked').innerText`)

	elsewhere := h.visitor(t)
	elsewhere.visit("/sign-in?back=/spaces/designers")
	elsewhere.fill("Your seven words", p.words)
	elsewhere.press("Sign in with the words")
	elsewhere.until("the other device speaks as the same mask", `document.querySelector('.speaking.masked')?.innerText===`+quote(now))
}

// TestMask_enrolment weighs the first visit of a space's page, and times what a
// telephone's processor takes to fetch a right and 28 read passes.
func TestMask_enrolment(t *testing.T) {
	t.Parallel()
	h := openTimed(t)
	stranger := h.visitor(t)
	w := stranger.weighAll()
	stranger.visit("/spaces/designers")
	stranger.settle()
	if n := w(); n > 60_000 {
		t.Errorf("the first visit takes %d bytes", n)
	} else {
		t.Logf("first visit of a safe space: %d bytes over the wire", n)
	}

	p := h.joinSeated()
	_, err := chromedp.Call(p.ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: 4})
	p.must("slow down", err)
	p.visit("/spaces/designers")
	p.stands("choose-later")
	took := eval[float64](p, `(()=>{const e=performance.getEntriesByType('resource');const of=s=>e.filter(x=>x.name.includes(s));
return of('/me/passes').at(-1).responseEnd-of('/me/passes')[0].responseEnd})()`)
	t.Logf("enrolment at 4× throttling: %.0f ms from knowing that it is due to the answer", took)
	if took > 10_000 { // a second is the aim; the machine of a test may be busy
		t.Errorf("enrolment took %.0f ms", took)
	}
}

// weighAll gives what has come over the wire to a visitor, heads and bodies.
func (p *visitor) weighAll() func() int {
	p.t.Helper()
	var mu sync.Mutex
	sum := 0.0
	p.must("weigh", chromedp.Listen(p.ctx, func(event any) {
		if e, ok := event.(*network.EventLoadingFinished); ok {
			mu.Lock()
			defer mu.Unlock()
			sum += e.EncodedDataLength
		}
	}))
	return func() int { mu.Lock(); defer mu.Unlock(); return int(sum) }
}

// TestMask_servedOnAnyPage is served without ever having seen the page of a space.
func TestMask_servedOnAnyPage(t *testing.T) {
	t.Parallel()
	h := openTimed(t)
	p := h.joinSeated()
	p.excuse("status of 403") // she leaves before the answer is kept, so the page looks whether another device has a mask
	asked := &sync.Map{}
	p.must("listen", chromedp.Listen(p.ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok && strings.Contains(e.Request.URL, "/me/passes") {
			asked.Store(e.RequestID, e.Request.URL)
		}
	}))
	eval[bool](p, `(localStorage.removeItem('guildhall-served'),true)`) // pages before the seat have asked today
	s, err := h.app.Members.Resume(context.Background(), p.session())
	h.ok(err)
	p.visit("/about")
	p.wait("the seat is served", func() bool {
		st, err := h.app.Passes.State(context.Background(), "designers", s.Face)
		h.ok(err)
		return st.RightEpoch >= 0
	})
	p.until("the passes are kept", `indexedDB.databases().then(d=>d.some(d=>d.name==='guildhall-held'))`)
	count := func() (n int) { asked.Range(func(any, any) bool { n++; return true }); return n }
	before := count()
	p.visit("/articles")
	p.settle()
	p.visit("/topics")
	p.settle()
	if n := count(); n != before {
		t.Errorf("asked %d times more on the same day", n-before)
	}
	p.visit("/spaces/designers")
	p.stands("choose-later")
}
