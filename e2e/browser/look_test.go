//go:build browser

package browser

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// guises are how a page may be looked at.
type guise struct{ lang, theme string }

var everyGuise = []guise{{"en", "light"}, {"en", "dark"}, {"ar", "light"}, {"ar", "dark"}}

// size sets the window, in pixels of the page.
func (p *visitor) size(width, height int64) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
	p.must("set the window's size", err)
}

// prefer sets what the device says of its owner, such as "forced-colors".
func (p *visitor) prefer(features ...*emulation.MediaFeature) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
	p.must("prefer", err)
}

// wear makes the next page of who come in a language, and in the device's
// colours. A member's language is that of her account.
func (p *visitor) wear(who string, g guise) {
	p.t.Helper()
	p.cookie("lang", g.lang)
	for _, name := range []string{who, who + " " + g.lang} {
		if s, ok := p.hall.seats[name]; ok {
			p.cookie(sessionCookie, s)
		}
	}
	p.prefer(&emulation.MediaFeature{Name: "prefers-color-scheme", Value: g.theme}, &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
}

// look opens a sight and waits until it stands still.
func (p *visitor) look(s sight) {
	p.t.Helper()
	if s.broken {
		p.excuse("Failed to load resource: the server responded with a status of 4")
	}
	p.visit(s.path)
	if s.act != nil {
		s.act(p)
	}
	p.settle()
}

// settle waits until the page and its letters are there and nothing is on its way.
func (p *visitor) settle() {
	p.t.Helper()
	p.until("the page stands", `document.readyState==='complete' && document.fonts.ready.then(()=>document.fonts.status==='loaded')`)
}

var axe = sync.OnceValues(func() (string, error) {
	b, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	return string(b) + ";true", err
})

const axeRun = `axe.run(document,%s).then(r=>r.violations.map(v=>v.id+' ('+v.impact+'): '+v.help+'\n  '+v.nodes.slice(0,4).map(n=>n.target.join(' ')+' '+n.html.slice(0,120)+'\n    '+(n.any[0]||n.all[0]||n.none[0]||{}).message).join('\n  ')))`

// violations are what axe finds on the page, by one rule or (empty) by all.
func (p *visitor) violations(rule string) []string {
	p.t.Helper()
	source, err := axe()
	p.must("read axe (make test-browser fetches it)", err)
	options := `{resultTypes:['violations']}`
	if rule != "" {
		options = `{resultTypes:['violations'],runOnly:[` + quote(rule) + `]}`
	}
	if !eval[bool](p, `typeof axe==='object'`) {
		eval[bool](p, source)
	}
	return eval[[]string](p, fmt.Sprintf(axeRun, options))
}

// wide lists what reaches past the side of the window; empty when one needs not
// scroll sideways.
const wide = `(()=>{const d=document.scrollingElement;if(d.scrollWidth<=d.clientWidth)return [];
const w=d.clientWidth;return ['page '+d.scrollWidth+' in '+w].concat([...document.body.querySelectorAll('*')].filter(e=>{const r=e.getBoundingClientRect();return r.width&&(r.right>w+1||r.left<-1)}).slice(0,5).map(e=>e.tagName+'.'+e.className+' '+Math.round(e.getBoundingClientRect().right)))})()`

// small lists the main things to press that are lower or narrower than a finger.
const small = `[...document.querySelectorAll('button,a.button,.go,input:not([type=hidden]):not([type=checkbox]):not([type=radio]),select,textarea,label.pick,.pager a,.ways a,.me a')].filter(e=>e.checkVisibility()&&!e.classList.contains('linked')&&!e.closest('.deeds')).map(e=>[e,e.getBoundingClientRect()]).filter(([e,r])=>r.width>1&&(r.height<43.5||r.width<43.5)).map(([e,r])=>e.tagName+'.'+e.className+' '+(e.textContent||e.name).trim().slice(0,20)+' '+Math.round(r.width)+'×'+Math.round(r.height))`

// people are those who look, by who they are.
var people = []struct {
	who    string
	sights func(*hall, *testing.T) []sight
}{
	{"reader", forReaders},
	{"ana", forMembers},
	{"cleo", forStewards},
}

// each lets everybody look at every page that is hers.
func each(t *testing.T, look func(p *visitor, who string, s sight)) {
	h := demoHall(t)
	for _, one := range people {
		t.Run(one.who, func(t *testing.T) {
			t.Parallel()
			p := h.visitor(t)
			for _, s := range one.sights(h, t) {
				look(p, one.who, s)
			}
		})
	}
}

// TestPages looks at every page as everybody who may see it, in a language from
// the left and one from the right, by day and by night, in every width.
func TestPages(t *testing.T) {
	t.Parallel()
	each(t, func(p *visitor, who string, s sight) { p.inspect(who, s) })
}

func (p *visitor) inspect(who string, s sight) {
	p.t.Helper()
	for _, lang := range []string{"en", "ar"} {
		p.size(1000, 900)
		p.wear(who, guise{lang, "light"})
		p.look(s)
		if got := eval[string](p, `document.documentElement.lang`); !strings.HasPrefix(got, lang) {
			p.t.Errorf("%s comes in %s, not in %s", s.name, got, lang)
		}
		p.accessible(s.name+" "+lang+" light", "")
		p.wear(who, guise{lang, "dark"})
		p.until("night has come", `matchMedia('(prefers-color-scheme: dark)').matches && new Promise(r=>requestAnimationFrame(()=>requestAnimationFrame(()=>r(true))))`)
		p.accessible(s.name+" "+lang+" dark", "color-contrast")
		p.fits(s.name + " " + lang)
	}
}

// TestPages_ofTexts looks at the pages of a text that was changed.
func TestPages_ofTexts(t *testing.T) {
	t.Parallel()
	p := open(t).as(t, "cleo")
	p.begin("Changed since", "The first word.")
	p.press("Edit")
	p.fill("Text", "The first word, and one more.")
	p.press("Send")
	p.until("it is changed", postsSaying("and one more")+`===1`)
	post := eval[string](p, `document.querySelector('.deeds a[href^="/posts/"]').pathname`)
	for _, s := range []sight{
		{name: "edit", path: post + "/edit"},
		{name: "preview", path: post + "/edit", act: func(p *visitor) {
			p.click(`document.querySelector('button[name=preview]')`, "preview")
			p.until("the preview is there", `document.querySelector('.preview').innerText`)
		}},
	} {
		p.look(s)
		p.accessible(s.name, "")
		p.fits(s.name)
	}
	p.inspect("cleo", sight{name: "revisions", path: post + "/revisions"})
	p.inspect("cleo", sight{name: "difference", path: post + "/revisions/2"})
}

// accessible fails the test for what axe finds, by all rules or by one.
func (p *visitor) accessible(name, rule string) {
	p.t.Helper()
	for _, v := range p.violations(rule) {
		p.t.Errorf("%s: %s", name, v)
	}
}

// fits fails the test where a finger finds too little or a window too much. 640
// stands for a window of 1,280 at 200 % zoom.
func (p *visitor) fits(name string) {
	p.t.Helper()
	for _, width := range []int64{320, 360, 640, 1280, 1600} {
		p.size(width, 800)
		if v := eval[[]string](p, wide); len(v) > 0 {
			p.t.Errorf("%s at %d: %v", name, width, v)
		}
		if width == 360 {
			for _, v := range eval[[]string](p, small) {
				p.t.Errorf("%s: too small for a finger: %s", name, v)
			}
		}
	}
}
