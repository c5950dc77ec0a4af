package pass

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"testing"

	"github.com/cloudflare/circl/blindsign/blindrsa"
)

func testKey(t testing.TB, bits int) (*rsa.PrivateKey, *signer) {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSigner(k)
	if err != nil {
		t.Fatal(err)
	}
	return k, s
}

// below draws bytes that fit.
func below(t testing.TB, s *signer) []byte {
	t.Helper()
	for {
		b := make([]byte, s.pub.Size())
		rand.Read(b)
		if s.fits(b) {
			return b
		}
	}
}

// A signer of another house signs the same, byte for byte, at both sizes.
func TestSign_asCirclDoes(t *testing.T) {
	t.Parallel()
	for _, bits := range []int{2048, 3072} {
		k, s := testKey(t, bits)
		theirs := blindrsa.NewSigner(k)
		for range 8 {
			b := below(t, s)
			ours, err := s.sign(b)
			if err != nil {
				t.Fatal(err)
			}
			want, err := theirs.BlindSign(b)
			if err != nil || !bytes.Equal(ours, want) {
				t.Fatalf("%d bits: signed otherwise than circl does (%v)", bits, err)
			}
		}
		for _, edge := range [][]byte{make([]byte, bits/8), append(make([]byte, bits/8-1), 1)} {
			if got, err := s.sign(edge); err != nil || !bytes.Equal(got, edge) {
				t.Errorf("%d bits: 0 and 1 are their own signatures; %v", bits, err)
			}
		}
	}
}

func TestFits(t *testing.T) {
	t.Parallel()
	k, s := testKey(t, 2048)
	n := k.N.Bytes()
	less := bytes.Clone(n)
	less[255]--
	for _, c := range []struct {
		b    []byte
		want bool
	}{{less, true}, {n, false}, {bytes.Repeat([]byte{255}, 256), false}, {less[1:], false}, {append([]byte{0}, less...), false}, {nil, false}} {
		if got := s.fits(c.b); got != c.want {
			t.Errorf("fits(%d bytes) = %v", len(c.b), got)
		}
	}
}

// A fault in one half of the computation must give no signature: it would give
// away a prime.
func TestSign_noticesFaults(t *testing.T) {
	t.Parallel()
	_, s := testKey(t, 2048)
	s.dp = bytes.Clone(s.dp)
	s.dp[len(s.dp)-1] ^= 2
	if _, err := s.sign(below(t, s)); err == nil {
		t.Fatal("a wrong signature left the room")
	}
}

func BenchmarkBlindSign(b *testing.B) {
	_, s := testKey(b, 2048)
	m := below(b, s)
	for b.Loop() {
		if _, err := s.sign(m); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStdlib is the standard library's private operation with the same key
// size, to compare.
func BenchmarkStdlib(b *testing.B) {
	k, _ := testKey(b, 2048)
	h := sha256.Sum256([]byte("x"))
	for b.Loop() {
		if _, err := rsa.SignPKCS1v15(nil, k, crypto.SHA256, h[:]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCircl(b *testing.B) {
	k, s := testKey(b, 2048)
	theirs, m := blindrsa.NewSigner(k), below(b, s)
	for b.Loop() {
		if _, err := theirs.BlindSign(m); err != nil {
			b.Fatal(err)
		}
	}
}
