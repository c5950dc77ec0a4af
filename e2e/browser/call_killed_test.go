//go:build browser

package browser

import (
	"strings"
	"syscall"
	"testing"
)

// TestCall_hallKilled kills the hall in mid-call, and with it the server of calls: once it
// is started again, both hear each other without a press, and can hang up.
func TestCall_hallKilled(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo := h.member(t), h.member(t)
	for _, p := range []*visitor{ana, bo} {
		p.excuse(h.url) // it is killed on purpose
	}
	toBo := connected(ana, bo)
	bo.opensMessages()
	bo.until("it listens", `document.documentElement.dataset.line`)
	ana.visit("/people/" + toBo)
	ana.press("Call")
	bo.until("it rings", `document.querySelector('.rings')`)
	bo.click(`document.querySelector('.rings a')`, "Answer")
	for _, p := range []*visitor{ana, bo} {
		p.call("talking")
		p.flows(false)
	}
	if err := syscall.Kill(h.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	h.close()
	_, stop, err := startAt(h.dir, nil, program(), "serve", "--data", h.dir, "--listen", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	for _, p := range []*visitor{ana, bo} {
		p.flows(false)
		p.call("talking")
	}
	ana.press("Hang up")
	ana.call("ended")
	bo.call("ended")
}
