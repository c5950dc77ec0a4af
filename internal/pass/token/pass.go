package token

import (
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"math/big"

	"guildhall/internal/fault"
)

// PrefixSize is the length of the random part of a message, in bytes.
const PrefixSize = 32

// Message is what a pass signs: prefix ‖ purpose ‖ 0 ‖ public key.
func Message(prefix []byte, p Purpose, key ed25519.PublicKey) []byte {
	m := append([]byte(nil), prefix...)
	m = append(m, p...)
	m = append(m, 0)
	return append(m, key...)
}

// Spend names a message where spent passes are kept.
func Spend(message []byte) string {
	h := sha256.Sum256(append(join("guildhall/passes/1/spend", ""), message...))
	return Encode(h[:16])
}

// Pass is a pass ready to be used by whoever holds the key in it.
type Pass struct {
	Slot
	Prefix    []byte // PrefixSize bytes
	Key       ed25519.PublicKey
	Signature []byte
}

// Message is what the pass signs.
func (p Pass) Message() []byte { return Message(p.Prefix, p.Purpose, p.Key) }

// Spend names the pass where spent passes are kept.
func (p Pass) Spend() string { return Spend(p.Message()) }

// Verify checks a pass against the key of its slot. That the key belongs to the
// slot, and that the pass was not spent, the caller checks.
// Faults: Invalid for a broken shape, Forbidden for a signature of somebody else.
func (p Pass) Verify(issuer *rsa.PublicKey) error {
	if err := p.Check(); err != nil {
		return err
	}
	if len(p.Prefix) != PrefixSize || len(p.Key) != ed25519.PublicKeySize {
		return fault.New(fault.Invalid, "pass.broken")
	}
	if err := CheckKey(p.Purpose, issuer); err != nil {
		return err
	}
	return Verify(issuer, p.Message(), p.Signature)
}

// Request is one request for a pass before its answer: what to send, and what
// turns the answer into the pass.
type Request struct {
	Blinded []byte // what the issuer signs

	pass    Pass
	issuer  *rsa.PublicKey
	inverse *big.Int
}

// Request makes the request for pass i of a slot over a public key: the same one
// whenever it is asked. Faults: Invalid for a slot or an issuer's key that a
// client must refuse.
func (r Root) Request(s Slot, i int, key ed25519.PublicKey, issuer *rsa.PublicKey) (*Request, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	if err := CheckKey(s.Purpose, issuer); err != nil {
		return nil, err
	}
	b := r.derive(append(join("pass", ""), s.at(i)...), PrefixSize+saltSize+issuer.Size()+spareSize)
	prefix, salt, blind := b[:PrefixSize:PrefixSize], b[PrefixSize:PrefixSize+saltSize], b[PrefixSize+saltSize:]

	one := big.NewInt(1)
	factor := new(big.Int).Mod(new(big.Int).SetBytes(blind), new(big.Int).Sub(issuer.N, one))
	factor.Add(factor, one)
	blinded, inverse, err := Blind(issuer, Message(prefix, s.Purpose, key), salt, factor)
	if err != nil {
		return nil, err
	}
	return &Request{Blinded: blinded, pass: Pass{Slot: s, Prefix: prefix, Key: key}, issuer: issuer, inverse: inverse}, nil
}

// Finalize turns the issuer's answer into the pass. Faults: as of Finalize.
func (q *Request) Finalize(answer []byte) (Pass, error) {
	p := q.pass
	sig, err := Finalize(q.issuer, p.Message(), answer, q.inverse)
	p.Signature = sig
	return p, err
}

// Right makes the request for the right to mask n of a space, served in an epoch.
// Faults: as of Request.
func (r Root) Right(space string, epoch, n int, issuer *rsa.PublicKey) (*Request, error) {
	key := r.MaskKey(space, n).Public().(ed25519.PublicKey)
	return r.Request(Slot{Right, space, epoch}, 0, key, issuer)
}

// Reads makes the requests for the read passes of an epoch, one for each day, numbered
// from a number on: 0 for those an account asks for, FirstOfMask for a mask's.
// Faults: as of Request.
func (r Root) Reads(space string, epoch, from int, issuer *rsa.PublicKey) ([]*Request, error) {
	all := make([]*Request, ReadPasses)
	for i := range all {
		key := r.ReadKey(space, epoch, from+i).Public().(ed25519.PublicKey)
		q, err := r.Request(Slot{Read, space, epoch}, from+i, key, issuer)
		if err != nil {
			return nil, err
		}
		all[i] = q
	}
	return all, nil
}

// FirstOfMask is the number of the first read pass that mask n of a space asks for. No
// two of its owner ask for the same ones: the hall would know the request again.
func FirstOfMask(n int) int { return ReadPasses * (n + 1) }

// ConsultationPass makes the request for the pass to a consultation that was opened in
// an epoch. Faults: as of Request.
func (r Root) ConsultationPass(id string, epoch int, issuer *rsa.PublicKey) (*Request, error) {
	key := r.ConsultationKey(id).Public().(ed25519.PublicKey)
	return r.Request(Slot{Consultation, id, epoch}, 0, key, issuer)
}

// MailPass makes the request for the epoch's mail pass. Faults: as of Request.
func (r Root) MailPass(epoch int, issuer *rsa.PublicKey) (*Request, error) {
	key := r.MailKey(epoch).Public().(ed25519.PublicKey)
	return r.Request(Slot{Mail, "", epoch}, 0, key, issuer)
}
