//go:build browser && calls

package browser

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

const rounds = 9

// TestFigures_answer prints, of nine calls on this machine, how long after the press of
// Answer the first sound and the first picture are there (medians, ms), and what one call
// with two cameras costs the hall and its server of calls (hundredths of a processor).
func TestFigures_answer(t *testing.T) {
	h := open(t)
	ana, bo := h.member(t), h.member(t)
	toBo := connected(ana, bo)
	var sounds, pictures []float64
	for i := range rounds {
		bo.opensMessages()
		bo.until("it listens", `document.documentElement.dataset.line`)
		ana.visit("/people/" + toBo)
		ana.press("Call")
		ana.until("she can speak", callPage+`.stage.talk?.room.state==='connected'`)
		ana.press("Camera")
		ana.until("her camera is on", callPage+`.counted().then(c=>c.sent>20000)`)
		bo.until("it rings", `document.querySelector('.rings')`)
		bo.click(`document.querySelector('.rings a')`, "Answer")
		sounds = append(sounds, bo.sincePress(`c?.bytes>0`))
		pictures = append(pictures, bo.sincePress(`c?.frames>0`))
		if i == rounds-1 {
			bo.press("Camera")
			ana.flows(true)
			const long = 10 * time.Second
			before := spent(t, h.pid) + spent(t, h.mediaServer(t))
			bo.t.Log("pictures of", eval[string](bo, `(v=>v.videoWidth+'x'+v.videoHeight)(document.querySelector('[data-part=stage] video:not([data-own])'))`))
			ana.passes(long)
			t.Logf("call_cpu %.1f %%", 100*(spent(t, h.pid)+spent(t, h.mediaServer(t))-before).Seconds()/long.Seconds())
		}
		ana.press("Hang up")
		ana.call("ended")
	}
	slices.Sort(sounds)
	slices.Sort(pictures)
	t.Logf("call_first_sound %.0f ms (%v)", sounds[rounds/2], sounds)
	t.Logf("call_first_picture %.0f ms (%v)", pictures[rounds/2], pictures)
}

// sincePress waits until what has come is enough, and gives the time since the page of the
// call began to be loaded, in ms, which is when Answer was pressed.
func (p *visitor) sincePress(enough string) float64 {
	p.t.Helper()
	p.until(enough, callPage+`?.counted`)
	return eval[float64](p, `(async()=>{for(;;){const c=await `+callPage+`.counted();if(`+enough+`)return performance.now();await new Promise(r=>setTimeout(r,5))}})()`)
}

// passes lets a time go by in which something is measured.
func (p *visitor) passes(d time.Duration) {
	p.t.Helper()
	begun := time.Now()
	p.wait("time has passed", func() bool { return time.Since(begun) >= d })
}

// spent is the processor time of a process.
func spent(t *testing.T, pid int) time.Duration {
	t.Helper()
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		t.Fatal(err)
	}
	f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+2:]))
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond // a tick of Linux
}
