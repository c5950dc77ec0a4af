package pass

import (
	"crypto/rand"
	"crypto/rsa"
)

// Bare gives the blind signing of a fresh key of that many bits by itself,
// without database and log, for measuring it. blinded must be below the modulus.
func Bare(bits int) (k *rsa.PrivateKey, sign func(blinded []byte) ([]byte, error), err error) {
	if k, err = rsa.GenerateKey(rand.Reader, bits); err != nil {
		return nil, nil, err
	}
	s, err := newSigner(k)
	if err != nil {
		return nil, nil, err
	}
	return k, s.sign, nil
}
