package e2e

import (
	"io"
	"log"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"regexp"
	"strings"
	"sync"

	"github.com/emersion/go-smtp"
)

var mailCommands = map[string]command{
	// mailserver: opens a mail server; $MAILSERVER and $MAILFROM are the lines of
	// configuration by which a hall sends through it.
	"mailserver": {0, 0, false, mailServer},
	// mailed NAME WORDS: the last letter to the address that begins with NAME says WORDS;
	// its links are kept as NAME_prove, NAME_seen and NAME_stop, the subject as NAME_subject.
	"mailed": {2, 2, true, mailed},
}

// letters are what the stories' mail server was handed, the last one for each address.
type letters struct {
	mu   sync.Mutex
	last map[string]string
}

type mailSession struct {
	l  *letters
	to string
}

func (m *mailSession) Mail(string, *smtp.MailOptions) error { return nil }

func (m *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	m.to = to
	return nil
}

func (m *mailSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	m.l.mu.Lock()
	defer m.l.mu.Unlock()
	m.l.last[m.to] = string(b)
	return err
}

func (*mailSession) Reset()        {}
func (*mailSession) Logout() error { return nil }

func mailServer(s *scene, _ []string) error {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.letters.last = map[string]string{}
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailSession{l: &s.letters}, nil }))
	srv.Domain, srv.ErrorLog, srv.AllowInsecureAuth = "localhost", log.New(io.Discard, "", 0), true
	go func() { _ = srv.Serve(l) }()
	s.t.Cleanup(func() { srv.Close() })
	s.ts.Setenv("MAILSERVER", `mail = "smtp+insecure://`+l.Addr().String()+`"`)
	s.ts.Setenv("MAILFROM", `mail_from = "hall@hall.example"`)
	return nil
}

var letterLink = regexp.MustCompile(`https?://\S+/reach/(prove|seen|stop)/\S+`)

func mailed(s *scene, a []string) error {
	s.letters.mu.Lock()
	text := ""
	for to, t := range s.letters.last {
		if strings.HasPrefix(to, a[0]) {
			text = t
		}
	}
	s.letters.mu.Unlock()
	m, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		return s.expect(false, "no letter to %s of %v", a[0], s.letters.last)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		return err
	}
	s.ts.Setenv(a[0]+"_subject", m.Header.Get("Subject"))
	for _, l := range letterLink.FindAllStringSubmatch(string(body), -1) {
		s.ts.Setenv(a[0]+"_"+l[1], strings.TrimPrefix(l[0], s.origin))
	}
	return s.expect(strings.Contains(string(body), a[1]), "the letter to %s says %q", a[0], body)
}
