package proof

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"guildhall/internal/fault"
)

// The limits of a mail.
const (
	MaxBytes      = 1 << 20
	MaxAge        = 30 * 24 * time.Hour // of the signature
	maxAhead      = 36 * time.Hour      // of a sender's clock
	maxSignatures = 8
)

// PerDay is how many mails count on one day, unless Config says otherwise.
const PerDay = 50

// Config is what the checker is given.
type Config struct {
	// Platforms are the domains whose mails count, in lower case. The keys of a
	// domain are pinned as "selector record", such as "s1 v=DKIM1; k=rsa; p=…";
	// without any they are asked of LookupTXT.
	Platforms map[string][]string
	// LookupTXT asks the DNS.
	LookupTXT func(ctx context.Context, name string) ([]string, error)
	Now       func() time.Time
	PerDay    int // 0 means PerDay
}

// Checker looks at mails. Safe for concurrent use.
type Checker struct {
	Config
	key [32]byte

	mu    sync.Mutex
	shown map[[32]byte][32]byte // mails and recipients, to the request they were shown for
	day   int64
	count int
}

// New makes a checker.
func New(c Config) *Checker {
	if c.PerDay == 0 {
		c.PerDay = PerDay
	}
	k := &Checker{Config: c, shown: map[[32]byte][32]byte{}}
	_, _ = rand.Read(k.key[:]) // never fails: the runtime stops the program instead
	return k
}

// Offered tells whether this hall knows any platform.
func (k *Checker) Offered() bool { return len(k.Platforms) > 0 }

// Check looks at a mail as it was saved (.eml). request is what the sender wants
// signed: the same mail counts again for the same request, so that a lost answer
// can be asked for once more. Faults: Invalid with the reason; Conflict when the
// mail or its recipient was shown for another request; TooMany when enough were
// shown today; Unavailable when the DNS does not answer.
func (k *Checker) Check(ctx context.Context, mail, request []byte) (err error) {
	defer fault.Wrap(&err, "proof.Check")
	m, err := parse(mail)
	if err != nil {
		return err
	}
	s, err := k.choose(m)
	if err != nil {
		return err
	}
	if err := k.fresh(s); err != nil {
		return err
	}
	record, err := k.record(ctx, s)
	if err != nil {
		return err
	}
	if err := verify(m, s, record); err != nil {
		return err
	}
	return k.admit(m, request)
}

// choose finds the platform's own signature, aligned with the sender.
func (k *Checker) choose(m *message) (signature, error) {
	_, from := k.Platforms[m.from]
	if len(m.signatures) == 0 {
		if !from {
			return signature{}, refuse("unknown")
		}
		return signature{}, refuse("unsigned")
	}
	signed := false
	for _, s := range m.signatures {
		if _, ours := k.Platforms[s.domain]; !ours {
			continue
		}
		signed = true
		if aligned(m.from, s.domain) || from && aligned(s.domain, m.from) {
			return s, s.check()
		}
	}
	if from || signed || k.below(m.from) {
		return signature{}, refuse("forwarded")
	}
	return signature{}, refuse("unknown")
}

// below tells whether a domain lies under one of the platforms'.
func (k *Checker) below(domain string) bool {
	for d := range k.Platforms {
		if aligned(domain, d) {
			return true
		}
	}
	return false
}

// aligned tells whether a is the domain b or lies under it.
func aligned(a, b string) bool { return a == b || strings.HasSuffix(a, "."+b) }

func (k *Checker) fresh(s signature) error {
	now := k.Now()
	switch {
	case !s.expires.IsZero() && now.After(s.expires):
		return refuse("expired")
	case now.Sub(s.made) > MaxAge:
		return refuse("old")
	case s.made.Sub(now) > maxAhead:
		return refuse("ahead")
	}
	return nil
}

// record finds the public key of a signature.
func (k *Checker) record(ctx context.Context, s signature) (string, error) {
	pinned := k.Platforms[s.domain]
	for _, p := range pinned {
		if selector, record, ok := strings.Cut(p, " "); ok && strings.EqualFold(selector, s.selector) {
			return record, nil
		}
	}
	if len(pinned) > 0 || k.LookupTXT == nil {
		return "", refuse("key_gone")
	}
	records, err := k.LookupTXT(ctx, s.selector+"._domainkey."+s.domain)
	var failed *net.DNSError
	if errors.As(err, &failed) && failed.IsNotFound {
		return "", refuse("key_gone")
	}
	if err != nil {
		return "", fault.New(fault.Unavailable, "proof.mail.dns")
	}
	if len(records) != 1 || revoked(records[0]) {
		return "", refuse("key_gone")
	}
	return records[0], nil
}

// verify asks the library, with the one key at hand.
func verify(m *message, s signature, record string) error {
	name := s.selector + "._domainkey." + s.domain
	found, err := dkim.VerifyWithOptions(bytes.NewReader(m.raw), &dkim.VerifyOptions{MaxVerifications: maxSignatures,
		LookupTXT: func(n string) ([]string, error) {
			if !strings.EqualFold(n, name) {
				return nil, errors.New("not asked")
			}
			return []string{record}, nil
		}})
	if err != nil || len(found) != len(m.signatures) {
		return refuse("altered")
	}
	if found[s.n].Err != nil {
		return refuse("altered")
	}
	return nil
}

// admit lets a mail and its recipient count once.
func (k *Checker) admit(m *message, request []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	ask := k.hash("request", request)
	again := 0
	for _, h := range m.marks(k.hash) {
		if was, ok := k.shown[h]; ok && was != ask {
			return fault.New(fault.Conflict, "proof.mail.used")
		} else if ok {
			again++
		}
	}
	if again > 0 { // a lost answer
		return nil
	}
	day := k.Now().Unix() / 86400
	if day != k.day {
		k.day, k.count = day, 0
	}
	if k.count >= k.PerDay {
		return fault.New(fault.TooMany, "proof.mail.enough")
	}
	k.count++
	for _, h := range m.marks(k.hash) {
		k.shown[h] = ask
	}
	return nil
}

func (k *Checker) hash(what string, b []byte) (h [32]byte) {
	mac := hmac.New(sha256.New, k.key[:])
	mac.Write([]byte(what + "\x00"))
	mac.Write(b)
	mac.Sum(h[:0])
	return h
}

func refuse(why string) error { return fault.On("mail", fault.Invalid, "proof.mail."+why) }
