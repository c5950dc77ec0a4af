package key

import (
	"bytes"

	"guildhall/internal/fault"
)

// Vault is the wrapped root in its stored form: base64url of VaultSize bytes.
// The empty Vault belongs to a member who joined without scripts.
type Vault string

// String hides the vault from logs; string(v) is for storing and answering.
func (Vault) String() string { return hidden }

// VaultSize is the constant length of a vault in bytes.
const VaultSize = 1024

const (
	vaultHead  = "GHV1"
	slots      = 12
	slotSize   = 60
	nonceSize  = 12
	directory  = len(vaultHead) + slots*slotSize
	vaultError = "key.vault.broken"
)

// ParseVault reads a vault as the browser sent it. It cannot see whether the
// vault opens; it refuses another length, another heading and equal nonces,
// which only a broken source of randomness makes. Faults: Invalid.
func ParseVault(s string) (Vault, error) {
	b, ok := decode(s, VaultSize)
	if !ok || string(b[:len(vaultHead)]) != vaultHead {
		return "", fault.New(fault.Invalid, vaultError)
	}
	seen := make(map[string]bool, slots+1)
	for i := range slots {
		seen[string(slot(b, i)[:nonceSize])] = true
	}
	seen[string(b[directory:directory+nonceSize])] = true
	if len(seen) != slots+1 {
		return "", fault.New(fault.Invalid, vaultError)
	}
	return Vault(s), nil
}

// Grown reads the vault that is to follow v because a passkey was added. One
// slot and the directory must differ and everything else be as it was, so that
// no broken program can overwrite the member's other keys.
// Faults: Invalid for no vault, Conflict when it does not follow v (another
// device may have added a key meanwhile).
func (v Vault) Grown(s string) (Vault, error) {
	next, err := ParseVault(s)
	if err != nil {
		return "", err
	}
	old, ok := decode(string(v), VaultSize)
	if !ok {
		return "", fault.New(fault.Conflict, "key.vault.moved")
	}
	b, _ := decode(s, VaultSize)
	changed := 0
	for i := range slots {
		if !bytes.Equal(slot(old, i), slot(b, i)) {
			changed++
		}
	}
	if changed != 1 || bytes.Equal(old[directory:], b[directory:]) {
		return "", fault.New(fault.Conflict, "key.vault.moved")
	}
	return next, nil
}

func slot(vault []byte, i int) []byte {
	from := len(vaultHead) + i*slotSize
	return vault[from : from+slotSize]
}

// Bytes gives the vault for a column of bytes; nil for the empty vault.
func (v Vault) Bytes() []byte {
	b, _ := decode(string(v), VaultSize)
	return b
}

// VaultOf reads back what Bytes gave.
func VaultOf(b []byte) Vault { return Vault(encoding.EncodeToString(b)) }
