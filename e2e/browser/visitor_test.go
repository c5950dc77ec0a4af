//go:build browser

package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// visitor is a person with a browser of her own: nothing she keeps or is signed
// in to is shared with another visitor.
type visitor struct {
	t    *testing.T
	hall *hall
	ctx  context.Context
	// number tells the visitors of one test apart.
	number int64
	// words are the seven by which she joined, if she did.
	words string
	// mute says that scripts are off: the page cannot tell where a click came to.
	mute bool

	mu      sync.Mutex
	console []string
	trouble []string
	excused []string
}

var (
	atEnd    []func()
	visitors atomic.Int64
)

// TestMain keeps one Chromium for all visitors of all tests.
func TestMain(m *testing.M) {
	code := m.Run()
	for i := len(atEnd) - 1; i >= 0; i-- {
		atEnd[i]()
	}
	os.Exit(code)
}

var chromium = sync.OnceValues(func() (context.Context, error) {
	dir, err := os.MkdirTemp("", "guildhall-chromium-")
	if err != nil {
		return nil, err
	}
	ctx, stop := launch(dir)
	atEnd = append(atEnd, func() { stop(); os.RemoveAll(dir) })
	return ctx, chromedp.Do(ctx)
})

// launch prepares a Chromium that keeps what it keeps in dir.
func launch(dir string, more ...chromedp.ExecAllocatorOption) (context.Context, context.CancelFunc) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(dir), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "en-GB"),
		// A microphone that beeps and a camera that shows a dial; nobody is asked.
		chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-fake-ui-for-media-stream", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	ctx, cancel := chromedp.NewContext(allocator)
	return ctx, func() { cancel(); stop() }
}

// visitor opens a browser of its own on the hall.
func (h *hall) visitor(t *testing.T) *visitor {
	t.Helper()
	shared, err := chromium()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(shared, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	return h.meet(t, ctx)
}

// meet watches over the tab of ctx for as long as the test runs.
func (h *hall) meet(t *testing.T, ctx context.Context) *visitor {
	t.Helper()
	p := &visitor{t: t, hall: h, ctx: ctx, number: visitors.Add(1)}
	if err := chromedp.Listen(ctx, p.hear); err != nil {
		t.Fatal(err)
	}
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	p.must("watch the line", err)
	t.Cleanup(p.leave)
	return p
}

// hear notes what no page may do.
func (p *visitor) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		line := "uncaught: " + fmt.Sprint(e.ExceptionDetails.Text, e.ExceptionDetails.Exception)
		if !strings.Contains(line, "couldn't set encryption status, participant not found") { // LiveKit's client, of whoever has just hung up
			p.trouble = append(p.trouble, line)
		}
	case *runtime.EventConsoleAPICalled:
		p.console = append(p.console, fmt.Sprint(e.Type))
		if e.Type == runtime.ConsoleAPICalledTypeError {
			p.trouble = append(p.trouble, "console: "+fmt.Sprint(e.Args))
		}
	case *log.EventEntryAdded:
		line := fmt.Sprintf("%s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
		if (strings.Contains(line, "/live/") || strings.Contains(line, "/following/marks")) && (strings.Contains(line, "net::ERR_") || strings.Contains(line, "Authentication failed")) {
			return // the line was cut, or she is signed in no more, which the browser says for itself
		}
		p.console = append(p.console, line)
		if e.Entry.Level == log.EntryLevelError {
			p.trouble = append(p.trouble, line)
		}
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, p.hall.url+"/") && !strings.HasPrefix(u, p.hall.safe()+"/") && strings.HasPrefix(u, "http") {
			p.trouble = append(p.trouble, "asked a third party: "+u)
		}
	}
}

// excuse lets trouble pass whose line contains the words: what a test provokes.
func (p *visitor) excuse(words string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.excused = append(p.excused, words)
}

// leave fails the test for whatever went wrong on the way, and keeps what helps
// to see why.
func (p *visitor) leave() {
	p.mu.Lock()
	for _, line := range p.trouble {
		if !containsAny(line, p.excused) {
			p.t.Error(line)
		}
	}
	p.mu.Unlock()
	if !p.t.Failed() {
		return
	}
	dir := filepath.Join("..", "..", "build", "browser", strings.ReplaceAll(p.t.Name(), "/", "_"), fmt.Sprint(p.number))
	os.MkdirAll(dir, 0o755)
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	if shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot()); err == nil {
		os.WriteFile(filepath.Join(dir, "screen.png"), shot, 0o644)
	}
	os.WriteFile(filepath.Join(dir, "console.txt"), []byte(strings.Join(p.console, "\n")), 0o644)
	os.WriteFile(filepath.Join(dir, "hall.log"), []byte(p.hall.log.String()), 0o644)
	p.t.Log("kept in", dir)
}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

func (p *visitor) must(what string, err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// do runs steps that must succeed.
func (p *visitor) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	p.must(what, chromedp.Do(ctx, steps...))
}

// visit opens a path of the hall, or any address.
func (p *visitor) visit(path string) {
	p.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = p.hall.url + path
	}
	p.do("visit "+path, chromedp.Navigate(path))
}

// eval gives the value of an expression in the page.
func eval[T any](p *visitor, js string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	p.must(js, err)
	return v
}

// until waits for the condition called what: js that becomes true, on this page
// or on one that is on its way.
func (p *visitor) until(what, js string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	p.wait(what, func() bool {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`(async()=>{try{return !!(await (`+js+`))}catch(e){return false}})()`, chromedp.EvalAwaitPromise))
		return err == nil && ok
	})
}

// wait asks again and again until the condition called what holds.
func (p *visitor) wait(what string, holds func() bool) {
	p.t.Helper()
	late := time.NewTimer(patience)
	tick := time.NewTicker(15 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-late.C:
			p.t.Fatalf("waited in vain until %s\non %s", what, p.where())
		}
	}
}

func (p *visitor) where() string {
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	s, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href+"\n"+document.body.innerText.slice(0,600)`))
	if err != nil {
		return err.Error()
	}
	return s
}

// see waits until the page shows the words.
func (p *visitor) see(words string) {
	p.t.Helper()
	p.until("the page says “"+words+"”", `document.body.innerText.includes(`+quote(words)+`)`)
}

func quote(s string) string { b, _ := json.Marshal(s); return string(b) }

// named finds what a person calls by that name: a button, a link, a field; in
// the main part of the page first.
const named = `((name)=>{const plain=s=>(s||'').replace(/\s+/g,' ').trim();
const said=e=>[e.getAttribute('aria-label'),e.labels?.[0]&&e.labels[0].firstChild?.textContent,e.labels?.[0]?.textContent,e.labels?null:e.textContent,e.tagName=='BUTTON'?e.textContent:null].map(plain);
const all=['main ',''].flatMap(w=>[...document.querySelectorAll(['button','input','textarea','select','summary','a'].map(t=>w+t).join())]);
return all.find(e=>e.checkVisibility()&&!e.disabled&&said(e).includes(name))})`

// press clicks, with the mouse, what is called name, once it is there.
func (p *visitor) press(name string) {
	p.t.Helper()
	p.click(named+`(`+quote(name)+`)`, name)
}

// click clicks the middle of the element that js finds, once it stands still
// and nothing covers it; once more if the page moved it away under the mouse.
func (p *visitor) click(js, what string) {
	p.t.Helper()
	p.until(what+" is there", js)
	p.wait(what+" is clicked", func() bool {
		at := p.middle(js, what)
		p.do("click "+what, chromedp.MouseClickXY(at[0], at[1]))
		return !p.missed()
	})
}

// middle waits until the element that js finds stands still, and listens whether a
// click comes to it.
func (p *visitor) middle(js, what string) (at []float64) {
	p.t.Helper()
	p.wait(what+" stands still", func() bool {
		now := eval[[]float64](p, `(e=>{if(!e)return[];e.scrollIntoView({block:'center',behavior:'instant'});const r=e.getClientRects()[0];
const x=r.x+r.width/2,y=r.y+r.height/2,top=document.elementFromPoint(x,y);if(!e.contains(top)&&!top?.contains(e))return[];
globalThis.missed=true;addEventListener('click',c=>{if(e.contains(c.target)||c.target===top)globalThis.missed=false},{capture:true,once:true});return[x,y]})(`+js+`)`)
		still := len(now) == 2 && slices.Equal(at, now)
		at = now
		return still
	})
	return at
}

// missed tells whether no click came to where it was meant for, also after a while: what
// is pressed twice may be as it was before. A page that is already leaving was clicked.
func (p *visitor) missed() bool {
	if p.mute {
		return false
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	missed, err := chromedp.Run(ctx, chromedp.Evaluate[bool](
		`new Promise(r=>{const look=n=>globalThis.missed===true&&n?setTimeout(look,50,n-1):r(globalThis.missed===true);look(20)})`, chromedp.EvalAwaitPromise))
	return err == nil && missed
}

// fill types into the field called name, in the place of what is there.
func (p *visitor) fill(name, text string) {
	p.t.Helper()
	js := named + `(` + quote(name) + `)`
	p.until("the field "+name+" is there", js)
	eval[bool](p, `(e=>{e.scrollIntoView({block:'center',behavior:'instant'});e.focus({preventScroll:true});e.select?.();return true})(`+js+`)`)
	p.insert(text)
}

func (p *visitor) insert(text string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, input.InsertText, input.InsertTextParams{Text: text})
	p.must("type", err)
}

func (p *visitor) cookie(name, value string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: p.hall.url, HTTPOnly: new(true), SameSite: network.CookieSameSiteLax})
	p.must("set cookie", err)
}
