package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/mail"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/fault"
)

// server is a mail server in this process: it keeps what it gets, and says what
// it is told to say.
type server struct {
	mu      sync.Mutex
	letters []delivery
	refuse  map[string]*smtp.SMTPError // by step: auth, mail, rcpt, data
	host    string
	roots   *x509.CertPool
}

type delivery struct {
	helo, from, to, data string
	encrypted, known     bool
}

type session struct {
	s    *server
	conn *smtp.Conn
	d    delivery
}

// start runs a server; implicit speaks TLS from the first byte, otherwise it
// offers STARTTLS unless bare.
func start(t *testing.T, implicit, bare bool) *server {
	t.Helper()
	certified := httptest.NewTLSServer(nil) // only for its certificate
	certified.Close()
	s := &server{refuse: map[string]*smtp.SMTPError{}, roots: x509.NewCertPool()}
	s.roots.AddCert(certified.Certificate())
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{s: s, conn: c}, nil }))
	srv.Domain, srv.ErrorLog, srv.AllowInsecureAuth = "localhost", log.New(io.Discard, "", 0), bare
	settings := &tls.Config{Certificates: certified.TLS.Certificates}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.host = l.Addr().String()
	switch {
	case implicit:
		l = tls.NewListener(l, settings)
	case !bare:
		srv.TLSConfig = settings
	}
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { srv.Close() })
	return s
}

func (s *server) says(step string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refuse[step]; err != nil {
		return err
	}
	return nil
}

func (*session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (n *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "ana" || password != "p@ss" {
			return smtp.ErrAuthFailed
		}
		n.d.known = true
		return n.s.says("auth")
	}), nil
}

func (n *session) Mail(from string, _ *smtp.MailOptions) error {
	n.d.from, n.d.helo = from, n.conn.Hostname()
	_, n.d.encrypted = n.conn.TLSConnectionState()
	return n.s.says("mail")
}

func (n *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	n.d.to += to
	return n.s.says("rcpt")
}

func (n *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := n.s.says("data"); err != nil {
		return err
	}
	n.d.data = string(data)
	n.s.mu.Lock()
	defer n.s.mu.Unlock()
	n.s.letters = append(n.s.letters, n.d)
	return nil
}

func (*session) Reset()        {}
func (*session) Logout() error { return nil }

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func sender(t *testing.T, s *server, url string) *Sender {
	t.Helper()
	got, err := New(Config{Server: strings.Replace(url, "HOST", s.host, 1), From: "The hall <hall@hall.example>", Now: func() time.Time { return noon }, Roots: s.roots})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

var letter = Letter{To: "bo@example.org", Subject: "Disk nearly full — «casi lleno»", Text: "One gigabyte is left.\n.\nمرحبا\n"}

func refused(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	if f := fault.From(err); err == nil || f.Kind != kind || f.Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
	for _, private := range []string{"bo@", "hall@", "p@ss", "127.0.0.1"} {
		if err != nil && strings.Contains(err.Error(), private) {
			t.Errorf("%q is in %v", private, err)
		}
	}
}

func TestSend_everyTransport(t *testing.T) {
	t.Parallel()
	for url, how := range map[string]struct{ implicit, bare, encrypted, known bool }{
		"smtp://ana:p%40ss@HOST":  {encrypted: true, known: true},
		"smtp://HOST":             {encrypted: true},
		"smtps://ana:p%40ss@HOST": {implicit: true, encrypted: true, known: true},
		"smtp+insecure://HOST":    {bare: true},
	} {
		s := start(t, how.implicit, how.bare)
		if err := sender(t, s, url).Send(t.Context(), letter); err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		got := s.letters[0]
		if got.from != "hall@hall.example" || got.to != "bo@example.org" || got.helo != "hall.example" || got.encrypted != how.encrypted || got.known != how.known {
			t.Errorf("%s: %+v", url, got)
		}
	}
}

func TestSend_theLetterArrivesWhole(t *testing.T) {
	t.Parallel()
	s := start(t, false, false)
	if err := sender(t, s, "smtp://HOST").Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(strings.NewReader(s.letters[0].data))
	if err != nil {
		t.Fatal(err)
	}
	words := new(mime.WordDecoder)
	if subject, err := words.DecodeHeader(m.Header.Get("Subject")); err != nil || subject != letter.Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	if date, err := m.Header.Date(); err != nil || !date.Equal(noon) {
		t.Errorf("date %v, %v", date, err)
	}
	if id := m.Header.Get("Message-Id"); !strings.HasSuffix(id, "@hall.example>") {
		t.Errorf("id %q", id)
	}
	for _, absent := range []string{"User-Agent", "X-Mailer", "Received"} {
		if v := m.Header.Get(absent); v != "" {
			t.Errorf("%s: %s", absent, v)
		}
	}
	if host, err := os.Hostname(); err == nil && len(host) > 3 && strings.Contains(s.letters[0].data, host) {
		t.Error("the letter names the machine")
	}
	if got := decoded(t, m); strings.ReplaceAll(got, "\r\n", "\n") != letter.Text {
		t.Errorf("text %q", got)
	}
}

func decoded(t *testing.T, m *mail.Message) string {
	t.Helper()
	if e := m.Header.Get("Content-Transfer-Encoding"); e != "quoted-printable" {
		t.Fatalf("encoding %q", e)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestSend_neverInTheClear(t *testing.T) {
	t.Parallel()
	bare := start(t, false, true)
	refused(t, sender(t, bare, "smtp://ana:p%40ss@HOST").Send(t.Context(), letter), fault.Unavailable, "mail.later")
	s := start(t, false, false)
	s.roots = x509.NewCertPool() // nobody vouches for it
	refused(t, sender(t, s, "smtp://HOST").Send(t.Context(), letter), fault.Unavailable, "mail.later")
	if len(bare.letters)+len(s.letters) != 0 {
		t.Error("something went out")
	}
}

func TestSend_whatTheServerSays(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"mail", "rcpt", "data", "auth"} {
		for code, key := range map[int]string{421: "mail.later", 451: "mail.later", 535: "mail.refused", 550: "mail.refused"} {
			s := start(t, false, false)
			s.refuse[step] = &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: "not bo@example.org"}
			kind := fault.Unavailable
			if code >= 500 {
				kind = fault.Invalid
			}
			refused(t, sender(t, s, "smtp://ana:p%40ss@HOST").Send(t.Context(), letter), kind, key)
		}
	}
	s := start(t, false, false)
	refused(t, sender(t, s, "smtp://ana:wrong@HOST").Send(t.Context(), letter), fault.Invalid, "mail.refused")
}

func TestSend_silentAndAbsentServers(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0") // takes the connection and says nothing
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	silent, err := New(Config{Server: "smtp://" + l.Addr().String(), From: "hall@hall.example", Timeout: 50 * time.Millisecond, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	refused(t, silent.Send(t.Context(), letter), fault.Unavailable, "mail.later")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	refused(t, silent.Send(ctx, letter), fault.Unavailable, "fault.unavailable")
	l.Close()
	refused(t, silent.Send(t.Context(), letter), fault.Unavailable, "mail.later")
	var none *Sender
	refused(t, none.Send(t.Context(), letter), fault.Unavailable, "mail.not_set")
}

func TestSend_refusesInjection(t *testing.T) {
	t.Parallel()
	s := start(t, false, false)
	m := sender(t, s, "smtp://HOST")
	for _, to := range []string{"", "bo", "bo@example.org, cleo@example.org", "bo@example.org\r\nBcc: cleo@example.org", "bo@example.org\n", "<bo@example.org>\r\nRCPT TO:<cleo@example.org>", "\"x\r\ny\" <bo@example.org>", "bo@example.org\x00"} {
		refused(t, m.Send(t.Context(), Letter{To: to, Subject: "s", Text: "t"}), fault.Invalid, "mail.address")
	}
	for _, subject := range []string{"", "s\r\nBcc: cleo@example.org", "s\nX: y", "s\r", "s\x00", "s\u2028", "\xff", strings.Repeat("s", maxSubject+1)} {
		refused(t, m.Send(t.Context(), Letter{To: letter.To, Subject: subject, Text: "t"}), fault.Invalid, "mail.letter")
	}
	for _, text := range []string{"\x00", "\xff", strings.Repeat("t", maxText+1)} {
		refused(t, m.Send(t.Context(), Letter{To: letter.To, Subject: "s", Text: text}), fault.Invalid, "mail.letter")
	}
	if err := m.Send(t.Context(), Letter{To: letter.To, Subject: "s", Text: "a\r\n.\r\nMAIL FROM:<x@example.org>\r\n"}); err != nil {
		t.Error(err)
	}
	if len(s.letters) != 1 || !strings.Contains(s.letters[0].data, "MAIL FROM:") {
		t.Errorf("%d letters", len(s.letters))
	}
}

func TestNew_complains(t *testing.T) {
	t.Parallel()
	if s, err := New(Config{}); s != nil || err != nil {
		t.Errorf("no mail is no mistake: %v, %v", s, err)
	}
	for server, from := range map[string]string{
		"hall.example:25": "hall@hall.example", "http://hall.example": "hall@hall.example", "smtp://ana:p@ss%@h": "hall@hall.example", "smtp://": "hall@hall.example",
		"smtp://h:0": "hall@hall.example", "smtp://h:70000": "hall@hall.example", "smtp://h/path": "hall@hall.example", "smtp://h": "", "smtps://h": "a@b\r\nc", "smtp://g": "nobody",
	} {
		s, err := New(Config{Server: server, From: from})
		if err == nil || s != nil || strings.Contains(err.Error(), "p@ss") {
			t.Errorf("%s %s: %v", server, from, err)
		}
	}
}

func TestSend_notInsideATransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := start(t, false, false)
		m := sender(t, s, "smtp://HOST")
		err := d.View(t.Context(), func(ctx context.Context) (err error) {
			defer func() {
				if recover() == nil {
					err = errors.Join(err, errors.New("it went out inside a transaction"))
				}
			}()
			return m.Send(ctx, letter)
		})
		if err != nil || len(s.letters) != 0 {
			t.Errorf("%v, %d letters", err, len(s.letters))
		}
	})
}

// A letter to somebody who asked for it can be ended by one press, and handed over twice it
// is one.
func TestSend_oneClick(t *testing.T) {
	t.Parallel()
	s := start(t, false, false)
	m := sender(t, s, "smtp://HOST")
	l := letter
	l.ID, l.Leave = "one", "https://hall.example/reach/stop/token"
	if err := m.Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	got, err := mail.ReadMessage(strings.NewReader(s.letters[0].data))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Message-Id": "<one@hall.example>", "List-Unsubscribe": "<https://hall.example/reach/stop/token>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} {
		if have := got.Header.Get(name); have != want {
			t.Errorf("%s: %q", name, have)
		}
	}
	for _, bad := range []Letter{{ID: "a\r\nBcc: x"}, {ID: "a@b"}, {Leave: "https://x>\r\nBcc: y"}, {Leave: "https://x, <mailto:y>"}} {
		bad.To, bad.Subject, bad.Text = letter.To, "s", "t"
		refused(t, m.Send(t.Context(), bad), fault.Invalid, "mail.letter")
	}
}

func TestCheckAddress(t *testing.T) {
	t.Parallel()
	m := sender(t, start(t, false, false), "smtp://HOST")
	if err := m.CheckAddress("ana+hall@example.org"); err != nil {
		t.Error(err)
	}
	for _, to := range []string{"", "ana", "Ana <ana@example.org>", " ana@example.org", "a@example.org, b@example.org", "a@example.org\n", strings.Repeat("a", 250) + "@example.org"} {
		refused(t, m.CheckAddress(to), fault.Invalid, "mail.address")
	}
	refused(t, (*Sender)(nil).CheckAddress("ana@example.org"), fault.Unavailable, "mail.not_set")
}
