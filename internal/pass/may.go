package pass

import (
	"crypto/ed25519"

	"guildhall/internal/fault"
	"guildhall/internal/pass/token"
)

// mayAsk: whoever holds the account's request key, for something that has the
// shape of a request. A stolen cookie is not enough.
func mayAsk(key ed25519.PublicKey, q Request) error {
	if len(key) == 0 {
		return fault.New(fault.Forbidden, "pass.serve.keyless")
	}
	size := token.Right.Size()
	ok := (token.Slot{Purpose: token.Right, Space: q.Space, Epoch: q.Epoch}).Check() == nil &&
		(len(q.Right) == 0 || len(q.Right) == size) && (len(q.Reads) == 0 || len(q.Reads) == token.ReadPasses) &&
		len(q.Right)+len(q.Reads) > 0
	for _, b := range q.Reads {
		ok = ok && len(b) == size
	}
	if !ok {
		return errBroken
	}
	if !token.VerifyServe(key, q.Space, q.Epoch, q.Right, q.Reads, q.Signature) {
		return fault.New(fault.Forbidden, "pass.serve.unsigned")
	}
	return nil
}

// mayReceive: an eligible seat.
func mayReceive(s Standing) error {
	switch {
	case s.Seat && s.Eligible:
		return nil
	case s.Why != nil:
		return s.Why
	}
	return fault.New(fault.Forbidden, "pass.serve.seatless")
}
