package message_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/message"
)

// author is somebody whose identity key is known to the hall.
func (h *hall) author(of face.ID) *ecdsa.PrivateKey {
	h.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	h.ok(err)
	public, err := key.PublicKey.Bytes()
	h.ok(err)
	h.ok(h.Enrol(h.ctx, of, message.Enrolment{Leaf: message.LeafID(ident.Random()), Identity: public, Last: packet("last")}))
	return key
}

// said is a message as its author's browser signs it.
func said(t *testing.T, key *ecdsa.PrivateKey, s message.Spoken) message.Spoken {
	t.Helper()
	sum := sha256.Sum256(lineOf(s))
	r, v, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	s.Proof = append(r.FillBytes(make([]byte, 32)), v.FillBytes(make([]byte, 32))...)
	return s
}

func lineOf(s message.Spoken) []byte {
	size := ""
	if s.FileSeal != "" {
		size = fmt.Sprint(s.FileSize)
	}
	return []byte(strings.Join([]string{"guildhall/messages/said/1", fmt.Sprint(s.Day), s.FileSeal, size, s.FileName, s.Words}, "\x00"))
}

func TestDisclose_onlyWhatItsAuthorHasSigned(t *testing.T) {
	each(t, func(h *hall) {
		key := h.author(ana)
		real := said(h.t, key, message.Spoken{Face: ana, Day: 20_000, Words: "You will regret this."})
		id, err := h.Disclose(h.ctx, bo, real)
		h.ok(err)
		again, err := h.Disclose(h.ctx, cleo, real)
		if h.ok(err); again != id {
			h.t.Error("the same message is another when another shows it")
		}
		d, err := h.Disclosed(h.ctx, id)
		if h.ok(err); d.Words != real.Words || d.Face != ana || d.Day != 20_000 {
			h.t.Errorf("%+v", d)
		}
		if sum := sha256.Sum256(append([]byte(ana+"\x00"), lineOf(real)...)); strings.Contains(id, hex.EncodeToString(sum[:16])) || h.Public(id) == id {
			h.t.Error("whoever guesses author and words knows the id, or the decision leads to the report")
		}
		for what, forge := range map[string]func(s *message.Spoken){
			"other words":      func(s *message.Spoken) { s.Words = "I have paid you." },
			"another day":      func(s *message.Spoken) { s.Day++ },
			"a file":           func(s *message.Spoken) { s.FileName, s.FileSeal = "a.pdf", strings.Repeat("ab", 32) },
			"a name of a file": func(s *message.Spoken) { s.FileName = "a.pdf" },
			"words moved":      func(s *message.Spoken) { s.FileName, s.Words = s.Words, "" },
			"no signature":     func(s *message.Spoken) { s.Proof = make([]byte, 64) },
			"a short one":      func(s *message.Spoken) { s.Proof = s.Proof[:63] },
			"nobody's":         func(s *message.Spoken) { s.Face = "nobody" },
			"another's":        func(s *message.Spoken) { s.Face = cleo },
			"two in one":       func(s *message.Spoken) { s.Words += "\x00" },
			"too many words":   func(s *message.Spoken) { s.Words = strings.Repeat("a", 4*message.MaxWords+1) },
			"no words": func(s *message.Spoken) {
				*s = said(h.t, key, message.Spoken{Face: ana, Day: 20_000})
			},
		} {
			s := real
			s.Proof = append([]byte(nil), real.Proof...)
			forge(&s)
			if id, err := h.Disclose(h.ctx, bo, s); id != "" {
				h.t.Errorf("%s: taken in as %s", what, id)
			} else {
				h.refused(err, fault.Invalid, "message.not_said")
			}
		}
		n := 0
		if _, err := h.DB.Row(h.ctx, qDisclosedCount, nil, &n); err != nil || n != 1 {
			h.t.Errorf("%d messages are kept, %v", n, err)
		}
		_, err = h.Disclose(h.ctx, ana, real)
		h.refused(err, fault.Invalid, "message.may.own")
		_, err = h.Disclose(h.ctx, "", real)
		h.refused(err, fault.SignIn, "fault.sign_in")
	})
}

// The browser's own test makes the same line (page/message/said.test.mjs).
func TestDisclose_asBrowsersWriteIt(t *testing.T) {
	each(t, func(h *hall) {
		un := func(s string) []byte {
			b, err := base64.RawURLEncoding.DecodeString(s)
			h.ok(err)
			return b
		}
		h.ok(h.Enrol(h.ctx, ana, message.Enrolment{Leaf: message.LeafID(ident.Random()), Last: packet("last"),
			Identity: un("BNeuBXqIleoXYvnXSH5RHsY1W8MeEj-3YpkBPbCEsIk1RR-yPBqbshU8ADS6iSqju_gvs0bv2Pg9RhLVPsXgYFw")}))
		s := message.Spoken{Face: ana, Day: 20_000, Words: "You will regret this.", FileName: "contract.pdf", FileSize: 12345,
			FileSeal: "4ec5053574ad3bdee7f16baad60596904973939e7afe618106af3df124fac63a",
			Proof:    un("8TQCCZAbkzF59m5B3csNF89iSaASnYAcbMnp0pqwW39EyPUfg9YS7J-s-kFEYu9WKXzYkPXuRzlkjGqGHuQzMg")}
		_, err := h.Disclose(h.ctx, bo, s)
		h.ok(err)
		s.FileSize++
		_, err = h.Disclose(h.ctx, bo, s)
		h.refused(err, fault.Invalid, "message.not_said")
	})
}

func TestMayDisclose(t *testing.T) {
	t.Parallel()
	if err := message.MayDisclose(bo, ana); err != nil {
		t.Error(err)
	}
	for _, by := range []face.ID{"", ana} {
		if message.MayDisclose(by, ana) == nil {
			t.Errorf("%q shows what ana wrote", by)
		}
	}
}

func TestSettle(t *testing.T) {
	each(t, func(h *hall) {
		key := h.author(ana)
		show := func(words string) string {
			id, err := h.Disclose(h.ctx, bo, said(h.t, key, message.Spoken{Face: ana, Day: 1, Words: words}))
			h.ok(err)
			return id
		}
		left, warned, erased := show("one"), show("two"), show("three")
		h.ok(h.Settle(h.ctx, left, false))
		h.ok(h.Settle(h.ctx, left, false))
		h.ok(h.Settle(h.ctx, warned, true))
		h.refused(h.Settle(h.ctx, warned, true), fault.NotFound, "fault.not_found")
		h.ok(h.Forget(h.ctx, ana))
		for _, id := range []string{left, warned, erased} {
			_, err := h.Disclosed(h.ctx, id)
			h.refused(err, fault.NotFound, "fault.not_found")
		}
		var events []event.Event
		h.ok(h.Events.Drain(h.ctx, event.Consumer{Name: "test", Handle: func(_ context.Context, batch []event.Event) error {
			events = append(events, batch...)
			return nil
		}}))
		var w message.Warned
		if len(events) != 1 || events[0].Kind != message.EventWarned || events[0].Subject != h.Public(warned) || events[0].Decode(&w) != nil || w.Face != ana {
			h.t.Errorf("%+v", events)
		}
	})
}

var qDisclosedCount = db.SQL("messagetest.disclosed", `SELECT count(*) FROM message_disclosed`)
