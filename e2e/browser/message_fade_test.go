//go:build browser

package browser

import (
	"fmt"
	"testing"
)

// daysPass lets the clock of her page go ahead.
func (p *visitor) daysPass(n int) {
	p.t.Helper()
	eval[bool](p, fmt.Sprintf(`(()=>{globalThis.clock??=Date.now.bind(Date);Date.now=()=>clock()+%d*864e5;return true})()`, n))
}

// TestMessages_fade lets one choose that what is written goes after a week: both are told,
// both devices delete it, and the search finds what is left, on the device alone.
func TestMessages_fade(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo := h.member(t), h.member(t)
	toBo := connected(ana, bo)
	ana.visit("/people/" + toBo + "/message")
	ana.writes("kanarie heron stays")
	bo.opensTalk()
	bo.reads("kanarie heron stays")
	eval[bool](bo, `(document.querySelector('#days').closest('details').open=true)`)
	eval[bool](bo, `(()=>{const s=document.querySelector('#days');s.value='7';s.dispatchEvent(new Event('change'));return true})()`)
	ana.see("what is written from here on goes after a week.")
	ana.until("the choice is shown", `document.querySelector('#days').value==='7'`)
	ana.writes("kanarie swan goes")
	bo.reads("kanarie swan goes")
	bo.writes("kanarie otter goes too")
	ana.reads("kanarie otter goes too")
	bo.shots("fade")

	bo.opensMessages()
	bo.fill("Search your messages", "KANARIE")
	bo.see("Found: 3")
	bo.fill("Search your messages", "swan")
	bo.see("Found: 1")
	bo.shotsOf("message-list", "search")
	bo.fill("Search your messages", "kingfisher")
	bo.see("Nothing on this device has these words.")
	bo.fill("Search your messages", "swan")
	bo.click(`document.querySelector('[data-part=hits] a')`, "what was found")
	bo.reads("kanarie swan goes")

	for _, p := range []*visitor{ana, bo} {
		p.daysPass(6)
		p.reads("kanarie swan goes")
		p.daysPass(8)
		p.until("it is gone", `!`+line("kanarie swan goes")+` && !`+line("kanarie otter goes too"))
		// It is shown no more at once, and deleted when the device next does its work.
		p.until("it is deleted", `document.querySelector('message-talk').desk.book.get('fading').then(list=>Object.values(list??{}).every(until=>until>Date.now()))`)
		p.reads("kanarie heron stays")
		p.visit(eval[string](p, `location.pathname`)) // by the right clock
		p.reads("kanarie heron stays")
		if eval[bool](p, `!!`+line("kanarie swan goes")) {
			t.Error("it was hidden, not deleted")
		}
	}
	h.hasNoWordOf(t, "kanarie")
}
