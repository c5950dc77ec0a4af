package message

import (
	"encoding/binary"

	"guildhall/internal/fault"
)

// The outside of what MLS (RFC 9420) seals: enough to see that something is sealed,
// and for which conversation and epoch. The inside has no key here.

// suite is the only one that is taken in: DHKEM P-256, AES-128-GCM, SHA-256, ECDSA P-256.
const suite = 2

// Forms of messages, RFC 9420 section 6.
const (
	formPrivate = 2
	formWelcome = 3
	formPackage = 5
)

// Contents of a private message.
const (
	contentText   = 1
	contentChange = 3
)

const (
	step = 256 // in which texts grow
	seal = 16  // bytes of AES-GCM's tag
)

var notSealed = fault.New(fault.Invalid, "message.not_sealed")

// reader takes bytes apart; once something is missing, all is.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) take(n int) []byte {
	if r.bad || n < 0 || n > len(r.b) {
		r.bad = true
		return make([]byte, max(0, min(n, 8)))
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) number(bytes int) uint64 {
	var b [8]byte
	copy(b[8-bytes:], r.take(bytes))
	return binary.BigEndian.Uint64(b[:])
}

// vector reads bytes after their length, which is written in one, two or four bytes.
func (r *reader) vector() []byte {
	first := r.take(1)[0]
	if r.bad || first>>6 == 3 {
		r.bad = true
		return nil
	}
	n, more := int(first&0x3f), 1<<(first>>6)-1
	for _, b := range r.take(more) {
		n = n<<8 | int(b)
	}
	return r.take(n)
}

// head reads the version and tells the form.
func (r *reader) head() uint64 {
	if r.number(2) != 1 {
		r.bad = true
	}
	return r.number(2)
}

// checkSealed sees that b is a private message of a group and epoch, of that content,
// with nothing beside what is sealed; a text in whole steps.
func checkSealed(b []byte, g GroupID, epoch int64, content uint64) error {
	r := &reader{b: b}
	if r.head() != formPrivate || string(r.vector()) != string(g) || r.number(8) != uint64(epoch) || r.number(1) != content {
		return notSealed
	}
	aside, sender, text := r.vector(), r.vector(), r.vector()
	if r.bad || len(r.b) > 0 || len(aside) > 0 || len(sender) > 64 || len(text) <= seal {
		return notSealed
	}
	if content == contentText && (len(text)-seal)%step != 0 {
		return fault.New(fault.Invalid, "message.not_padded")
	}
	return nil
}

// checkWelcome sees that b invites somebody.
func checkWelcome(b []byte) error {
	r := &reader{b: b}
	if r.head() != formWelcome || r.number(2) != suite || len(r.vector()) == 0 || len(r.vector()) == 0 || r.bad || len(r.b) > 0 {
		return notSealed
	}
	return nil
}

// checkPackage sees that b begins as a key package does.
func checkPackage(b []byte) error {
	r := &reader{b: b}
	if r.head() != formPackage || r.number(2) != 1 || r.number(2) != suite || len(r.vector()) == 0 || r.bad || len(b) > MaxPackage {
		return fault.New(fault.Invalid, "message.no_package")
	}
	return nil
}
