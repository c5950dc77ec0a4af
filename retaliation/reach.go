package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"guildhall/internal/fault"
)

// Everybody has a device that the hall wakes. Most are on and show what came at once,
// whether or not anybody looks; the others when somebody comes by.

const (
	oftenOn    = 0.8 // a device shows a notice as it comes
	oftenPress = 0.3 // it was pressed, when somebody comes by
)

// pushes is the push service of the test: it takes everything, for the devices whose
// number is in the address.
type pushes struct {
	*httptest.Server
	roots string // a file that vouches for it

	mu   sync.Mutex
	came []pushed
}

// pushed is a message for a device.
type pushed struct {
	person int
	hook   bool // for her program, not for her device
	body   []byte
}

func openPushes(dir string) (*pushes, error) {
	s := &pushes{roots: filepath.Join(dir, "push.pem")}
	s.Server = httptest.NewTLSServer(s)
	return s, os.WriteFile(s.roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600)
}

// ServeHTTP takes a message.
func (s *pushes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	to, hook := strings.CutPrefix(r.URL.Path, "/hook/")
	n, bad := strconv.Atoi(strings.TrimPrefix(to, "/to/"))
	if err != nil || bad != nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.came = append(s.came, pushed{n, hook, body})
	w.WriteHeader(http.StatusCreated)
}

// take gives what came since.
func (s *pushes) take() (came []pushed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	came, s.came = s.came, nil
	return came
}

// handset is somebody's device, as the hall may wake it.
type handset struct {
	key     *ecdh.PrivateKey
	auth    []byte
	waiting []told // not shown yet: it was off
	shown   []told

	asksToBeTold bool // it is settled whether she has an address besides
}

// told is what a message for a device says of which notice it is.
type told struct{ T, N string }

// beReachable lets the hall wake her browser, in the first visit.
func (p *play) beReachable(who *person, c call) (err error) {
	if who.handset.key != nil {
		return nil
	}
	h := handset{auth: make([]byte, 16)}
	rand.Read(h.auth)
	if h.key, err = ecdh.P256().GenerateKey(rand.Reader); err != nil {
		return err
	}
	form := url.Values{
		"endpoint": {p.pushes.URL + "/to/" + strconv.Itoa(who.n)},
		"key":      {base64.RawURLEncoding.EncodeToString(h.key.PublicKey().Bytes())},
		"auth":     {base64.RawURLEncoding.EncodeToString(h.auth)},
	}
	who.handset = h
	_, err = who.account.Send(p.ctx, http.MethodPost, "/account/reach/devices", formType, []byte(form.Encode()))
	return p.marked(who, c, "device", err)
}

// wake lets devices show what has come since.
func (p *play) wake() error {
	for _, m := range p.pushes.take() {
		who := p.people[m.person]
		if m.hook {
			if err := p.hooked(who, m.body); err != nil {
				return err
			}
			continue
		}
		t, err := who.handset.open(m.body)
		if err != nil {
			return err
		}
		p.Counts["pushes"]++
		if p.r.Float64() >= oftenOn {
			who.handset.waiting = append(who.handset.waiting, t)
			continue
		}
		if err := p.acknowledge(who, t, "shown"); err != nil {
			return err
		}
		who.handset.shown = append(who.handset.shown, t)
	}
	return nil
}

// lookAtHandset is a visit with the device in hand: what waited is shown, and of what was
// shown some is pressed.
func (p *play) lookAtHandset(who *person) error {
	h := &who.handset
	for _, t := range h.waiting {
		if err := p.acknowledge(who, t, "shown"); err != nil {
			return err
		}
	}
	h.shown = append(h.shown, h.waiting...)
	for _, t := range h.shown {
		if p.r.Float64() < oftenPress {
			if err := p.acknowledge(who, t, "opened"); err != nil {
				return err
			}
		}
	}
	h.waiting, h.shown = nil, nil
	return nil
}

// acknowledge is a device's word, without a cookie.
func (p *play) acknowledge(who *person, t told, how string) error {
	p.Counts["pushes "+how]++
	say := func() error {
		_, err := who.mute.Send(p.ctx, http.MethodPost, "/reach/"+how, formType, []byte(url.Values{"token": {t.T}, "notice": {t.N}}.Encode()))
		return err
	}
	err := say()
	if fault.Is(err, fault.Unavailable) { // the line was idle for so long that the hall has just let it go
		err = say()
	}
	return err
}

// open reads a message as a browser does: RFC 8188 and 8291, one record.
func (h handset) open(b []byte) (t told, err error) {
	const head = 16 + 4 + 1
	if len(b) < head+65 || int(b[head-1]) != 65 || binary.BigEndian.Uint32(b[16:]) < uint32(len(b)-head-65) {
		return t, errors.New("a push without a head")
	}
	salt, from, sealed := b[:16], b[head:head+65], b[head+65:]
	theirs, err := ecdh.P256().NewPublicKey(from)
	if err != nil {
		return t, err
	}
	shared, err := h.key.ECDH(theirs)
	if err != nil {
		return t, err
	}
	info := append(append([]byte("WebPush: info\x00"), h.key.PublicKey().Bytes()...), from...)
	secret, err := hkdf.Key(sha256.New, shared, h.auth, string(info), 32)
	if err != nil {
		return t, err
	}
	key, err1 := hkdf.Key(sha256.New, secret, salt, "Content-Encoding: aes128gcm\x00", 16)
	nonce, err2 := hkdf.Key(sha256.New, secret, salt, "Content-Encoding: nonce\x00", 12)
	block, err3 := aes.NewCipher(key)
	if err := errors.Join(err1, err2, err3); err != nil {
		return t, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return t, err
	}
	text, err := gcm.Open(nil, nonce, sealed, nil)
	if err != nil {
		return t, err
	}
	text = bytes.TrimRight(text, "\x00") // padding follows a 2
	return t, json.Unmarshal(bytes.TrimSuffix(text, []byte{2}), &t)
}
