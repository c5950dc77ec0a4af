//go:build browser

package browser

import (
	"encoding/json"
	"fmt"
	"net"
	"os/exec"
	"testing"
	"time"
)

// guest is a person with an engine.
type guest struct {
	t *testing.T
	engine
}

func TestWebKit_readsJoinsWrites(t *testing.T) {
	t.Parallel()
	mustHave(t, "WebKitWebDriver", "webkit2gtk-driver")
	mustHave(t, "xvfb-run", "xvfb")
	smoke(t, openWebKit(t))
}

func TestFirefox_readsJoinsWrites(t *testing.T) {
	t.Parallel()
	mustHave(t, "firefox-esr", "firefox-esr")
	smoke(t, openFirefox(t))
}

// smoke reads a long page, joins by seven words and begins a discussion.
func smoke(t *testing.T, e engine) {
	p := &guest{t, e}
	read := demoHall(t)
	p.visit(read.url + read.find(t, someTalk))
	p.until("posts are there", `document.querySelectorAll('.post .prose').length>1`)
	if v := p.run(`return document.scrollingElement.scrollWidth<=document.scrollingElement.clientWidth`); string(v) != "true" {
		t.Error("the page scrolls sideways")
	}

	h := open(t)
	p.join(h.url)
	p.visit(h.url + "/discussions/new")
	p.fill(`document.querySelector('[name=title]')`, "From another browser")
	p.fill(`document.querySelector('[name=text]')`, "Written in it.")
	p.press(`document.querySelector('main .acts button')`)
	p.until("the post is there", `document.querySelector('.post .prose').textContent.includes('Written in it.')`)
}

// join joins by seven words.
func (p *guest) join(hall string) {
	p.t.Helper()
	p.visit(hall + "/join")
	p.press(`document.querySelector('[data-do=phrase]')`)
	p.press(`document.querySelector('[data-do=written]')`)
	p.until("three are asked for", `document.querySelector('[data-part=confirm]').offsetParent`)
	for i := range 3 {
		box := fmt.Sprintf(`document.querySelectorAll('[data-part=answer]')[%d]`, i)
		word := p.run(fmt.Sprintf(`const n=+document.querySelectorAll('[data-part=ask]')[%d].textContent.match(/\d+/)[0];return document.querySelectorAll('[data-part=list] li')[n-1].textContent`, i))
		p.fill(box, text(word))
	}
	p.press(`document.querySelector('[data-do=check]')`)
	p.press(`document.querySelector('[data-part=ready] button')`)
	p.press(`document.querySelector('form[action="/account/codes/kept"] button')`)
	p.until("she is inside", `document.querySelector('.me .name') && !document.querySelector('.codes')`)
}

func (p *guest) must(v json.RawMessage, err error) json.RawMessage {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}

func (p *guest) visit(at string) {
	p.t.Helper()
	p.must(p.call("WebDriver:Navigate", map[string]any{"url": at}))
}

func (p *guest) run(js string) json.RawMessage {
	p.t.Helper()
	return p.must(p.call("WebDriver:ExecuteScript", map[string]any{"script": js, "args": []any{}}))
}

// until waits for js to become true; a page on its way is not there yet.
func (p *guest) until(what, js string) {
	p.t.Helper()
	var last any
	late := time.NewTimer(patience)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		v, err := p.call("WebDriver:ExecuteScript", map[string]any{"script": `try{return !!(` + js + `)}catch(e){return false}`, "args": []any{}})
		if err == nil && string(v) == "true" {
			return
		}
		last = err
		select {
		case <-tick.C:
		case <-late.C:
			p.t.Fatalf("waited in vain until %s: %v\n%s", what, last, text(p.run(`return location.href+"\n"+document.body.innerText.slice(0,800)`)))
		}
	}
}

// element gives the engine's name of what js finds, once it shows.
func (p *guest) element(js string) string {
	p.t.Helper()
	p.until(js+" shows", js+`.offsetParent`)
	// The page scrolls smoothly; a click does not wait for that.
	var e map[string]string
	if err := json.Unmarshal(p.run(`const e=`+js+`;e.scrollIntoView({block:'center',behavior:'instant'});return e`), &e); err != nil {
		p.t.Fatal(err)
	}
	for _, id := range e {
		return id
	}
	return ""
}

func (p *guest) press(js string) {
	p.t.Helper()
	p.must(p.call("WebDriver:ElementClick", map[string]any{"id": p.element(js)}))
}

func (p *guest) fill(js, words string) {
	p.t.Helper()
	p.must(p.call("WebDriver:ElementSendKeys", map[string]any{"id": p.element(js), "text": words}))
}

func text(v json.RawMessage) (s string) {
	_ = json.Unmarshal(v, &s) // what is no text reads as empty
	return s
}

// mustHave fails the test, and says what to install, when a program is missing.
func mustHave(t *testing.T, program, pkg string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Fatalf("%s is missing: apt-get install %s", program, pkg)
	}
}

// freePort is a port nobody listens on just now.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// awaitEngine tries until the engine answers.
func awaitEngine(t *testing.T, what string, said *journal, try func() error) {
	t.Helper()
	late := time.NewTimer(2 * patience)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := try()
		if err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-late.C:
			t.Fatalf("waited in vain until %s: %v\n%s", what, err, said)
		}
	}
}
