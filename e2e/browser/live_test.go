//go:build browser

package browser

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// cable is the way to a hall, which can be cut.
type cable struct {
	to    string
	mu    sync.Mutex
	cut   bool
	lines map[net.Conn]bool
}

// onCable gives the hall as seen over a cable.
func (h *hall) onCable(t *testing.T) (*hall, *cable) {
	t.Helper()
	u, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &cable{to: u.Host, lines: map[net.Conn]bool{}}
	t.Cleanup(func() { l.Close(); w.set(true) })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(c)
		}
	}()
	seen := *h
	_, port, _ := net.SplitHostPort(l.Addr().String())
	seen.url = "http://localhost:" + port
	return &seen, w
}

func (w *cable) carry(c net.Conn) {
	defer c.Close()
	there, err := net.Dial("tcp", w.to)
	if err != nil {
		return
	}
	defer there.Close()
	w.mu.Lock()
	cut := w.cut
	if !cut {
		w.lines[c], w.lines[there] = true, true
	}
	w.mu.Unlock()
	if cut {
		return
	}
	done := make(chan struct{}, 2)
	go func() { _, _ = io.Copy(there, c); done <- struct{}{} }()
	go func() { _, _ = io.Copy(c, there); done <- struct{}{} }()
	<-done
}

// set cuts the cable, with all that runs on it, or mends it.
func (w *cable) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	for c := range w.lines {
		c.Close()
	}
	w.lines = map[net.Conn]bool{}
}

// saidHere tells whether the page has told the hall that what is new is on its screen.
const saidHere = `performance.getEntriesByType('resource').some(e=>e.name.endsWith('/reach/here'))`

const listens = `document.documentElement.dataset.line`

// A page that is open says that there is news in the moment there is; what happened while
// its line was cut, it asks for when the line is there again.
func TestLive_saysWhatIsNew(t *testing.T) {
	t.Parallel()
	h := open(t)
	seen, w := h.onCable(t)
	ana, bo := seen.as(t, "ana"), h.as(t, "bo")
	ana.excuse("/live/")
	ana.excuse("net::ERR_")
	ana.begin("Who pays late?", "Tell me.")
	at := eval[string](ana, `location.pathname`)
	ana.visit("/topics")
	ana.until("she listens", listens+`==='websocket'`)
	bo.visit(at)
	eval[bool](ana, `Object.defineProperty(document,'visibilityState',{get:()=>'hidden',configurable:true})&&true`)
	bo.fill("Your answer", "Nearly all of them.")
	bo.press("Send")
	ana.until("it is said at once", `document.querySelector('.toast a')?.textContent==='There is something new for you.'`)
	if eval[bool](ana, saidHere) {
		t.Error("a page that nobody sees says that news was seen")
	}
	eval[bool](ana, `delete document.visibilityState`)
	ana.until("the bell counts", `document.querySelector('.bell b')?.dataset.count==='1'`)
	if v := ana.violations(""); len(v) > 0 {
		t.Errorf("%v", v)
	}
	ana.visit("/following")
	ana.see("new")
	ana.until("no device need ring", saidHere)
	ana.visit("/topics")
	ana.until("she listens", listens)
	if eval[bool](ana, `!!document.querySelector('.bell b')`) {
		t.Error("what she has seen is counted")
	}
	w.set(true)
	ana.until("the line is gone", `!`+listens)
	bo.fill("Your answer", "Two of three.")
	bo.press("Send")
	bo.see("Two of three.")
	w.set(false)
	ana.until("she listens again", listens)
	ana.until("the bell counts what she has not heard", `document.querySelector('.bell b')?.dataset.count==='1'`)
}

// Where no WebSocket comes through, the same is said over HTTP.
func TestLive_withoutWebSockets(t *testing.T) {
	t.Parallel()
	h := open(t)
	to, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{FlushInterval: -1, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = r.In.Host }}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/live/websocket" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	seen := *h
	seen.url = strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	ana, bo := seen.as(t, "ana"), h.as(t, "bo")
	ana.excuse("/live/websocket")
	ana.begin("Who pays late?", "Tell me.")
	at := eval[string](ana, `location.pathname`)
	ana.visit("/topics")
	ana.until("she listens", listens+`==='http_stream'`)
	bo.visit(at)
	bo.fill("Your answer", "Nearly all of them.")
	bo.press("Send")
	ana.until("it is said at once", `document.querySelector('.toast a')`)
}
