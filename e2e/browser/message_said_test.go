//go:build browser

package browser

import (
	"strings"
	"testing"
)

// state waits until a message of hers says how far it has come.
func (p *visitor) state(text, state string) {
	p.t.Helper()
	p.until(text+" is "+state, `(l=>l&&l.querySelector('[data-part=state]').textContent===`+quote(state)+`)(`+line(text)+`)`)
}

// TestMessages_reportedAndCompared follows a message from the hall to the other's device
// and eyes, compares the two safety numbers by their picture, and shows the stewards one
// message: its words are then in the hall, no others.
func TestMessages_reportedAndCompared(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo := h.correspondent(t), h.correspondent(t)
	toBo := connected(ana, bo)
	for _, p := range []*visitor{bo, ana} {
		p.opensMessages()
		p.click(`document.querySelector('#reads')`, "what others are told")
	}
	ana.visit("/people/" + toBo + "/message")
	ana.writes("kanarie heron lands at noon")
	ana.state("kanarie heron lands at noon", "on its way")
	bo.opensMessages()
	ana.state("kanarie heron lands at noon", "on a device")
	bo.opensTalk()
	bo.reads("kanarie heron lands at noon")
	ana.state("kanarie heron lands at noon", "seen")
	bo.writes("kanarie otter answers")

	ana.writes("You will regret this, kerfuffle.")
	bo.reads("You will regret this, kerfuffle.")
	bo.deed("You will regret this, kerfuffle.", "Report")
	bo.accessible("report-message", "")
	h.hasNoWordOf(t, "kerfuffle")
	eval[bool](bo, `(document.querySelector('[data-part=cause]').value='threat',true)`)
	bo.press("Show it to the stewards")
	bo.see("The stewards have it.")
	h.hasNoWordOf(t, "kanarie")
	if len(h.holds(t, "kerfuffle")) == 0 {
		t.Error("the hall was not shown the reported words")
	}

	number := strings.ReplaceAll(strings.Split(ana.safetyNumber(), "/")[1], " ", "")
	ana.until("the picture is drawn", `document.querySelector('[data-part=qr] path')?.getAttribute('d').length>1000`)
	talk := eval[string](bo, `location.pathname`)
	bo.visit(talk + "#safety-" + number)
	bo.see("It is the same: nobody stands between you.")
	bo.visit("/messages")
	bo.visit(talk + "#safety-" + strings.Repeat("0", len(number)))
	bo.see("It is NOT the same.")
}
