package token

import (
	"encoding/binary"
	"math"
	"unicode"
	"unicode/utf8"

	"guildhall/internal/fault"
)

// Purpose is what a pass permits. The key that signs it is the purpose: a blind
// signer cannot see what it signs.
type Purpose string

// The purposes. The last two are reserved.
const (
	Right        Purpose = "right"        // may register one mask
	Read         Purpose = "read"         // may read a space on one day of the epoch
	Mail         Purpose = "mail"         // a platform's mail was shown
	Consultation Purpose = "consultation" // may answer a consultation
	Ballot       Purpose = "ballot"       // may vote
	Letter       Purpose = "letter"       // may seal a letter
)

// Bits is the size of the modulus of a purpose's keys; 0 for no purpose.
func (p Purpose) Bits() int {
	switch p {
	case Right, Read, Mail:
		return 2048
	case Consultation, Ballot, Letter:
		return 3072
	}
	return 0
}

// Size is the length in bytes of the purpose's blinded messages and signatures.
func (p Purpose) Size() int { return p.Bits() / 8 }

// MaxSpace is the most bytes of a space's id.
const MaxSpace = 256

// ReadPasses is how many read passes come with each epoch, one for each day.
const ReadPasses = 28

// Slot is what one issuer key signs for. Space is the id of the space as text,
// empty for Mail, and of Consultation its id.
type Slot struct {
	Purpose Purpose `json:"purpose"`
	Space   string  `json:"space"`
	Epoch   int     `json:"epoch"`
}

// Check tells whether there can be such a slot. Faults: Invalid.
func (s Slot) Check() error {
	ok := s.Purpose.Bits() > 0 && s.Epoch >= 0 && s.Epoch <= math.MaxInt32 &&
		len(s.Space) <= MaxSpace && (s.Space == "") == (s.Purpose == Mail) && utf8.ValidString(s.Space)
	for _, c := range s.Space { // what addresses are made of: no zero byte can move a border
		ok = ok && (unicode.IsLetter(c) && !unicode.IsUpper(c) || unicode.IsDigit(c) || unicode.IsMark(c) || c == '-')
	}
	if !ok {
		return fault.New(fault.Invalid, "pass.slot.broken")
	}
	return nil
}

// at writes purpose ‖ 0 ‖ space ‖ 0 ‖ u32(epoch) ‖ u32(i).
func (s Slot) at(i int) []byte {
	b := join(string(s.Purpose), s.Space, "")
	return u32(u32(b, s.Epoch), i)
}

// join writes the parts with a zero byte between each two.
func join(parts ...string) []byte {
	var b []byte
	for i, p := range parts {
		if i > 0 {
			b = append(b, 0)
		}
		b = append(b, p...)
	}
	return b
}

func u32(b []byte, v int) []byte {
	if v < 0 || v > math.MaxUint32 {
		panic("token: a number that does not fit") // slots are checked and indices counted before
	}
	return binary.BigEndian.AppendUint32(b, uint32(v))
}
