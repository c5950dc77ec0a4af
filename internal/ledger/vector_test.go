package ledger_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"guildhall/internal/ledger"
)

var update = flag.Bool("update", false, "write docs/log-vectors.json anew")

const vectorFile = "../../docs/log-vectors.json"

// vector is a proof as /log/proof answers it.
type vector struct {
	Index      uint64   `json:"index"`
	Entry      string   `json:"entry"`
	Proof      []string `json:"proof"`
	Checkpoint string   `json:"checkpoint"`
}

// The vectors are what the browser's own check is tested with. Ed25519 and the
// tree are deterministic, so every program makes the same bytes of this key.
func TestVectors(t *testing.T) {
	t.Parallel()
	l, err := ledger.Open(ledger.Config{Data: t.TempDir(), Rand: bytes.NewReader(bytes.Repeat([]byte{7}, 64))})
	if err != nil {
		t.Fatal(err)
	}
	var proofs []vector
	n := 0
	for _, step := range []struct{ size, index int }{{1, 0}, {2, 0}, {2, 1}, {3, 2}, {5, 3}, {7, 6}, {8, 0}, {256, 255}, {257, 256}, {300, 17}, {300, 299}} {
		var list []any
		for ; n < step.size; n++ {
			list = append(list, deletion(n))
		}
		appendTo(t, l, list...)
		p, err := l.Proof(t.Context(), uint64(step.index))
		if err != nil {
			t.Fatal(err)
		}
		checkProof(t, p, l.Key())
		v := vector{p.Index, string(p.Entry), []string{}, string(p.Checkpoint)}
		for _, h := range p.Path {
			v.Proof = append(v.Proof, base64.RawURLEncoding.EncodeToString(h[:]))
		}
		proofs = append(proofs, v)
	}
	made, err := json.MarshalIndent(map[string]any{"key": l.Key(), "proofs": proofs}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	made = append(made, '\n')
	if *update {
		if err := os.WriteFile(vectorFile, made, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(made, kept) {
		t.Error("the log makes other bytes than docs/log-vectors.json holds")
	}
}
