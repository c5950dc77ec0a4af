package app

import (
	"crypto/rand"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"guildhall/internal/face"
	"guildhall/internal/notice"
	"guildhall/internal/push"
)

// post is a mail server that keeps what it is handed, or refuses it.
type post struct {
	mu     sync.Mutex
	asked  int
	got    []string
	refuse *smtp.SMTPError
}

func (p *post) Mail(string, *smtp.MailOptions) error { return nil }
func (p *post) Reset()                               {}
func (p *post) Logout() error                        { return nil }

func (p *post) Rcpt(string, *smtp.RcptOptions) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.refuse != nil {
		return p.refuse
	}
	return nil
}

func (p *post) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got = append(p.got, string(b))
	return err
}

func (p *post) dialled() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

func (p *post) letters() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.got)
}

func (p *post) says(e *smtp.SMTPError) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = e
}

func (p *post) open(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return p, nil }))
	srv.Domain, srv.ErrorLog, srv.AllowInsecureAuth = "localhost", log.New(io.Discard, "", 0), true
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { srv.Close() })
	return l.Addr().String()
}

// Words go to a mail server, to ntfy and to a program as each of them reads it. A mail
// server that is away for a day loses nothing and gets nothing twice; one that says that
// there is no such person, thrice, ends it.
func TestWays_reachWhatTheyLeadTo(t *testing.T) {
	t.Parallel()
	ctx, at := t.Context(), time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	p := &post{}
	h, err := Open(ctx, t.TempDir(), Config{CacheMB: 1, URL: "https://hall.example", Mail: "smtp+insecure://" + p.open(t), MailFrom: "hall@hall.example"}, func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var asked sync.Map
	s := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		asked.Store(r.URL.Path, string(b))
	}))
	t.Cleanup(s.Close)
	key, err := push.KeepKey(t.TempDir(), rand.Reader)
	must(err)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	h.Push = push.New(push.Config{Key: key, Subject: "https://hall.example", Now: h.Now, TestOnlyRoots: roots})
	f, err := h.Faces.New(ctx, "Ana")
	must(err)
	ana := f.ID
	works := func() {
		t.Helper()
		must(h.Notices.Climb(ctx))
		_, err := h.Notices.Deliver(ctx)
		must(err)
	}
	must(h.Notices.Add(ctx, ana, notice.Address{Way: notice.Mail, To: "ana@mail.example", Lang: "es", Zone: "UTC"}))
	must(h.Notices.Add(ctx, ana, notice.Address{Way: notice.Ntfy, To: s.URL + "/topic", Lang: "en"}))
	must(h.Notices.Add(ctx, ana, notice.Address{Way: notice.Hook, To: s.URL + "/in", Lang: "en"}))
	works()
	if p.letters() != 1 || !strings.Contains(p.got[0], "/reach/prove/") || strings.Contains(p.got[0], "Ana") {
		t.Fatalf("%q", p.got)
	}
	_, token, _ := strings.Cut(strings.ReplaceAll(p.got[0], "=\r\n", ""), "/reach/prove/")
	token, _, _ = strings.Cut(token, "\r\n")
	must(h.Notices.Prove(ctx, token))
	for _, path := range []string{"/", "/in"} {
		body, _ := asked.Load(path)
		_, after, _ := strings.Cut(body.(string), "/reach/prove/")
		token, _, _ := strings.Cut(after, `"`)
		must(h.Notices.Prove(ctx, token))
	}
	must(h.Notices.Raise(ctx, notice.Replies, []face.ID{ana}))
	works()
	for _, path := range []string{"/", "/in"} {
		if body, _ := asked.Load(path); body == nil || !strings.Contains(body.(string), "https://hall.example/reach/opened") || strings.Contains(body.(string), "Ana") {
			t.Errorf("%s: %v", path, body)
		}
	}
	p.says(&smtp.SMTPError{Code: 451, Message: "later"})
	for range 200 {
		at = at.Add(7 * time.Minute)
		works()
	}
	if n := p.dialled(); n > 2+200*7/10+1 {
		t.Errorf("a server that is away was asked %d times", n)
	}
	p.says(nil)
	at = at.Add(10 * time.Minute)
	works()
	works()
	if p.letters() != 2 || !strings.Contains(p.got[1], "/reach/seen/") || !strings.Contains(p.got[1], "List-Unsubscribe-Post") {
		t.Fatalf("%q", p.got)
	}
	p.says(&smtp.SMTPError{Code: 550, Message: "nobody"})
	for range 3 {
		must(h.Notices.Raise(ctx, notice.Terms, []face.ID{ana}))
		for range 12 {
			at = at.Add(5 * time.Minute)
			works()
		}
	}
	devices, err := h.Notices.Devices(ctx, ana)
	must(err)
	if last := devices[len(devices)-1]; last.Way != notice.Mail || last.Health != notice.Dead {
		t.Errorf("%+v", devices)
	}
}
