package token_test

import (
	"bytes"
	"crypto/ed25519"
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

// compute makes the vectors of a key.
func compute(t *testing.T, n, d *big.Int) vectors {
	t.Helper()
	r := token.Root(sha256.Sum256([]byte("guildhall/passes/1 vectors")))
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
		answer := new(big.Int).Exp(new(big.Int).SetBytes(q.Blinded), d, n).FillBytes(make([]byte, 256))
		p, err := q.Finalize(answer)
		if err != nil {
			t.Fatal(err)
		}
		v.Passes = append(v.Passes, passVector{c.slot, c.i, c.mask, token.Encode(p.Key), token.Encode(p.Prefix), token.Encode(q.Blinded),
			token.Encode(answer), token.Encode(p.Message()), token.Encode(p.Signature), p.Spend()})
	}
	right, _ := token.Decode(v.Passes[0].Blinded, 256)
	v.Serve = serveVector{"designers", 742, token.Encode(token.ServeMessage("designers", 742, right, nil)),
		token.Encode(r.SignServe("designers", 742, right, nil))}
	return v
}

func TestVectors(t *testing.T) {
	t.Parallel()
	if *update {
		write(t, compute(t, issuer.N, issuer.D))
	}
	b, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	n, ok1 := token.Decode(v.N, 256)
	d, ok2 := token.Decode(v.D, 256)
	if !ok1 || !ok2 {
		t.Fatal("the issuer's key in the vectors is broken")
	}
	if got := lines(t, compute(t, new(big.Int).SetBytes(n), new(big.Int).SetBytes(d))); !bytes.Equal(got, b) {
		t.Error("what is computed differs from docs/passes-vectors.json; that file is the protocol")
	}
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
