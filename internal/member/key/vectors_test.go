package key_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"testing"
	"time"

	"guildhall/internal/member/key"
)

// vectors mirrors docs/accounts-vectors.json, which the browser's tests read too.
type vectors struct {
	Phrases []struct {
		Phrase, Seed, Login, Kek string
		LoginHash                string `json:"login_hash"`
	}
	Passkey struct{ Prf, Kek string }
	Root    struct {
		Root         string
		DirectoryKey string `json:"directory_key"`
	}
	Vaults []struct {
		Vault, Root, Credential string
		PhraseSlot              int  `json:"phrase_slot"`
		PasskeySlot             *int `json:"passkey_slot"`
	}
	Codes []struct {
		Symbols         []byte
		Shown, Recovery string
	}
	CodesTyped []struct{ Typed, Code string } `json:"codes_typed"`
	CodesBad   []string                       `json:"codes_bad"`
	Work       []struct {
		Key, Purpose, Salt, Token, Answer string
		Bits                              int
		Expiry                            int64
	}
}

const info = "guildhall/accounts/1"

func readVectors(t testing.TB) vectors {
	t.Helper()
	b, err := os.ReadFile("../../../docs/accounts-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func unb(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func derived(t testing.TB, ikm []byte, use string) []byte {
	t.Helper()
	b, err := hkdf.Key(sha256.New, ikm, []byte(info), use, 32)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestVectors_phrases(t *testing.T) {
	t.Parallel()
	for _, p := range readVectors(t).Phrases {
		seed, err := pbkdf2.Key(sha256.New, p.Phrase, []byte(info), 600_000, 32)
		if err != nil || !bytes.Equal(seed, unb(t, p.Seed)) {
			t.Fatalf("seed of %q differs (%v)", p.Phrase, err)
		}
		if !bytes.Equal(derived(t, seed, "login"), unb(t, p.Login)) || !bytes.Equal(derived(t, seed, "vault"), unb(t, p.Kek)) {
			t.Errorf("login or key of %q differs", p.Phrase)
		}
		if got, err := key.LoginVerifier(p.Login); err != nil || string(got) != p.LoginHash {
			t.Errorf("LoginVerifier = %q, %v; want %q", string(got), err, p.LoginHash)
		}
		if got, err := key.ParseVerifier(p.LoginHash); err != nil || string(got) != p.LoginHash {
			t.Errorf("ParseVerifier: %v", err)
		}
	}
}

// openSlot is the browser's side of the format, written once more in Go.
func openSlot(kek, sealed, aad []byte) []byte {
	block, err := aes.NewCipher(kek)
	if err != nil {
		return nil
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil
	}
	plain, err := gcm.Open(nil, sealed[:12], sealed[12:], aad)
	if err != nil {
		return nil
	}
	return plain
}

func TestVectors_vaults(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	phrase, passkey := unb(t, v.Phrases[0].Kek), derived(t, unb(t, v.Passkey.Prf), "vault passkey")
	if !bytes.Equal(passkey, unb(t, v.Passkey.Kek)) {
		t.Error("key of a passkey differs")
	}
	for _, c := range v.Vaults {
		if _, err := key.ParseVault(c.Vault); err != nil {
			t.Fatal(err)
		}
		b, root := unb(t, c.Vault), unb(t, c.Root)
		for i := range 12 {
			sealed, aad := b[4+60*i:64+60*i], []byte(info+"/slot")
			if opened := bytes.Equal(openSlot(phrase, sealed, aad), root); opened != (i == c.PhraseSlot) {
				t.Errorf("slot %d opens for the phrase: %v", i, opened)
			}
			if opened := bytes.Equal(openSlot(passkey, sealed, aad), root); opened != (c.PasskeySlot != nil && i == *c.PasskeySlot) {
				t.Errorf("slot %d opens for the passkey: %v", i, opened)
			}
		}
		entries := openSlot(derived(t, root, "vault directory"), b[724:], append([]byte(info+"/directory"), b[:724]...))
		if len(entries) != 272 || entries[16*c.PhraseSlot] != 1 {
			t.Errorf("directory = %x", entries)
		}
		if c.PasskeySlot != nil {
			tag := sha256.Sum256(unb(t, c.Credential))
			if e := entries[16**c.PasskeySlot:][:16]; e[0] != 2 || !bytes.Equal(e[1:], tag[:15]) {
				t.Errorf("entry of the passkey = %x", e)
			}
		}
	}
	if _, err := key.Vault(v.Vaults[0].Vault).Grown(v.Vaults[1].Vault); err != nil {
		t.Errorf("the second vault grows from the first: %v", err)
	}
}

func TestVectors_codes(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	for _, c := range v.Codes {
		code := key.NewLoginCode(bytes.NewReader(c.Symbols))
		if code.Reveal() != c.Shown || code.RecoveryHash() != c.Recovery {
			t.Errorf("code %s, recovery %s; want %s, %s", code.Reveal(), code.RecoveryHash(), c.Shown, c.Recovery)
		}
	}
	for _, c := range v.CodesTyped {
		if code, err := key.ParseCode(c.Typed); err != nil || code.Reveal() != c.Code {
			t.Errorf("ParseCode(%q) = %s, %v", c.Typed, code.Reveal(), err)
		}
	}
	for _, bad := range v.CodesBad {
		if _, err := key.ParseCode(bad); err == nil {
			t.Errorf("ParseCode(%q) accepts", bad)
		}
	}
}

func TestVectors_work(t *testing.T) {
	t.Parallel()
	for _, c := range readVectors(t).Work {
		now := time.Unix(c.Expiry-300, 0)
		w := key.NewWork(make([]byte, 32), c.Purpose, rand.Reader, func() time.Time { return now })
		key.SetWorkKey(w, unb(t, c.Key))
		err := w.Spend(c.Answer)
		if c.Bits >= key.WorkLow-2 {
			if err != nil {
				t.Errorf("%d bits: %v", c.Bits, err)
			}
			continue
		}
		wantKey(t, err, "key.work.again") // solved, but below the price
	}
}
