//go:build browser

package browser

import "testing"

// opensCards waits until the cards that this device keeps are there.
func (p *visitor) opensCards() {
	p.t.Helper()
	p.visit("/cards")
	p.until("the cards stand", `document.querySelector('card-box').dataset.step==='open'`)
}

func (p *visitor) ticks(fields ...string) {
	p.t.Helper()
	for _, f := range fields {
		p.click(`document.querySelector('#give-`+f+`')`, f)
	}
}

// TestCards follows a card by link and inside a message: the other reads what she was given
// and nothing else, what is taken back is gone, and no word of any of it is in the hall.
func TestCards(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo := h.correspondent(t), h.correspondent(t)
	ana.excuse("404")
	bo.excuse("404")
	connected(ana, bo)
	bo.opensMessages()
	ana.opensCards()
	ana.accessible("cards-none", "")
	ana.fill("Mail", "kanarie@heron.example")
	ana.fill("Telephone", "+49 30 77 kanarie 1")
	ana.press("Keep it on this device")
	ana.see("Kept on this device.")
	ana.ticks("mail")
	ana.fill("For whom", "kanarie otter")
	ana.press("Seal it and give it")
	ana.until("the link is there", `document.querySelector('[data-part=link]').value`)
	ana.until("the picture is drawn", `document.querySelector('card-box [data-part=qr] path')?.getAttribute('d').length>1000`)
	link := eval[string](ana, `(u=>u.pathname+u.hash)(new URL(document.querySelector('[data-part=link]').value))`)
	ana.accessible("cards", "")

	bo.visit(link)
	bo.see("kanarie@heron.example")
	if eval[bool](bo, `document.querySelector('main').textContent.includes('+49')`) {
		t.Error("more is given than was chosen")
	}
	bo.accessible("card", "")
	bo.press("Keep this card")
	bo.see("Kept on this device, under")
	bo.opensCards()
	bo.see("kanarie@heron.example")

	eval[bool](bo, `(()=>{const d=new DataTransfer(),f=document.querySelector('#file');d.items.add(new File(['BEGIN:VCARD\r\nVERSION:2.1\r\nN:Swan;kanarie\r\nTEL;WORK:123\r\nEND:VCARD\r\n'],'cards.vcf'));f.files=d.files;f.dispatchEvent(new Event('change'));return true})()`)
	bo.see("Brought in: 1")
	bo.see("kanarie Swan")

	ana.press("Take it back")
	ana.until("it is gone", `document.querySelector('[data-part=gifts]').hidden`)
	bo.visit("/connections")
	bo.visit(link)
	bo.see("This card is not there any more")

	ana.visit("/people/" + bo.handle() + "/message")
	ana.writes("kanarie heron lands at noon")
	ana.opensCards()
	ana.ticks("mail", "phone")
	eval[bool](ana, `(document.querySelector('[data-part=talk]').selectedIndex=1,true)`)
	ana.press("Seal it and give it")
	ana.until("it is on its way in the conversation", `[...document.querySelectorAll('[data-part=card]')].some(a=>a.checkVisibility())`)
	bo.opensTalk()
	bo.until("the card is there", `[...document.querySelectorAll('[data-part=card]')].some(a=>a.checkVisibility())`)
	bo.visit(eval[string](bo, `(u=>u.pathname+u.hash)(new URL([...document.querySelectorAll('[data-part=card]')].find(a=>a.checkVisibility()).href))`))
	bo.see("+49 30 77 kanarie 1")
	h.hasNoWordOf(t, "kanarie")
}
