package token_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"guildhall/internal/fault"
	"guildhall/internal/pass/token"
)

// issuer is a key that is made once for all tests of the package.
var issuer = func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
}()

var root = token.Root(bytes.Repeat([]byte{7}, token.RootSize))

func wantKey(t testing.TB, err error, want string) {
	t.Helper()
	if err == nil || fault.From(err).Key != want {
		t.Errorf("err = %v, want %s", err, want)
	}
}

func number(t testing.TB, s string) *big.Int {
	t.Helper()
	n, ok := new(big.Int).SetString(s, 16)
	if !ok {
		t.Fatalf("no number: %q", s)
	}
	return n
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The numbers of the standard itself: blinding, signing and finalizing give what
// its appendix gives, byte for byte.
func TestRFC9474(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/rfc9474.json")
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]string
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	k := &rsa.PublicKey{N: number(t, v["n"]), E: 65537}
	message := unhex(t, v["input_msg"])
	if !bytes.Equal(message, append(unhex(t, v["msg_prefix"]), unhex(t, v["msg"])...)) {
		t.Fatal("the vector's message is not prefix ‖ msg")
	}
	factor := new(big.Int).ModInverse(number(t, v["inv"]), k.N)
	blinded, inverse, err := token.Blind(k, message, unhex(t, v["salt"]), factor)
	if err != nil || !bytes.Equal(blinded, unhex(t, v["blinded_msg"])) || inverse.Cmp(number(t, v["inv"])) != 0 {
		t.Fatalf("Blind differs from the standard (%v)", err)
	}
	answer := new(big.Int).Exp(new(big.Int).SetBytes(blinded), number(t, v["d"]), k.N).FillBytes(make([]byte, k.Size()))
	if !bytes.Equal(answer, unhex(t, v["blind_sig"])) {
		t.Fatal("the blind signature differs from the standard")
	}
	sig, err := token.Finalize(k, message, answer, inverse)
	if err != nil || !bytes.Equal(sig, unhex(t, v["sig"])) {
		t.Fatalf("Finalize differs from the standard (%v)", err)
	}
}

// circl signs what we blind, and accepts what we finalize; we accept what circl's
// own client makes.
func TestCircl_bothWays(t *testing.T) {
	t.Parallel()
	signer := blindrsa.NewSigner(issuer)
	q, err := root.Right("abc", 742, 0, &issuer.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := signer.BlindSign(q.Blinded)
	if err != nil {
		t.Fatal(err)
	}
	p, err := q.Finalize(answer)
	if err != nil || p.Verify(&issuer.PublicKey) != nil {
		t.Fatalf("what circl signed does not finalize: %v", err)
	}
	client, err := blindrsa.NewClient(blindrsa.SHA384PSSRandomized, &issuer.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Verify(p.Message(), p.Signature); err != nil {
		t.Errorf("circl refuses our pass: %v", err)
	}

	message, err := client.Prepare(rand.Reader, p.Message()[token.PrefixSize:])
	if err != nil {
		t.Fatal(err)
	}
	blinded, state, err := client.Blind(rand.Reader, message)
	if err != nil {
		t.Fatal(err)
	}
	answer, err = signer.BlindSign(blinded)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := client.Finalize(state, answer)
	if err != nil {
		t.Fatal(err)
	}
	theirs := token.Pass{Slot: p.Slot, Prefix: message[:token.PrefixSize], Key: p.Key, Signature: sig}
	if err := theirs.Verify(&issuer.PublicKey); err != nil {
		t.Errorf("we refuse circl's pass: %v", err)
	}
	if theirs.Spend() == p.Spend() {
		t.Error("two messages are spent under one name")
	}
}

// What masks ask for is never what the account, or another of the same owner's masks,
// asks for: the hall would know the request again.
func TestReads_ofMasksAreTheirOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, from := range []int{0, token.FirstOfMask(0), token.FirstOfMask(1)} {
		asked, err := root.Reads("abc", 742, from, &issuer.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range asked {
			seen[string(q.Blinded)] = true
		}
	}
	if len(seen) != 3*token.ReadPasses {
		t.Errorf("%d different requests, want %d", len(seen), 3*token.ReadPasses)
	}
}

func TestRequest_sameForEver(t *testing.T) {
	t.Parallel()
	a, err := root.Reads("abc", 742, 0, &issuer.PublicKey)
	if err != nil || len(a) != token.ReadPasses {
		t.Fatal(len(a), err)
	}
	b, _ := root.Reads("abc", 742, 0, &issuer.PublicKey)
	seen := map[string]bool{}
	for i := range a {
		if !bytes.Equal(a[i].Blinded, b[i].Blinded) {
			t.Fatalf("request %d differs the second time", i)
		}
		seen[string(a[i].Blinded)] = true
	}
	r1, _ := root.Right("abc", 742, 0, &issuer.PublicKey)
	r2, _ := root.Right("abc", 743, 0, &issuer.PublicKey)
	r3, _ := root.Right("abd", 742, 0, &issuer.PublicKey)
	r4, _ := token.Root{}.Right("abc", 742, 0, &issuer.PublicKey)
	for _, q := range []*token.Request{r1, r2, r3, r4} {
		seen[string(q.Blinded)] = true
	}
	if len(seen) != token.ReadPasses+4 {
		t.Errorf("%d different requests, want %d", len(seen), token.ReadPasses+4)
	}
}

func TestFinalize_refusesOtherAnswers(t *testing.T) {
	t.Parallel()
	q, err := root.MailPass(742, &issuer.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := blindrsa.NewSigner(issuer).BlindSign(q.Blinded)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{
		"a bit":  append(bytes.Clone(answer[:255]), answer[255]^1),
		"short":  answer[:255],
		"long":   append(bytes.Clone(answer), 0),
		"empty":  nil,
		"itself": q.Blinded,
	} {
		if p, err := q.Finalize(bad); err == nil || p.Signature != nil {
			t.Errorf("%s: finalizes", name)
		} else {
			wantKey(t, err, "pass.answer.broken")
		}
	}
}

// One pass has one signature: neither s + n nor a zero in front passes.
func TestVerify_oneSpelling(t *testing.T) {
	t.Parallel()
	q, err := root.MailPass(742, &issuer.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	answer, _ := blindrsa.NewSigner(issuer).BlindSign(q.Blinded)
	p, err := q.Finalize(answer)
	if err != nil {
		t.Fatal(err)
	}
	more := new(big.Int).Add(new(big.Int).SetBytes(p.Signature), issuer.N)
	for name, sig := range map[string][]byte{
		"zero in front": append([]byte{0}, p.Signature...),
		"s + n":         more.Bytes(),
		"cut":           p.Signature[1:],
		"none":          nil,
	} {
		bad := p
		bad.Signature = sig
		wantKey(t, bad.Verify(&issuer.PublicKey), "pass.broken")
		_ = name
	}
	for name, change := range map[string]func(p *token.Pass){
		"purpose": func(p *token.Pass) { p.Purpose, p.Space = token.Right, "abc" },
		"prefix":  func(p *token.Pass) { p.Prefix = make([]byte, 32) },
		"key":     func(p *token.Pass) { p.Key = make(ed25519.PublicKey, 32) },
		"short":   func(p *token.Pass) { p.Key = p.Key[:31] },
	} {
		bad := p
		change(&bad)
		if bad.Verify(&issuer.PublicKey) == nil {
			t.Errorf("%s changed, and the pass verifies", name)
		}
	}
}

func TestCheckKey_refusesMarkingKeys(t *testing.T) {
	t.Parallel()
	n := issuer.N
	even := new(big.Int).Sub(n, big.NewInt(1))
	small := new(big.Int).Rsh(n, 1)
	small.SetBit(small, 0, 1)
	for name, k := range map[string]*rsa.PublicKey{
		"none":      nil,
		"no n":      {E: 65537},
		"e = 3":     {N: n, E: 3},
		"e = 65539": {N: n, E: 65539},
		"even":      {N: even, E: 65537},
		"2047 bits": {N: small, E: 65537},
		"negative":  {N: new(big.Int).Neg(n), E: 65537},
		"2049 bits": {N: new(big.Int).SetBit(new(big.Int).Set(n), 2048, 1), E: 65537},
	} {
		wantKey(t, token.CheckKey(token.Right, k), "pass.key.refused")
		if _, err := root.Right("abc", 1, 0, k); err == nil {
			t.Errorf("%s: a request is made", name)
		}
	}
	wantKey(t, token.CheckKey(token.Ballot, &issuer.PublicKey), "pass.key.refused")
	wantKey(t, token.CheckKey("toll", &issuer.PublicKey), "pass.key.refused")
	if err := token.CheckKey(token.Read, &issuer.PublicKey); err != nil {
		t.Error(err)
	}
}

func TestParseKey_roundTrip(t *testing.T) {
	t.Parallel()
	s := token.EncodeKey(&issuer.PublicKey)
	k, err := token.ParseKey(token.Right, s)
	if err != nil || !k.Equal(&issuer.PublicKey) {
		t.Fatalf("ParseKey: %v", err)
	}
	for _, bad := range []string{"", s[1:], s + "A", "\n" + s[1:], strings.Repeat("A", len(s))} {
		_, err := token.ParseKey(token.Right, bad)
		wantKey(t, err, "pass.key.refused")
	}
	_, err = token.ParseKey("toll", "")
	wantKey(t, err, "pass.key.refused")
}

func TestSlot_check(t *testing.T) {
	t.Parallel()
	for _, ok := range []token.Slot{{token.Right, "abc-0", 0}, {token.Mail, "", 742}, {token.Read, "مصممون-2", 1}, {token.Ballot, "b", 1<<31 - 1}} {
		if err := ok.Check(); err != nil {
			t.Errorf("%v: %v", ok, err)
		}
	}
	for _, bad := range []token.Slot{{token.Right, "", 1}, {token.Mail, "abc", 1}, {"toll", "abc", 1}, {token.Right, "a\x00b", 1},
		{token.Right, "ABC", 1}, {token.Right, "\xff", 1}, {token.Right, "a b", 1}, {token.Right, "a/b", 1}, {token.Right, "abc", -1}, {token.Right, strings.Repeat("a", 257), 1}} {
		wantKey(t, bad.Check(), "pass.slot.broken")
	}
}

func TestServe_signature(t *testing.T) {
	t.Parallel()
	key := root.RequestKey().Public().(ed25519.PublicKey)
	right, reads := []byte("right"), [][]byte{[]byte("one"), []byte("two")}
	sig := root.SignServe("abc", 742, right, reads)
	if !token.VerifyServe(key, "abc", 742, right, reads, sig) {
		t.Fatal("our own signature is refused")
	}
	other := token.Root{}.RequestKey().Public().(ed25519.PublicKey)
	if token.VerifyServe(other, "abc", 742, right, reads, sig) || token.VerifyServe(key, "abd", 742, right, reads, sig) ||
		token.VerifyServe(key, "abc", 743, right, reads, sig) || token.VerifyServe(key, "abc", 742, nil, reads, sig) ||
		token.VerifyServe(key, "abc", 742, right, reads[:1], sig) || token.VerifyServe(nil, "abc", 742, right, reads, sig) {
		t.Error("a signature holds for another request or another key")
	}
}

func TestRoot_hidesItself(t *testing.T) {
	t.Parallel()
	for _, f := range []string{"%v", "%s", "%+v", "%#v"} {
		if s := fmt.Sprintf(f, root); strings.Contains(s, "7") {
			t.Errorf("%s shows a root: %s", f, s)
		}
	}
}

// A request in ten lines: the device derives, the hall signs, the pass verifies.
func Example() {
	root := token.Root{1, 2, 3}
	request, _ := root.Right("01jd", 742, 0, &issuer.PublicKey)
	answer, _ := blindrsa.NewSigner(issuer).BlindSign(request.Blinded) // all the hall sees
	pass, err := request.Finalize(answer)
	fmt.Println(pass.Purpose, pass.Epoch, len(pass.Signature), err, pass.Verify(&issuer.PublicKey), len(pass.Spend()))
	// Output: right 742 256 <nil> <nil> 22
}
