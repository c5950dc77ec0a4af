package pass

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"

	"guildhall/internal/epoch"
	"guildhall/internal/pass/token"
)

// A database can be restored from a backup; then it does not know whom it served
// since. So each seat's right is noted in another place, which is not rolled back,
// before it is signed for the first time; and written down here later.

// mark names a seat there. Without the hall's secret nobody can tell whose it is.
func (r *Room) mark(id string) string {
	m := hmac.New(sha256.New, r.marker)
	m.Write([]byte(id))
	return token.Encode(m.Sum(nil)[:16])
}

// servedEver is the right that a seat was served, also before a restore.
func (r *Room) servedEver(ctx context.Context, id string) (n noted, err error) {
	if n, err = r.served(ctx, id); err != nil || n.epoch >= 0 {
		return n, err
	}
	kept, found, err := r.NotedOf(ctx, r.mark(id))
	if found {
		n = noted{kept.Epoch, kept.Asked}
	}
	return n, err
}

// note notes the request for a right, when it is the first and the seat is good for it
// now, and refuses another than the one that is noted. It is noted apart only: a row of
// this database at once would tell, in copies of each night, in which one its owner was
// there. What was served before a restore is noted once more, so that it comes back.
func (r *Room) note(ctx context.Context, face string, q Request) error {
	r.noting.Lock() // one at a time
	defer r.noting.Unlock()
	id, asked := seatID(q.Space, face), noted{q.Epoch, hashOf(q.Right)}
	had, err := r.served(ctx, id)
	switch {
	case err != nil || had.is(asked):
		return err
	case had.epoch >= 0:
		return errOther
	}
	n := Noted{Mark: r.mark(id), Space: q.Space, Epoch: q.Epoch, Asked: asked.asked}
	kept, found, err := r.NotedOf(ctx, n.Mark)
	switch {
	case err != nil:
		return err
	case found && !asked.is(noted{kept.Epoch, kept.Asked}):
		return errOther
	}
	var seat Standing
	if !found {
		if seat, err = r.goodNow(ctx, face, q); err != nil {
			return err
		}
	}
	n.Seat = r.sealSeat(n.Mark, sealed{Face: face, Branch: seat.Branch, Week: epoch.Week(r.Now()), Again: found})
	kept, err = r.Noted(ctx, n)
	if err == nil && !asked.is(noted{kept.Epoch, kept.Asked}) {
		err = errOther
	}
	return err
}

// goodNow gives a seat that is good for something new now. Faults: Conflict for
// another epoch than the running one, and as of mayReceive.
func (r *Room) goodNow(ctx context.Context, face string, q Request) (seat Standing, err error) {
	if q.Epoch != epoch.Of(r.Now()) {
		return seat, errEpoch
	}
	if seat, err = r.Seat(ctx, q.Space, face); err != nil {
		return seat, err
	}
	return seat, mayReceive(seat)
}
