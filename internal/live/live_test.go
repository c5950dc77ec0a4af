package live_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/websocket"

	"guildhall/internal/live"
)

// hall is a hub behind a server; who is signed in stands in a cookie: person.browser.
type hall struct {
	*live.Hub
	t   *testing.T
	web *httptest.Server

	mu  sync.Mutex
	out map[string]bool // browsers that were signed out
}

func open(t *testing.T, again time.Duration) *hall {
	t.Helper()
	h := &hall{t: t, out: map[string]bool{}}
	var err error
	h.Hub, err = live.New(live.Config{Again: again, Identify: func(_ context.Context, r *http.Request) (w live.Who, found bool, err error) {
		c, err := r.Cookie("who")
		if err != nil {
			return w, false, nil
		}
		w.Person, w.Browser, found = strings.Cut(c.Value, ".")
		h.mu.Lock()
		defer h.mu.Unlock()
		return w, found && !h.out[w.Browser], nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for p, handler := range h.Routes() {
		mux.Handle(p, handler)
	}
	h.web = httptest.NewServer(mux)
	t.Cleanup(h.web.Close)
	t.Cleanup(func() { h.Close() })
	return h
}

// line is a connection; said gives what comes on it, one message at a time, pings left out.
type line struct {
	t    *testing.T
	said *bufio.Scanner
	send io.Writer
}

// next is the next message that is no ping; "" at the end of the line.
func (l *line) next() string {
	l.t.Helper()
	for l.said.Scan() {
		text := strings.TrimPrefix(l.said.Text(), "data: ")
		if text != "" && text != "{}" {
			return text
		}
	}
	return ""
}

func (l *line) expect(want string) {
	l.t.Helper()
	if got := l.next(); !strings.Contains(got, want) {
		l.t.Fatalf("said %q, want %q", got, want)
	}
}

const connect = `{"id":1,"connect":{}}`

func (h *hall) socket(who string) *line {
	h.t.Helper()
	c, err := websocket.NewConfig("ws"+strings.TrimPrefix(h.web.URL, "http")+"/live/websocket", h.web.URL)
	if err != nil {
		h.t.Fatal(err)
	}
	c.Header.Set("Cookie", "who="+who)
	ws, err := websocket.DialConfig(c)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { ws.Close() })
	return h.begun(who, &line{h.t, bufio.NewScanner(lines{ws}), ws}, true)
}

// lines ends each message of a socket, as streams do.
type lines struct{ *websocket.Conn }

func (l lines) Read(b []byte) (int, error) {
	var text string
	if err := websocket.Message.Receive(l.Conn, &text); err != nil {
		return 0, io.EOF
	}
	return copy(b, text+"\n"), nil
}

func (h *hall) stream(who string) *line {
	h.t.Helper()
	return h.begun(who, &line{h.t, bufio.NewScanner(h.ask("POST", "/live/stream", who, connect).Body), nil}, false)
}

func (h *hall) events(who string) *line {
	h.t.Helper()
	return h.begun(who, &line{h.t, bufio.NewScanner(h.ask("GET", "/live/sse?cf_connect="+url.QueryEscape(connect), who, "").Body), nil}, false)
}

func (h *hall) begun(who string, l *line, ask bool) *line {
	h.t.Helper()
	if ask {
		if _, err := io.WriteString(l.send, connect); err != nil {
			h.t.Fatal(err)
		}
	}
	person, _, _ := strings.Cut(who, ".")
	l.expect(`"person:` + person + `"`)
	return l
}

func (h *hall) ask(method, path, who, body string) *http.Response {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.web.URL+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if who != "" {
		r.Header.Set("Cookie", "who="+who)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { resp.Body.Close() })
	return resp
}

// Each way carries the same word to every page of a person, and to nobody else's.
func TestTell_byEachWay(t *testing.T) {
	t.Parallel()
	h := open(t, 0)
	ana := []*line{h.socket("ana.phone"), h.stream("ana.desk"), h.events("ana.tablet"), h.socket("ana.phone")}
	bo := h.socket("bo.phone")
	h.Tell("ana", live.News)
	h.Tell("nobody", live.News)
	for _, l := range ana {
		l.expect(`"pub":{"data":{"k":"news"}}`)
	}
	h.Tell("bo", live.Message)
	bo.expect(`{"k":"message"}`) // and not news before it
}

// A page listens to its own person's channel, says nothing to others, and nobody who is not
// signed in listens to anything.
func TestRoutes_refuse(t *testing.T) {
	t.Parallel()
	h := open(t, 0)
	for path, method := range map[string]string{"/live/websocket": "GET", "/live/stream": "POST", "/live/sse": "GET", "/live/emulation": "POST"} {
		if s := h.ask(method, path, "", connect).StatusCode; s != http.StatusUnauthorized {
			t.Errorf("%s: %d", path, s)
		}
		if s := h.ask(method, path, "ana.phone", "").StatusCode; s != http.StatusBadRequest && s != http.StatusUpgradeRequired && method == "GET" {
			t.Errorf("%s of nothing: %d", path, s)
		}
	}
	for _, say := range []string{`{"id":2,"subscribe":{"channel":"person:bo"}}`, `{"id":2,"publish":{"channel":"person:ana","data":{}}}`, `{"id":2,"rpc":{"method":"x"}}`, `{"id":2,"presence":{"channel":"person:ana"}}`, `{"id":2,"history":{"channel":"person:ana","limit":1}}`} {
		l := h.socket("ana.phone")
		if _, err := io.WriteString(l.send, say); err != nil {
			t.Fatal(err)
		}
		l.expect(`"error"`)
	}
	l := h.socket("ana.phone")
	_, _ = io.WriteString(l.send, strings.Repeat("x", 5000))
	if got := l.next(); strings.Contains(got, "pub") {
		t.Errorf("after too much: %q", got)
	}
	r := h.ask("GET", "/live/websocket", "ana.phone", "")
	if r.Header.Get("Cache-Control") != "no-store" {
		t.Error("it may be kept")
	}
}

// Whoever begins to send and never ends has the time of a page, and no more.
func TestRoutes_aBodyThatNeverEnds(t *testing.T) {
	t.Parallel()
	h := open(t, 0)
	h.web.Close()
	server := httptest.NewUnstartedServer(h.web.Config.Handler)
	server.Config.ReadTimeout = time.Second // as the hall's has thirty
	server.Start()
	t.Cleanup(server.Close)
	for _, path := range []string{"/live/stream", "/live/emulation"} {
		c, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		if _, err := io.WriteString(c, "POST "+path+" HTTP/1.1\r\nHost: x\r\nCookie: who=ana.phone\r\nContent-Length: 100\r\n\r\n{"); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(c); err != nil { // it is answered, and the line is closed
			t.Error(err)
		}
	}
}

func TestRoutes_ofAnotherSite(t *testing.T) {
	t.Parallel()
	h := open(t, 0)
	c, err := websocket.NewConfig("ws"+strings.TrimPrefix(h.web.URL, "http")+"/live/websocket", "https://elsewhere.example")
	if err != nil {
		t.Fatal(err)
	}
	c.Header.Set("Cookie", "who=ana.phone")
	if _, err := websocket.DialConfig(c); err == nil {
		t.Error("a page of another site may listen")
	}
}

func TestLeave(t *testing.T) {
	t.Parallel()
	h := open(t, 0)
	phone, desk, bo := h.socket("ana.phone"), h.stream("ana.desk"), h.socket("bo.phone")
	h.Leave("ana", "phone")
	if got := phone.next(); strings.Contains(got, `"pub"`) {
		t.Errorf("said %q", got)
	}
	h.Tell("ana", live.News)
	desk.expect("news")
	h.Leave("ana", "")
	if got := desk.next(); strings.Contains(got, `"pub"`) {
		t.Errorf("said %q", got)
	}
	h.Tell("bo", live.News)
	bo.expect("news")
}

// A browser that was signed out anywhere else is found when its line is asked again.
func TestListener_isAskedAgain(t *testing.T) {
	t.Parallel()
	h := open(t, time.Second)
	phone := h.socket("ana.phone")
	h.mu.Lock()
	h.out["phone"] = true
	h.mu.Unlock()
	for got := phone.next(); got != ""; got = phone.next() { // it ends
		if strings.Contains(got, `"pub"`) {
			t.Errorf("said %q", got)
		}
	}
}

func TestClose_endsAll(t *testing.T) {
	t.Parallel()
	h := open(t, 0)
	a, b := h.socket("ana.phone"), h.stream("ana.desk")
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	for _, l := range []*line{a, b} {
		for got := l.next(); got != ""; got = l.next() {
			if strings.Contains(got, `"pub"`) {
				t.Errorf("said %q", got)
			}
		}
	}
	h.Tell("ana", live.News) // to nobody
}
