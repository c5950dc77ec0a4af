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

// State is what a seat has been served.
type State struct {
	Standing
	Space      string
	RightEpoch int // -1: not yet
	ReadEpoch  int // the last; -1: none
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
	row, err := r.servedEver(ctx, seatID(space, face))
	s.RightEpoch, s.ReadEpoch = row.right.epoch, row.read.epoch
	return s, err
}

// Serve signs what a face's seat asks for, once: the first request is noted by
// its hash and answered, the same one is answered the same for as long as its key
// is kept, any other is refused. key is the account's request key.
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
	if err := r.note(ctx, face, q); err != nil {
		return a, err
	}
	return signAll(right, read, q)
}

var errBroken = fault.New(fault.Invalid, "pass.serve.broken")

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
		err = fault.New(fault.Conflict, "pass.serve.epoch")
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

// note notes a request in both places. One at a time, so that a right that stands
// apart and not in the database can only be from before a restore or a crash.
func (r *Room) note(ctx context.Context, face string, q Request) error {
	if len(q.Right) > 0 {
		r.noting.Lock()
		defer r.noting.Unlock()
		if err := r.noteApart(ctx, face, q); err != nil {
			return err
		}
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error { return r.noteTx(ctx, face, q) })
}

// noteTx notes what is asked for the first time, and refuses what was asked
// otherwise before.
func (r *Room) noteTx(ctx context.Context, face string, q Request) error {
	id := seatID(q.Space, face)
	had, err := r.served(ctx, id)
	if err != nil {
		return err
	}
	newRight := len(q.Right) > 0 && had.right.epoch < 0
	newRead := len(q.Reads) > 0 && had.read.epoch < q.Epoch
	if newRight || newRead {
		if err := r.firstTx(ctx, id, face, q, newRight, newRead); err != nil {
			return err
		}
		if had, err = r.served(ctx, id); err != nil {
			return err
		}
	}
	asked := noted{q.Epoch, hashOf(q.Right)}
	if len(q.Right) > 0 && !had.right.is(asked) {
		return fault.New(fault.Conflict, "pass.serve.other")
	}
	asked.asked = hashOf(q.Reads...)
	if len(q.Reads) > 0 && !had.read.is(asked) {
		return fault.New(fault.Conflict, "pass.serve.other")
	}
	return nil
}

// firstTx writes down a first request, when the seat is good for it now.
func (r *Room) firstTx(ctx context.Context, id, face string, q Request, right, read bool) error {
	seat, err := r.goodNow(ctx, face, q)
	if err != nil {
		return err
	}
	if _, err := r.DB.Exec(ctx, qSeatAdd, id, face, []byte{}); err != nil {
		return err
	}
	if right {
		n, err := r.DB.Exec(ctx, qSeatRight, id, q.Epoch, hashOf(q.Right))
		if err != nil {
			return err
		}
		if n > 0 {
			if _, err := r.DB.Exec(ctx, qCountOne, q.Space, epoch.Week(r.Now()), seat.Branch); err != nil {
				return err
			}
		}
	}
	if read {
		_, err = r.DB.Exec(ctx, qSeatRead, id, q.Epoch, hashOf(q.Reads...))
	}
	return err
}

// noted is what a seat was served once.
type noted struct {
	epoch int
	asked []byte
}

func (n noted) is(o noted) bool { return n.epoch == o.epoch && bytes.Equal(n.asked, o.asked) }

// row is what is stored of a seat.
type row struct{ right, read noted }

func (r *Room) served(ctx context.Context, id string) (s row, err error) {
	s.right.epoch, s.read.epoch = -1, -1
	_, err = r.DB.Row(ctx, qSeat, []any{id}, &s.right.epoch, &s.right.asked, &s.read.epoch, &s.read.asked)
	return s, err
}

// seatID names a seat in a way that keeps rows in no order of anything.
func seatID(space, face string) string {
	h := sha256.Sum256([]byte("guildhall/passes/1/seat\x00" + space + "\x00" + face))
	return token.Encode(h[:])
}

func hashOf(parts ...[]byte) []byte {
	h := sha256.Sum256(bytes.Join(parts, nil))
	return h[:]
}
