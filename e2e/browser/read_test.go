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
			p := demoHall(t).visitor(t)
			p.visit(p.hall.find(t, path))
			p.settle()
			w := p.weigh()
			t.Logf("%s: %.0f bytes in %d requests %v", path, w.bytes, w.requests, w.each)
			if w.bytes > firstVisit || w.requests > mostAsked {
				t.Errorf("%.0f bytes in %d requests, over %d in %d: %v", w.bytes, w.requests, firstVisit, mostAsked, w.each)
			}
			if moved := eval[float64](p, layoutShift); moved > 0.01 {
				t.Errorf("the page moved by %v while it came", moved)
			}
			for _, further := range []string{"/discussions", "/articles", p.hall.find(t, someArticle), p.hall.find(t, someTalk)} {
				p.visit(further)
				p.settle()
				if w := p.weigh(); w.bytes > furtherPage {
					t.Errorf("%s: %.0f further bytes: %v", further, w.bytes, w.each)
				} else {
					t.Logf("%s: %.0f further bytes in %d requests", further, w.bytes, w.requests)
				}
			}
		})
	}
}

const layoutShift = `new Promise(done=>{let sum=0;new PerformanceObserver(l=>{for(const e of l.getEntries())sum+=e.value}).observe({type:'layout-shift',buffered:true});requestAnimationFrame(()=>requestAnimationFrame(()=>done(sum)))})`
