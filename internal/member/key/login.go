package key

import (
	"crypto/sha256"
	"io"

	"guildhall/internal/fault"
)

// Verifier is what is stored of a phrase: base64url of SHA-256 of the login,
// 43 characters. The account is found by it, so its column is unique.
type Verifier string

// String hides the verifier: whoever reads it could test phrases against it.
func (Verifier) String() string { return hidden }

const hidden = "•••"

// loginSize is the length of a login and of its verifier, in bytes.
const loginSize = 32

// LoginVerifier turns the login sent at signing in (base64url of 32 bytes) into
// the verifier to look up. Faults: Invalid when login has another shape.
func LoginVerifier(login string) (Verifier, error) {
	b, ok := decode(login, loginSize)
	if !ok {
		return "", fault.New(fault.Invalid, "key.login.broken")
	}
	sum := sha256.Sum256(b)
	return Verifier(encoding.EncodeToString(sum[:])), nil
}

// ParseVerifier reads the verifier sent at joining. Faults: Invalid.
func ParseVerifier(s string) (Verifier, error) {
	if _, ok := decode(s, sha256.Size); !ok {
		return "", fault.New(fault.Invalid, "key.login.broken")
	}
	return Verifier(s), nil
}

// NewDevice names a signed-in browser that has no scripts: base64url of 16
// random bytes, 22 characters. A browser with scripts names itself.
func NewDevice(random io.Reader) Device {
	return Device(encoding.EncodeToString(draw(random, deviceSize)))
}

// Device names one signed-in browser of one member; unique within the member.
type Device string

const deviceSize = 16

// ParseDevice reads the device a browser named itself. Faults: Invalid.
func ParseDevice(s string) (Device, error) {
	if _, ok := decode(s, deviceSize); !ok {
		return "", fault.New(fault.Invalid, "key.device.broken")
	}
	return Device(s), nil
}
