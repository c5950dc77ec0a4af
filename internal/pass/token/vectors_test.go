package token_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"math/big"
	"os"
	"testing"

	"guildhall/internal/pass/token"
)

const vectorsFile = "../../../docs/passes-vectors.json"

var update = flag.Bool("update", false, "write docs/passes-vectors.json anew")

// vectors mirrors docs/passes-vectors.json, which a program without any of this
// code computes again (internal/web/page/space/vectors.test.mjs).
type vectors struct {
	Root    string       `json:"root"`
	N       string       `json:"n"` // of one issuer, for all slots here
	D       string       `json:"d"`
	Request string       `json:"request_key"`
	Device  string       `json:"device_key"`
	Passes  []passVector `json:"passes"`
	N3      string       `json:"n3"` // of an issuer of 3,072 bits, for a consultation
	D3      string       `json:"d3"`
	Asked   passVector   `json:"consultation"`
	Serve   serveVector  `json:"serve"`
}

// passVector is one pass from its derivation to its spending.
type passVector struct {
	Slot      token.Slot `json:"slot"`
	I         int        `json:"i"`
	Mask      int        `json:"mask"` // of a right: which mask's key
	Key       string     `json:"key"`
	Prefix    string     `json:"prefix"`
	Blinded   string     `json:"blinded"`
	Answer    string     `json:"answer"`
	Message   string     `json:"message"`
	Signature string     `json:"signature"`
	Spend     string     `json:"spend"`
}

// serveVector is the request of an account for the first two passes' slots.
type serveVector struct {
	Space     string `json:"space"`
	Epoch     int    `json:"epoch"`
	Message   string `json:"message"`
	Signature string `json:"signature"`
}

// vectorRoot is the root of all vectors.
var vectorRoot = token.Root(sha256.Sum256([]byte("guildhall/passes/1 vectors")))

// vectorOf is a pass from its request on.
func vectorOf(t *testing.T, slot token.Slot, i, mask int, q *token.Request, n, d *big.Int) passVector {
	t.Helper()
	answer := new(big.Int).Exp(new(big.Int).SetBytes(q.Blinded), d, n).FillBytes(make([]byte, len(q.Blinded)))
	p, err := q.Finalize(answer)
	if err != nil {
		t.Fatal(err)
	}
	return passVector{slot, i, mask, token.Encode(p.Key), token.Encode(p.Prefix), token.Encode(q.Blinded),
		token.Encode(answer), token.Encode(p.Message()), token.Encode(p.Signature), p.Spend()}
}

// compute makes the vectors of a key, and of one of 3,072 bits.
func compute(t *testing.T, n, d, n3, d3 *big.Int) vectors {
	t.Helper()
	r := vectorRoot
	k := &rsa.PublicKey{N: n, E: 65537}
	public := func(p ed25519.PrivateKey) ed25519.PublicKey { return p.Public().(ed25519.PublicKey) }
	v := vectors{Root: token.Encode(r[:]), N: token.EncodeKey(k), D: token.Encode(d.FillBytes(make([]byte, 256))),
		Request: token.Encode(public(r.RequestKey())), Device: token.Encode(r.DeviceKey())}
	for _, c := range []struct {
		slot    token.Slot
		i, mask int
		key     ed25519.PrivateKey
	}{
		{token.Slot{Purpose: token.Right, Space: "designers", Epoch: 742}, 0, 0, r.MaskKey("designers", 0)},
		{token.Slot{Purpose: token.Read, Space: "designers", Epoch: 742}, 0, 0, r.ReadKey("designers", 742, 0)},
		{token.Slot{Purpose: token.Read, Space: "designers", Epoch: 742}, 27, 0, r.ReadKey("designers", 742, 27)},
		{token.Slot{Purpose: token.Right, Space: "مصممون", Epoch: 743}, 0, 1, r.MaskKey("مصممون", 1)},
		{token.Slot{Purpose: token.Mail, Epoch: 742}, 0, 0, r.MailKey(742)},
	} {
		q, err := r.Request(c.slot, c.i, public(c.key), k)
		if err != nil {
			t.Fatal(err)
		}
		v.Passes = append(v.Passes, vectorOf(t, c.slot, c.i, c.mask, q, n, d))
	}
	asked := token.Slot{Purpose: token.Consultation, Space: "4f7c2m9q", Epoch: 742}
	q, err := r.ConsultationPass(asked.Space, asked.Epoch, &rsa.PublicKey{N: n3, E: 65537})
	if err != nil {
		t.Fatal(err)
	}
	v.N3, v.D3 = token.EncodeKey(&rsa.PublicKey{N: n3, E: 65537}), token.Encode(d3.FillBytes(make([]byte, 384)))
	v.Asked = vectorOf(t, asked, 0, 0, q, n3, d3)
	right, _ := token.Decode(v.Passes[0].Blinded, 256)
	v.Serve = serveVector{"designers", 742, token.Encode(token.ServeMessage("designers", 742, right, nil)),
		token.Encode(r.SignServe("designers", 742, right, nil))}
	return v
}

func TestVectors(t *testing.T) {
	t.Parallel()
	if *update {
		k, err := rsa.GenerateKey(rand.Reader, 3072)
		if err != nil {
			t.Fatal(err)
		}
		had := readVectors(t) // what stands there stays
		n, d := had.key(t, had.N, had.D, 256)
		write(t, compute(t, n, d, k.N, k.D))
	}
	v := readVectors(t)
	n, d := v.key(t, v.N, v.D, 256)
	n3, d3 := v.key(t, v.N3, v.D3, 384)
	b, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(t, compute(t, n, d, n3, d3)); !bytes.Equal(got, b) {
		t.Error("what is computed differs from docs/passes-vectors.json; that file is the protocol")
	}
}

func readVectors(t *testing.T) (v vectors) {
	t.Helper()
	b, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// key reads an issuer's key of so many bytes.
func (vectors) key(t *testing.T, n, d string, size int) (*big.Int, *big.Int) {
	t.Helper()
	a, ok1 := token.Decode(n, size)
	b, ok2 := token.Decode(d, size)
	if !ok1 || !ok2 {
		t.Fatal("an issuer's key in the vectors is broken")
	}
	return new(big.Int).SetBytes(a), new(big.Int).SetBytes(b)
}

func lines(t *testing.T, v vectors) []byte {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}

func write(t *testing.T, v vectors) {
	t.Helper()
	if err := os.WriteFile(vectorsFile, lines(t, v), 0o644); err != nil {
		t.Fatal(err)
	}
}
