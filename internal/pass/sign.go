package pass

import (
	"crypto/rsa"
	"errors"

	"filippo.io/bigmod"
)

// signer is a private key ready for blind signing: RSASP1 by the Chinese
// remainder theorem (RFC 8017 §5.2.1), in constant time, with the check of RFC
// 9474 §4.3 that keeps a fault of the machine from giving the key away.
type signer struct {
	pub     *rsa.PublicKey
	n, p, q *bigmod.Modulus
	dp, dq  []byte
	qinv    *bigmod.Nat
}

func newSigner(k *rsa.PrivateKey) (*signer, error) {
	if len(k.Primes) != 2 {
		return nil, errors.New("pass: a key of more than two primes")
	}
	k.Precompute()
	s := &signer{pub: &k.PublicKey}
	var err1, err2, err3, err4 error
	s.n, err1 = bigmod.NewModulus(k.N.Bytes())
	s.p, err2 = bigmod.NewModulus(k.Primes[0].Bytes())
	s.q, err3 = bigmod.NewModulus(k.Primes[1].Bytes())
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	s.dp = k.Precomputed.Dp.FillBytes(make([]byte, s.p.Size()))
	s.dq = k.Precomputed.Dq.FillBytes(make([]byte, s.q.Size()))
	s.qinv, err4 = bigmod.NewNat().SetBytes(k.Precomputed.Qinv.FillBytes(make([]byte, s.p.Size())), s.p)
	return s, err4
}

// fits tells whether b is what a client can have blinded: exactly as long as the
// modulus, and below it.
func (s *signer) fits(b []byte) bool {
	_, err := bigmod.NewNat().SetBytes(b, s.n)
	return err == nil && len(b) == s.pub.Size()
}

// sign signs what fits.
func (s *signer) sign(blinded []byte) ([]byte, error) {
	c, err := bigmod.NewNat().SetBytes(blinded, s.n)
	if err != nil {
		return nil, err
	}
	t := bigmod.NewNat()
	m := bigmod.NewNat().Exp(t.Mod(c, s.p), s.dp, s.p)
	m2 := bigmod.NewNat().Exp(t.Mod(c, s.q), s.dq, s.q)
	m.Sub(t.Mod(m2, s.p), s.p).Mul(s.qinv, s.p)
	m.ExpandFor(s.n).Mul(t.Mod(s.q.Nat(), s.n), s.n)
	m.Add(m2.ExpandFor(s.n), s.n)
	if bigmod.NewNat().ExpShortVarTime(m, uint(s.pub.E), s.n).Equal(c) != 1 {
		return nil, errors.New("pass: a signature that does not verify: the machine miscalculates, or the key is damaged")
	}
	return m.Bytes(s.n), nil
}
