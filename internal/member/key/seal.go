package key

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"guildhall/internal/fault"
)

// Sealer makes tokens that carry the hall's own state through a browser: only
// the hall can read or make them, for one purpose and for a while.
type Sealer struct {
	aead   cipher.AEAD
	stamp  []byte // for codes too short to carry a seal
	random io.Reader
	now    func() time.Time
}

// NewSealer derives a sealer from the hall's secret, at least 32 bytes.
func NewSealer(secret []byte, random io.Reader, now func() time.Time) *Sealer {
	aead, err := chacha20poly1305.NewX(derive(secret, "seal"))
	if err != nil {
		panic(err) // the key has the right length by construction
	}
	return &Sealer{aead: aead, stamp: derive(secret, "stamp"), random: random, now: now}
}

// Seal encrypts data for purpose, good for ttl (whole seconds). Purpose may name
// to whom it belongs ("passkey.add/" and a device), so that nobody else's opens.
func (s *Sealer) Seal(purpose string, data []byte, ttl time.Duration) string {
	nonce := draw(s.random, s.aead.NonceSize())
	plain := binary.BigEndian.AppendUint64(nil, uint64(s.now().Unix()))
	plain = binary.BigEndian.AppendUint64(plain, uint64(s.now().Add(ttl).Unix()))
	return encoding.EncodeToString(s.aead.Seal(nonce, nonce, append(plain, data...), []byte(purpose)))
}

// Open gives the data of a token made for purpose. Faults: Invalid
// "key.seal.broken" when it was not, Conflict "key.seal.old" when it is too old,
// or from a future that a clock set back has left.
func (s *Sealer) Open(purpose, token string) ([]byte, error) {
	data, made, err := s.open(purpose, token)
	if err == nil && s.now().Unix() < made-60 {
		return nil, fault.New(fault.Conflict, "key.seal.old")
	}
	return data, err
}

// OpenLasting is Open for tokens that last: one from the future is good as well,
// because a clock set back must not sign anybody out. What they open must be
// revocable elsewhere. Faults: as Open.
func (s *Sealer) OpenLasting(purpose, token string) ([]byte, error) {
	data, _, err := s.open(purpose, token)
	return data, err
}

func (s *Sealer) open(purpose, token string) (data []byte, made int64, err error) {
	broken := fault.New(fault.Invalid, "key.seal.broken")
	b, err := encoding.DecodeString(token)
	if err != nil || len(b) < s.aead.NonceSize() {
		return nil, 0, broken
	}
	plain, err := s.aead.Open(nil, b[:s.aead.NonceSize()], b[s.aead.NonceSize():], []byte(purpose))
	if err != nil || len(plain) < 16 {
		return nil, 0, broken
	}
	made, until := int64(binary.BigEndian.Uint64(plain)), int64(binary.BigEndian.Uint64(plain[8:]))
	if s.now().Unix() > until {
		return nil, 0, fault.New(fault.Conflict, "key.seal.old")
	}
	return plain[16:], made, nil
}

// derive gives 32 bytes of the hall's secret for one use.
func derive(secret []byte, use string) []byte {
	b, err := hkdf.Key(sha256.New, secret, []byte(salt), "hall "+use, 32)
	if err != nil {
		panic(err) // 32 bytes are never too many for HKDF-SHA-256
	}
	return b
}
