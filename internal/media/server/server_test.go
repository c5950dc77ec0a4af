package server_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/livekit/protocol/livekit"
	"golang.org/x/net/websocket"
	"google.golang.org/protobuf/proto"

	"guildhall/internal/media"
	"guildhall/internal/media/server"
)

// TestMain lets this program be its own child.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "media" {
		if err := server.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
			_, _ = io.WriteString(os.Stderr, "guildhall: "+err.Error()+"\n")
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const secret = "a secret of more than thirty-two characters"

// hall is a server of calls behind a web server.
type hall struct {
	*media.Server
	t   *testing.T
	web string
}

func open(t *testing.T, change func(*media.Config)) *hall {
	t.Helper()
	c := media.Config{Key: "hall", Secret: secret, Now: time.Now, Orders: media.Orders{IP: "127.0.0.1"}}
	if change != nil {
		change(&c)
	}
	s := media.New(c)
	t.Cleanup(func() { s.Close() })
	mux := http.NewServeMux()
	for pattern, handler := range s.Routes() {
		mux.Handle(pattern, handler)
	}
	web := httptest.NewServer(mux)
	t.Cleanup(web.Close)
	return &hall{s, t, web.URL}
}

func (h *hall) status(path string) int {
	h.t.Helper()
	resp, err := http.Get(h.web + path)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	if v := resp.Header.Get("Access-Control-Allow-Origin"); v != "" {
		h.t.Errorf("%s may be read by %s", path, v)
	}
	return resp.StatusCode
}

func with(ticket string) string { return "?access_token=" + url.QueryEscape(ticket) }

func TestServe_startsOnFirstNeedAndLetsInByTicket(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	if s := h.status("/media/rtc/validate"); s != http.StatusUnauthorized || h.Pid() != 0 {
		t.Errorf("without a ticket: %d, a child: %d", s, h.Pid())
	}
	if s := h.status("/media/rtc/validate" + with(h.Ticket("a-call", "a-seat"))); s != http.StatusOK {
		t.Errorf("with a ticket: %d", s)
	}
	if h.Pid() == 0 {
		t.Error("no child")
	}
	other := media.New(media.Config{Key: "hall", Secret: strings.ToUpper(secret), Now: time.Now})
	old := media.New(media.Config{Key: "hall", Secret: secret, Now: func() time.Time { return time.Now().Add(-time.Hour) }})
	for what, ticket := range map[string]string{"another's": other.Ticket("a-call", "a-seat"), "an old": old.Ticket("a-call", "a-seat"), "no": "x"} {
		if s := h.status("/media/rtc/validate" + with(ticket)); s != http.StatusUnauthorized {
			t.Errorf("with %s ticket: %d", what, s)
		}
	}
	for _, path := range []string{"/media/twirp/livekit.RoomService/ListRooms", "/media/", "/media/agent", "/media/rtc/../twirp"} {
		if s := h.status(path + with(h.Ticket("a-call", "a-seat"))); s != http.StatusNotFound {
			t.Errorf("%s: %d", path, s)
		}
	}
}

// join joins a call as a browser does, and gives what it is told first.
func (h *hall) join(call, seat string) (*websocket.Conn, *livekit.JoinResponse) {
	h.t.Helper()
	at := "ws" + strings.TrimPrefix(h.web, "http") + "/media/rtc" + with(h.Ticket(call, seat)) + "&protocol=15&sdk=js&version=2.0.0"
	c, err := websocket.Dial(at, "", h.web)
	if err != nil {
		h.t.Fatalf("join: %v", err)
	}
	h.t.Cleanup(func() { c.Close() })
	for {
		m, err := hear(c)
		if err != nil {
			h.t.Fatalf("join: %v", err)
		}
		if j := m.GetJoin(); j != nil {
			return c, j
		}
	}
}

func hear(c *websocket.Conn) (*livekit.SignalResponse, error) {
	var b []byte
	var m livekit.SignalResponse
	if err := websocket.Message.Receive(c, &b); err != nil {
		return nil, err
	}
	return &m, proto.Unmarshal(b, &m)
}

// Browsers are named no server but ours, and a call that is ended is ended for who is in it.
func TestServe_namesNobodyElseAndEnds(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	c, j := h.join("a-call", "a-seat")
	if len(j.IceServers) == 0 {
		t.Error("no server to ask for an address")
	}
	for _, s := range j.IceServers {
		for _, u := range s.Urls {
			if !strings.Contains(u, ":127.0.0.1:") {
				t.Errorf("browsers are told of %s", u)
			}
		}
	}
	if err := h.End(t.Context(), "a-call"); err != nil {
		t.Fatal(err)
	}
	for {
		m, err := hear(c)
		if err != nil || m.GetLeave() != nil {
			break
		}
	}
	if err := h.End(t.Context(), "never-was"); err != nil {
		t.Error(err)
	}
}

// What is over lets nobody in, whatever her ticket says, and is not made anew.
func TestServe_overIsOver(t *testing.T) {
	t.Parallel()
	var over atomic.Bool
	h := open(t, func(c *media.Config) {
		c.Going = func(_ context.Context, call, _ string) (bool, error) {
			if call == "broken" {
				return false, errors.New("no database")
			}
			return call == "a-call" && !over.Load(), nil
		}
	})
	never := "/media/rtc/validate" + with(h.Ticket("never-was", "a-seat"))
	if s := h.status(never); s != http.StatusNotFound || h.Pid() != 0 {
		t.Errorf("a call that never was: %d, a child: %d", s, h.Pid())
	}
	if s := h.status("/media/rtc/validate" + with(h.Ticket("broken", "a-seat"))); s != http.StatusServiceUnavailable {
		t.Errorf("nobody knows: %d", s)
	}
	c, _ := h.join("a-call", "a-seat")
	over.Store(true)
	if err := h.End(t.Context(), "a-call"); err != nil {
		t.Fatal(err)
	}
	for {
		if m, err := hear(c); err != nil || m.GetLeave() != nil {
			break
		}
	}
	for _, path := range []string{"/media/rtc", "/media/rtc/validate", "/media/rtc/v1", "/media/rtc/v1/validate"} {
		if s := h.status(path + with(h.Ticket("a-call", "a-seat"))); s != http.StatusNotFound {
			t.Errorf("%s of a call that is over: %d", path, s)
		}
	}
	at := "ws" + strings.TrimPrefix(h.web, "http") + "/media/rtc" + with(h.Ticket("a-call", "a-seat")) + "&protocol=15&sdk=js&version=2.0.0"
	if c, err := websocket.Dial(at, "", h.web); err == nil {
		c.Close()
		t.Error("it is joined anew")
	}
}

// Whoever has left is taken out and let in no more; the other stays, and hears so.
func TestServe_oneLeaves(t *testing.T) {
	t.Parallel()
	var left atomic.Bool
	h := open(t, func(c *media.Config) {
		c.Going = func(_ context.Context, _, seat string) (bool, error) { return seat != "hers" || !left.Load(), nil }
	})
	if err := h.Remove(t.Context(), "a-call", "hers"); err != nil || h.Pid() != 0 {
		t.Errorf("where nothing runs: %v, a child: %d", err, h.Pid())
	}
	hers, _ := h.join("a-call", "hers")
	his, _ := h.join("a-call", "his")
	left.Store(true)
	if err := h.Remove(t.Context(), "a-call", "hers"); err != nil {
		t.Fatal(err)
	}
	for {
		if m, err := hear(hers); err != nil || m.GetLeave() != nil {
			break
		}
	}
	for gone := false; !gone; {
		m, err := hear(his)
		if err != nil || m.GetLeave() != nil {
			t.Fatalf("the other is taken out: %v", err)
		}
		for _, p := range m.GetUpdate().GetParticipants() {
			gone = gone || p.Identity == "hers" && p.State == livekit.ParticipantInfo_DISCONNECTED
		}
	}
	for seat, want := range map[string]int{"hers": http.StatusNotFound, "his": http.StatusOK} {
		if s := h.status("/media/rtc/validate" + with(h.Ticket("a-call", seat))); s != want {
			t.Errorf("%s: %d", seat, s)
		}
	}
	if err := h.Remove(t.Context(), "a-call", "hers"); err != nil {
		t.Errorf("again: %v", err)
	}
}

// A child that is killed is there again, on another web port, and lets in by old tickets.
func TestServe_startsAgain(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	ticket := with(h.Ticket("a-call", "a-seat"))
	if s := h.status("/media/rtc/validate" + ticket); s != http.StatusOK {
		t.Fatalf("first: %d", s)
	}
	was := h.Pid()
	if err := syscall.Kill(was, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	again := func() bool { p := h.Pid(); return p != 0 && p != was }
	for end := time.Now().Add(time.Minute); !again(); {
		if time.Now().After(end) {
			t.Fatal("no other child was started")
		}
		_, _ = h.Need(t.Context())
	}
	if s := h.status("/media/rtc/validate" + ticket); s != http.StatusOK {
		t.Errorf("again: %d", s)
	}
}

// A child ends with its hall, however that ended, and says why it does not start.
func TestServe_endsWithItsInput(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for orders, why := range map[string]string{"": "orders: EOF", "{\n": "orders:", `{"ip":"x"}` + "\n": "no address"} {
		cmd := exec.Command(self, "media")
		cmd.Stdin = strings.NewReader(orders)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), why) {
			t.Errorf("%q: %v, %s", orders, err, out)
		}
	}
	h := open(t, nil)
	if _, err := h.Need(t.Context()); err != nil {
		t.Fatal(err)
	}
	pid := h.Pid()
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, 0); err == nil {
		t.Error("the child is still there")
	}
	if _, err := h.Need(t.Context()); err == nil {
		t.Error("a closed server is needed")
	}
}

// What cannot start says so, and is not tried again at once.
func TestServe_doesNotStart(t *testing.T) {
	t.Parallel()
	h := open(t, func(c *media.Config) { c.Orders.IP = "no address" })
	for range 2 {
		if _, err := h.Need(t.Context()); err == nil {
			t.Error("it answers")
		}
	}
	if s := h.status("/media/rtc/validate" + with(h.Ticket("a", "b"))); s != http.StatusServiceUnavailable {
		t.Errorf("browsers are told %d", s)
	}
	far := open(t, func(c *media.Config) { c.URL = "wss://calls.example" })
	if at, err := far.Need(t.Context()); err != nil || at != "https://calls.example" || len(far.Routes()) != 0 || far.Pid() != 0 {
		t.Errorf("far: %s %v", at, err)
	}
}
