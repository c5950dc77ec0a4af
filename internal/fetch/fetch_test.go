package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/fault"
)

// serve starts a server on the loopback and gives a client that may visit it.
func serve(t *testing.T, cfg Config, h http.HandlerFunc) (*Client, string) {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	cfg.Ports = append(cfg.Ports, portOf(t, srv.URL))
	if cfg.Allow == nil {
		cfg.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	}
	return New(cfg), srv.URL
}

func portOf(t *testing.T, address string) uint16 {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	return uint16(n)
}

func refused(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	if f := fault.From(err); err == nil || f.Kind != kind || f.Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

func TestGet_followsAndTellsNothing(t *testing.T) {
	t.Parallel()
	var seen []http.Header
	c, at := serve(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Clone())
		http.SetCookie(w, &http.Cookie{Name: "who", Value: "ana"})
		if r.URL.Path != "/end" {
			http.Redirect(w, r, "/end", http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprint(w, "hello")
	})
	got, err := c.Get(t.Context(), at+"/start?secret=1#part", "text/plain")
	if err != nil {
		t.Fatal(err)
	}
	if string(got.Body) != "hello" || got.FinalURL != at+"/end" || got.ContentType != "text/plain; charset=utf-8" {
		t.Errorf("got %+v", got)
	}
	for _, h := range seen {
		if h.Get("User-Agent") != "Guildhall" || h.Get("Accept") != "text/plain" {
			t.Errorf("header %v", h)
		}
		for name := range h {
			if name != "User-Agent" && name != "Accept" && name != "Accept-Encoding" && name != "Connection" {
				t.Errorf("told %s: %s", name, h.Get(name))
			}
		}
	}
	if len(seen) != 2 {
		t.Errorf("%d requests", len(seen))
	}
}

func TestGet_wantsACertificate(t *testing.T) {
	t.Parallel()
	srv := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(srv.Close)
	c := New(Config{Ports: []uint16{portOf(t, srv.URL)}, Allow: prefixes("127.0.0.1/32")})
	_, err := c.Get(t.Context(), srv.URL, "")
	refused(t, err, fault.Unavailable, "fetch.unreachable") // nobody vouches for its certificate
}

func TestGet_refusesAddresses(t *testing.T) {
	t.Parallel()
	c := New(Config{})
	for _, address := range []string{
		"", "x", "/x", "//example.org/", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "http:", "http:example.org", "http://",
		"http://example.org:22/", "http://example.org:99999/", "https://ana:secret@example.org/", "javascript:alert(1)", "http://exa mple.org/", "http://[::1%25eth0]:81/", "http://example.org:x/",
	} {
		_, err := c.Get(t.Context(), address, "")
		refused(t, err, fault.Invalid, "fetch.address")
	}
	for _, host := range []string{
		"127.0.0.1", "127.1.2.3", "localhost", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
		"192.0.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[fe80::1]",
		"[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2001::1]", "[::127.0.0.1]", "[2001:db8::1]", "[fec0::1]",
	} {
		_, err := c.Get(t.Context(), "http://"+host+"/", "")
		if fault.From(err).Key == "fetch.unreachable" && strings.HasPrefix(host, "[") {
			continue // no route for IPv6 on this machine; TestPublic judges it
		}
		refused(t, err, fault.Invalid, "fetch.closed")
	}
}

func TestPublic(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"1.1.1.1", "8.8.8.8", "::ffff:8.8.8.8", "2606:4700::1111", "2a00:1450::1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "223.255.255.255"} {
		if !public(netip.MustParseAddr(s)) {
			t.Errorf("%s is public", s)
		}
	}
	for _, s := range []string{"::1", "::", "::ffff:127.0.0.1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:10::1",
		"::8.8.8.8", "2001:db8::1", "3fff::1", "100::1", "2606:4700::1111%eth0", "0.1.2.3", "192.88.99.1", "203.0.113.9", "198.51.100.1", "192.0.2.1"} {
		if public(netip.MustParseAddr(s)) {
			t.Errorf("%s is not public", s)
		}
	}
	if public(netip.Addr{}) {
		t.Error("nothing is not public")
	}
}

func TestGet_redirects(t *testing.T) {
	t.Parallel()
	c, at := serve(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		switch {
		case r.URL.Query().Has("to"):
			w.Header().Set("Location", r.URL.Query().Get("to"))
			w.WriteHeader(http.StatusFound)
		case n > 0:
			http.Redirect(w, r, "/?n="+strconv.Itoa(n-1), http.StatusFound)
		}
	})
	if _, err := c.Get(t.Context(), at+"/?n=3", ""); err != nil {
		t.Errorf("three redirects: %v", err)
	}
	_, err := c.Get(t.Context(), at+"/?n=4", "")
	refused(t, err, fault.Unavailable, "fetch.redirects")
	for to, key := range map[string]string{
		"http://127.0.0.2/": "fetch.closed", "http://169.254.169.254/latest/": "fetch.closed", "http://127.0.0.1:22/": "fetch.address",
		"file:///etc/passwd": "fetch.address", "ftp://127.0.0.1/": "fetch.address", "https://ana:b@127.0.0.1/": "fetch.address",
	} {
		_, err := c.Get(t.Context(), at+"/?to="+url.QueryEscape(to), "")
		refused(t, err, fault.Invalid, key)
	}
}

func TestGet_limitsTimeAndSize(t *testing.T) {
	t.Parallel()
	var zeros bytes.Buffer // 50 MB in 50 kB
	z := gzip.NewWriter(&zeros)
	for range 50 {
		if _, err := z.Write(make([]byte, 1_000_000)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	c, at := serve(t, Config{MaxBytes: 1_000_000}, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(zeros.Bytes())
		case "/exact":
			_, _ = w.Write(make([]byte, 1_000_000))
		case "/more":
			_, _ = w.Write(make([]byte, 1_000_001))
		case "/head":
			w.Header().Set("X", strings.Repeat("x", 2*maxHead))
		case "/cut":
			w.Header().Set("Content-Length", "10")
			_, _ = w.Write([]byte("abc"))
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/teapot":
			w.WriteHeader(http.StatusTeapot)
		}
	})
	got, err := c.Get(t.Context(), at+"/exact", "")
	if err != nil || len(got.Body) != 1_000_000 {
		t.Errorf("%d bytes, %v", len(got.Body), err)
	}
	for path, want := range map[string]struct {
		kind fault.Kind
		key  string
	}{
		"/bomb": {fault.Invalid, "fetch.too_large"}, "/more": {fault.Invalid, "fetch.too_large"}, "/head": {fault.Unavailable, "fetch.unreachable"},
		"/cut": {fault.Unavailable, "fetch.unreachable"}, "/gone": {fault.NotFound, "fetch.missing"}, "/teapot": {fault.Unavailable, "fetch.answered"},
	} {
		_, err := c.Get(t.Context(), at+path, "")
		refused(t, err, want.kind, want.key)
	}
}

func TestGet_slowAnswers(t *testing.T) {
	t.Parallel()
	c, at := serve(t, Config{Timeout: 80 * time.Millisecond}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			w.WriteHeader(http.StatusOK)
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done() // until the client has had enough
	})
	for _, path := range []string{"/head", "/body"} {
		_, err := c.Get(t.Context(), at+path, "")
		refused(t, err, fault.Unavailable, "fetch.slow")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Get(ctx, at, "")
	refused(t, err, fault.Unavailable, "fault.unavailable")
}

// names answers DNS questions; the answer to the nth question is given by ip.
func names(t *testing.T, ip func(n int32) netip.Addr) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	var asked atomic.Int32
	go func() {
		buf := make([]byte, 2048)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			m.Response, m.Additionals = true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: ip(asked.Add(1)).As4()},
				}}
			}
			if out, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func TestGet_aNameThatChangesItsMind(t *testing.T) {
	t.Parallel()
	var visits atomic.Int32
	resolver := names(t, func(n int32) netip.Addr {
		return netip.MustParseAddr("127.0.0." + strconv.Itoa(int(n))) // first the allowed one, then its neighbour
	})
	c, at := serve(t, Config{Resolver: resolver}, func(http.ResponseWriter, *http.Request) { visits.Add(1) })
	at = strings.Replace(at, "127.0.0.1", "rebind.example.org", 1)
	if _, err := c.Get(t.Context(), at, ""); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err := c.Get(t.Context(), at, "")
		refused(t, err, fault.Invalid, "fetch.closed")
	}
	if visits.Load() != 1 {
		t.Errorf("%d visits", visits.Load())
	}
}

func TestGet_causesKeepAddressesPrivate(t *testing.T) {
	t.Parallel()
	c, at := serve(t, Config{Resolver: names(t, func(int32) netip.Addr { return netip.MustParseAddr("10.9.8.7") })},
		func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://10.9.8.7/secret", http.StatusFound)
		})
	closed := httptest.NewServer(nil)
	closed.Close()
	open := New(Config{Allow: prefixes("127.0.0.0/8"), Ports: []uint16{portOf(t, closed.URL)}})
	for _, try := range []struct {
		c  *Client
		at string
	}{{c, at + "/secret"}, {c, "http://secret.example.org/"}, {open, closed.URL + "/secret"}, {c, "http://secret example/"}, {c, "secret:x"}} {
		_, err := try.c.Get(t.Context(), try.at, "")
		if err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "127.0") || strings.Contains(err.Error(), "10.9") {
			t.Errorf("%s: %v", try.at, err)
		}
	}
}

func TestGet_notInsideATransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var visits atomic.Int32
		c, at := serve(t, Config{}, func(http.ResponseWriter, *http.Request) { visits.Add(1) })
		err := d.View(t.Context(), func(ctx context.Context) error {
			defer func() {
				if recover() == nil {
					t.Error("it went out inside a transaction")
				}
			}()
			_, err := c.Get(ctx, at, "")
			return err
		})
		if err != nil || visits.Load() != 0 {
			t.Errorf("%v, %d visits", err, visits.Load())
		}
	})
}

// Where a page speaks for its host, no redirect leads anywhere else.
func TestGet_sameHost(t *testing.T) {
	t.Parallel()
	var other string
	c, at := serve(t, Config{SameHost: true, MaxBytes: 100}, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/here":
			http.Redirect(w, r, "/end", http.StatusFound)
		case "/end":
			fmt.Fprint(w, "hello")
		case "/large":
			fmt.Fprint(w, strings.Repeat("x", 101))
		default:
			http.Redirect(w, r, other+r.URL.Path, http.StatusFound)
		}
	})
	if p, err := c.Get(t.Context(), at+"/here", ""); err != nil || string(p.Body) != "hello" {
		t.Error(p, err)
	}
	_, err := c.Get(t.Context(), at+"/large", "")
	refused(t, err, fault.Invalid, "fetch.too_large")
	for _, other = range []string{"http://www.127.0.0.1.example", "http://10.0.0.1", "http://169.254.169.254", "http://localhost:" + strconv.Itoa(int(portOf(t, at))),
		"https://127.0.0.1", "file://", strings.Replace(at, "http://", "http://ana@", 1)} {
		_, err := c.Get(t.Context(), at+"/x", "")
		if f := fault.From(err); err == nil || f.Kind != fault.Invalid || f.Key != "fetch.elsewhere" && f.Key != "fetch.address" {
			t.Errorf("%s: %v", other, err)
		}
	}
	secure := &http.Request{URL: &url.URL{Scheme: "https", Host: "a.example"}}
	if err := c.redirect(&http.Request{URL: &url.URL{Scheme: "http", Host: "a.example"}}, []*http.Request{secure}); err == nil {
		t.Error("from https to http")
	}
	if err := c.redirect(&http.Request{URL: &url.URL{Scheme: "https", Host: "a.example", Path: "/x"}}, []*http.Request{secure}); err != nil {
		t.Error(err)
	}
}
