package letter_test

import (
	"bytes"
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/rand"
	"encoding/json"
	"flag"
	"os"
	"testing"
	"testing/cryptotest"

	"guildhall/internal/mask/letter"
	"guildhall/internal/mask/wire"
)

var update = flag.Bool("update", false, "write docs/letters-vectors.json anew")

const vectorsFile = "../../../docs/letters-vectors.json"

// vectors let another program check its letters: with the ephemeral key it makes these
// very bytes, with the private one it opens them.
type vectors struct {
	About   string     `json:"about"`
	Private wire.Bytes `json:"private"` // scalar of the hall's key
	Public  wire.Bytes `json:"public"`
	Letters []vector   `json:"letters"`
}

type vector struct {
	Ephemeral wire.Bytes `json:"ephemeral"` // scalar of the letter's own key
	Visit     string     `json:"visit"`     // the body, without the spaces that fill it up to L
	L         int        `json:"l"`
	Enc       wire.Bytes `json:"enc"`
	Sealed    wire.Bytes `json:"sealed"`
	Secret    wire.Bytes `json:"secret"`
	Status    int        `json:"status"`
	Said      string     `json:"said"`
	Answer    wire.Bytes `json:"answer"`
}

// makeVectors makes the same bytes each time: chance is switched off.
func makeVectors(t *testing.T) vectors {
	k := key(t, 1)
	out := vectors{About: "Letters of docs/PASSES.md; bytes in base64url. Made by internal/mask/letter.", Private: k.TestOnlyPrivate(), Public: k.Public()}
	for i, c := range []struct {
		text, status int
		said         string
	}{{0, 200, `{"v":1,"results":[]}`}, {9_000, 403, `{"error":"mask.unknown","message":"Who?"}`}} {
		cryptotest.SetGlobalRandom(t, uint64(50+i))
		body := visit(t, c.text)
		cryptotest.SetGlobalRandom(t, uint64(100+i))
		ephemeral, err := ecdh.P256().GenerateKey(rand.Reader)
		must(t, err)
		cryptotest.SetGlobalRandom(t, uint64(100+i))
		sealed, secret, err := letter.Seal(k.Public(), body)
		must(t, err)
		if !bytes.Equal(sealed[:65], ephemeral.PublicKey().Bytes()) {
			t.Fatal("the library draws its key in another way")
		}
		answer, err := letter.SealAnswer(secret, c.status, []byte(c.said))
		must(t, err)
		out.Letters = append(out.Letters, vector{
			Ephemeral: ephemeral.Bytes(), Visit: string(body), L: len(sealed) - 81, Enc: sealed[:65], Sealed: sealed[65:], Secret: secret,
			Status: c.status, Said: c.said, Answer: answer,
		})
	}
	return out
}

// The file opens with the standard library, and is what this package makes.
func TestVectors(t *testing.T) {
	if *update {
		b, err := json.MarshalIndent(makeVectors(t), "", " ")
		must(t, err)
		must(t, os.WriteFile(vectorsFile, append(b, '\n'), 0o644))
	}
	b, err := os.ReadFile(vectorsFile)
	must(t, err)
	var v vectors
	must(t, json.Unmarshal(b, &v))
	private, err := hpke.DHKEM(ecdh.P256()).NewPrivateKey(v.Private)
	must(t, err)
	if !bytes.Equal(private.PublicKey().Bytes(), v.Public) || len(v.Letters) != 2 {
		t.Fatal("another key, or too few letters")
	}
	for i, l := range v.Letters {
		r, err := hpke.NewRecipient(l.Enc, private, hpke.HKDFSHA256(), hpke.AES128GCM(), []byte("guildhall/letters/1"))
		must(t, err)
		plain, err := r.Open(nil, l.Sealed)
		must(t, err)
		secret, err := r.Export("guildhall/letters/1/answer", 32)
		must(t, err)
		if len(plain) != l.L || !bytes.HasPrefix(plain, []byte(l.Visit)) || !bytes.Equal(secret, l.Secret) {
			t.Errorf("letter %d: another visit or secret", i)
		}
		body, _, err := key(t, 1).Open(append(bytes.Clone(l.Enc), l.Sealed...))
		must(t, err)
		if string(body) != l.Visit {
			t.Errorf("letter %d: this package opens another visit", i)
		}
		status, said, err := letter.OpenAnswer(secret, l.Answer)
		if err != nil || status != l.Status || string(said) != l.Said {
			t.Errorf("answer %d: %d %s %v", i, status, said, err)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
