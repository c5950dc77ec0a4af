package key_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/member/key"
)

const origin = "http://localhost:8080"

// authenticator is a security key in software: one ES256 credential.
type authenticator struct {
	id, handle []byte
	secret     *ecdsa.PrivateKey
	count      uint32
	flags      byte // what it claims: present 1, verified 4, backup eligible 8
	origin     string
	aaguid     []byte
}

func newAuthenticator(t *testing.T) *authenticator {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 20)
	rand.Read(id)
	return &authenticator{id: id, secret: secret, flags: 0x0d, origin: origin, aaguid: bytes.Repeat([]byte{0xaa}, 16)}
}

func (a *authenticator) data(attested []byte) []byte {
	sum := sha256.Sum256([]byte("localhost"))
	a.count++
	flags := a.flags
	if attested != nil {
		flags |= 0x40
	}
	b := append(sum[:], flags)
	return append(binary.BigEndian.AppendUint32(b, a.count), attested...)
}

func (a *authenticator) client(kind, challenge string) []byte {
	b, _ := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	return b
}

type options struct {
	Challenge string
	User      struct{ ID, Name string }
	Exclude   []struct{ ID string } `json:"excludeCredentials"`
	Selection struct {
		ResidentKey, UserVerification string
	} `json:"authenticatorSelection"`
	UserVerification string
}

func (a *authenticator) make(t *testing.T, c key.Ceremony) []byte {
	t.Helper()
	var o options
	if err := json.Unmarshal(c.Public, &o); err != nil {
		t.Fatal(err)
	}
	a.handle = unb(t, o.User.ID)
	point, err := a.secret.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	cose := append([]byte{0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20}, point[1:33]...)
	cose = append(append(cose, 0x22, 0x58, 0x20), point[33:]...)
	attested := append(append(bytes.Clone(a.aaguid), 0, byte(len(a.id))), a.id...)
	auth := a.data(append(attested, cose...))
	object := append([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"), byte(len(auth)))
	return marshal(t, a.id, map[string]any{
		"clientDataJSON": b64(a.client("webauthn.create", o.Challenge)), "attestationObject": b64(append(object, auth...)),
		"transports": []string{"internal", "hybrid", "telepathy"},
	})
}

func (a *authenticator) sign(t *testing.T, c key.Ceremony) []byte {
	t.Helper()
	var o options
	if err := json.Unmarshal(c.Public, &o); err != nil {
		t.Fatal(err)
	}
	auth, client := a.data(nil), a.client("webauthn.get", o.Challenge)
	sum := sha256.Sum256(client)
	digest := sha256.Sum256(append(bytes.Clone(auth), sum[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, a.secret, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return marshal(t, a.id, map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(auth), "signature": b64(sig), "userHandle": b64(a.handle),
	})
}

func marshal(t *testing.T, id []byte, response map[string]any) []byte {
	t.Helper()
	b, err := json.Marshal(map[string]any{
		"id": b64(id), "rawId": b64(id), "type": "public-key", "clientExtensionResults": map[string]any{}, "response": response,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newPasskeys(t *testing.T) (*key.Passkeys, *clock) {
	t.Helper()
	c := &clock{time.Unix(1_800_000_000, 0)}
	p, err := key.NewPasskeys(origin, "The hall", key.NewSealer(bytes.Repeat([]byte{7}, 32), rand.Reader, c.now))
	if err != nil {
		t.Fatal(err)
	}
	return p, c
}

// join makes a passkey and returns what the hall keeps.
func join(t *testing.T, p *key.Passkeys, a *authenticator) (key.Passkey, key.Handle) {
	t.Helper()
	handle := key.NewHandle(rand.Reader)
	c, err := p.Offer("join", handle, "Quiet Heron", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, kept, err := p.Accept("join", c.Sealed, a.make(t, c))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, handle) || !bytes.Equal(kept.ID, a.id) || !kept.BackupEligible || kept.Transports != "internal,hybrid" {
		t.Errorf("kept %+v", kept)
	}
	if bytes.Contains(kept.PublicKey, a.aaguid) {
		t.Error("the maker's number is kept")
	}
	return kept, handle
}

func TestPasskeys_joinAndSignIn(t *testing.T) {
	t.Parallel()
	p, _ := newPasskeys(t)
	a := newAuthenticator(t)
	kept, handle := join(t, p, a)
	find := func(id []byte) (key.Passkey, key.Handle, error) {
		if !bytes.Equal(id, kept.ID) {
			return key.Passkey{}, nil, fault.New(fault.NotFound, "key.passkey.unknown")
		}
		return kept, handle, nil
	}
	for range 3 { // counters go up, and nothing of that is stored
		c, err := p.Ask()
		if err != nil {
			t.Fatal(err)
		}
		answer := a.sign(t, c)
		if got, err := p.Recognise(c.Sealed, answer, find); err != nil || !bytes.Equal(got.ID, kept.ID) {
			t.Fatal(err)
		}
		_, err = p.Recognise(c.Sealed, answer, find)
		wantKey(t, err, "key.seal.old")
	}
	stranger := newAuthenticator(t)
	stranger.handle = handle
	c, _ := p.Ask()
	_, err := p.Recognise(c.Sealed, stranger.sign(t, c), find)
	wantKey(t, err, "key.passkey.unknown")
	stranger.id = kept.ID
	_, err = p.Recognise(c.Sealed, stranger.sign(t, c), find)
	wantKey(t, err, "key.passkey.refused")
}

func TestPasskeys_optionsAskWhatTheProtocolSays(t *testing.T) {
	t.Parallel()
	p, _ := newPasskeys(t)
	held := []key.Passkey{{ID: []byte("held"), Transports: "usb"}, {ID: []byte("other")}}
	c, err := p.Offer("add m1", key.NewHandle(rand.Reader), "Quiet Heron", held)
	if err != nil {
		t.Fatal(err)
	}
	var o options
	if err := json.Unmarshal(c.Public, &o); err != nil {
		t.Fatal(err)
	}
	if len(unb(t, o.User.ID)) != key.HandleSize || o.User.Name != "Quiet Heron" || len(o.Exclude) != 2 ||
		o.Selection.ResidentKey != "required" || o.Selection.UserVerification != "required" {
		t.Errorf("options = %s", c.Public)
	}
	if !strings.Contains(string(c.Public), `"attestation":"none"`) || len(unb(t, o.Challenge)) < 16 {
		t.Errorf("options = %s", c.Public)
	}
	ask, err := p.Ask()
	if err != nil || strings.Contains(string(ask.Public), "allowCredentials") || !strings.Contains(string(ask.Public), `"userVerification":"required"`) {
		t.Errorf("options = %s, %v", ask.Public, err)
	}
}

func TestPasskeys_acceptRefuses(t *testing.T) {
	t.Parallel()
	p, clock := newPasskeys(t)
	handle := key.NewHandle(rand.Reader)
	for name, change := range map[string]func(a *authenticator, c *key.Ceremony) []byte{
		"not verified": func(a *authenticator, _ *key.Ceremony) []byte { a.flags = 0x01; return nil },
		"not present":  func(a *authenticator, _ *key.Ceremony) []byte { a.flags = 0x04; return nil },
		"phishing":     func(a *authenticator, _ *key.Ceremony) []byte { a.origin = "http://localhost:9"; return nil },
		"not JSON":     func(*authenticator, *key.Ceremony) []byte { return []byte("{") },
		"empty":        func(*authenticator, *key.Ceremony) []byte { return []byte("{}") },
		"too long":     func(*authenticator, *key.Ceremony) []byte { return bytes.Repeat([]byte(" "), 20_000) },
		"trailing":     func(*authenticator, *key.Ceremony) []byte { return []byte("{} {}") },
		"null":         func(*authenticator, *key.Ceremony) []byte { return []byte("null") },
		"other challenge": func(_ *authenticator, c *key.Ceremony) []byte {
			other, _ := p.Offer("join", handle, "x", nil)
			c.Public = other.Public
			return nil
		},
		"an assertion": func(a *authenticator, c *key.Ceremony) []byte { return a.sign(t, *c) },
	} {
		a := newAuthenticator(t)
		c, err := p.Offer("join", handle, "x", nil)
		if err != nil {
			t.Fatal(err)
		}
		sent := change(a, &c)
		if sent == nil {
			sent = a.make(t, c)
		}
		if _, _, err := p.Accept("join", c.Sealed, sent); err == nil || fault.From(err).Key != "key.passkey.refused" {
			t.Errorf("%s: %v", name, err)
		}
	}
	a := newAuthenticator(t)
	c, _ := p.Offer("add m1", handle, "x", nil)
	_, _, err := p.Accept("add m2", c.Sealed, a.make(t, c))
	wantKey(t, err, "key.seal.broken")
	clock.at = clock.at.Add(11 * time.Minute)
	_, _, err = p.Accept("add m1", c.Sealed, a.make(t, c))
	wantKey(t, err, "key.seal.old")
}

func TestNewPasskeys_origins(t *testing.T) {
	t.Parallel()
	for o, ok := range map[string]bool{
		"https://hall.example": true, "https://hall.example:8443": true, "http://localhost:1": true,
		"http://hall.example": false, "http://127.0.0.1:80": false, "": false, "hall.example": false, "ftp://localhost": false, "https://": false, "https://192.0.2.7": false,
	} {
		if _, err := key.NewPasskeys(o, "x", key.NewSealer(make([]byte, 32), rand.Reader, time.Now)); (err == nil) != ok {
			t.Errorf("%q: %v", o, err)
		}
	}
}
