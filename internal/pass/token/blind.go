package token

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"
	"math/big"

	"guildhall/internal/fault"
)

const (
	exponent  = 65_537
	hashSize  = sha512.Size384
	saltSize  = 48
	spareSize = 16 // bytes beyond the modulus, so that the factor favours none
)

// CheckKey tells whether a client may use an issuer's key: the exponent 65,537,
// an odd modulus, and exactly as many bits as the purpose has. Any other key could
// mark whoever uses it. That it stands in the log, once, the caller checks.
// Faults: Invalid.
func CheckKey(p Purpose, k *rsa.PublicKey) error {
	if k == nil || k.N == nil || p.Bits() == 0 || k.E != exponent || k.N.Sign() <= 0 || k.N.BitLen() != p.Bits() || k.N.Bit(0) == 0 {
		return fault.New(fault.Invalid, "pass.key.refused")
	}
	return nil
}

// EncodeKey writes the modulus of an issuer's key as it travels; the exponent is
// always 65,537.
func EncodeKey(k *rsa.PublicKey) string { return Encode(k.N.FillBytes(make([]byte, k.Size()))) }

// ParseKey reads a modulus that EncodeKey wrote and checks the key.
// Faults: Invalid.
func ParseKey(p Purpose, s string) (*rsa.PublicKey, error) {
	b, ok := Decode(s, p.Size())
	if !ok || len(b) == 0 {
		return nil, fault.New(fault.Invalid, "pass.key.refused")
	}
	k := &rsa.PublicKey{N: new(big.Int).SetBytes(b), E: exponent}
	return k, CheckKey(p, k)
}

// Blind is RFC 9474 §4.2 with salt and factor given: it returns what the issuer
// signs, and the inverse of the factor for Finalize.
// Faults: Invalid when the key is broken (the factor has no inverse).
func Blind(k *rsa.PublicKey, message, salt []byte, factor *big.Int) (blinded []byte, inverse *big.Int, err error) {
	m := new(big.Int).SetBytes(encodePSS(message, salt, k.N.BitLen()-1))
	inverse = new(big.Int).ModInverse(factor, k.N)
	if inverse == nil || new(big.Int).GCD(nil, nil, m, k.N).Cmp(big.NewInt(1)) != 0 {
		return nil, nil, fault.New(fault.Invalid, "pass.key.refused")
	}
	x := new(big.Int).Exp(factor, big.NewInt(int64(k.E)), k.N)
	x.Mul(x, m).Mod(x, k.N)
	return x.FillBytes(make([]byte, k.Size())), inverse, nil
}

// Finalize is RFC 9474 §4.4: it takes the blinding off an issuer's answer and
// checks the signature that comes out. Faults: Invalid; then nothing is to be
// tried again silently, for the issuer has signed something else.
func Finalize(k *rsa.PublicKey, message, answer []byte, inverse *big.Int) ([]byte, error) {
	if len(answer) != k.Size() {
		return nil, fault.New(fault.Invalid, "pass.answer.broken")
	}
	z := new(big.Int).SetBytes(answer)
	z.Mul(z, inverse).Mod(z, k.N)
	sig := z.FillBytes(make([]byte, k.Size()))
	if Verify(k, message, sig) != nil {
		return nil, fault.New(fault.Invalid, "pass.answer.broken")
	}
	return sig, nil
}

// Verify checks a signature over a message (RSASSA-PSS with SHA-384, MGF1 with
// SHA-384 and 48 bytes of salt). It must be exactly as long as the modulus and
// smaller, so that one pass has one signature. Faults: Forbidden.
func Verify(k *rsa.PublicKey, message, sig []byte) error {
	h := sha512.Sum384(message)
	if len(sig) != k.Size() || new(big.Int).SetBytes(sig).Cmp(k.N) >= 0 ||
		rsa.VerifyPSS(k, crypto.SHA384, h[:], sig, &rsa.PSSOptions{SaltLength: saltSize}) != nil {
		return fault.New(fault.Forbidden, "pass.broken")
	}
	return nil
}

// encodePSS is EMSA-PSS-ENCODE of RFC 8017 §9.1.1 with the salt given; the
// standard library draws its own. bits is at least 2,047 here.
func encodePSS(message, salt []byte, bits int) []byte {
	size := (bits + 7) / 8
	h := sha512.Sum384(message)
	inner := append(make([]byte, 8, 8+2*hashSize), h[:]...)
	h = sha512.Sum384(append(inner, salt...))

	em := make([]byte, size)
	db := em[:size-hashSize-1]
	db[len(db)-len(salt)-1] = 1
	copy(db[len(db)-len(salt):], salt)
	mask := mgf1(h[:], len(db))
	subtle.XORBytes(db, db, mask)
	db[0] &= 0xFF >> (8*size - bits)
	copy(em[len(db):], h[:])
	em[size-1] = 0xBC
	return em
}

// mgf1 is the mask generation of RFC 8017 §B.2.1 with SHA-384.
func mgf1(seed []byte, n int) []byte {
	var out []byte
	for i := uint32(0); len(out) < n; i++ {
		h := sha512.Sum384(binary.BigEndian.AppendUint32(seed[:len(seed):len(seed)], i))
		out = append(out, h[:]...)
	}
	return out[:n]
}
