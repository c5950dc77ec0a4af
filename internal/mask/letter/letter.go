package letter

import (
	"bytes"
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"crypto/hkdf"

	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
)

// Lengths, in bytes.
const (
	Short      = 8_192  // of what a letter seals, when it fits
	Long       = 61_440 // when it does not; with what seals it less than 64 KiB, the most that a page which is put away may send
	PublicSize = 65     // a point of P-256, uncompressed; of a hall's key, and of a letter's own
	SecretSize = 32
	sealedBy   = PublicSize + 16 // by which a letter is longer than what it seals
	// MaxSize is the length of the longest letter.
	MaxSize = sealedBy + Long
	IDSize  = 16 // of what a letter is asked for by
)

const (
	info     = "guildhall/letters/1"
	exported = "guildhall/letters/1/answer"
)

// RFC 9180: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.
var (
	kem  = hpke.DHKEM(ecdh.P256())
	kdf  = hpke.HKDFSHA256()
	aead = hpke.AES128GCM()
)

// Fits tells whether a letter can be n bytes long.
func Fits(n int64) bool { return n == sealedBy+Short || n == sealedBy+Long }

// Key is a hall's key for letters.
type Key struct{ private hpke.PrivateKey }

// Derive makes the key that follows from a secret of at least 32 bytes.
func Derive(secret []byte) (*Key, error) {
	ikm, err := hkdf.Key(sha256.New, secret, []byte(info), "key", 32)
	if err != nil {
		return nil, err
	}
	k, err := kem.DeriveKeyPair(ikm)
	return &Key{k}, err
}

// Public is what letters are sealed to: 65 bytes.
func (k *Key) Public() []byte { return k.private.PublicKey().Bytes() }

var errNoLetter = fault.New(fault.Invalid, "letter.broken")

// Seal closes the body of a parting visit to a hall's key. The secret, 32 bytes, opens
// the answer. Faults: Invalid for no key and for a visit that no letter can hold.
func Seal(public, visit []byte) (letter, secret []byte, err error) {
	p, err := kem.NewPublicKey(public)
	if err != nil {
		return nil, nil, fault.New(fault.Invalid, "letter.key").Because(err)
	}
	size := Short
	if len(visit) > Short {
		size = Long
	}
	if len(visit) > size {
		return nil, nil, fault.New(fault.Invalid, "letter.long")
	}
	enc, s, err := hpke.NewSender(p, kdf, aead, []byte(info))
	if err != nil {
		return nil, nil, err
	}
	full := append(bytes.Clone(visit), bytes.Repeat([]byte{' '}, size-len(visit))...)
	sealed, err := s.Seal(nil, full)
	if err != nil {
		return nil, nil, err
	}
	secret, err = s.Export(exported, SecretSize)
	return append(enc, sealed...), secret, err
}

// Open gives the body of the visit in a letter, ready for wire.Open, and the secret
// its answer is to be sealed with. Faults: Invalid for what was not sealed to this key,
// or is longer than it need be.
func (k *Key) Open(letter []byte) (visit, secret []byte, err error) {
	if !Fits(int64(len(letter))) {
		return nil, nil, errNoLetter
	}
	r, err := hpke.NewRecipient(letter[:PublicSize], k.private, kdf, aead, []byte(info))
	if err != nil {
		return nil, nil, errNoLetter
	}
	full, err := r.Open(nil, letter[PublicSize:])
	if err != nil {
		return nil, nil, errNoLetter
	}
	visit = wire.Trim(full)
	if len(visit) <= Short && len(full) > Short {
		return nil, nil, errNoLetter
	}
	secret, err = r.Export(exported, SecretSize)
	return visit, secret, err
}

// NewID draws what a letter is asked for by: 22 characters.
func NewID() string {
	b := make([]byte, IDSize)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// ParseID reads what NewID wrote and nothing else.
func ParseID(s string) ([]byte, bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return b, err == nil && len(b) == IDSize && len(s) == 22
}
