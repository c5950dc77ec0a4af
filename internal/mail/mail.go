package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/mail"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// Config names the server and the sender.
type Config struct {
	// Server is smtp://user:password@host:port (encrypted by STARTTLS, port 587
	// when none is named), smtps://… (encrypted from the start, port 465), or
	// smtp+insecure://… (never encrypted, port 25). Empty means no mail.
	Server  string
	From    string           // address, or Name <address>
	Timeout time.Duration    // of each step with the server; 0 means 20 s
	Now     func() time.Time // for the Date of a letter
	Roots   *x509.CertPool   // who may vouch for the server; nil means the machine's
}

const (
	defaultTimeout = 20 * time.Second
	maxSubject     = 200       // bytes
	maxText        = 256 << 10 // bytes
	maxAddress     = 254       // bytes (RFC 5321, 4.5.3.1.3, without its brackets)
)

// Sender sends letters by one server. A nil Sender has none, and says so.
type Sender struct {
	host    string
	from    mail.Address
	domain  string // of from; names the hall to the server and in message ids
	options []gomail.Option
	now     func() time.Time
}

// Letter is one letter in plain text.
type Letter struct {
	To      string // one address
	Subject string // one line
	Text    string
	// ID is what is before the @ of the message's id, so that a letter handed over twice is
	// one; empty for one of its own.
	ID string
	// Leave is the https address at which one press ends such letters (RFC 8058).
	Leave string
}

// New makes a sender. Without a server it returns nil and no error. What it
// complains of is for the operator and holds no password.
func New(cfg Config) (*Sender, error) {
	if cfg.Server == "" {
		return nil, nil
	}
	u, err := url.Parse(cfg.Server)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" {
		return nil, errors.New("mail: the server is not like smtp://user:password@host:port")
	}
	from, err := mail.ParseAddress(cfg.From)
	if err != nil || !plain(cfg.From) {
		return nil, errors.New("mail: the sender is not an address")
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultTimeout
	}
	s := &Sender{host: u.Hostname(), from: *from, now: cfg.Now}
	s.domain = from.Address[strings.LastIndexByte(from.Address, '@')+1:]
	s.options = []gomail.Option{
		gomail.WithTimeout(cfg.Timeout),
		gomail.WithHELO(s.domain),
		gomail.WithoutNoop(),
		gomail.WithTLSConfig(&tls.Config{ServerName: s.host, RootCAs: cfg.Roots, MinVersion: tls.VersionTLS12}),
	}
	if err := s.addTransport(u); err != nil {
		return nil, err
	}
	if password, ok := u.User.Password(); ok {
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return s, nil
}

// addTransport says how the connection is encrypted and where it goes.
func (s *Sender) addTransport(u *url.URL) error {
	port := 0
	switch u.Scheme {
	case "smtp":
		port = 587
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "smtps":
		port = 465
		s.options = append(s.options, gomail.WithSSL())
	case "smtp+insecure":
		port = 25
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return errors.New("mail: the server begins with smtp://, smtps:// or smtp+insecure://")
	}
	if p := u.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 {
			return errors.New("mail: the port of the server is not a number from 1 to 65535")
		}
		port = int(n)
	}
	s.options = append(s.options, gomail.WithPort(port))
	return nil
}

// Send hands one letter to the server. It returns fault.Unavailable
// "mail.not_set" without a server and "mail.later" when the server cannot be
// reached or says to come back; fault.Invalid when it will never take this
// letter: "mail.address", "mail.letter", "mail.refused".
func (s *Sender) Send(ctx context.Context, l Letter) (err error) {
	defer fault.Wrap(&err, "mail.Send")
	if s == nil {
		return fault.New(fault.Unavailable, "mail.not_set")
	}
	if err := refuseInTx(ctx); err != nil {
		return err
	}
	m, err := s.message(l)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fault.New(fault.Internal, "fault.internal").Because(err)
	}
	err = client.DialAndSendWithContext(ctx, m)
	if err == nil || m.IsDelivered() {
		return nil // taken; how the server says goodbye does not matter
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return answered(err)
}

// CheckAddress refuses what is no address of one person, or where there is no mail.
// Faults: Unavailable "mail.not_set"; Invalid "mail.address".
func (s *Sender) CheckAddress(to string) error {
	if s == nil {
		return fault.New(fault.Unavailable, "mail.not_set")
	}
	a, err := mail.ParseAddress(to)
	if err != nil || a.Address != to || len(to) > maxAddress || !plain(to) {
		return fault.New(fault.Invalid, "mail.address")
	}
	return nil
}

func (s *Sender) message(l Letter) (*gomail.Msg, error) {
	to, err := mail.ParseAddress(l.To)
	if err != nil || !plain(l.To) {
		return nil, fault.New(fault.Invalid, "mail.address")
	}
	if !plain(l.ID+l.Leave) || strings.ContainsAny(l.ID+l.Leave, "<>@ ") {
		return nil, fault.New(fault.Invalid, "mail.letter")
	}
	if l.Subject == "" || len(l.Subject) > maxSubject || !plain(l.Subject) ||
		len(l.Text) > maxText || !utf8.ValidString(l.Text) || strings.ContainsRune(l.Text, 0) {
		return nil, fault.New(fault.Invalid, "mail.letter")
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&s.from)
	m.ToMailAddress(to)
	m.Subject(l.Subject)
	m.SetDateWithValue(s.now().UTC())
	if l.ID == "" {
		l.ID = ident.Random()
	}
	m.SetMessageIDWithValue(l.ID + "@" + s.domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	if l.Leave != "" {
		m.SetGenHeader("List-Unsubscribe", "<"+l.Leave+">")
		m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	return m, nil
}

// plain tells whether s is one line of readable text. A line end in a header
// would begin another header.
func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029
	})
}

// answered tells a refusal for good from a bad moment by the server's number.
func answered(err error) error {
	code := 0
	var sent *gomail.SendError
	var said *textproto.Error
	switch {
	case errors.As(err, &sent) && sent.ErrorCode() != 0:
		code = sent.ErrorCode()
	case errors.As(err, &said):
		code = said.Code
	}
	if code >= 500 {
		return fault.New(fault.Invalid, "mail.refused", code).Because(fmt.Errorf("the server said %d", code))
	}
	return fault.New(fault.Unavailable, "mail.later").Because(fmt.Errorf("no delivery; the server said %d", code))
}

func refuseInTx(ctx context.Context) error {
	if !db.InTx(ctx) {
		return nil
	}
	err := fault.New(fault.Internal, "fault.internal").Because(errors.New("inside a transaction"))
	if testing.Testing() {
		panic(err)
	}
	return err
}
