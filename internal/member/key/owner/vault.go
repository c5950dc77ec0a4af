package owner

import (
	"crypto/aes"
	"crypto/cipher"
	"io"

	"guildhall/internal/fault"
)

// The shape of a vault, as docs/ACCOUNTS.md fixes it.
const (
	vaultSize  = 1024
	heading    = "GHV1"
	slots      = 12
	slotSize   = 60
	nonceSize  = 12
	directory  = len(heading) + slots*slotSize
	entrySize  = 16
	entriesLen = 272
	aadSlot    = salt + "/slot"
	aadDir     = salt + "/directory"
	ofPhrase   = 1 // the kind of an entry whose slot is the phrase's
)

// NewVault makes a vault that holds the root for one phrase. Everything it does
// not use is random, so that nobody can tell how many keys open it.
func NewVault(random io.Reader, k Keys, root []byte) ([]byte, error) {
	v := make([]byte, vaultSize)
	if _, err := io.ReadFull(random, v); err != nil {
		return nil, err
	}
	copy(v, heading)
	at := int(v[vaultSize-1]) % slots // overwritten by the directory below
	if err := lock(k.vault[:], slotOf(v, at), root, aadSlot); err != nil {
		return nil, err
	}
	entries := make([]byte, entriesLen)
	entries[at*entrySize] = ofPhrase
	dirKey, err := derive(root, "vault directory")
	if err != nil {
		return nil, err
	}
	return v, lock(dirKey, v[directory:], entries, aadDir+string(v[:directory]))
}

// OpenVault gives the root that a phrase's keys open. Faults: Forbidden when they
// open nothing here.
func OpenVault(v []byte, k Keys) ([]byte, error) {
	if len(v) != vaultSize || string(v[:len(heading)]) != heading {
		return nil, fault.New(fault.Invalid, "key.vault.broken")
	}
	for i := range slots {
		if root := unlock(k.vault[:], slotOf(v, i), aadSlot); root != nil {
			return root, nil
		}
	}
	return nil, fault.New(fault.Forbidden, "account.signin.phrase_nothing")
}

func slotOf(v []byte, i int) []byte {
	at := len(heading) + i*slotSize
	return v[at : at+slotSize]
}

// lock fills box, whose first bytes are a random nonce already, with plain.
func lock(key, box, plain []byte, bound string) error {
	g, err := gcm(key)
	if err != nil {
		return err
	}
	g.Seal(box[:nonceSize], box[:nonceSize], plain, []byte(bound))
	return nil
}

// unlock gives what a box holds, or nil for another key.
func unlock(key, box []byte, bound string) []byte {
	g, err := gcm(key)
	if err != nil {
		return nil
	}
	plain, err := g.Open(nil, box[:nonceSize], box[nonceSize:], []byte(bound))
	if err != nil {
		return nil
	}
	return plain
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
