//go:build browser

package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var sevenWords = regexp.MustCompile(`as a member:.*seven words: ([a-z ]+)\n`)

// How many weeks a mask takes in the demonstration hall. A letter goes by lot: what is
// brought after a Monday, towards the end of a week, waits for the next; and a mask whose
// epoch ends meanwhile renews itself first, by letters again.
const leastWeeks, mostWeeks = 2, 10

// TestDemo_maskInFourPresses takes a mask in the demonstration hall, as whoever
// tries it does: one press for the mask, then two weeks or a few more, for its device has
// just been given the right, the registration goes by letter, and so does the question for it.
func TestDemo_maskInFourPresses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h, stop, err := start("demo", dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	notes, err := os.ReadFile(filepath.Join(dir, "demo-accounts.txt"))
	if err != nil {
		t.Fatal(err)
	}
	letters := func() int {
		files, err := filepath.Glob(filepath.Join(dir, "letterbox", "letters", "*", "*"))
		if err != nil {
			t.Error(err)
		}
		return len(files)
	}
	p := h.visitor(t)
	p.excuse("/letters/") // the demonstration's letterbox, which knows one of the two letters that a page has ready
	p.visit("/sign-in?back=/spaces/designers")
	p.fill("Your seven words", sevenWords.FindStringSubmatch(string(notes))[1])
	p.press("Sign in with the words")
	p.stands("choose")
	p.until("it is lively", `document.querySelectorAll('[data-part=rows] > li').length>10`)
	p.inspectSafe("demo-choose")
	p.press("Become a mask this week")
	p.stands("leaving-letter")
	p.packed()
	ahead, active := 0, false
	for ; !active; ahead++ {
		if ahead == mostWeeks {
			t.Fatalf("no mask after %d weeks\non %s", ahead, p.where())
		}
		lying := letters()
		p.visit("/demo/clock")
		p.wait("the page has handed in its letter", func() bool { return letters() > lying })
		p.press("A week later")
		p.until("a week has passed", fmt.Sprintf(`/\b%d weeks? ahead/.test(document.body.innerText)`, ahead+1))
		p.visit("/spaces/designers")
		p.until("it has been looked at", room+`.dataset.stand!=='choose' && !`+room+`.hasAttribute('aria-busy')`)
		p.settle()
		p.packed()
		active = eval[bool](p, room+`.dataset.stand==='active'`)
	}
	if ahead < leastWeeks {
		t.Errorf("a mask after %d weeks: the windows are not kept", ahead)
	}
	p.inspectSafe("demo-active")
	p.press("Revision eleven")
	p.see("I practised it in front of the kettle.")
	p.inspectSafe("demo-thread")
}
