//go:build browser

package browser

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// tape notes what somebody on the line sees of requests to the safe origin: how long
// each is, and how long its answer.
type tape struct {
	mu  sync.Mutex
	cut []string
}

// counted is an answer whose bytes are counted.
type counted struct {
	http.ResponseWriter
	n int
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.n += n
	return n, err
}

func (t *tape) record(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if !strings.HasPrefix(r.Host, "safe.") {
		next.ServeHTTP(w, r)
		return
	}
	c := &counted{ResponseWriter: w}
	next.ServeHTTP(c, r)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cut = append(t.cut, fmt.Sprintf("%s %s %d, %d back", r.Method, r.URL.Path, r.ContentLength, c.n))
}

// length tells how many there are, and rest gives those after the first n.
func (t *tape) length() int { t.mu.Lock(); defer t.mu.Unlock(); return len(t.cut) }

func (t *tape) rest(n int) []string { t.mu.Lock(); defer t.mu.Unlock(); return slices.Clone(t.cut[n:]) }

// TestMask_onTheLine compares visits in which a mask says something with visits in which
// it only reads: whoever watches the line sees the same requests of the same lengths.
func TestMask_onTheLine(t *testing.T) {
	t.Parallel()
	h, line := openTimed(t), &tape{}
	h.onTheWay = line.record
	p, _ := h.joinMasked()
	p.visit("/about")
	visit := func(do func()) []string {
		before := line.length()
		p.visit("/spaces/designers")
		p.stands("active")
		p.wait("it has looked in", func() bool { return line.length() > before })
		do()
		opened := line.length()
		// Chromium loses some of the requests that outlive their page, and what was lost is
		// said at the next visit. So here the page stays, and hears that it is put away.
		eval[bool](p, `dispatchEvent(new PageTransitionEvent('pagehide'))`)
		p.wait("the page that was put away has said so", func() bool { return line.length() > opened })
		p.visit("/about")
		return line.rest(before)
	}
	reads := visit(func() {})
	visit(func() { p.press("Who could know that this is me?") })
	for more := range 2 {
		says := visit(func() {
			p.writeUnderMask("Who pays late", strings.Repeat("Some clients pay after months. ", 100))
			if more > 0 {
				p.see("your mask has said more than most others here")
				p.inspectSafe("said-more")
				p.press("Say it all the same")
			}
			p.see("It leaves this device when you leave this page")
		})
		again := visit(func() {}) // the next looks in and asks nothing of the mask
		if !slices.Equal(says, reads) || !slices.Equal(again, reads) {
			t.Errorf("reading: %q\nsaying: %q\nand after: %q", reads, says, again)
		}
	}
}
