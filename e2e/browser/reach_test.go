//go:build browser

package browser

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/websocket"

	"guildhall/internal/app"
	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/notice"
	"guildhall/internal/push"
)

// pushService is what the makers of browsers run: it speaks to Firefox over a WebSocket as
// autopush does, and takes messages over https.
type pushService struct {
	t    *testing.T
	line *httptest.Server // to the browser
	door *httptest.Server // to halls
	mu   sync.Mutex
	ws   *websocket.Conn
	n    int
	gone bool // it says that it knows no such device
}

// said is what Firefox and autopush say to each other.
type said struct {
	MessageType  string            `json:"messageType"`
	UAID         string            `json:"uaid,omitempty"`
	Status       int               `json:"status,omitempty"`
	UseWebPush   bool              `json:"use_webpush,omitempty"`
	Broadcasts   map[string]string `json:"broadcasts,omitempty"`
	ChannelID    string            `json:"channelID,omitempty"`
	PushEndpoint string            `json:"pushEndpoint,omitempty"`
	Version      string            `json:"version,omitempty"`
	Data         string            `json:"data,omitempty"`
	Headers      map[string]string `json:"headers,omitempty"`
}

func openPushService(t *testing.T) *pushService {
	t.Helper()
	s := &pushService{t: t}
	s.line = httptest.NewServer(websocket.Server{Handler: s.listen, Handshake: func(c *websocket.Config, _ *http.Request) error {
		c.Protocol = []string{"push-notification"}
		return nil
	}})
	s.door = httptest.NewTLSServer(http.HandlerFunc(s.take))
	t.Cleanup(func() { s.line.CloseClientConnections(); s.line.Close(); s.door.Close() })
	return s
}

// prefs let Firefox take this service for its maker's.
func (s *pushService) prefs() string {
	return fmt.Sprintf(`user_pref("dom.push.serverURL", "ws://%s/"); user_pref("dom.push.testing.allowInsecureServerURL", true);
user_pref("dom.push.connection.enabled", true); user_pref("dom.push.testing.ignorePermission", true); user_pref("permissions.default.desktop-notification", 1);
user_pref("dom.webnotifications.requireuserinteraction", false); user_pref("alerts.useSystemBackend", false);`, s.line.Listener.Addr())
}

func (s *pushService) listen(ws *websocket.Conn) {
	s.mu.Lock()
	s.ws = ws
	s.mu.Unlock()
	for {
		var m said
		if err := websocket.JSON.Receive(ws, &m); err != nil {
			return
		}
		switch m.MessageType {
		case "hello":
			s.say(said{MessageType: "hello", UAID: "0123456789abcdef0123456789abcdef", Status: 200, UseWebPush: true, Broadcasts: map[string]string{}})
		case "register":
			s.say(said{MessageType: "register", ChannelID: m.ChannelID, Status: 200, PushEndpoint: s.door.URL + "/wpush/v2/" + m.ChannelID})
		case "unregister":
			s.say(said{MessageType: "unregister", ChannelID: m.ChannelID, Status: 200})
		}
	}
}

func (s *pushService) say(m said) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ws == nil {
		return
	}
	if err := websocket.JSON.Send(s.ws, m); err != nil {
		s.t.Log(err)
	}
}

func (s *pushService) take(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.n++
	n, gone := s.n, s.gone
	s.mu.Unlock()
	if gone {
		w.WriteHeader(http.StatusGone)
		return
	}
	s.say(said{
		MessageType: "notification", ChannelID: r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:], Version: fmt.Sprint(n),
		Data: base64.RawURLEncoding.EncodeToString(b), Headers: map[string]string{"encoding": r.Header.Get("Content-Encoding")},
	})
	w.WriteHeader(http.StatusCreated)
}

// dies lets the service know its device no more, or again.
func (s *pushService) dies(is bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = is
}

// reachable opens a hall whose devices are reached through s.
func reachable(t *testing.T, s *pushService, change ...func(*app.Config)) *timed {
	t.Helper()
	h := openTimed(t, change...)
	roots := x509.NewCertPool()
	roots.AddCert(s.door.Certificate())
	key, err := push.KeepKey(h.dir, nil)
	h.ok(err)
	c := push.New(push.Config{Key: key, Subject: "https://hall.example", Now: h.now, TestOnlyRoots: roots})
	h.app.Notices.Send, h.app.Notices.Check = c.Send, c.Check
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); h.app.Notices.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	return h
}

// notifications are what the browser shows now.
const notifications = `const list=await (await navigator.serviceWorker.ready).getNotifications();`

// TestFirefox_isReached switches Firefox on, rings it, has a reply brought to it while
// another page is open, and finds out that a device is lost: through a push service of
// our own, with everything else real.
func TestFirefox_isReached(t *testing.T) {
	t.Parallel()
	mustHave(t, "firefox-esr", "firefox-esr")
	s := openPushService(t)
	h := reachable(t, s)
	p := &guest{t, openFirefox(t, s.prefs())}
	p.join(h.url)
	p.visit(h.url + "/account/reach")
	p.pressNamed("Switch on here")
	p.see("It is switched on.")
	p.shoot("firefox-reach-on")

	p.pressNamed("Ring all my devices now")
	p.see("Shown there")
	p.see("after")
	p.shoot("firefox-reach-rung")
	p.untilAsync("the trial is shown", notifications+`return list.some(n=>n.body==='This device can be reached. Press here.')`)

	// No page of the hall is open when Bo replies.
	ana := h.faceOf(p.session())
	wishes := notice.Defaults("UTC")
	wishes.QuietTo, wishes.Words = wishes.QuietFrom, true
	h.ok(h.app.Notices.Save(context.Background(), ana, wishes))
	p.visit("about:blank")
	talk, err := h.app.Forum.Open(context.Background(), forum.Actor{Face: ana}, forum.NewDiscussion{Title: "Who pays late?", Lang: "en", First: forum.NewPost{Text: "Tell."}})
	h.ok(err)
	_, err = h.app.Forum.Reply(context.Background(), forum.Actor{Face: h.steward()}, talk.ID, forum.NewPost{Text: "Many."})
	h.ok(err)
	h.ok(h.app.TestOnlyDrain(context.Background()))
	awaitEngine(t, "what carried the reply is gone, because it was shown", h.log, func() error {
		held, err := h.app.Notices.Held(context.Background(), ana)
		for _, w := range held {
			if w.Kind == notice.Replies {
				return errors.New("it is on its way")
			}
		}
		return err
	})
	p.visit(h.url + "/following")
	p.untilAsync("the reply is shown", notifications+`return list.some(n=>n.body==='Replies to you: 1 new')`)

	s.dies(true)
	p.visit(h.url + "/account/reach")
	p.pressNamed("Ring all my devices now")
	p.see("Cannot be reached any more")
	p.shoot("firefox-reach-lost")
	h.ok(h.app.TestOnlyDrain(context.Background()))
	p.visit(h.url + "/following")
	p.see("It cannot be reached any more")
}

func (h *timed) faceOf(session string) face.ID {
	h.t.Helper()
	s, err := h.app.Members.Resume(context.Background(), session)
	h.ok(err)
	return face.ID(s.Face)
}

// untilAsync is until for js that waits itself.
func (p *guest) untilAsync(what, js string) {
	p.t.Helper()
	awaitEngine(p.t, what, &journal{}, func() error {
		v, err := p.call("WebDriver:ExecuteAsyncScript", map[string]any{"script": `const done=arguments[arguments.length-1];(async()=>{` + js + `})().then(v=>done(!!v),e=>done(String(e)))`, "args": []any{}})
		if err == nil && string(v) != "true" {
			err = fmt.Errorf("it says %s", v)
		}
		return err
	})
}

// TestReach_denied stands before Chromium that lets nobody show anything: the page says so
// and what to do, and its other devices are listed, for all eyes.
func TestReach_denied(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.as(t, "cleo")
	p.visit("/account/reach")
	p.until("nothing was asked before a press", `Notification.permission==='default'`)
	p.press("Switch on here") // nobody is there to say yes
	p.see("The browser does not let the hall show notifications.")
	p.until("nothing asks for more", `!document.querySelector('[data-do=on]').checkVisibility()`)
	const key = `BGRE3cMCt8RHlXl5S6gDv6-MHonuWqyKbgAv_uHxckFgdBvHNkSU3OXhpWXyEGU77aqDEMjIyN2znGtWm0FWhq0`
	if status := eval[int](p, `fetch('/account/reach/devices',{method:'POST',body:new URLSearchParams({endpoint:'https://devices.invalid/to/phone',key:'`+key+`',auth:'AAAAAAAAAAAAAAAAAAAAAA'})}).then(r=>r.status)`); status != 200 {
		t.Fatal(status)
	}
	s := sight{name: "reach-devices", path: "/account/reach?said=saved"}
	p.inspect("cleo", s)
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		for _, g := range everyGuise {
			for _, width := range []int64{360, 1280} {
				p.size(width, 800)
				p.wear("cleo", g)
				p.look(s)
				p.shoot(filepath.Join(dir, fmt.Sprintf("%s-%d-%s-%s.png", s.name, width, g.theme, g.lang)))
			}
		}
	}
}
