//go:build browser

package browser

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// scriptless switches scripts off, as a careful reader does.
func (p *visitor) scriptless() *visitor {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	p.must("switch scripts off", err)
	p.mute = true
	return p
}

// begin opens a discussion and stays on its page.
func (p *visitor) begin(title, text string) {
	p.t.Helper()
	p.visit("/discussions/new")
	p.fill("Title", title)
	p.fill("Text", text)
	p.press("Send")
	p.until("the discussion is there", `document.querySelector('h1').innerText.includes(`+quote(title)+`) && document.querySelector('.post')`)
}

// reply answers in the discussion that is open.
func (p *visitor) reply(text string) {
	p.t.Helper()
	p.fill("Your answer", text)
	p.press("Send")
	p.until("the answer “"+text+"” is there", postsSaying(text)+`===1`)
}

func postsSaying(text string) string {
	return `[...document.querySelectorAll('.post .prose')].filter(e=>e.innerText.includes(` + quote(text) + `)).length`
}

const (
	answerBox = `document.querySelector('textarea[name=text]')`
	keptNote  = `document.querySelector('.kept').innerText.includes('Draft kept on this device.')`
	backNote  = `document.querySelector('.kept').innerText.includes('Your draft from before is back.')`
)

// line plugs the line in or out: the browser knows that it is offline.
func (p *visitor) line(on bool) {
	p.t.Helper()
	p.excuse("net::ERR_INTERNET_DISCONNECTED") // whatever an open page asks meanwhile; the browser says it for itself
	_, err := chromedp.Call(p.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: !on, DownloadThroughput: -1, UploadThroughput: -1})
	p.must("plug the line", err)
	_, err = chromedp.Call(p.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: !on, DownloadThroughput: -1, UploadThroughput: -1}},
	})
	p.must("cut the line", err)
}

func TestDraft_survives(t *testing.T) {
	t.Parallel()
	p := open(t).as(t, "ana")
	p.begin("Drafts", "The first word.")
	draft := "A long thought, typed on a phone."
	p.fill("Your answer", draft)
	p.until("the draft is kept", keptNote)

	p.do("reload", chromedp.Reload())
	p.until("it is back after a reload", backNote+` && `+answerBox+`.value===`+quote(draft))

	at := eval[string](p, `location.pathname`)
	p.visit("/discussions")
	eval[any](p, `history.back()`)
	p.until("it is back after going away", `location.pathname===`+quote(at)+` && `+answerBox+`.value===`+quote(draft))

	p.line(false)
	p.press("Send")
	p.see("You are offline, so this was not sent.")
	p.line(true)
	p.press("Send")
	p.until("the answer is there", postsSaying(draft)+`===1`)
	p.until("the box is empty", answerBox+`.value===''`)
	p.until("the draft is let go", noDraft)
	p.do("reload", chromedp.Reload())
	p.settle()
	if v := eval[string](p, answerBox+`.value`); v != "" {
		t.Errorf("the draft of what was sent is back: %q", v)
	}
}

// noDraft holds when the device keeps no draft at all.
const noDraft = `new Promise(r=>{const o=indexedDB.open('drafts',1);o.onupgradeneeded=()=>o.result.createObjectStore('draft');o.onsuccess=()=>{const q=o.result.transaction('draft').objectStore('draft').count();q.onsuccess=()=>{o.result.close();r(q.result===0)}}})`

// crash ends the whole browser at once, with no chance to tidy up.
func (p *visitor) crash(stop func()) {
	p.t.Helper()
	p.must("crash", chromedp.FromContext(p.ctx).Browser.Process().Kill())
	stop()
}

func TestDraft_survivesACrash(t *testing.T) {
	t.Parallel()
	h := open(t)
	dir := t.TempDir()
	first, kill := launch(dir)
	p := h.meet(t, first)
	p.cookie(sessionCookie, h.seats["ana"])
	p.begin("Crashes", "The first word.")
	at := eval[string](p, `location.href`)
	p.fill("Your answer", "Half a sentence")
	p.until("the draft is kept", keptNote)
	p.crash(kill)

	second, stop := launch(dir)
	t.Cleanup(stop)
	p = h.meet(t, second)
	p.cookie(sessionCookie, h.seats["ana"])
	p.visit(at)
	p.until("it is back after a crash", answerBox+`.value==='Half a sentence'`)
}

func TestDraft_survivesAnExpiredSignIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.as(t, "ana")
	p.excuse("status of 4")
	p.begin("Expiry", "The first word.")
	at := eval[string](p, `location.href`)
	p.fill("Your answer", "Written before it expired. ") // telephones end a word with a space
	p.until("the draft is kept", keptNote)
	p.cookie(sessionCookie, "expired")
	p.press("Send")
	p.see("You were signed out meanwhile.")
	p.until("the text is still there", answerBox+`.value==='Written before it expired.'`)
	p.settle()
	if n := eval[int](p, `document.querySelectorAll('.kept button').length`); n > 0 {
		t.Error("the same text is offered as another one")
	}
	// A slow line: she types on before the script is there.
	eval[bool](p, `(k=>{const c=k.cloneNode(true);c.querySelector('.kept').textContent='';c.querySelector('textarea').value+=' And on.';k.replaceWith(c);return true})(document.querySelector('draft-keeper'))`)
	p.until("what was typed before the script is kept", keptNote)
	p.cookie(sessionCookie, h.seats["ana"])
	p.visit(at)
	p.until("it is back after signing in", answerBox+`.value==='Written before it expired. And on.'`)
}

func TestSend_twiceIsOnePost(t *testing.T) {
	t.Parallel()
	p := open(t).as(t, "ana")
	p.begin("Presses", "The first word.")
	p.fill("Your answer", "Pressed twice.")
	at := eval[[]float64](p, `(e=>{e.scrollIntoView({block:'center',behavior:'instant'});const r=e.getBoundingClientRect();return [r.x+r.width/2,r.y+r.height/2]})(`+named+`('Send'))`)
	p.do("double click", chromedp.MouseClickXY(at[0], at[1]), chromedp.MouseClickXY(at[0], at[1], chromedp.ClickCount(2)))
	p.until("it is there once", `document.readyState==='complete' && `+postsSaying("Pressed twice.")+`===1`)
	p.do("reload", chromedp.Reload())
	p.until("it is there once, still", `document.readyState==='complete' && `+postsSaying("Pressed twice.")+`===1`)
}

func TestPreview(t *testing.T) {
	t.Parallel()
	p := open(t).as(t, "ana")
	p.begin("Previews", "The first word.")
	p.fill("Your answer", "It is **bold** <script>alert(1)</script>")
	p.press("Preview")
	p.until("the preview shows bold words", `document.querySelector('.preview strong').innerText==='bold'`)
	p.until("the box still has them", answerBox+`.value.startsWith('It is **bold**')`)
}

func TestQuote_selected(t *testing.T) {
	t.Parallel()
	p := open(t).as(t, "ana")
	p.begin("Quotes", "Words worth keeping, and others.")
	p.settle() // the script that follows selections is there
	eval[bool](p, `(()=>{const n=document.querySelector('.post .prose p').firstChild;const r=document.createRange();r.setStart(n,0);r.setEnd(n,19);getSelection().addRange(r);return true})()`)
	p.press("Quote this")
	p.until("the quote is in the box", answerBox+`.value.includes('> Words worth keeping')`)
	eval[bool](p, `(e=>{e.focus();e.setSelectionRange(e.value.length,e.value.length);return true})(`+answerBox+`)`)
	p.insert("Yes.")
	p.until("the draft is kept, and what says so has moved the button", keptNote)
	p.press("Send")
	p.until("the quote leads back", `document.querySelector('.post blockquote a[href^="/posts/"]')`)
}

func TestSince_marksWhatIsNew(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo := h.as(t, "ana"), h.as(t, "bo")
	ana.begin("Since", "The first word.")
	at := eval[string](ana, `location.pathname`)
	ana.until("the first post is seen", `Object.keys(JSON.parse(localStorage.getItem('seen')||'{}')).length===1`)
	bo.visit(at)
	bo.reply("Something new.")
	ana.visit(at)
	ana.until("the new post is marked", `document.querySelector('.post.fresh .prose').innerText.includes('Something new.')`)
	ana.press("New since you were last here")
	ana.until("it is seen", `Object.values(JSON.parse(localStorage.getItem('seen'))).includes(2)`)
	ana.do("reload", chromedp.Reload())
	ana.until("seen once, it is no longer new", `document.readyState==='complete' && !document.querySelector('.post.fresh')`)
}

// The hall says what there is; what of it is new, and one's own words are not, the
// browser knows.
func TestNews_newToThisBrowser(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo := h.as(t, "ana"), h.as(t, "bo")
	ana.begin("News", "The first word.")
	at := eval[string](ana, `location.pathname`)
	bo.visit(at)
	bo.reply("An answer.")
	ana.until("the hall has news for her", `(fetch('/following/marks').then(a=>a.text()).then(t=>window.marks=t), (window.marks||'').includes('discussed'))`)
	eval[bool](ana, `(sessionStorage.removeItem('bell'),true)`) // as when five minutes have passed
	ana.visit("/")
	ana.until("the bell counts it", `document.querySelector('.bell b')?.dataset.count==='1'`)
	ana.visit("/following")
	ana.until("it is marked as new", `document.querySelector('news-told li .badge.new')`)
	ana.visit("/")
	ana.until("the bell has nothing more to say", `sessionStorage.getItem('bell')?.endsWith(' 0') && !document.querySelector('.bell b')`)
	ana.visit("/following")
	ana.until("seen once, it is no longer new", `document.querySelector('news-told li') && customElements.get('news-told') && !document.querySelector('news-told .badge')`)
	ana.visit(at)
	ana.reply("My own.")
	ana.until("what she wrote is not new to her", `document.querySelectorAll('.post').length===3 && !document.querySelector('#p3.fresh')`)
}

func TestReply_keyboardOnly(t *testing.T) {
	t.Parallel()
	p := open(t).as(t, "ana")
	p.begin("Keyboards", "The first word.")
	p.do("reload", chromedp.Reload())
	p.settle()
	p.do("tab", chromedp.KeyEvent(kb.Tab))
	p.until("the first stop is the way past the head", `document.activeElement.matches('a.skip') && document.activeElement.getBoundingClientRect().top>=0`)
	p.do("enter", chromedp.KeyEvent(kb.Enter))
	const limit = 60 // stops from the head of the page to the box
	for i := 0; ; i++ {
		p.do("tab", chromedp.KeyEvent(kb.Tab))
		if eval[bool](p, `document.activeElement===`+answerBox) {
			break
		}
		if seen := eval[string](p, focusSeen); seen != "" {
			t.Errorf("stop %d cannot be seen: %s", i, seen)
		}
		if i > limit {
			t.Fatal("the box is not reached by the keyboard")
		}
	}
	p.do("type", chromedp.KeyEvent("By keys alone."))
	p.do("tab and press", chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	p.until("the answer is there", postsSaying("By keys alone.")+`===1`)
}

// focusSeen names what has the keyboard's attention and does not show it.
const focusSeen = `(e=>{const s=getComputedStyle(e),r=e.getBoundingClientRect();return (s.outlineStyle!=='none'&&parseFloat(s.outlineWidth)>0||s.boxShadow!=='none')&&r.bottom>0&&r.top<innerHeight?'':e.outerHTML.slice(0,100)})(document.activeElement)`
