package owner_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"guildhall/internal/member/key"
	"guildhall/internal/member/key/owner"
)

type vectors struct {
	Phrases []struct {
		Phrase, Login string
		LoginHash     string `json:"login_hash"`
	}
	Vaults []struct{ Vault, Root string }
}

func readVectors(t *testing.T) (v vectors) {
	t.Helper()
	b, err := os.ReadFile("../../../../docs/accounts-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestPhrase_derivesWhatTheVectorsSay(t *testing.T) {
	t.Parallel()
	for _, v := range readVectors(t).Phrases {
		p, err := owner.ParsePhrase(v.Phrase)
		if err != nil {
			t.Fatal(err)
		}
		k, err := p.Keys()
		if err != nil || k.Login() != v.Login || k.LoginHash() != v.LoginHash {
			t.Errorf("login of %q differs (%v)", v.Phrase, err)
		}
	}
}

func TestOpenVault_opensTheVectors(t *testing.T) {
	t.Parallel()
	vs := readVectors(t)
	opened := 0
	for _, v := range vs.Vaults {
		b, err := base64.RawURLEncoding.DecodeString(v.Vault)
		if err != nil {
			t.Fatal(err)
		}
		for _, ph := range vs.Phrases {
			p, err := owner.ParsePhrase(ph.Phrase)
			if err != nil {
				t.Fatal(err)
			}
			k, err := p.Keys()
			if err != nil {
				t.Fatal(err)
			}
			if root, err := owner.OpenVault(b, k); err == nil {
				opened++
				if base64.RawURLEncoding.EncodeToString(root) != v.Root {
					t.Error("a vault opened to another root")
				}
			}
		}
	}
	if opened != len(vs.Vaults) {
		t.Errorf("%d of %d vaults opened", opened, len(vs.Vaults))
	}
}

func TestNewVault_theHallTakesIt(t *testing.T) {
	t.Parallel()
	p, err := owner.DrawPhrase(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k, err := p.Keys()
	if err != nil {
		t.Fatal(err)
	}
	root := bytes.Repeat([]byte{9}, 32)
	v, err := owner.NewVault(rand.Reader, k, root)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := key.ParseVault(base64.RawURLEncoding.EncodeToString(v)); err != nil {
		t.Error(err)
	}
	got, err := owner.OpenVault(v, k)
	if err != nil || !bytes.Equal(got, root) {
		t.Errorf("the vault does not open: %v", err)
	}
	if s := fmt.Sprintf("%v %#v %s", p, p, p); bytes.Contains([]byte(s), []byte(p.Reveal()[:5])) {
		t.Errorf("a phrase prints as %s", s)
	}
}

func TestParsePhrase_forgivesAndNames(t *testing.T) {
	t.Parallel()
	p, err := owner.ParsePhrase("1. Abandon, 2. ABIL 3. zoo 4. zone 5. youth 6. yellow 7. wrong")
	if err != nil || p.Reveal() != "abandon ability zoo zone youth yellow wrong" {
		t.Errorf("%q, %v", p.Reveal(), err)
	}
	for _, typed := range []string{"", "abandon", "abandon ability zoo zone youth yellow notaword", "abandon ability zoo zone youth yellow abs"} {
		if _, err := owner.ParsePhrase(typed); err == nil {
			t.Errorf("%q is no phrase", typed)
		}
	}
}

func TestSolve_theHallTakesIt(t *testing.T) {
	t.Parallel()
	w := key.NewWork(bytes.Repeat([]byte{1}, 32), "join", rand.Reader, time.Now)
	a, err := owner.Solve(w.Token())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Spend(a); err != nil {
		t.Error(err)
	}
	if _, err := owner.Solve("AAAA"); err == nil {
		t.Error("a token of four characters was solved")
	}
}
