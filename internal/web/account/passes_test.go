package account_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/pass"
	"guildhall/internal/pass/token"
)

// openSpace gives the hall one safe space in which everybody has a good seat,
// and a log in memory.
func (h *house) openSpace(id string) {
	var mu sync.Mutex
	var log []pass.Entry
	p := h.hall.Passes
	p.Log = func(_ context.Context, e pass.Entry) (uint64, error) {
		mu.Lock()
		defer mu.Unlock()
		log = append(log, e)
		return uint64(len(log) - 1), nil
	}
	p.Safe = func(_ context.Context, space string) error {
		if space != id {
			return fault.New(fault.NotFound, "fault.not_found")
		}
		return nil
	}
	p.Seats = func(context.Context, string) ([]string, error) { return []string{id}, nil }
	p.Seat = func(context.Context, string, string) (pass.Standing, error) {
		return pass.Standing{Seat: true, Eligible: true}, nil
	}
}

// joinWithKeys joins as a browser with scripts does.
func (b *browser) joinWithKeys(name string, root token.Root, requestKey string) {
	b.h.t.Helper()
	loginHash := sha256.Sum256(root[:])
	b.get("/join")
	b.post("/join", "name", name, "lang", "en", "work", b.hidden("work"), "once", b.hidden("once"),
		"device", token.Encode(root[:16]), "vault", vaultOf(root), "login_hash", token.Encode(loginHash[:]), "request_key", requestKey,
	).want(200, "/account/codes", name)
}

// vaultOf is something in the shape of a vault.
func vaultOf(root token.Root) string {
	b := append([]byte("GHV1"), bytes.Repeat([]byte("0123456789abc"), 79)[:1020]...)
	copy(b[900:], root[:])
	return token.Encode(b)
}

func publicHalf(r token.Root) string {
	return token.Encode(r.RequestKey().Public().(ed25519.PublicKey))
}

// keys reads the issuer keys of a space as a client does.
func (b *browser) keys(space string) map[token.Purpose]string {
	b.h.t.Helper()
	b.get("/spaces/"+space+"/keys").want(200, "/spaces/"+space+"/keys")
	var doc struct {
		Keys []struct {
			Purpose token.Purpose `json:"purpose"`
			N       string        `json:"n"`
		} `json:"keys"`
	}
	if err := json.Unmarshal([]byte(b.doc), &doc); err != nil {
		b.h.t.Fatal(err)
	}
	found := map[token.Purpose]string{}
	for _, k := range doc.Keys {
		found[k.Purpose] = k.N
	}
	return found
}

// rightBody is the body with which a root asks for its right.
func rightBody(t *testing.T, root token.Root, space string, ep int, n string) (string, *token.Request) {
	t.Helper()
	k, err := token.ParseKey(token.Right, n)
	if err != nil {
		t.Fatal(err)
	}
	q, err := root.Right(space, ep, 0, k)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(map[string]any{
		"space": space, "epoch": ep, "right": token.Encode(q.Blinded), "read": []string{},
		"signature": token.Encode(root.SignServe(space, ep, q.Blinded, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(b), q
}

// The whole way over HTTP: the same keys for a member and for a stranger, a right
// once, the same again, nothing for another root that has the cookie.
func TestPasses_overHTTP(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.openSpace("designers")
		root, thief := token.Root{1}, token.Root{2}
		b := h.browser()
		b.joinWithKeys("Ana Ruiz", root, publicHalf(root))
		n := b.keys("designers")
		if stranger := h.browser().keys("designers"); len(n) != 3 || stranger[token.Right] != n[token.Right] || stranger[token.Read] != n[token.Read] {
			t.Fatalf("a stranger is shown other keys: %v, %v", n, stranger)
		}
		ep := epoch.Of(h.clock.now())
		b.get("/me/passes?space=designers").want(200, "/me/passes", `"key":true`, `"seat":true`, `"eligible":true`, `"right_epoch":null`)

		b.get("/me/passes").want(200, "/me/passes", `"key":true,"seats":[{"space":"designers","seat":true,"eligible":true,"why":"","right_epoch":null}]}`)
		h.browser().get("/me/passes").want(401, "/me/passes")

		body, q := rightBody(t, root, "designers", ep, n[token.Right])
		stolen, _ := rightBody(t, thief, "designers", ep, n[token.Right])
		b.json("/me/passes", stolen).want(403, "/me/passes", "not signed by your account")
		b.json("/me/passes", body).want(200, "/me/passes")
		var got struct{ Right string }
		if err := json.Unmarshal([]byte(b.doc), &got); err != nil {
			t.Fatal(err)
		}
		answer, ok := token.Decode(got.Right, 256)
		if p, err := q.Finalize(answer); !ok || err != nil || len(p.Signature) != 256 {
			t.Fatalf("no pass: %v", err)
		}
		b.json("/me/passes", body).want(200, "/me/passes", got.Right)
		b.get("/me/passes?space=designers").want(200, "/me/passes", `"right_epoch":`+itoa(ep))
		b.get("/me/passes").want(200, "/me/passes", `"right_epoch":`+itoa(ep))
		h.browser().json("/me/passes", body).want(401, "/me/passes", `"message"`)
		b.json("/me/passes", strings.Replace(body, `"read":[]`, `"read":[],"more":1`, 1)).want(422, "/me/passes")
		b.json("/me/passes", strings.Replace(body, `"read":[]`, `"read":["AA"]`, 1)).want(422, "/me/passes")
		b.get("/me/passes?space=nowhere").want(404, "/me/passes")
		b.get("/spaces/nowhere/keys").want(404, "/spaces/nowhere/keys")
	})
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

// A member of early days gives the key once, just after showing that it is her.
func TestRequestKey_once(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.openSpace("designers")
		root, thief := token.Root{1}, token.Root{2}
		b, loginHash := h.browser(), sha256.Sum256(root[:])
		b.get("/join")
		b.post("/join", "name", "Ana Ruiz", "lang", "en", "work", b.hidden("work"), "once", b.hidden("once"), "device", token.Encode(root[:16]),
			"vault", vaultOf(root), "login_hash", token.Encode(loginHash[:]), "request_key", "AA").want(422, "/join")
		b.joinWithKeys("Ana Ruiz", root, "")
		b.get("/account/keys").want(200, "/account/keys", `request="/me/keys"`)
		n := b.keys("designers")
		body, _ := rightBody(t, root, "designers", epoch.Of(h.clock.now()), n[token.Right])
		b.json("/me/passes", body).want(403, "/me/passes", "no key yet")
		b.get("/me/passes?space=designers").want(200, "/me/passes", `"key":false`)

		h.clock.pass(11 * time.Minute)
		b.post("/me/keys", "request_key", publicHalf(thief)).want(403, "/me/keys", "ten minutes")
		b.get("/account/keys").want(200, "/account/keys")
		if strings.Contains(b.doc, "request=") {
			t.Error("the page asks for a key that would be refused")
		}
		b.json("/sign-in/phrase", `{"login":"`+token.Encode(root[:])+`","device":"`+token.Encode(root[16:])+`","next":"/"}`).want(200, "/sign-in/phrase")
		b.post("/me/keys", "request_key", publicHalf(root)).want(200, "/account/keys")
		b.post("/me/keys", "request_key", publicHalf(root)).want(200, "/account/keys") // again: it is done
		b.post("/me/keys", "request_key", publicHalf(thief)).want(409, "/me/keys", "never changes")
		b.get("/account/keys").want(200, "/account/keys")
		if strings.Contains(b.doc, "request=") {
			t.Error("the page asks for a key that is there")
		}
		b.json("/me/passes", body).want(200, "/me/passes")
	})
}
