package token

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
)

// ServeMessage is what the request key signs when an account asks for passes. right
// is empty when none is asked for, and so are reads.
func ServeMessage(space string, epoch int, right []byte, reads [][]byte) []byte {
	h := Asked(right, reads)
	return append(u32(join("guildhall/passes/1/serve", space, ""), epoch), h[:]...)
}

// Asked is the hash of what is asked: right ‖ read₀ ‖ … ‖ read₂₇.
func Asked(right []byte, reads [][]byte) [sha256.Size]byte {
	return sha256.Sum256(append(append([]byte(nil), right...), bytes.Join(reads, nil)...))
}

// SignServe signs a request for passes with the request key.
func (r Root) SignServe(space string, epoch int, right []byte, reads [][]byte) []byte {
	return ed25519.Sign(r.RequestKey(), ServeMessage(space, epoch, right, reads))
}

// VerifyServe tells whether an account's request key signed the request.
func VerifyServe(key ed25519.PublicKey, space string, epoch int, right []byte, reads [][]byte, sig []byte) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, ServeMessage(space, epoch, right, reads), sig)
}
