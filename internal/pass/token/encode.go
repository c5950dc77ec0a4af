package token

import "encoding/base64"

// encoding is base64url without padding, with unused bits zero.
var encoding = base64.RawURLEncoding.Strict()

// Encode writes bytes as they travel: base64url without padding.
func Encode(b []byte) string { return encoding.EncodeToString(b) }

// Decode reads exactly n bytes as Encode wrote them; false for anything else. The
// decoder of the standard library skips line breaks, hence the check of the length.
func Decode(s string, n int) ([]byte, bool) {
	if len(s) != encoding.EncodedLen(n) {
		return nil, false
	}
	b, err := encoding.DecodeString(s)
	return b, err == nil && len(b) == n
}
