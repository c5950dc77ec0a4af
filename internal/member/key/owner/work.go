package owner

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/bits"

	"guildhall/internal/fault"
)

// Where the parts of a token of work stand, as docs/ACCOUNTS.md fixes them.
const (
	tokenSize = 42
	bitsAt    = 1
	saltAt    = 10
	mostBits  = 30 // more than the hall ever asks; a token that wants more is refused
)

// Solve does the work of a token and gives the answer. Faults: Invalid for a
// token that no hall gives out.
func Solve(token string) (string, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != tokenSize || b[bitsAt] > mostBits {
		return "", fault.New(fault.Invalid, "key.work.wrong")
	}
	want := int(b[bitsAt])
	try := append(append([]byte{}, b[saltAt:]...), make([]byte, 8)...)
	nonce := try[len(try)-8:]
	for n := uint64(0); ; n++ {
		binary.BigEndian.PutUint64(nonce, n)
		h := sha256.Sum256(try)
		if bits.LeadingZeros64(binary.BigEndian.Uint64(h[:8])) >= want {
			return token + "." + fmt.Sprintf("%x", nonce), nil
		}
	}
}
