package key_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/bits"
	"strings"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/member/key"
)

func wantKey(t testing.TB, err error, want string) {
	t.Helper()
	if err == nil || fault.From(err).Key != want {
		t.Errorf("err = %v, want %s", err, want)
	}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func TestLoginVerifier_refusesOtherShapes(t *testing.T) {
	t.Parallel()
	good := b64(make([]byte, 32))
	for _, bad := range []string{"", "A", good + "A", good[:42], good[:42] + "=", good[:42] + "B", good[:42] + "+",
		"\n" + good[:42], good[:21] + "\n" + good[21:], strings.Repeat("é", 43)} {
		if _, err := key.LoginVerifier(bad); err == nil {
			t.Errorf("LoginVerifier(%q) accepts", bad)
		}
		if _, err := key.ParseVerifier(bad); err == nil {
			t.Errorf("ParseVerifier(%q) accepts", bad)
		}
	}
}

func TestDevice_roundTrip(t *testing.T) {
	t.Parallel()
	d := key.NewDevice(rand.Reader)
	if got, err := key.ParseDevice(string(d)); err != nil || got != d {
		t.Errorf("ParseDevice = %q, %v", got, err)
	}
	_, err := key.ParseDevice("nonsense")
	wantKey(t, err, "key.device.broken")
}

func randomVault(t testing.TB) []byte {
	t.Helper()
	b := make([]byte, key.VaultSize)
	rand.Read(b)
	copy(b, "GHV1")
	return b
}

func TestParseVault_refuses(t *testing.T) {
	t.Parallel()
	good := randomVault(t)
	v, err := key.ParseVault(b64(good))
	if err != nil || !bytes.Equal(v.Bytes(), good) || key.VaultOf(good) != v || key.Vault("").Bytes() != nil {
		t.Fatal(err)
	}
	with := func(change func(b []byte) []byte) string { return b64(change(bytes.Clone(good))) }
	for name, bad := range map[string]string{
		"empty":           "",
		"short":           with(func(b []byte) []byte { return b[:1023] }),
		"long":            with(func(b []byte) []byte { return append(b, 0) }),
		"heading":         with(func(b []byte) []byte { b[3] = '2'; return b }),
		"zeros":           b64(append([]byte("GHV1"), make([]byte, 1020)...)),
		"two slots alike": with(func(b []byte) []byte { copy(b[64:124], b[4:64]); return b }),
		"nonces alike":    with(func(b []byte) []byte { copy(b[724:736], b[4:16]); return b }),
		"padded":          b64(good) + "==",
		"line break":      b64(good)[:100] + "\n" + b64(good)[100:],
		"other alphabet":  strings.Repeat("+", 1366),
	} {
		if _, err := key.ParseVault(bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestVaultGrown_oneSlotOnly(t *testing.T) {
	t.Parallel()
	old := randomVault(t)
	v := key.Vault(b64(old))
	grow := func(slots []int, dir bool) string {
		b := bytes.Clone(old)
		for _, i := range slots {
			rand.Read(b[4+60*i : 64+60*i])
		}
		if dir {
			rand.Read(b[724:])
		}
		return b64(b)
	}
	if next, err := v.Grown(grow([]int{11}, true)); err != nil || len(next) != len(v) {
		t.Errorf("one slot: %v", err)
	}
	for name, bad := range map[string]string{
		"nothing": grow(nil, false), "directory alone": grow(nil, true), "slot alone": grow([]int{0}, false),
		"two slots": grow([]int{0, 5}, true), "another vault": b64(randomVault(t)),
	} {
		_, err := v.Grown(bad)
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := key.Vault("").Grown(grow([]int{1}, true))
	wantKey(t, err, "key.vault.moved")
}

func TestCode_everySlipIsCaught(t *testing.T) {
	t.Parallel()
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	plain := strings.ReplaceAll(key.NewLoginCode(rand.Reader).Reveal(), "-", "")
	for i := range plain {
		for j := range alphabet {
			typed := plain[:i] + alphabet[j:j+1] + plain[i+1:]
			if _, err := key.ParseCode(typed); (err == nil) != (typed == plain) {
				t.Fatalf("%s for %s: %v", typed, plain, err)
			}
		}
		for j := range i {
			b := []byte(plain)
			b[i], b[j] = b[j], b[i]
			if _, err := key.ParseCode(string(b)); (err == nil) != (string(b) == plain) {
				t.Fatalf("%s for %s: %v", b, plain, err)
			}
		}
	}
}

func TestParseCode_forgives(t *testing.T) {
	t.Parallel()
	code := key.NewLoginCode(bytes.NewReader(bytes.Repeat([]byte{0, 1, 2, 18}, 6)))
	want := code.Reveal()
	for _, typed := range []string{strings.ToLower(want), strings.ReplaceAll(want, "-", " "), "  " + want + "\n",
		strings.ReplaceAll(want, "0", "O"), strings.ReplaceAll(want, "1", "l"), strings.ReplaceAll(want, "1", "i"),
		strings.ReplaceAll(want, "2", "٢"), strings.ReplaceAll(want, "J", "Ｊ"), strings.ReplaceAll(want, "-", "–"), "\u2066" + want + "\u2069"} {
		if got, err := key.ParseCode(typed); err != nil || got != code {
			t.Errorf("ParseCode(%q): %v", typed, err)
		}
	}
	if s := fmt.Sprintf("%v %s %+v %#v", code, code, code, code); strings.Contains(s, want[:4]) {
		t.Errorf("a code prints: %s", s)
	}
}

func TestRecoveryCodes_areTenAndDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range key.NewRecoveryCodes(rand.Reader) {
		seen[c.RecoveryHash()] = true
	}
	if len(seen) != key.RecoveryCodes {
		t.Errorf("%d codes", len(seen))
	}
}

func TestGate_checks(t *testing.T) {
	t.Parallel()
	g, ctx := key.NewGate(rand.Reader, 1, 8), context.Background()
	code, other := key.NewLoginCode(rand.Reader), key.NewLoginCode(rand.Reader)
	stored, err := g.Hash(ctx, code)
	if err != nil || !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatal(stored, err)
	}
	for _, c := range []struct {
		stored string
		code   key.Code
		want   bool
	}{{stored, code, true}, {stored, other, false}, {"", code, false}, {stored, key.Code{}, false}} {
		if got, err := g.Check(ctx, c.stored, c.code); got != c.want || err != nil {
			t.Errorf("Check = %v, %v", got, err)
		}
	}
	for _, damaged := range []string{"x", strings.Replace(stored, "m=19456", "m=4194304", 1), stored + "A", stored[:len(stored)-1],
		strings.Replace(stored, "argon2id", "argon2i", 1)} {
		if _, err := g.Check(ctx, damaged, code); !fault.Is(err, fault.Internal) {
			t.Errorf("%s: %v", damaged, err)
		}
	}
}

func TestGate_queues(t *testing.T) {
	t.Parallel()
	g, code := key.NewGate(rand.Reader, 1, 1), key.NewLoginCode(rand.Reader)
	release := key.Occupy(g) // somebody is hashing
	ctx, cancel := context.WithCancel(context.Background())
	waited := make(chan error)
	go func() {
		_, err := g.Check(ctx, "", code)
		waited <- err
	}()
	cancel()
	if err := <-waited; !fault.Is(err, fault.Unavailable) {
		t.Errorf("a wait that was given up: %v", err)
	}
	release()
	_, err := key.NewGate(rand.Reader, 0, 0).Check(context.Background(), "", code)
	wantKey(t, err, "key.gate.full")
}

// solve finds the answer to a token by trying.
func solve(t testing.TB, token string) string {
	t.Helper()
	b := unb(t, token)
	message := append(bytes.Clone(b[10:]), make([]byte, 8)...)
	for n := uint64(0); ; n++ {
		binary.BigEndian.PutUint64(message[32:], n)
		sum := sha256.Sum256(message)
		if bits.LeadingZeros64(binary.BigEndian.Uint64(sum[:])) >= int(b[1]) {
			return fmt.Sprintf("%s.%016x", token, n)
		}
	}
}

// clock is moved by hand.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func newWork(purpose string) (*key.Work, *clock) {
	c := &clock{time.Unix(1_800_000_000, 0)}
	return key.NewWork(bytes.Repeat([]byte{7}, 32), purpose, rand.Reader, c.now), c
}

func TestWork_oncePerAnswer(t *testing.T) {
	t.Parallel()
	w, c := newWork("join")
	answer := solve(t, w.Token())
	if err := w.Spend(answer); err != nil {
		t.Fatal(err)
	}
	wantKey(t, w.Spend(answer), "key.work.again")
	c.at = c.at.Add(9 * time.Minute)
	wantKey(t, w.Spend(answer), "key.work.again")
	late := solve(t, w.Token())
	c.at = c.at.Add(11 * time.Minute)
	wantKey(t, w.Spend(late), "key.work.again")
	c.at = c.at.Add(-24 * time.Hour)
	wantKey(t, w.Spend(late), "key.work.again")
	if err := w.Spend(solve(t, w.Token())); err != nil {
		t.Errorf("after the clock was set back: %v", err)
	}
}

func TestWork_refusesForgeries(t *testing.T) {
	t.Parallel()
	w, _ := newWork("join")
	other, _ := newWork("report")
	answer := solve(t, w.Token())
	token, nonce, _ := strings.Cut(answer, ".")
	easy := unb(t, token)
	easy[1] = 1
	wantKey(t, w.Spend(""), "key.work.none")
	wantKey(t, w.Spend(token), "key.work.none")
	for _, bad := range []string{".", token + ".", token + ".1", "." + nonce, token[1:] + "." + nonce, solve(t, b64(easy)),
		token + "." + strings.ToUpper(nonce[:15]) + "G", token + ".+" + nonce[1:], solve(t, other.Token()), answer + "0"} {
		wantKey(t, w.Spend(bad), "key.work.wrong")
	}
	if err := w.Spend(answer); err != nil {
		t.Error(err)
	}
}

func TestWork_priceRisesAndFalls(t *testing.T) {
	t.Parallel()
	w, c := newWork("join")
	hoarded := w.Token()
	before := 0
	for range 150 {
		key.Flood(w, 1)
		if w.Bits() < before {
			t.Fatal("the price fell under load")
		}
		before = w.Bits()
	}
	if before != key.WorkLow+3 {
		t.Errorf("150 joins at once cost %d bits", before)
	}
	wantKey(t, w.Spend(solve(t, hoarded)), "key.work.again")
	key.Flood(w, 1_000_000)
	if w.Bits() != key.WorkHigh {
		t.Errorf("a flood costs %d bits", w.Bits())
	}
	c.at = c.at.Add(4 * time.Hour)
	if w.Bits() != key.WorkLow {
		t.Errorf("four hours later: %d bits", w.Bits())
	}
}

func TestSealer_refuses(t *testing.T) {
	t.Parallel()
	c := &clock{time.Unix(1_800_000_000, 0)}
	s := key.NewSealer(bytes.Repeat([]byte{7}, 32), rand.Reader, c.now)
	token := s.Seal("passkey.join", []byte("state"), 10*time.Minute)
	if got, err := s.Open("passkey.join", token); err != nil || string(got) != "state" {
		t.Fatalf("Open = %q, %v", got, err)
	}
	_, err := s.Open("passkey.add", token)
	wantKey(t, err, "key.seal.broken")
	for _, bad := range []string{"", "A", token[1:], token + "A", token[:len(token)-2], "é" + token, strings.Repeat("A", 60)} {
		_, err := s.Open("passkey.join", bad)
		wantKey(t, err, "key.seal.broken")
	}
	for _, move := range []time.Duration{11 * time.Minute, -24 * time.Hour} {
		c.at = c.at.Add(move)
		_, err := s.Open("passkey.join", token)
		wantKey(t, err, "key.seal.old")
	}
}

func TestSealer_whatLastsOutlivesAClockSetBack(t *testing.T) {
	t.Parallel()
	c := &clock{time.Unix(1_800_000_000, 0)}
	s := key.NewSealer(bytes.Repeat([]byte{7}, 32), rand.Reader, c.now)
	token := s.Seal("session", []byte("ana"), 10*time.Hour)
	c.at = c.at.Add(-24 * time.Hour)
	if got, err := s.OpenLasting("session", token); err != nil || string(got) != "ana" {
		t.Errorf("OpenLasting = %q, %v", got, err)
	}
	_, err := s.OpenLasting("passkey", token)
	wantKey(t, err, "key.seal.broken")
	c.at = c.at.Add(35 * time.Hour)
	_, err = s.OpenLasting("session", token)
	wantKey(t, err, "key.seal.old")
}

func FuzzParseCode(f *testing.F) {
	f.Add("K7QF-2M9D-0000")
	f.Add(key.NewLoginCode(rand.Reader).Reveal())
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := key.ParseCode(typed)
		if err != nil {
			return
		}
		again, err := key.ParseCode(code.Reveal())
		if err != nil || again != code {
			t.Errorf("%q → %s, which does not parse to itself: %v", typed, code.Reveal(), err)
		}
	})
}

func FuzzWorkSpend(f *testing.F) {
	w, _ := newWork("join")
	f.Add(w.Token() + ".0000000000000000")
	f.Add("." + w.Token())
	f.Fuzz(func(t *testing.T, answer string) {
		if err := w.Spend(answer); err == nil {
			t.Errorf("%q was accepted", answer) // 2¹⁷ tries away from any luck
		}
	})
}

func BenchmarkGate(b *testing.B) {
	g, code := key.NewGate(rand.Reader, 1, 0), key.NewLoginCode(rand.Reader)
	for b.Loop() {
		if _, err := g.Check(b.Context(), "", code); err != nil {
			b.Fatal(err)
		}
	}
}
