package safe_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guildhall/internal/lang"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
	"guildhall/internal/web/quota"
	"guildhall/internal/web/safe"
)

func TestDoor_refusesWhoeverBringsAName(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	key := s.masks(10)[0]
	body := s.seal(wire.Visit{}, key)
	for _, name := range []string{"Cookie", "Authorization", "Proxy-Authorization", "Referer"} {
		for _, value := range []string{"hall=1", ""} {
			r, b := s.send(s.request("POST", "/m", body, name, value))
			if name == "Cookie" && value == "" {
				continue // net/http does not send an empty one
			}
			s.refused(r, b, 400, "safe.identified")
		}
		r, b := s.send(s.request("GET", "/keys?space=designers", nil, name, "x=1"))
		s.refused(r, b, 400, "safe.identified")
	}
	r, b := s.send(s.request("POST", "/m", body, "Origin", "https://evil.example"))
	s.refused(r, b, 403, "safe.origin")
	r, b = s.send(s.request("POST", "/m", body, "Origin", "null"))
	s.refused(r, b, 403, "safe.origin")
	r, b = s.send(s.request("GET", "/", nil))
	s.refused(r, b, 404, "safe.nothing")
	r, _ = s.send(s.request("POST", "/m", body, "Origin", "https://hall.example"))
	if r.StatusCode != 200 || r.Header.Get("Access-Control-Allow-Origin") != "https://hall.example" {
		t.Errorf("the hall's own page: %d %v", r.StatusCode, r.Header)
	}
}

// Row 12 of the table of leaks: these headers and no others.
func TestDoor_headers(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	key := s.masks(10)[0]
	allowed := map[string]string{
		"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Referrer-Policy": "no-referrer",
		"X-Content-Type-Options": "nosniff", "Strict-Transport-Security": "max-age=31536000", "Access-Control-Allow-Origin": "https://hall.example",
		"Access-Control-Expose-Headers": "Date", "Content-Type": "application/octet-stream", "Content-Length": "", "Date": "",
	}
	r, b := s.send(s.request("POST", "/m", s.seal(wire.Visit{}, key), "Origin", "https://hall.example"))
	for name, values := range r.Header {
		if want, ok := allowed[name]; !ok || want != "" && values[0] != want {
			t.Errorf("%s: %q", name, values)
		}
	}
	if !r.Close || len(b)%wire.Step != 0 {
		t.Errorf("the line stays open: %v; %d bytes", !r.Close, len(b))
	}
	for name := range allowed {
		if r.Header.Get(name) == "" {
			t.Errorf("no %s", name)
		}
	}
}

func TestDoor_sameBytesForFifty(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	keys := s.masks(50)
	id := token.Encode(make([]byte, 16))
	a, _ := s.visit(wire.Visit{Acts: []wire.Act{{Do: wire.Post, ID: id, Thread: id, Title: "Rates", Text: "They fell."}}}, keys[0])
	if !a.Results[0].OK {
		t.Fatalf("%+v", a)
	}
	s.mu.Lock()
	s.at = s.at.Add(time.Hour)
	s.mu.Unlock()
	s.ok(s.room.TestOnlyTick(context.Background()))
	var first []byte
	for _, k := range keys {
		_, bundle := s.visit(wire.Visit{}, k)
		if first == nil {
			first = bundle
		}
		if !bytes.Equal(first, bundle) {
			t.Fatal("two readers got different bundles")
		}
	}
	if b, err := wire.Unpack(first); err != nil || len(b.Threads) != 1 || b.Threads[0].Title != "Rates" {
		t.Errorf("%+v %v", b, err)
	}
}

// Row 31: reading, posting and doing nothing look alike in size.
func TestDoor_sizesTellNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	keys := s.masks(20)
	sizes := map[[2]int]bool{}
	for i, acts := range [][]wire.Act{nil, {{Do: wire.Status}}, {{Do: wire.Post, ID: token.Encode(bytes.Repeat([]byte{1}, 16)),
		Thread: token.Encode(bytes.Repeat([]byte{1}, 16)), Title: "Rates", Text: strings.Repeat("They fell. ", 150)}}} {
		body := s.seal(wire.Visit{Acts: acts}, keys[i])
		_, b := s.send(s.request("POST", "/m", body))
		sizes[[2]int{len(body), len(b)}] = true
	}
	for i, acts := range [][]wire.Act{nil, {{Do: wire.Post, ID: token.Encode(bytes.Repeat([]byte{2}, 16)),
		Thread: token.Encode(bytes.Repeat([]byte{2}, 16)), Title: "Rates", Text: strings.Repeat("They fell. ", 500)}}} {
		body := s.seal(wire.Visit{Acts: acts, Parting: true}, keys[3+i])
		_, b := s.send(s.request("POST", "/m", body))
		if len(body) != 2*wire.Step || len(b) != 2*wire.Step || !bytes.Equal(b[wire.Step:], make([]byte, wire.Step)) {
			t.Errorf("put away with %d acts: %d bytes, %d back", len(acts), len(body), len(b))
		}
	}
	if len(sizes) != 1 {
		t.Errorf("sizes of body and answer differ: %v", sizes)
	}
}

// replaced is a visit of the same words under another's signature of them.
func replaced(good []byte) []byte {
	b := bytes.Clone(good)
	b[0] = 'A' // some other sign that a signature can begin with
	if good[0] == 'A' {
		b[0] = 'B'
	}
	return b
}

func TestDoor_badBodies(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	keys := s.masks(10)
	good := s.seal(wire.Visit{}, keys[0])
	for range 2 { // the second is known
		if r, b := s.send(s.request("POST", "/m", good)); r.StatusCode != 200 {
			t.Fatalf("%d %s", r.StatusCode, b)
		}
	}
	forged := bytes.Replace(bytes.Clone(good), []byte(token.Encode(keys[0].Public().(ed25519.PublicKey))), []byte(token.Encode(keys[1].Public().(ed25519.PublicKey))), 1)
	for name, tt := range map[string]struct {
		body   []byte
		status int
		key    string
	}{
		"empty":            {nil, 400, "pass.visit.broken"},
		"cut":              {good[:4095], 400, "pass.visit.broken"},
		"another's":        {forged, 403, "pass.visit.unsigned"},
		"almost as before": {replaced(good), 403, "pass.visit.unsigned"},
		"too long":         {make([]byte, wire.MaxBody+1), 400, "pass.visit.long"},
		"no visit at all":  {bytes.Repeat([]byte("x"), 4096), 400, "pass.visit.broken"},
	} {
		t.Run(name, func(t *testing.T) {
			r, b := s.send(s.request("POST", "/m", tt.body))
			s.refused(r, b, tt.status, tt.key)
		})
	}
	long := s.request("POST", "/m", nil)
	long.Body, long.ContentLength = io.NopCloser(io.LimitReader(endless{}, wire.MaxBody+1)), -1
	r, b := s.send(long)
	s.refused(r, b, 400, "pass.visit.long")
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// A body that does not come whole does nothing, and its sender is let go of.
func TestDoor_halfABody(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	s.ok(err)
	defer c.Close()
	_, err = io.WriteString(c, "POST /m HTTP/1.1\r\nHost: safe.hall\r\nContent-Length: 4096\r\n\r\nhalf")
	s.ok(err)
	s.ok(c.(*net.TCPConn).CloseWrite())
	b, _ := io.ReadAll(c)
	if !bytes.Contains(b, []byte("safe.slow")) {
		t.Errorf("%q", b)
	}
}

func TestDoor_pace(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	keys := s.masks(10)
	s.door.Pace = quota.New(s.now, quota.Limit{Count: 3, Per: time.Hour})
	for range 3 {
		s.visit(wire.Visit{}, keys[0])
	}
	r, b := s.send(s.request("POST", "/m", s.seal(wire.Visit{}, keys[0])))
	s.refused(r, b, 429, "fault.wait_minutes")
	s.visit(wire.Visit{}, keys[1]) // another mask is not told to wait
}

// Row 27: nothing of a visit is in a log, whatever fails.
func TestDoor_logsNothing(t *testing.T) { // not parallel: it holds slog's default
	var log bytes.Buffer
	old := slog.Default()
	defer slog.SetDefault(old)
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	s := newSite(t, func(c *safe.Config) {
		c.Keys = func(_ context.Context, space string) ([]byte, error) { panic("by " + space) }
	})
	keys := s.masks(10)
	r, b := s.send(s.request("GET", "/keys?space=canary-space", nil, "User-Agent", "canary-agent", "X-Forwarded-For", "203.0.113.7"))
	s.refused(r, b, 500, "fault.internal")
	s.visit(wire.Visit{Acts: []wire.Act{{Do: wire.Report, ID: token.Encode(make([]byte, 16)), Kind: "harm", Text: "canary-words"}}}, keys[0])
	if log.Len() != 0 {
		t.Errorf("logged: %s", &log)
	}
	if n, _ := s.door.Failures(); n != 1 {
		t.Errorf("%d failures counted, want 1", n)
	}
	names, _ := filepath.Glob(filepath.Join(s.dir, "*"))
	for _, n := range names {
		b, err := os.ReadFile(n)
		s.ok(err)
		for _, bad := range []string{"canary-agent", "203.0.113.7", "canary-words"} {
			if bytes.Contains(b, []byte(bad)) {
				t.Errorf("%s holds %q", filepath.Base(n), bad)
			}
		}
	}
}

func TestDoor_speaksTheVisitorsLanguage(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	key := s.masks(10)[0]
	a, _ := s.visit(wire.Visit{Lang: "es", Acts: []wire.Act{{Do: wire.Delete, ID: token.Encode(make([]byte, 16))}}}, key)
	l, _ := lang.Parse("es")
	if a.Results[0].Message != l.T("mask.post.nowhere") {
		t.Errorf("%+v", a.Results[0])
	}
}

func TestOrigin(t *testing.T) {
	t.Parallel()
	for hall, want := range map[string]string{
		"https://hall.example": "https://safe.hall.example", "http://localhost:8080": "http://safe.localhost:8080", "": "", "::": "",
	} {
		if got := safe.Origin(hall); got != want {
			t.Errorf("%q: %q, want %q", hall, got, want)
		}
	}
}

func FuzzDoor(f *testing.F) {
	s := newSite(f, nil)
	f.Add([]byte("x"), "", "")
	f.Add(s.seal(wire.Visit{Acts: []wire.Act{{Do: wire.Status}}}, ed25519.NewKeyFromSeed(make([]byte, 32))), "https://hall.example", "en")
	f.Fuzz(func(t *testing.T, body []byte, origin, accept string) {
		r := httptest.NewRequest("POST", "/m", bytes.NewReader(body))
		if origin != "" {
			r.Header["Origin"] = []string{origin}
		}
		r.Header["Accept-Language"] = []string{accept}
		w := httptest.NewRecorder()
		s.door.ServeHTTP(w, r)
		if w.Code == 500 || w.Body.Len()%wire.Step != 0 {
			t.Errorf("%d, %d bytes", w.Code, w.Body.Len())
		}
	})
}
