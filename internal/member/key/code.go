package key

import (
	"crypto/sha256"
	"io"
	"strings"

	"golang.org/x/text/unicode/norm"

	"guildhall/internal/fault"
)

// Code is a login code or a recovery code: 115 random bits and a check symbol.
// It prints as dots; Reveal is for the one page that shows it.
type Code struct{ symbols string }

// RecoveryCodes is how many recovery codes a member gets at once.
const RecoveryCodes = 10

const (
	alphabet   = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeLength = 24 // symbols, the last one the check
	codeGroup  = 4
	typedLimit = 200 // bytes of a typed code that are looked at
)

// NewLoginCode makes a code for signing in without scripts. It panics when the
// random source fails, which that of the system never does.
func NewLoginCode(random io.Reader) Code {
	b := draw(random, codeLength-1)
	var s strings.Builder
	for _, x := range b {
		s.WriteByte(alphabet[x&31])
	}
	s.WriteByte(check(s.String()))
	return Code{s.String()}
}

// NewRecoveryCodes makes RecoveryCodes one-time codes. It panics like NewLoginCode.
func NewRecoveryCodes(random io.Reader) []Code {
	codes := make([]Code, RecoveryCodes)
	for i := range codes {
		codes[i] = NewLoginCode(random)
	}
	return codes
}

// ParseCode reads a code as a person typed it, forgiving what ACCOUNTS.md
// forgives. Faults: Invalid "key.code.mistyped" when it cannot be any code; that
// is a slip of the pen and need not count as a guess.
func ParseCode(typed string) (Code, error) {
	mistyped := fault.On("code", fault.Invalid, "key.code.mistyped")
	if len(typed) > typedLimit {
		return Code{}, mistyped
	}
	var s strings.Builder
	for _, r := range norm.NFKC.String(typed) {
		if skipped(r) {
			continue
		}
		c, ok := symbol(r)
		if !ok {
			return Code{}, mistyped
		}
		s.WriteByte(c)
	}
	all := s.String()
	if len(all) != codeLength || check(all[:codeLength-1]) != all[codeLength-1] {
		return Code{}, mistyped
	}
	return Code{all}, nil
}

// Reveal shows the code in groups of four, for its owner's eyes.
func (c Code) Reveal() string {
	var s strings.Builder
	for i, r := range c.symbols {
		if i > 0 && i%codeGroup == 0 {
			s.WriteByte('-')
		}
		s.WriteRune(r)
	}
	return s.String()
}

// String hides the code from logs.
func (Code) String() string { return hidden }

// GoString hides the code from %#v.
func (Code) GoString() string { return hidden }

// RecoveryHash is what is stored of a recovery code: 43 characters, found again
// by equality. A fast hash is enough for 115 random bits.
func (c Code) RecoveryHash() string {
	sum := sha256.Sum256([]byte(salt + "/recovery\x00" + c.symbols))
	return encoding.EncodeToString(sum[:])
}

// skipped tells what people put between groups.
func skipped(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '-', '‐', '–', '—', '−', '_', '.', '\u200e', '\u200f', '\u2066', '\u2067', '\u2068', '\u2069':
		return true
	}
	return false
}

// symbol finds the symbol a person means by r.
func symbol(r rune) (byte, bool) {
	switch {
	case r >= 'a' && r <= 'z':
		r -= 'a' - 'A'
	case r >= '٠' && r <= '٩':
		r = '0' + r - '٠'
	case r >= '۰' && r <= '۹':
		r = '0' + r - '۰'
	}
	switch r {
	case 'O':
		r = '0'
	case 'I', 'L':
		r = '1'
	}
	return byte(r), r < 128 && strings.IndexByte(alphabet, byte(r)) >= 0
}

// check gives the check symbol: the sum of symbol i times α^(i+1) in GF(32).
// Weights are distinct and not zero, so one wrong symbol or one exchange shows.
func check(symbols string) byte {
	sum, weight := 0, 1
	for i := range len(symbols) {
		weight = times(weight, 2)
		sum ^= times(strings.IndexByte(alphabet, symbols[i]), weight)
	}
	return alphabet[sum]
}

// times multiplies in GF(2)[x]/(x⁵+x²+1).
func times(a, b int) int {
	product := 0
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			product ^= a
		}
		if a <<= 1; a&32 != 0 {
			a ^= 0b100101
		}
	}
	return product
}
