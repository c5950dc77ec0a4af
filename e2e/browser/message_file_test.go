//go:build browser

package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// chooses puts a file of these bytes, an expression of the page's, into the form.
func (p *visitor) chooses(name, kind, bytes string) {
	p.t.Helper()
	eval[bool](p, fmt.Sprintf(`(async()=>{const d=new DataTransfer();d.items.add(new File([await (%s)],%s,{type:%s}));document.querySelector('#chooser').files=d.files;return true})()`, bytes, quote(name), quote(kind)))
}

// aPicture is a JPEG with what cameras write beside the pixels.
const aPicture = `(async()=>{const c=document.createElement('canvas');c.width=40;c.height=30;const g=c.getContext('2d');g.fillStyle='#a30';g.fillRect(0,0,40,30);
const b=new Uint8Array(await (await new Promise(r=>c.toBlob(r,'image/jpeg'))).arrayBuffer());
const said=new TextEncoder().encode('Exif\0\0kanarie position 52.1 N 4.9 E'),part=new Uint8Array([255,225,0,said.length+2,...said]);
return new Uint8Array([...b.slice(0,2),...part,...b.slice(2)])})()`

// gives presses a file's button until the file is handed over, and tells how: its name, its
// type, its length and whether it holds a word.
func (p *visitor) gives(name, word string) (given struct {
	Name, Type string
	Size       int
	Holds      bool
	Head       string
}) {
	p.t.Helper()
	button := `[...document.querySelectorAll('.message')].find(l=>l.querySelector('[data-part=file-name]').textContent===` + quote(name) + `)?.querySelector('[data-do=fetch]')`
	p.until(name+" may be fetched", button)
	if eval[string](p, button+`.textContent`) == "Fetch" {
		p.click(button, "Fetch")
	}
	p.until(name+" is here", button+`.textContent==='Save'`)
	eval[bool](p, `(()=>{globalThis.given=[];globalThis.make??=URL.createObjectURL;URL.createObjectURL=b=>{given.push(b);return make.call(URL,b)};HTMLAnchorElement.prototype.click=function(){given.push(this.download)};return true})()`)
	p.click(button, "Save")
	p.until("it is handed over", `globalThis.given.length===2`)
	return eval[struct {
		Name, Type string
		Size       int
		Holds      bool
		Head       string
	}](p, `(async()=>{const [b,name]=given,t=new TextDecoder('latin1').decode(await b.arrayBuffer());return{Name:name,Type:b.type,Size:b.size,Holds:t.includes(`+quote(word)+`),Head:t.slice(0,15)}})()`)
}

// TestMessages_files sends a picture, a page and a long file: each comes as it was, the
// picture without what its camera said, the page never as a page; the hall holds no word
// of them, and nothing at all once they are fetched.
func TestMessages_files(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo := h.member(t), h.member(t)
	ana.excuse("ERR_INTERNET_DISCONNECTED")
	toBo := connected(ana, bo)
	ana.visit("/people/" + toBo + "/message")
	ana.until("the desk stands", `document.querySelector('message-talk').dataset.step==='open'`)

	ana.chooses("kanarie harbour.jpeg", "image/jpeg", aPicture)
	ana.fill("Your message", "kanarie look at this")
	ana.press("Send")
	ana.sent("kanarie look at this")
	bo.opensTalk()
	bo.reads("kanarie look at this")
	got := bo.gives("kanarie harbour.jpg", "kanarie")
	if got.Name != "kanarie harbour.jpg" || got.Holds || !strings.HasPrefix(got.Head, "ÿØÿ") || got.Type != "application/octet-stream" {
		t.Errorf("the picture comes as %+v", got)
	}

	ana.chooses("kanarie page.html", "text/html", `'<script>kanarie()</script>'`)
	ana.press("Send")
	if got := bo.gives("kanarie page.html", "<script>kanarie()"); got.Type != "application/octet-stream" || !got.Holds || got.Size != 26 {
		t.Errorf("the page comes as %+v", got)
	}
	bo.accessible("file", "")

	// A long one goes on where the line was cut.
	ana.offline(true)
	ana.chooses("kanarie long.bin", "", `new Uint8Array(3e6).fill(75)`)
	ana.press("Send")
	ana.until("it waits on her device", `[...document.querySelectorAll('[data-part=file-name]')].some(n=>n.textContent==='kanarie long.bin')`)
	ana.visitCached()
	ana.until("it is sent", `[...document.querySelectorAll('.message')].some(l=>l.querySelector('[data-part=file-name]').textContent==='kanarie long.bin'&&l.querySelector('[data-part=state]').textContent==='on its way')`)
	if got := bo.gives("kanarie long.bin", "KKKKKK"); got.Size != 3e6 || !got.Holds {
		t.Errorf("the long one comes as %+v", got)
	}
	h.hasNoWordOf(t, "kanarie")
	h.hasNoWordOf(t, "KKKKKKKKKKKKKKKK")

	// While a file is on its way texts go, and it can be taken back.
	ana.slow(true)
	ana.chooses("kanarie slow.bin", "", `new Uint8Array(9e6).fill(76)`)
	ana.press("Send")
	slow := `[...document.querySelectorAll('.message')].find(l=>l.querySelector('[data-part=file-name]').textContent==='kanarie slow.bin')`
	ana.until("a piece of it is with the hall", `(l=>l&&l.querySelector('[data-part=state]').textContent.startsWith('its file is on its way: '))(`+slow+`)`)
	ana.writes("kanarie meanwhile")
	bo.reads("kanarie meanwhile")
	ana.click(slow+`.querySelector('summary')`, "More")
	ana.click(`[...`+slow+`.querySelectorAll('button')].find(b=>b.textContent==='Do not send')`, "Do not send")
	ana.until("it is taken back", `!`+slow)
	ana.slow(false)
	ana.writes("kanarie after it")
	bo.reads("kanarie after it")
	if eval[bool](bo, `!!`+slow) {
		t.Error("what was taken back has come")
	}

	// What is too long, or a picture that cannot be painted anew, is not sent.
	ana.chooses("kanarie film.bin", "", `new Uint8Array(25e6+1)`)
	ana.press("Send")
	ana.see("A file has 25 MB at most.")
	ana.chooses("kanarie.heic", "image/heic", `'no picture'`)
	ana.press("Send")
	ana.see("This browser cannot paint this picture anew")
	ana.shots("files")
}

// slow lets the line carry half a megabyte in a second, or all there is.
func (p *visitor) slow(is bool) {
	p.t.Helper()
	most := -1.0
	if is {
		most = 500_000
	}
	_, err := chromedp.Call(p.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{DownloadThroughput: -1, UploadThroughput: most}}})
	p.must("slow the line", err)
}

// visitCached gives the line back, and reads the page anew: what waits is on the device.
func (p *visitor) visitCached() {
	p.t.Helper()
	p.offline(false)
	p.visit(eval[string](p, `location.pathname`))
}
