//go:build browser

package browser

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

const kept = `caches.open('pages').then(c=>c.keys()).then(k=>k.length>0)`

func TestOffline_showsWhatWasRead(t *testing.T) {
	t.Parallel()
	h := open(t)
	writer := h.as(t, "ana")
	writer.begin("Read on the train", "Words for a tunnel.")
	at := eval[string](writer, `location.pathname`)

	p := h.visitor(t)
	p.excuse("net::ERR_")
	p.visit("/")
	p.until("the worker keeps pages", `navigator.serviceWorker.controller`)
	p.visit(at)
	p.until("the page is kept", `caches.open('pages').then(c=>c.match(`+quote(at)+`))`)
	h.close()
	p.visit(at)
	p.see("Words for a tunnel.")
	p.visit("/topics")
	p.see("You are offline")
	p.click(`document.querySelector('kept-pages a[href=`+quote(at)+`]')`, "what was read")
	p.see("Words for a tunnel.")
}

func TestOffline_keepsNothingOfMembers(t *testing.T) {
	t.Parallel()
	p := open(t).as(t, "ana")
	p.visit("/")
	p.until("the worker is there", `navigator.serviceWorker.controller`)
	p.begin("Not for the shelf", "Read while signed in.")
	p.visit("/account")
	if eval[bool](p, kept) {
		t.Error("a page of a signed-in member is kept on the device")
	}
}

func TestManifest_installs(t *testing.T) {
	t.Parallel()
	p := open(t).visitor(t)
	p.visit("/")
	p.until("the worker is there", `navigator.serviceWorker.controller`)
	type icon struct{ Src, Sizes, Type, Purpose string }
	var m struct {
		Name, Display string
		StartURL      string `json:"start_url"`
		Icons         []icon
	}
	text := eval[string](p, `fetch(document.querySelector('link[rel=manifest]').href).then(r=>r.text())`)
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	if m.Name == "" || m.Display != "standalone" || m.StartURL != "/" {
		t.Errorf("manifest: %+v", m)
	}
	purposes := map[string]bool{}
	for _, i := range m.Icons {
		purposes[i.Purpose+" "+i.Sizes] = true
		a, err := http.Get(p.hall.url + i.Src)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != i.Type {
			t.Errorf("icon %s: %s %s", i.Src, a.Status, a.Header.Get("Content-Type"))
		}
	}
	for _, want := range []string{"any 192x192", "any 512x512", "maskable 512x512"} {
		if !purposes[want] {
			t.Errorf("no icon %s", want)
		}
	}
	found, err := chromedp.Call(p.ctx, page.GetInstallabilityErrors, cdp.Empty{})
	p.must("ask whether it installs", err)
	for _, e := range found.InstallabilityErrors {
		if e.ErrorID != "in-incognito" { // which every visitor's browser is
			t.Errorf("the browser would not install it: %s", e.ErrorID)
		}
	}
}

func TestLook_isChosen(t *testing.T) {
	t.Parallel()
	p := open(t).visitor(t)
	p.visit("/discussions")
	choose := func(name, value string) {
		eval[bool](p, `((e,v)=>{e.value=v;return e.value===v})(document.querySelector('.foot [name=`+name+`]'),`+quote(value)+`)`)
	}
	choose("lang", "ar")
	choose("theme", "dark")
	p.click(`document.querySelector('.foot button')`, "save")
	p.until("the page is Arabic and dark", `document.dir==='rtl' && document.documentElement.lang==='ar' && document.documentElement.dataset.theme==='dark'`)
	p.until("one stays where one was", `location.pathname==='/discussions'`)
	p.visit("/articles")
	p.until("it stays chosen", `document.dir==='rtl' && getComputedStyle(document.documentElement).colorScheme==='dark'`)
}
