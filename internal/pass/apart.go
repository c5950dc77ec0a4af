package pass

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"

	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/pass/token"
)

// A database can be restored from a backup; then it does not know whom it served
// since. So each seat's right is noted a second time in another place, which is not
// rolled back, before it is signed for the first time.

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

// noteApart notes a first right apart, when the seat is good for it now, and refuses
// another than the one that is noted. What was served before a restore is written
// into the database again, and not counted again.
func (r *Room) noteApart(ctx context.Context, face string, q Request) error {
	id := seatID(q.Space, face)
	had, err := r.served(ctx, id)
	if err != nil || had.epoch >= 0 {
		return err // the transaction compares
	}
	n := Noted{Mark: r.mark(id), Space: q.Space, Epoch: q.Epoch, Asked: hashOf(q.Right)}
	kept, found, err := r.NotedOf(ctx, n.Mark)
	if err != nil {
		return err
	}
	if !found {
		if _, err := r.goodNow(ctx, face, q); err != nil {
			return err
		}
		if kept, err = r.Noted(ctx, n); err != nil {
			return err
		}
	}
	asked := noted{n.Epoch, n.Asked}
	if !asked.is(noted{kept.Epoch, kept.Asked}) {
		return errOther
	}
	if !found {
		return nil
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, qSeatAdd, id, face, n.Epoch, n.Asked)
		return err
	})
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

// Rights lists the epochs in which a face was served a right to a mask, in whatever
// space: the rows do not say in which. It is for her own eyes.
func (r *Room) Rights(ctx context.Context, face string) (epochs []int, err error) {
	defer fault.Wrap(&err, "pass.Rights")
	err = r.DB.Rows(ctx, qRightsOf, func(scan func(...any) error) error {
		var e int
		err := scan(&e)
		epochs = append(epochs, e)
		return err
	}, face)
	return epochs, err
}

// Forget removes what the room has of a face that leaves the hall. The numbers
// served stay: passes that were given are in the world.
func (r *Room) Forget(ctx context.Context, face string) (err error) {
	defer fault.Wrap(&err, "pass.Forget")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		var marks []string
		err := r.DB.Rows(ctx, qSeatsOf, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			marks = append(marks, r.mark(id))
			return err
		}, face)
		if err != nil || len(marks) == 0 {
			return err
		}
		// When it fails, a number under a key stays.
		db.AfterCommit(ctx, func() { _ = r.Blurred(context.Background(), marks...) })
		_, err = r.DB.Exec(ctx, qSeatForget, face)
		return err
	})
}
