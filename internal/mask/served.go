package mask

import (
	"context"

	"guildhall/internal/fault"
	"guildhall/internal/safedb"
)

// Served is a right that a seat was served, as the issuer notes it here, because
// this file is not rolled back when the hall's database is. Mark names the seat
// under a key of the hall's: nobody without that key knows whose it is, and this
// room never does.
type Served struct {
	Mark  string
	Space string
	Epoch int
	Asked []byte // hash of the request
}

const (
	qServed     = `SELECT space, epoch, asked FROM served WHERE mark = $1`
	qServedMake = `INSERT OR IGNORE INTO served (mark, space, epoch, asked) VALUES ($1, $2, $3, $4)`
	qServedBlur = `UPDATE served SET mark = $2 WHERE mark = $1`
	qServedMany = `SELECT COUNT(*) FROM served WHERE space = $1 AND epoch = $2`
)

// NoteServed notes the first right of a mark, for good, and gives what is noted:
// that of an earlier call when there was one.
func (r *Room) NoteServed(ctx context.Context, s Served) (noted Served, err error) {
	defer fault.Wrap(&err, "mask.NoteServed")
	noted = s
	return noted, r.DB.Write(ctx, func(tx *safedb.Tx) error {
		was, found, err := r.servedAt(tx, s.Mark)
		if err != nil {
			return err
		}
		if found {
			noted = was
			return nil
		}
		return r.put(tx, record{Kind: served, Space: s.Space, Epoch: s.Epoch, Pass: s.Mark, Hash: s.Asked})
	})
}

// ServedTo tells what right a mark was served; found is false for none.
func (r *Room) ServedTo(ctx context.Context, mark string) (s Served, found bool, err error) {
	defer fault.Wrap(&err, "mask.ServedTo")
	return s, found, r.DB.Read(ctx, func(tx *safedb.Tx) error {
		s, found, err = r.servedAt(tx, mark)
		return err
	})
}

func (r *Room) servedAt(tx *safedb.Tx, mark string) (s Served, found bool, err error) {
	if rec := r.pool.served[mark]; rec != nil {
		return Served{Mark: mark, Space: rec.Space, Epoch: rec.Epoch, Asked: rec.Hash}, true, nil
	}
	s.Mark = mark
	found, err = tx.Row(qServed, []any{mark}, &s.Space, &s.Epoch, &s.Asked)
	return s, found, err
}

// BlurServed makes marks of somebody who left the hall unknown; the number of rights
// stays, since they are in the world.
func (r *Room) BlurServed(ctx context.Context, marks ...string) (err error) {
	defer fault.Wrap(&err, "mask.BlurServed")
	return r.DB.Write(ctx, func(tx *safedb.Tx) error {
		tx.AfterCommit(r.changed)
		if err := r.fileServed(tx, 0); err != nil {
			return err
		}
		for _, m := range marks {
			if _, err := tx.Exec(qServedBlur, m, newID()); err != nil {
				return err
			}
		}
		return nil
	})
}

// fileServed moves what was noted from the box to its table.
func (r *Room) fileServed(tx *safedb.Tx, _ int) error {
	var out []*record
	for mark, rec := range r.pool.served {
		out = append(out, rec)
		if _, err := tx.Exec(qServedMake, mark, rec.Space, rec.Epoch, rec.Hash); err != nil {
			return err
		}
	}
	return r.pool.drop(tx, out...)
}

// RenewedIn tells how many masks of a space were served their next right in the
// window that closed last; known is false for any other, and before the batch tick
// that closes it was done.
func (r *Room) RenewedIn(ctx context.Context, space string, week int) (n int, known bool, err error) {
	defer fault.Wrap(&err, "mask.RenewedIn")
	return n, known, r.DB.Read(ctx, func(tx *safedb.Tx) error {
		last, err := fact(tx, factBatch)
		if err != nil || last != week+1 {
			return err
		}
		known = true
		_, err = tx.Row(qRenewedIn, []any{space, week}, &n)
		return err
	})
}
