package token

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
)

// RootSize is the length of a root in bytes.
const RootSize = 32

// salt is the first version of every derivation of docs/PASSES.md.
const salt = "guildhall/passes/1"

// Root is the secret of a member from which all of this is derived. It never
// leaves her devices; the hall has none.
type Root [RootSize]byte

// String hides the root from logs.
func (Root) String() string { return "•••" }

// GoString hides the root from logs, too.
func (Root) GoString() string { return "•••" }

// MaskKey is the key of mask n of a space; n is 0 for the mask of the seat's
// right and one more with each renewal.
func (r Root) MaskKey(space string, n int) ed25519.PrivateKey {
	return r.signer(u32(join("mask", space, ""), n))
}

// ReadKey is the key of read pass i of a space and epoch: 0 to 27 are the account's,
// from FirstOfMask(n) on those of mask n.
func (r Root) ReadKey(space string, epoch, i int) ed25519.PrivateKey {
	return r.signer(append(join("read", ""), Slot{Read, space, epoch}.at(i)...))
}

// MailKey is the key of the epoch's mail pass.
func (r Root) MailKey(epoch int) ed25519.PrivateKey {
	return r.signer(u32(join("mail", ""), epoch))
}

// ConsultationKey is the key of the pass by which one answers a consultation.
func (r Root) ConsultationKey(id string) ed25519.PrivateKey {
	return r.signer(join("consultation", id))
}

// RequestKey signs the account's requests for passes; the hall knows its public
// half from joining on.
func (r Root) RequestKey() ed25519.PrivateKey { return r.signer([]byte("request")) }

// DeviceKey is the key under which a device keeps what it must remember.
func (r Root) DeviceKey() []byte { return r.derive([]byte("device"), 32) }

func (r Root) signer(info []byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(r.derive(info, ed25519.SeedSize))
}

// derive is HKDF-SHA-256 (RFC 5869).
func (r Root) derive(info []byte, n int) []byte {
	b, err := hkdf.Key(sha256.New, r[:], []byte(salt), string(info), n)
	if err != nil {
		panic("token: " + err.Error()) // only for more than 8,160 bytes
	}
	return b
}
