//go:build browser

package browser

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// correspondent joins by hand: messages need the key that her browser then has.
func (h *hall) correspondent(t *testing.T) *visitor {
	t.Helper()
	p := h.visitor(t)
	words, _ := p.joins()
	p.words = strings.Join(words, " ")
	return p
}

// anotherDevice is a further browser of the same person.
func (p *visitor) anotherDevice() *visitor {
	p.t.Helper()
	d := p.hall.visitor(p.t)
	d.visit("/sign-in")
	d.fill("Your seven words", p.words)
	d.press("Sign in with the words")
	d.until("she is signed in", `document.querySelector('.me .name')`)
	d.words = p.words
	return d
}

// connected lets two be connected.
func connected(a, b *visitor) (handleOfB string) {
	handleA, handleB := a.handle(), b.handle()
	a.visit("/people/" + handleB + "/connection")
	a.fill("A few words, if you like", "We met at the fair.")
	a.press("Ask to be connected")
	a.until("it is asked", `location.pathname==='/connections'`)
	b.visit("/people/" + handleA + "/connection")
	b.press("Yes, connect us")
	b.see("one person")
	return handleB
}

// opensMessages waits until her desk stands.
func (p *visitor) opensMessages() {
	p.t.Helper()
	p.visit("/messages")
	p.until("the desk stands", `document.querySelector('message-list').dataset.step==='open'`)
}

// writes sends a text and waits until the hall has it.
func (p *visitor) writes(text string) {
	p.t.Helper()
	p.fill("Your message", text)
	p.press("Send")
	p.sent(text)
}

const lineOf = `[...document.querySelectorAll('.message')].find(l=>l.querySelector('[data-part=said]').textContent===%s)`

func line(text string) string { return fmt.Sprintf(lineOf, quote(text)) }

func (p *visitor) sent(text string) {
	p.t.Helper()
	p.until(text+" is sent", `(l=>l&&!l.querySelector('[data-part=state]').textContent.includes('waits'))(`+line(text)+`)`)
}

// reads waits until a text is there, once.
func (p *visitor) reads(text string) {
	p.t.Helper()
	p.until(text+" is read", line(text))
	if n := eval[int](p, `[...document.querySelectorAll('.message [data-part=said]')].filter(s=>s.textContent===`+quote(text)+`).length`); n != 1 {
		p.t.Errorf("%q is shown %d times", text, n)
	}
}

// opensTalk opens the only conversation of the list, once it is there.
func (p *visitor) opensTalk() {
	p.t.Helper()
	p.opensMessages()
	p.click(`document.querySelector('[data-part=talks] a')`, "the conversation")
	p.until("the conversation stands", `document.querySelector('message-talk').dataset.step==='open'`)
}

func (p *visitor) deed(text, name string) {
	p.t.Helper()
	if !eval[bool](p, line(text)+`.querySelector('details').open`) {
		p.click(line(text)+`.querySelector('summary')`, "More")
	}
	p.click(`[...`+line(text)+`.querySelectorAll('button')].find(b=>b.textContent===`+quote(name)+`)`, name)
}

// safetyNumber is what the page says for comparing.
func (p *visitor) safetyNumber() string {
	p.t.Helper()
	eval[bool](p, `(document.querySelector('[data-part=safety]').open=true)`)
	p.until("the number is there", `document.querySelector('[data-part=hex]').textContent`)
	return eval[string](p, `document.querySelector('[data-part=words]').textContent+'/'+document.querySelector('[data-part=hex]').textContent`)
}

// TestMessages_onlyTheTwoRead walks a conversation: a text, an answer, what is kept
// after loading anew, a second device, changes of texts, a line that is cut, and files
// of the hall in which no word of it stands.
func TestMessages_onlyTheTwoRead(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo := h.correspondent(t), h.correspondent(t)
	toBo := connected(ana, bo)
	bo.opensMessages()
	ana.opensMessages()
	ana.see("No conversation is on this device yet.")
	ana.accessible("messages-none", "")
	ana.visit("/people/" + toBo)
	ana.press("Write a message")
	ana.until("the desk stands", `document.querySelector('message-talk').dataset.step==='open'`)
	ana.writes("kanarie heron lands at noon")
	ana.until("it has an address of its own", `location.pathname.startsWith('/messages/')`)

	bo.opensTalk()
	bo.reads("kanarie heron lands at noon")
	bo.writes("kanarie otter will be there")
	ana.reads("kanarie otter will be there")
	ana.visit(eval[string](ana, `location.pathname`))
	ana.reads("kanarie heron lands at noon")
	ana.reads("kanarie otter will be there")
	if a, b := ana.safetyNumber(), bo.safetyNumber(); a != b || len(strings.Fields(strings.Split(a, "/")[0])) != 12 {
		t.Errorf("numbers %q and %q", a, b)
	}

	second := bo.anotherDevice()
	second.opensMessages()
	second.see("No conversation is on this device yet.")
	second.until("its keys are with the hall", `performance.getEntriesByType('resource').some(e=>e.name.endsWith('/messages/leaves'))`)
	bo.opensTalk()
	bo.see("The devices of this conversation have changed.")
	second.opensTalk()
	second.see("What was written before cannot be read on it.")
	ana.writes("kanarie swan comes too")
	second.reads("kanarie swan comes too")
	bo.reads("kanarie swan comes too")
	second.writes("kanarie newt from the second device")
	ana.reads("kanarie newt from the second device")
	bo.reads("kanarie newt from the second device")

	ana.deed("kanarie swan comes too", "Edit")
	ana.writes("kanarie swan comes later")
	bo.reads("kanarie swan comes later")
	bo.see("edited")
	bo.deed("kanarie swan comes later", "👍")
	ana.until("the reaction is there", `(`+line("kanarie swan comes later")+`)?.querySelector('[data-part=reactions]').textContent.includes('👍')`)
	bo.deed("kanarie swan comes later", "Reply")
	bo.writes("kanarie crane answers")
	ana.until("it is quoted", line("kanarie crane answers")+`.querySelector('blockquote').checkVisibility()`)
	bo.deed("kanarie crane answers", "Delete for all")
	ana.see("This message was deleted.")
	bo.until("it is deleted on his device", `!`+line("kanarie crane answers"))
	for _, p := range []*visitor{ana, bo} {
		p.keepsNot("kanarie swan comes later", "kanarie swan comes too", "kanarie crane answers")
	}

	h.hasNoWordOf(t, "kanarie")
	ana.shots("talk")
	bo.visit("/messages")
	bo.shots("messages")
}

func TestMessages_Firefox(t *testing.T) {
	t.Parallel()
	mustHave(t, "firefox-esr", "firefox-esr")
	corresponds(t, openFirefox(t))
}

func TestMessages_WebKit(t *testing.T) {
	t.Parallel()
	mustHave(t, "WebKitWebDriver", "webkit2gtk-driver")
	mustHave(t, "xvfb-run", "xvfb")
	corresponds(t, openWebKit(t))
}

// corresponds reads a message of somebody in Chromium and answers it.
func corresponds(t *testing.T, e engine) {
	h := open(t)
	ana, bo := h.correspondent(t), &guest{t, e}
	bo.join(h.url)
	bo.visit(h.url + "/account")
	toBo := strings.TrimPrefix(text(bo.run(`return document.querySelector('a[href^="/people/"]').getAttribute('href')`)), "/people/")
	toAna := ana.handle()
	ana.visit("/people/" + toBo + "/connection")
	ana.fill("A few words, if you like", "We met at the fair.")
	ana.press("Ask to be connected")
	ana.until("it is asked", `location.pathname==='/connections'`)
	bo.visit(h.url + "/people/" + toAna + "/connection")
	bo.press(`document.querySelector('form[action$="/acceptance"] button')`)
	bo.until("they are connected", `document.querySelector('#known')`)
	bo.visit(h.url + "/messages")
	bo.until("the desk stands", `document.querySelector('message-list').dataset.step==='open'`)
	bo.until("its keys are with the hall", `!document.querySelector('[data-part=message]').textContent`)
	ana.visit("/people/" + toBo + "/message")
	ana.writes("kanarie heron lands at noon")
	bo.until("the conversation is there", `document.querySelector('[data-part=talks] a')`)
	bo.press(`document.querySelector('[data-part=talks] a')`)
	bo.until("the text is read", line("kanarie heron lands at noon"))
	bo.fill(`document.querySelector('#text')`, "kanarie otter answers")
	bo.press(`document.querySelector('[data-part=write] .acts button')`)
	ana.reads("kanarie otter answers")
	h.hasNoWordOf(t, "kanarie")
}

// TestMessages_listIsLight looks at the list on a device that has messages and has seen
// nothing of the hall's files: the sealing is fetched when something comes.
func TestMessages_listIsLight(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo := h.correspondent(t), h.correspondent(t)
	toBo := connected(ana, bo)
	bo.opensMessages()
	ana.visit("/people/" + toBo + "/message")
	ana.writes("kanarie heron lands at noon")
	bo.opensTalk()
	bo.reads("kanarie heron lands at noon")
	bo.opensMessages()
	bo.until("the list is quiet", `!document.querySelector('[data-part=message]').textContent`)
	bo.visit("/messages")
	bo.see("kanarie heron lands at noon")
	bo.settle()
	names := eval[[]string](bo, `performance.getEntriesByType('resource').map(e=>new URL(e.name).pathname)`)
	for _, n := range names {
		if strings.Contains(n, "/desk-") {
			t.Error("the sealing is fetched for a list to which nothing has come")
		}
	}
	size := packed(t, strings.NewReader(eval[string](bo, `document.documentElement.outerHTML`)))
	for _, n := range names {
		if !strings.Contains(n, "/live-") { // the line for news comes after every page of hers, once
			size += h.weighs(t, n)
		}
	}
	t.Logf("%d bytes in %d files: %v", size, len(names)+1, names)
	if size > firstVisit {
		t.Errorf("the list takes %d bytes", size)
	}
}

// weighs is how much a file of the hall takes over the wire, by gzip.
func (h *hall) weighs(t *testing.T, path string) int {
	t.Helper()
	r, err := http.Get(h.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if strings.HasSuffix(path, ".woff2") {
		n, _ := io.Copy(io.Discard, r.Body)
		return int(n)
	}
	return packed(t, r.Body)
}

func packed(t *testing.T, from io.Reader) int {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.Copy(z, from); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// TestMessages_lineIsCut writes while there is no line, and once when the answer is lost.
func TestMessages_lineIsCut(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo := h.correspondent(t), h.correspondent(t)
	ana.excuse("ERR_INTERNET_DISCONNECTED")
	toBo := connected(ana, bo)
	ana.opensMessages()
	ana.visit("/people/" + toBo + "/message")
	ana.until("the desk stands", `document.querySelector('message-talk').dataset.step==='open'`)
	ana.fill("Your message", "kanarie before she has come")
	ana.press("Send")
	ana.see("The other has not opened Messages yet.")
	bo.opensMessages()
	ana.sent("kanarie before she has come")
	bo.opensTalk()
	bo.reads("kanarie before she has come")

	ana.offline(true)
	ana.fill("Your message", "kanarie without a line")
	ana.press("Send")
	ana.see("The hall cannot be reached.")
	ana.fill("Your message", "kanarie half-written")
	eval[bool](ana, `document.activeElement.blur(),true`)
	ana.offline(false)
	ana.sent("kanarie without a line")
	bo.reads("kanarie without a line")
	ana.visit(eval[string](ana, `location.pathname`))
	ana.until("the draft is there", `document.querySelector('#text').value==='kanarie half-written'`)
	h.hasNoWordOf(t, "kanarie")
}

func (p *visitor) handle() string {
	p.t.Helper()
	p.visit("/account")
	return strings.TrimPrefix(eval[string](p, `document.querySelector('a[href^="/people/"]').getAttribute('href')`), "/people/")
}

func (p *visitor) offline(is bool) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: is, DownloadThroughput: -1, UploadThroughput: -1}}})
	p.must("cut the line", err)
}

// keepsNot reads, as the desk does, what her device keeps of the conversation: words that
// were changed or deleted are not in it, and not merely hidden.
func (p *visitor) keepsNot(stays string, gone ...string) {
	p.t.Helper()
	kept := eval[string](p, `(async()=>{const d=document.querySelector('message-talk').desk;return JSON.stringify([await d.lines(location.pathname.split('/').at(-1)),await d.queued()])})()`)
	if !strings.Contains(kept, stays) {
		p.t.Errorf("%q is not kept: %s", stays, kept)
	}
	for _, words := range gone {
		if strings.Contains(kept, words) {
			p.t.Errorf("%q is kept: %s", words, kept)
		}
	}
}

// hasNoWordOf looks into every file the hall has written. The canary is no word that the
// hall gives people as a name.
func (h *hall) hasNoWordOf(t *testing.T, canary string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		files++
		if at := bytes.Index(b, []byte(canary)); at >= 0 {
			t.Errorf("%s holds a word of a message: %q", path, b[max(0, at-30):min(len(b), at+30)])
		}
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files, %v", files, err)
	}
	if strings.Contains(h.log.String(), canary) {
		t.Error("the log holds a word of a message")
	}
}

// shots looks at the page in every guise, and keeps pictures where SCREENSHOTS says.
func (p *visitor) shots(name string) {
	p.t.Helper()
	p.shotsOf("message-talk,message-list", name)
}

func (p *visitor) shotsOf(element, name string) {
	p.t.Helper()
	for _, g := range everyGuise {
		for _, width := range []int64{360, 1280} {
			p.size(width, 800)
			p.wear("nobody", g)
			eval[bool](p, `fetch('/preferences',{method:'POST',body:new URLSearchParams({lang:`+quote(g.lang)+`,theme:''})}).then(()=>true)`)
			p.visit(eval[string](p, `location.pathname`))
			p.until("the desk stands", `document.querySelector(`+quote(element)+`).dataset.step==='open'`)
			p.until("it is quiet", `!document.querySelector('[data-part=message]').textContent`)
			p.accessible(fmt.Sprint(name, " ", width, " ", g), "")
			if dir := os.Getenv("SCREENSHOTS"); dir != "" {
				p.shoot(filepath.Join(dir, fmt.Sprintf("%s-%d-%s-%s.png", name, width, g.theme, g.lang)))
			}
			p.fits(name)
		}
	}
	p.size(1280, 800)
	eval[bool](p, `fetch('/preferences',{method:'POST',body:new URLSearchParams({lang:'en',theme:''})}).then(()=>true)`)
	p.visit(eval[string](p, `location.pathname`))
	p.until("the desk stands", `document.querySelector(`+quote(element)+`).dataset.step==='open'`)
}
