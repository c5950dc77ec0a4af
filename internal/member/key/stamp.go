package key

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"math/big"
	"strings"
)

// A stamped code is a Code whose 115 bits are 64 random ones and 51 that only the
// hall can compute, over a purpose and a label. So the hall need not keep it: it
// recognises it when it comes back, and what it stands for. 51 bits cannot be
// guessed at a form that takes a few tries an hour.
const (
	stampNonce = 8  // bytes
	stampBits  = 51 // of proof
)

// Stamp makes a code that stands for label. It panics like NewLoginCode.
func (s *Sealer) Stamp(purpose, label string) Code {
	nonce := draw(s.random, stampNonce)
	return codeOf(nonce, s.proof(purpose, label, nonce))
}

// Stamped tells for which of the labels a code was made, if for any.
func (s *Sealer) Stamped(purpose string, c Code, labels []string) (label string, ok bool) {
	nonce, proof := c.parts()
	for _, l := range labels {
		if want := s.proof(purpose, l, nonce); hmac.Equal(binary.BigEndian.AppendUint64(nil, want), binary.BigEndian.AppendUint64(nil, proof)) {
			label, ok = l, true
		}
	}
	return label, ok
}

func (s *Sealer) proof(purpose, label string, nonce []byte) uint64 {
	h := hmac.New(sha256.New, s.stamp)
	for _, part := range [][]byte{[]byte(purpose), []byte(label), nonce} {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(part)))
		h.Write(n[:])
		h.Write(part)
	}
	return binary.BigEndian.Uint64(h.Sum(nil)) >> (64 - stampBits)
}

// codeOf writes nonce and proof as a code with its check symbol.
func codeOf(nonce []byte, proof uint64) Code {
	n := new(big.Int).SetBytes(nonce)
	n.Lsh(n, stampBits).Or(n, new(big.Int).SetUint64(proof))
	var b strings.Builder
	for i := codeLength - 2; i >= 0; i-- {
		digit := new(big.Int).Rsh(n, uint(5*i))
		b.WriteByte(alphabet[digit.Uint64()&31])
	}
	b.WriteByte(check(b.String()))
	return Code{b.String()}
}

// parts reads what codeOf wrote; of any other code it gives its bits.
func (c Code) parts() (nonce []byte, proof uint64) {
	n := new(big.Int)
	for i := range codeLength - 1 {
		n.Lsh(n, 5).Or(n, big.NewInt(int64(strings.IndexByte(alphabet, c.symbols[i]))))
	}
	mask := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), stampBits), big.NewInt(1))
	proof = new(big.Int).And(n, mask).Uint64()
	return n.Rsh(n, stampBits).FillBytes(make([]byte, stampNonce)), proof
}

// Spend names the code where used ones are kept: 22 characters like those that
// name spent passes, so that nobody tells the two apart.
func (c Code) Spend() string {
	sum := sha256.Sum256([]byte(salt + "/vouch\x00" + c.symbols))
	return encoding.EncodeToString(sum[:16])
}
