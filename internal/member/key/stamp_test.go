package key

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
	"time"
)

func TestStamp_onlyOurs(t *testing.T) {
	t.Parallel()
	s := NewSealer(bytes.Repeat([]byte{7}, 32), rand.Reader, time.Now)
	labels := []string{"mail", "one", "two"}
	seen := map[string]bool{}
	for range 200 {
		c := s.Stamp("vouch", "one")
		if seen[c.Spend()] || len(c.Spend()) != 22 {
			t.Fatalf("spends as %q", c.Spend())
		}
		seen[c.Spend()] = true
		back, err := ParseCode(strings.ToLower(c.Reveal()))
		if err != nil {
			t.Fatal(err)
		}
		if l, ok := s.Stamped("vouch", back, labels); !ok || l != "one" {
			t.Fatalf("stands for %q %v", l, ok)
		}
		if l, ok := s.Stamped("founder", back, labels); ok {
			t.Fatalf("another purpose: %q", l)
		}
		if l, ok := s.Stamped("vouch", back, []string{"mail", "two"}); ok {
			t.Fatalf("other labels: %q", l)
		}
		if back.Spend() != c.Spend() {
			t.Fatal("typed back it spends as another")
		}
	}
	other := NewSealer(bytes.Repeat([]byte{8}, 32), rand.Reader, time.Now)
	for range 2000 {
		if _, ok := s.Stamped("vouch", other.Stamp("vouch", "one"), labels); ok {
			t.Fatal("another hall's code")
		}
		if _, ok := s.Stamped("vouch", NewLoginCode(rand.Reader), labels); ok {
			t.Fatal("a login code")
		}
	}
}

// Every bit of a code counts: change one symbol, mend the check, and it is worth
// nothing.
func TestStamp_everyBitCounts(t *testing.T) {
	t.Parallel()
	s := NewSealer(bytes.Repeat([]byte{7}, 32), rand.Reader, time.Now)
	c := s.Stamp("vouch", "one")
	for i := range codeLength - 1 {
		b := []byte(c.symbols[:codeLength-1])
		b[i] = alphabet[(strings.IndexByte(alphabet, b[i])+1)%32]
		forged := Code{string(b) + string(check(string(b)))}
		if _, ok := s.Stamped("vouch", forged, []string{"one"}); ok {
			t.Errorf("symbol %d does not matter", i)
		}
	}
}
