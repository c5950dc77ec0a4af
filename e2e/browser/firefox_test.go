//go:build browser

package browser

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"guildhall/internal/mask"
)

// TestFirefox_speaksUnderAMask walks J1 and the author's part of J9 in Firefox: joining,
// a seat, a mask born with others, a post that leaves when the page is put away and
// comes out, a report, a post hidden with a reason, an appeal, and forgetting all.
func TestFirefox_speaksUnderAMask(t *testing.T) {
	t.Parallel()
	mustHave(t, "firefox-esr", "firefox-esr")
	h := openTimed(t)
	p := &guest{t, openFirefox(t)}
	p.join(h.url)
	h.seat(p.session())
	p.becomesMask(h)

	p.fillNamed("Title", "Who pays late")
	p.fillNamed("Your text", "Some clients pay after months. What do you do?")
	p.shoot("firefox-writing")
	p.pressNamed("Say it under the mask")
	p.see("It leaves this device when you leave this page")
	p.leavesSpace(h)
	p.see("It waits in the hall")
	h.pass(comingOut)
	p.visit(h.url + "/spaces/designers")
	p.pressNamed("Who pays late")
	p.until("the post is hers", `[...document.querySelectorAll('.said')].some(e=>e.innerText.includes('Some clients pay')&&e.innerText.includes('You'))`)
	p.shoot("firefox-thread")
	p.appeals(h)

	p.pressNamed("Who could know that this is me?")
	p.shoot("firefox-who")
	p.pressNamed("Forget everything on this device")
	p.see("Forgotten.")
}

// becomesMask waits for the week to close and is born in the next batch.
func (p *guest) becomesMask(h *timed) {
	p.t.Helper()
	at := h.url + "/spaces/designers"
	p.visit(at)
	p.stands("choose-later")
	h.crowd(24)
	h.toMonday()
	p.visit(at)
	p.stands("choose")
	p.shoot("firefox-choose")
	p.pressNamed("Become a mask this week")
	// On a slow machine she presses while the page still looks in, which then registers at once.
	p.until("her right leaves", `['leaving','born'].includes(`+room+`.dataset.stand)`)
	p.leavesSpace(h)
	p.stands("born")
	h.crowd(12) // alone, hers would wait for another batch
	h.toMonday()
	p.visit(at)
	p.stands("active")
}

// appeals has her post hidden and asks three members to look at that.
func (p *guest) appeals(h *timed) {
	p.t.Helper()
	var own string
	p.until("the thread is open", `document.querySelector('.said').dataset.thread`)
	own = text(p.run(`return document.querySelector('.said').dataset.thread`))
	_, err := h.app.Masks.Decide(context.Background(), mask.Moderator{ID: "m", Stewards: 2}, "designers", mask.Wish{Deed: mask.Hide, Post: own, Reason: "Not kind."})
	h.ok(err)
	p.leavesSpace(h)
	p.visit(h.url + "/spaces/designers#" + own)
	p.see("Hidden by the moderators. Their reason: Not kind.")
	p.pressNamed("Appeal")
	p.fillNamed("In your words", "It insults nobody.")
	p.pressNamed("Send")
	p.see("Your appeal leaves when you put this page away")
	p.leavesSpace(h)
	h.pass(2 * time.Hour)
	p.visit(h.url + "/spaces/designers")
	p.pressNamed("Appeals and how they end")
	p.see("Three drawn members are looking at it.")
	p.shoot("firefox-case")
}

// leavesSpace puts the page away and comes back once what was to leave has left.
func (p *guest) leavesSpace(h *timed) {
	p.t.Helper()
	p.visit(h.url + "/about")
	p.visit(h.url + "/spaces/designers")
	p.until("nothing waits on the device", room+`.dataset.deeds==='none'`)
}

// stands waits until the page says that she stands so.
func (p *guest) stands(how string) {
	p.t.Helper()
	p.until("one stands as "+how, room+`.dataset.stand===`+quote(how)+` && !`+room+`.hasAttribute('aria-busy')`)
}

func (p *guest) see(words string) {
	p.t.Helper()
	p.until("the page says “"+words+"”", `document.body.innerText.includes(`+quote(words)+`)`)
}

func (p *guest) pressNamed(name string)       { p.t.Helper(); p.press(named + `(` + quote(name) + `)`) }
func (p *guest) fillNamed(name, words string) { p.t.Helper(); p.fill(named+`(`+quote(name)+`)`, words) }

// session is the cookie that signs her in.
func (p *guest) session() string {
	p.t.Helper()
	var all []struct{ Name, Value string }
	if err := json.Unmarshal(p.must(p.call("WebDriver:GetCookies", map[string]any{})), &all); err != nil {
		p.t.Fatal(err)
	}
	for _, c := range all {
		if c.Name == sessionCookie {
			return c.Value
		}
	}
	p.t.Fatal("nobody is signed in")
	return ""
}

// shoot takes a picture when asked.
func (p *guest) shoot(name string) {
	p.t.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	b, err := base64.StdEncoding.DecodeString(text(p.must(p.call("WebDriver:TakeScreenshot", map[string]any{"full": true, "hash": false}))))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), b, 0o644)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}
