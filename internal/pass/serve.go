package pass

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/pass/token"
)

// Request is what an account asks for its seat: a right, the read passes of an
// epoch, or both.
type Request struct {
	Space     string
	Epoch     int
	Right     []byte   // blinded; empty: none
	Reads     [][]byte // blinded; empty: none
	Signature []byte   // by the account's request key, over token.ServeMessage
}

// Answer are blind signatures, in the order of the request.
type Answer struct {
	Right []byte
	Reads [][]byte
}

// State is what a seat is good for, and whether it was served its right. Nothing
// says whether it was served read passes.
type State struct {
	Standing
	Space      string
	RightEpoch int // -1: not yet
}

// State tells what a face's seat in a space is good for, and what it was given.
// Faults: NotFound for no safe space.
func (r *Room) State(ctx context.Context, space, face string) (s State, err error) {
	defer fault.Wrap(&err, "pass.State")
	if err := (token.Slot{Purpose: token.Right, Space: space}).Check(); err != nil {
		return s, err
	}
	if err := r.Safe(ctx, space); err != nil {
		return s, err
	}
	return r.state(ctx, space, face)
}

// States tells the same of every seat that a face holds in a safe space, in the
// order of Config.Seats, so that a client can see at one look what is to be served.
func (r *Room) States(ctx context.Context, face string) (list []State, err error) {
	defer fault.Wrap(&err, "pass.States")
	spaces, err := r.Seats(ctx, face)
	if err != nil {
		return nil, err
	}
	for _, space := range spaces {
		s, err := r.state(ctx, space, face)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

func (r *Room) state(ctx context.Context, space, face string) (s State, err error) {
	s.Space = space
	if s.Standing, err = r.Seat(ctx, space, face); err != nil {
		return s, err
	}
	right, err := r.servedEver(ctx, seatID(space, face))
	s.RightEpoch = right.epoch
	return s, err
}

// Serve signs what a face's seat asks for. The first request for a right is noted by
// its hash, apart and sealed until Seated is called, and answered, the same one is answered the same for ever, any other is
// refused. Read passes are given in their epoch only, and nothing is written of
// them: while the program runs it knows the first request and refuses another. key
// is the account's request key.
// Faults: Forbidden for a request that key did not sign and for a seat that is
// not eligible; Invalid for what no client sends; Conflict for another request
// than the first, and for a new one in another epoch than the running one.
func (r *Room) Serve(ctx context.Context, face string, key ed25519.PublicKey, q Request) (a Answer, err error) {
	defer fault.Wrap(&err, "pass.Serve")
	if err := mayAsk(key, q); err != nil {
		return a, err
	}
	right, read, err := r.issuers(ctx, q)
	if err != nil {
		return a, err
	}
	// Everything is looked at before a seat is noted: afterwards it can only be asked
	// again, never otherwise.
	if right != nil && !right.fits(q.Right) {
		return a, errBroken
	}
	for _, b := range q.Reads {
		if !read.fits(b) {
			return a, errBroken
		}
	}
	if len(q.Reads) > 0 { // looked at before a right is noted: all or nothing
		if err := r.mayRead(ctx, face, q); err != nil {
			return a, err
		}
	}
	if len(q.Right) > 0 {
		if err := r.note(ctx, face, q); err != nil {
			return a, err
		}
	}
	if len(q.Reads) > 0 && !r.reading.first(seatID(q.Space, face), q.Epoch, token.Asked(nil, q.Reads)) {
		return a, errOther
	}
	return signAll(right, read, q)
}

var (
	errBroken = fault.New(fault.Invalid, "pass.serve.broken")
	errOther  = fault.New(fault.Conflict, "pass.serve.other")
	errEpoch  = fault.New(fault.Conflict, "pass.serve.epoch")
)

// issuers finds the keys that are asked to sign.
func (r *Room) issuers(ctx context.Context, q Request) (right, read *issuer, err error) {
	if len(q.Right) > 0 {
		right, err = r.signing(ctx, token.Slot{Purpose: token.Right, Space: q.Space, Epoch: q.Epoch})
	}
	if err == nil && len(q.Reads) > 0 {
		read, err = r.signing(ctx, token.Slot{Purpose: token.Read, Space: q.Space, Epoch: q.Epoch})
	}
	return right, read, err
}

// signing finds a key that still signs. An epoch without one is not the running
// one: clocks differ, or the page is old.
func (r *Room) signing(ctx context.Context, s token.Slot) (*issuer, error) {
	if s.Space != "" {
		if err := r.Safe(ctx, s.Space); err != nil {
			return nil, err
		}
	}
	i, err := r.issuer(ctx, s)
	if err == nil && i.signer == nil {
		err = errNoSlot
	}
	if fault.Is(err, fault.NotFound) {
		err = errEpoch
	}
	return i, err
}

func signAll(right, read *issuer, q Request) (a Answer, err error) {
	if right != nil {
		if a.Right, err = right.sign(q.Right); err != nil {
			return Answer{}, err
		}
	}
	for _, b := range q.Reads {
		sig, err := read.sign(b)
		if err != nil {
			return Answer{}, err
		}
		a.Reads = append(a.Reads, sig)
	}
	return a, nil
}

// mayRead: a seat that is good for something now, and that did not ask otherwise.
func (r *Room) mayRead(ctx context.Context, face string, q Request) error {
	if _, err := r.goodNow(ctx, face, q); err != nil {
		return err
	}
	if r.reading.otherwise(seatID(q.Space, face), q.Epoch, token.Asked(nil, q.Reads)) {
		return errOther
	}
	return nil
}

// SignReads signs the blinded messages of an epoch's read passes, for a mask, as Serve
// does for a seat: in the running epoch, the first request and the same again, and
// nothing is written. That the mask may read, the caller has looked at. Faults: Invalid
// for what no client blinds, Conflict as of Serve, NotFound for no safe space.
func (r *Room) SignReads(ctx context.Context, mask, space string, ep int, blinded [][]byte) (signed [][]byte, err error) {
	defer fault.Wrap(&err, "pass.SignReads")
	if ep != epoch.Of(r.Now()) {
		return nil, errEpoch
	}
	i, err := r.signing(ctx, token.Slot{Purpose: token.Read, Space: space, Epoch: ep})
	if err != nil {
		return nil, err
	}
	for _, b := range blinded {
		if !i.fits(b) {
			return nil, errBroken
		}
	}
	if len(blinded) != token.ReadPasses {
		return nil, errBroken
	}
	if !r.reading.first("mask "+space+" "+mask, ep, token.Asked(nil, blinded)) {
		return nil, errOther
	}
	a, err := signAll(nil, i, Request{Reads: blinded})
	return a.Reads, err
}

// noted is the right that a seat was served; its epoch is -1 when it was not.
type noted struct {
	epoch int
	asked []byte
}

func (n noted) is(o noted) bool { return n.epoch == o.epoch && bytes.Equal(n.asked, o.asked) }

func (r *Room) served(ctx context.Context, id string) (n noted, err error) {
	n.epoch = -1
	_, err = r.DB.Row(ctx, qSeat, []any{id}, &n.epoch, &n.asked)
	return n, err
}

// seatID names a seat in a way that keeps rows in no order of anything.
func seatID(space, face string) string {
	h := sha256.Sum256([]byte("guildhall/passes/1/seat\x00" + space + "\x00" + face))
	return token.Encode(h[:])
}

func hashOf(b []byte) []byte {
	h := sha256.Sum256(b)
	return h[:]
}
