//go:build browser

package browser

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"testing"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
)

// id makes the id of a post.
func id(n int) string { return fmt.Sprintf("%021dA", n) }

// moderator opens the browser of a new steward.
func (h *timed) moderator() (*visitor, face.ID) {
	h.t.Helper()
	session, who := h.stewardSession()
	p := h.visitor(h.t)
	p.cookie(sessionCookie, session)
	return p, who
}

// say lets a mask begin a thread, which comes out before this returns.
func (h *timed) say(key ed25519.PrivateKey, post, title, text string) {
	h.t.Helper()
	h.speak(key, wire.Visit{Space: "designers", Lang: "en", Acts: []wire.Act{{Do: wire.Post, ID: post, Thread: post, Title: title, Text: text, Lang: "en"}}})
	h.pass(comingOut)
}

// sayHere writes a thread by hand under the mask and waits until it has come out.
func (h *timed) sayHere(p *visitor, title, text string) {
	h.t.Helper()
	p.writeUnderMask(title, text)
	h.comeOut(p, title)
}

// sayMore does so for a mask that may have said as much as others let it.
func (h *timed) sayMore(p *visitor, title, text string) {
	h.t.Helper()
	p.writeUnderMask(title, text)
	p.until("it is noted", `document.querySelector('[data-part=sent]')?.innerText.includes(`+quote(title)+`)`)
	// At once, or it may have become unnecessary meanwhile.
	eval[bool](p, `(b=>{if(!b.hidden)b.click();return true})(document.querySelector('[data-part=sent] [data-do=loud]'))`)
	h.comeOut(p, title)
}

func (p *visitor) writeUnderMask(title, text string) {
	p.t.Helper()
	p.fill("Title", title)
	p.fill("Your text", text)
	p.press("Say it under the mask")
}

func (h *timed) comeOut(p *visitor, title string) {
	h.t.Helper()
	p.see("It leaves this device when you leave this page")
	p.visit("/about")
	p.wait("the post is in the pool", func() bool {
		p.visit("/spaces/designers")
		return eval[bool](p, `(async()=>{for(let i=0;i<200&&!document.body.innerText.includes('It waits in the hall');i++)await new Promise(r=>setTimeout(r,50));return document.body.innerText.includes('It waits in the hall')})()`)
	})
	h.pass(comingOut)
	p.visit("/spaces/designers")
	p.until("it has come out", rowOf(title))
}

// leaveSpace leaves the page, with which what was done under the mask leaves too, and
// comes back to it.
func (p *visitor) leaveSpace() {
	p.t.Helper()
	p.visit("/about")
	p.visit("/spaces/designers")
	p.until("nothing waits on the device", room+`.dataset.deeds==='none'`)
}

// rowOf finds a thread in the list by its title.
func rowOf(title string) string {
	return `[...document.querySelectorAll('[data-part=rows] a')].find(a=>a.innerText===` + quote(title) + `)`
}

// decide lets a moderator decide, by hand, about the first thing in the queue.
func (h *timed) decide(p *visitor, cause, deed, reason string) {
	h.t.Helper()
	p.visit("/spaces/designers")
	p.press("What waits for moderators")
	p.press(cause)
	p.see("What is to be done?")
	p.click(fmt.Sprintf(`[...document.querySelectorAll('label.pick')].find(l=>l.innerText.includes(%s))`, quote(deed)), deed)
	p.fill("Reason", reason)
	p.inspectSafe("order-thing")
	p.press("Decide")
	p.until("it is decided", `location.pathname.endsWith('/order')&&!document.querySelector('[name=open]')`)
	h.pass(time.Second) // a hall that is served looks each second
}

// TestMask_order walks J9: a report as the mask, a post hidden and its author
// told, her appeal, a juror's word, a ban by two moderators and the appeal against it.
func TestMask_order(t *testing.T) {
	t.Parallel()
	h := openTimed(t)
	p, others := h.joinMasked()
	cleo, cleoID := h.moderator()
	dov, _ := h.moderator()

	h.say(others[0], id(1), "About Acme", "Everybody there is a fool, Mr Smith of Leith first.")
	p.visit("/spaces/designers")
	p.press("About Acme")
	p.press("Report")
	p.fill("In your words", "It names a man and his town.")
	p.inspectSafe("report")
	p.press("Send")
	p.see("Your report leaves when you put this page away.")
	p.leaveSpace()
	cleo.visit("/spaces/designers/order")
	cleo.inspectSafe("order-queue")
	h.decide(cleo, "Gives somebody away", "Hide the post", "It names a person.")
	cleo.visit("/spaces/designers/decisions")
	cleo.see("It names a person.")
	cleo.inspectSafe("order-decisions")

	p.visit("/spaces/designers")
	h.sayHere(p, "Who pays late", "Some clients pay after months.")
	own := eval[string](p, `decodeURIComponent(`+rowOf("Who pays late")+`.hash.slice(1))`)
	h.speak(others[1], wire.Visit{Space: "designers", Lang: "en", Acts: []wire.Act{{Do: wire.Report, ID: own, Kind: "insult", Text: "Rude."}}})
	h.decide(cleo, "Insult or threat", "Hide the post", "Not kind.")
	p.visit("/about") // a page that is open already would only scroll
	p.visit("/spaces/designers#" + own)
	p.see("Hidden by the moderators. Their reason: Not kind.")
	p.press("Appeal")
	p.fill("In your words", "It insults nobody.")
	p.press("Send")
	p.see("Your appeal leaves when you put this page away")
	p.leaveSpace()
	h.pass(2 * time.Hour)
	p.visit("/spaces/designers")
	p.press("Appeals and how they end")
	p.see("Three drawn members are looking at it.")
	p.inspectSafe("case-open")

	h.judge(p, others, cleoID)
	h.ban(p, cleo, dov)
}

// judge lets p be drawn for the appeal of another mask, and give her word.
func (h *timed) judge(p *visitor, others []ed25519.PrivateKey, by face.ID) {
	h.t.Helper()
	ctx, m := context.Background(), mask.Moderator{ID: string(by), Stewards: 3}
	h.say(others[4], id(2), "A town", "He is known in the whole town.")
	hidden, err := h.app.Masks.Decide(ctx, m, "designers", mask.Wish{Deed: mask.Hide, Post: id(2), Reason: "It names a town."})
	h.ok(err)
	for i, k := range others { // jurors are not muted: with the others silenced the lot falls on her
		if i == 2 || i == 3 {
			continue
		}
		_, err := h.app.Masks.Decide(ctx, m, "designers",
			mask.Wish{Deed: mask.Mute, Mask: wire.MaskID(k.Public().(ed25519.PublicKey)), Days: mask.MuteAlone, Reason: "For the test."})
		h.ok(err)
	}
	h.speak(others[4], wire.Visit{Space: "designers", Lang: "en", Acts: []wire.Act{{Do: wire.Appeal, ID: id(2), Text: "It is known in the whole town."}}})
	h.pass(2 * time.Hour)
	p.visit("/spaces/designers")
	p.see("or it was drawn to judge")
	p.inspectSafe("inquire")
	p.press("Ask as the mask")
	p.see("You were drawn to judge")
	p.see("It is known in the whole town.")
	p.inspectSafe("juror")
	p.click(`document.querySelector('[name=verdict][value=overturned]').closest('label')`, "overturned")
	p.fill("Why? Everybody here reads it once the case has ended, not whose it is.", "A town is no address.")
	p.press("Give your word")
	p.see("You have said that it should be taken back.")
	p.leaveSpace()
	h.speak(others[2], wire.Visit{Space: "designers", Lang: "en", Acts: []wire.Act{{Do: wire.Judge, ID: hidden.ID, Verdict: mask.Overturned}}})
	h.pass(2 * time.Hour)
	p.visit("/spaces/designers")
	p.press("Appeals and how they end")
	p.see("Taken back: the drawn members saw it otherwise than the moderators.")
	p.see("A town is no address.")
	p.inspectSafe("case-ended")
	p.visit("/spaces/designers/decisions")
	p.see("Two of three drawn members saw it otherwise than the moderators.")
	p.visit("/spaces/designers")
}

// ban lets two moderators ban p for her post, and p appeal against it.
func (h *timed) ban(p, cleo, dov *visitor) {
	h.t.Helper()
	h.sayMore(p, "One more thing", "They are all thieves.")
	post := eval[string](p, `decodeURIComponent(`+rowOf("One more thing")+`.hash.slice(1))`)
	cleo.visit("/spaces/designers/notice")
	cleo.inspectSafe("order-notice")
	stranger := h.visitor(h.t)
	stranger.visit("/spaces/designers/notice")
	stranger.click(`[...document.querySelectorAll('label.pick')].find(l=>l.innerText.includes('Defamation'))`, "Defamation")
	stranger.fill("Number of the post", post)
	stranger.fill("What does it say, and what is wrong with it?", "I am one of them, and I am no thief.")
	stranger.press("Send")
	stranger.see("Thank you, it has arrived.")
	p.visit("/about")
	p.visit("/spaces/designers#" + post)
	p.see("Hidden by the moderators.")

	h.decide(cleo, "Defamation", "Ban the mask", "It calls people thieves.")
	cleo.see("Waits for a second moderator")
	cleo.inspectSafe("order-proposal")
	cleo.excuse("status of 403") // nobody confirms what she has proposed herself
	cleo.press("Confirm")
	cleo.see("Another steward must confirm it.")
	dov.visit("/spaces/designers/order")
	dov.press("Confirm")
	dov.until("it is done", `!document.body.innerText.includes('Waits for a second moderator')`)
	h.pass(time.Second)
	p.visit("/spaces/designers")
	p.stands("banned")
	p.press("Ask as the mask")
	p.see("It calls people thieves.")
	p.inspectSafe("banned")
	p.press("Appeal to three drawn members")
	p.fill("In your words", "I meant their prices.")
	p.press("Send")
	p.see("Your appeal leaves when you put this page away")
	p.leaveSpace()
	h.pass(2 * time.Hour)
	p.visit("/spaces/designers")
	p.press("Appeals and how they end")
	p.see("I meant their prices.")
}
