package proof_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"guildhall/internal/fault"
	"guildhall/internal/proof"
)

const domain = "gigharbour.example"

// platform signs mails and has a DNS that can be told what to say.
type platform struct {
	t    *testing.T
	key  crypto.Signer
	txt  map[string][]string
	err  error
	now  time.Time
	asks []string
}

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

func newPlatform(t *testing.T) *platform {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(rsaKey().Public())
	if err != nil {
		t.Fatal(err)
	}
	record := "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
	return &platform{t: t, key: rsaKey(), now: time.Now(), txt: map[string][]string{
		"s1._domainkey." + domain:                {record},
		"s1._domainkey.mail." + domain:           {record},
		"s1._domainkey.elsewhere.example":        {record},
		"s1._domainkey.evil-gigharbour.example":  {record},
		"s1._domainkey.gigharbour.example.evil.": {record},
	}}
}

func (p *platform) checker(c proof.Config) *proof.Checker {
	if c.Platforms == nil {
		c.Platforms = map[string][]string{domain: nil}
	}
	c.Now = func() time.Time { return p.now }
	c.LookupTXT = func(_ context.Context, name string) ([]string, error) {
		p.asks = append(p.asks, name)
		if p.err != nil {
			return nil, p.err
		}
		r, ok := p.txt[name]
		if !ok {
			return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
		}
		return r, nil
	}
	return proof.New(c)
}

// text is a mail before it is signed.
func text(from, to, words string) string {
	return "From: Gigharbour <no-reply@" + from + ">\r\nTo: \"Quiet Heron\" <" + to + ">\r\nDate: " + time.Now().Format(time.RFC1123Z) +
		"\r\nSubject: You have a new invitation\r\nMessage-ID: <1@" + from + ">\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + words + "\r\n"
}

func (p *platform) sign(mail string, change func(*dkim.SignOptions)) string {
	p.t.Helper()
	o := &dkim.SignOptions{Domain: domain, Selector: "s1", Signer: p.key, HeaderCanonicalization: dkim.CanonicalizationRelaxed,
		BodyCanonicalization: dkim.CanonicalizationRelaxed, HeaderKeys: []string{"From", "To", "Date", "Subject", "Message-ID"}}
	if change != nil {
		change(o)
	}
	var b bytes.Buffer
	if err := dkim.Sign(&b, strings.NewReader(mail), o); err != nil {
		p.t.Fatal(err)
	}
	return b.String()
}

func (p *platform) mail(to string) string {
	return p.sign(text(domain, to, "A client would like to talk."), nil)
}

func (p *platform) expect(k *proof.Checker, what, mail, key string) {
	p.t.Helper()
	err := k.Check(context.Background(), []byte(mail), []byte("request"))
	if key == "" && err != nil {
		p.t.Errorf("%s: %v", what, err)
	}
	if key != "" && (err == nil || fault.From(err).Key != key) {
		p.t.Errorf("%s: got %v; want %s", what, err, key)
	}
	if err != nil && (strings.Contains(err.Error(), "heron") || strings.Contains(err.Error(), "client would")) {
		p.t.Errorf("%s: the fault tells of the mail: %v", what, err)
	}
}

func TestCheck_good(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.expect(p.checker(proof.Config{}), "as sent", p.mail("heron@example.net"), "")
	p.expect(p.checker(proof.Config{}), "saved with line feeds", strings.ReplaceAll(p.mail("heron@example.net"), "\r\n", "\n"), "")
	p.expect(p.checker(proof.Config{}), "from a mailbox", "From gigharbour Mon Nov 23 09:00:00 2026\r\n"+p.mail("heron@example.net"), "")
	p.expect(p.checker(proof.Config{}), "with what the way added", "Received: from a by b; today\r\nReturn-Path: <x@y.example>\r\n"+p.mail("heron@example.net"), "")
	p.expect(p.checker(proof.Config{}), "from a sub-domain", p.sign(text("mail."+domain, "heron@example.net", "Hello."), nil), "")
	p.expect(p.checker(proof.Config{Platforms: map[string][]string{domain: nil, "mail." + domain: nil}}), "signed by a sub-domain that is listed",
		p.sign(text(domain, "heron@example.net", "Hello."), func(o *dkim.SignOptions) { o.Domain = "mail." + domain }), "")
	twice := p.sign(p.mail("heron@example.net"), func(o *dkim.SignOptions) { o.Domain = "elsewhere.example" })
	p.expect(p.checker(proof.Config{}), "signed by the sender's provider as well", twice, "")
	p.expect(p.checker(proof.Config{}), "with an end that is to come",
		p.sign(text(domain, "heron@example.net", "Hello."), func(o *dkim.SignOptions) { o.Expiration = time.Now().Add(24 * time.Hour) }), "")
}

func TestCheck_ed25519AndPinned(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p.key, p.err = priv, &net.DNSError{Err: "no network", IsTemporary: true}
	pinned := map[string][]string{domain: {"s0 v=DKIM1; p=", "s1 v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(pub)}}
	p.expect(p.checker(proof.Config{Platforms: pinned}), "pinned, without DNS", p.mail("heron@example.net"), "")
	if len(p.asks) > 0 {
		t.Errorf("asked the DNS for %v", p.asks)
	}
	pinned[domain] = pinned[domain][:1]
	p.expect(p.checker(proof.Config{Platforms: pinned}), "another selector is pinned", p.mail("heron@example.net"), "proof.mail.key_gone")
}

func TestCheck_eachThingBroken(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	good := p.mail("heron@example.net")
	bare := func(keys ...string) string {
		return p.sign(text(domain, "heron@example.net", "Hello."), func(o *dkim.SignOptions) { o.HeaderKeys = keys })
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ what, mail, key string }{
		{"nothing", "", "proof.mail.none"},
		{"no mail", "hello", "proof.mail.none"},
		{"a head without an end", "From: a@" + domain + "\r\n", "proof.mail.none"},
		{"only an empty line", "\r\n\r\n", "proof.mail.none"},
		{"a field without a colon", strings.Replace(good, "\r\nSubject:", "\r\nSubject", 1), "proof.mail.none"},
		{"a space before the colon", strings.Replace(good, "\r\nSubject:", "\r\nSubject :", 1), "proof.mail.none"},
		{"too large", good + strings.Repeat("x", proof.MaxBytes), "proof.mail.large"},
		{"unsigned", text(domain, "heron@example.net", "Hello."), "proof.mail.unsigned"},
		{"unsigned, from nobody we know", text("elsewhere.example", "heron@example.net", "Hello."), "proof.mail.unknown"},
		{"signed, from nobody we know", p.sign(text("elsewhere.example", "heron@example.net", "Hello."), func(o *dkim.SignOptions) { o.Domain = "elsewhere.example" }), "proof.mail.unknown"},
		{"forwarded: somebody else's signature", p.sign(text(domain, "heron@example.net", "Hello."), func(o *dkim.SignOptions) { o.Domain = "elsewhere.example" }), "proof.mail.forwarded"},
		{"the platform signs for another sender", p.sign(text("elsewhere.example", "heron@example.net", "Hello."), nil), "proof.mail.forwarded"},
		{"a domain that ends like it", p.sign(text(domain, "heron@example.net", "Hello."), func(o *dkim.SignOptions) { o.Domain = "evil-" + domain }), "proof.mail.forwarded"},
		{"a sender that ends like it", p.sign(text("evil-"+domain, "heron@example.net", "Hello."), nil), "proof.mail.forwarded"},
		{"words changed", strings.Replace(good, "would like", "would hate", 1), "proof.mail.altered"},
		{"words added", good + "P.S.\r\n", "proof.mail.altered"},
		{"recipient changed", strings.Replace(good, "<heron@", "<egret@", 1), "proof.mail.altered"},
		{"subject changed", strings.Replace(good, "Subject: You", "Subject: We", 1), "proof.mail.altered"},
		{"signature changed", change(good, "b="), "proof.mail.altered"},
		{"hash of the body changed", change(good, "bh="), "proof.mail.altered"},
		{"two senders in two lines", "From: Eve <eve@elsewhere.example>\r\n" + good, "proof.mail.several_from"},
		{"two senders in one line", p.sign(strings.Replace(text(domain, "heron@example.net", "Hello."), "From: ", "From: eve@elsewhere.example, ", 1), nil), "proof.mail.several_from"},
		{"two recipients", p.sign(text(domain, "heron@example.net>, <egret@example.net", "Hello."), nil), "proof.mail.several"},
		{"a second recipient added", "To: egret@example.net\r\n" + good, "proof.mail.several"},
		{"a second day added", "Date: " + time.Now().Format(time.RFC1123Z) + "\r\n" + good, "proof.mail.several"},
		{"the recipient is not signed", bare("From", "Date"), "proof.mail.bare"},
		{"the day is not signed", bare("From", "To"), "proof.mail.bare"},
		{"a part of the body", strings.Replace(good, "DKIM-Signature: ", "DKIM-Signature: l=5; ", 1), "proof.mail.part"},
		{"nine signatures", strings.Repeat("DKIM-Signature: v=1\r\n", 9) + good, "proof.mail.none"},
		{"another key", (&platform{t: t, key: other}).mail("heron@example.net"), "proof.mail.altered"},
		{"another selector", p.sign(text(domain, "heron@example.net", "Hello."), func(o *dkim.SignOptions) { o.Selector = "s2" }), "proof.mail.key_gone"},
		{"an end that is past", expired(p), "proof.mail.expired"},
	} {
		p.expect(p.checker(proof.Config{}), c.what, c.mail, c.key)
	}
	p.expect(p.checker(proof.Config{}), "the one they were made of", good, "")
}

// expired says in its own tags that it was good until an hour ago.
func expired(p *platform) string {
	return p.sign(text(domain, "heron@example.net", "Hello."), func(o *dkim.SignOptions) { o.Expiration = time.Now().Add(-time.Hour) })
}

// change turns the first letter after a tag into another.
func change(mail, tag string) string {
	i := strings.Index(mail, " "+tag) + len(tag) + 1
	for mail[i] == ' ' || mail[i] == '\r' || mail[i] == '\n' {
		i++
	}
	c := "A"
	if mail[i] == 'A' {
		c = "B"
	}
	return mail[:i] + c + mail[i+1:]
}

func TestCheck_keysOfTheDNS(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	name, good := "s1._domainkey."+domain, p.mail("heron@example.net")
	record := p.txt[name][0]
	for _, c := range []struct {
		what string
		says []string
		err  error
		key  string
	}{
		{"gone", nil, &net.DNSError{Err: "no such host", IsNotFound: true}, "proof.mail.key_gone"},
		{"nothing under the name", []string{}, nil, "proof.mail.key_gone"},
		{"revoked", []string{"v=DKIM1; k=rsa; p="}, nil, "proof.mail.key_gone"},
		{"two", []string{record, record}, nil, "proof.mail.key_gone"},
		{"rubbish", []string{"hello"}, nil, "proof.mail.key_gone"},
		{"no key at all", []string{"v=DKIM1; p=AAAA"}, nil, "proof.mail.altered"},
		{"silence", nil, &net.DNSError{Err: "timeout", IsTimeout: true}, "proof.mail.dns"},
		{"there", []string{record}, nil, ""},
	} {
		p.txt[name], p.err = c.says, c.err
		p.expect(p.checker(proof.Config{}), c.what, good, c.key)
	}
}

func TestCheck_age(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	good := p.mail("heron@example.net")
	for _, c := range []struct {
		later time.Duration
		key   string
	}{
		{proof.MaxAge - time.Hour, ""}, {proof.MaxAge + time.Hour, "proof.mail.old"},
		{-35 * time.Hour, ""}, {-37 * time.Hour, "proof.mail.ahead"},
	} {
		p.now = time.Now().Add(c.later)
		p.expect(p.checker(proof.Config{}), fmt.Sprint("looked at ", c.later, " later"), good, c.key)
	}
}

func TestCheck_once(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	k := p.checker(proof.Config{PerDay: 3})
	check := func(mail, request string) string {
		err := k.Check(context.Background(), []byte(mail), []byte(request))
		if err == nil {
			return ""
		}
		return fault.From(err).Key
	}
	first := p.mail("heron@example.net")
	for i, c := range []struct{ mail, request, key string }{
		{first, "one", ""},
		{first, "one", ""}, // a lost answer, asked for again
		{first, "two", "proof.mail.used"},
		{strings.ReplaceAll(first, "\r\n", "\n"), "two", "proof.mail.used"},
		{p.mail("Heron@Example.net"), "two", "proof.mail.used"}, // another mail to the same person
		{p.mail("egret@example.net"), "two", ""},
		{p.mail("crane@example.net"), "three", ""},
		{p.mail("stork@example.net"), "four", "proof.mail.enough"},
		{first, "one", ""},
	} {
		if got := check(c.mail, c.request); got != c.key {
			t.Errorf("%d: got %q, want %q", i, got, c.key)
		}
	}
	p.now = p.now.Add(24 * time.Hour)
	if got := check(p.mail("stork@example.net"), "four"); got != "" {
		t.Errorf("the next day: %q", got)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	good := 0
	shared := p.mail("ibis@example.net")
	for i := range 8 {
		wg.Go(func() {
			if check(shared, fmt.Sprint("at once ", i)) == "" {
				mu.Lock()
				good++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if good != 1 {
		t.Errorf("one mail shown eight times at once counted %d times", good)
	}
}

// FuzzCheck: whatever is sent, the checker answers with a reason, and never says
// yes to what the platform has not signed.
func FuzzCheck(f *testing.F) {
	p := newPlatform(&testing.T{})
	good := p.mail("heron@example.net")
	f.Add([]byte(good))
	f.Add([]byte(strings.ReplaceAll(good, "\r\n", "\n")))
	f.Add([]byte("From: a@gigharbour.example\nTo: b@c\nDate: Mon, 23 Nov 2026 09:00:00 +0000\nDKIM-Signature: v=1; a=rsa-sha256; d=gigharbour.example; s=s1; h=from:to:date; bh=; b=\n\n"))
	f.Add([]byte("DKIM-Signature: ;;;=;b\n\n"))
	f.Add([]byte("From \nFrom: \n x\n\n"))
	body := good[strings.Index(good, "\r\n\r\n"):]
	f.Fuzz(func(t *testing.T, mail []byte) {
		err := p.checker(proof.Config{}).Check(context.Background(), mail, []byte("request"))
		if err != nil {
			if kind := fault.From(err).Kind; kind != fault.Invalid {
				t.Fatalf("refused as %v: %v", kind, err)
			}
			return
		}
		text := strings.ReplaceAll(strings.ReplaceAll(string(mail), "\r\n", "\n"), "\n", "\r\n")
		if strings.Join(strings.Fields(text[strings.Index(text, "\r\n\r\n"):]), " ") != strings.Join(strings.Fields(body), " ") {
			t.Fatalf("said yes to another body")
		}
	})
}
