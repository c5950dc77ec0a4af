package key

import (
	"encoding/base64"
	"io"
)

// salt is the first version of every derivation of docs/ACCOUNTS.md.
const salt = "guildhall/accounts/1"

// encoding is base64url without padding, with unused bits zero.
var encoding = base64.RawURLEncoding.Strict()

// decode reads exactly n bytes; false for anything else. The decoder of the
// standard library skips line breaks, hence the check of the length.
func decode(s string, n int) ([]byte, bool) {
	if len(s) != encoding.EncodedLen(n) {
		return nil, false
	}
	b, err := encoding.DecodeString(s)
	return b, err == nil && len(b) == n
}

// draw reads n random bytes. A random source that fails has no second way out.
func draw(random io.Reader, n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		panic("key: the random source failed: " + err.Error())
	}
	return b
}
