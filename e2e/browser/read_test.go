//go:build browser

package browser

import "testing"

// The hall's promise to a slow phone, over the wire and fonts included.
const (
	firstVisit  = 60_000 // bytes
	furtherPage = 20_000
	mostAsked   = 8 // requests
)

func TestFirstVisit_isLight(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/", someTalk} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			h, wire := demoHall(t).onScale(t)
			p, at := h.visitor(t), h.find(t, path)
			wire.read() // what finding it took
			p.visit(at)
			p.settle()
			p.until("the worker is there", `navigator.serviceWorker.controller`)
			bytes, asked, each := wire.read()
			t.Logf("%s: %d bytes in %d requests: %v", path, bytes, asked, each)
			if bytes > firstVisit || asked > mostAsked {
				t.Errorf("%s is over %d bytes or %d requests", path, firstVisit, mostAsked)
			}
			if moved := eval[float64](p, layoutShift); moved > 0.01 {
				t.Errorf("the page moved by %v while it came", moved)
			}
			for _, further := range []string{"/discussions", "/articles", h.find(t, someArticle), h.find(t, somePerson)} {
				wire.read()
				p.visit(further)
				p.settle()
				bytes, asked, each := wire.read()
				t.Logf("%s: %d further bytes in %d requests", further, bytes, asked)
				if bytes == 0 || bytes > furtherPage {
					t.Errorf("%s: %d further bytes: %v", further, bytes, each)
				}
			}
		})
	}
}

const layoutShift = `new Promise(done=>{let sum=0;new PerformanceObserver(l=>{for(const e of l.getEntries())sum+=e.value}).observe({type:'layout-shift',buffered:true});requestAnimationFrame(()=>requestAnimationFrame(()=>done(sum)))})`
