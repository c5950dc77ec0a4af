package mask

import (
	"context"
	"maps"
	"math"
	"slices"

	"guildhall/internal/epoch"
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
	Seat  []byte // the issuer's own words of it, sealed for itself; until they are written down
}

const (
	qServed     = `SELECT space, epoch, asked FROM served WHERE mark = $1`
	qServedMake = `INSERT OR IGNORE INTO served (mark, space, epoch, asked) VALUES ($1, $2, $3, $4)`
	qServedBlur = `UPDATE served SET mark = $2 WHERE mark = $1`
	qServedMany = `SELECT COUNT(*) FROM served WHERE space = $1 AND epoch = $2`
)

// NoteServed notes the first right of a mark, for good, and gives what is noted:
// that of an earlier call when there was one. It lies in the box until the next batch
// tick. One that is filed already, and that the issuer has forgotten, is handed to it
// once more then.
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
		}
		if found && (r.pool.served[s.Mark] != nil || len(s.Seat) == 0) {
			return nil
		}
		due := epoch.NextBatchTick(epoch.Tick(r.Now()))
		return r.put(tx, record{Kind: served, Space: s.Space, Epoch: s.Epoch, Pass: s.Mark, Hash: s.Asked, Seat: s.Seat, Due: due})
	})
}

// ServedWaiting lists what was noted and is not filed yet.
func (r *Room) ServedWaiting(ctx context.Context) (list []Served, err error) {
	defer fault.Wrap(&err, "mask.ServedWaiting")
	return list, r.DB.Read(ctx, func(*safedb.Tx) error {
		for mark, rec := range r.pool.served {
			list = append(list, Served{Mark: mark, Space: rec.Space, Epoch: rec.Epoch, Asked: rec.Hash, Seat: rec.Seat})
		}
		return nil
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
		for _, m := range marks {
			if rec := r.pool.served[m]; rec != nil {
				if err := r.pool.drop(tx, rec); err != nil {
					return err
				}
				if err := r.put(tx, record{Kind: served, Space: rec.Space, Epoch: rec.Epoch, Pass: newID(), Hash: rec.Hash, Due: rec.Due}); err != nil {
					return err
				}
			}
			if _, err := tx.Exec(qServedBlur, m, newID()); err != nil {
				return err
			}
		}
		return nil
	})
}

// fileServed hands what was noted to the issuer, which writes it down, and moves it
// from the box to its table, all together. After a crash between the two it is handed
// over once more, which changes nothing.
func (r *Room) fileServed(ctx context.Context, is func(*record) bool) error {
	var recs []*record
	read := func(ctx context.Context) (list []Served, err error) {
		return list, r.DB.Read(ctx, func(*safedb.Tx) error {
			recs = slices.DeleteFunc(slices.Collect(maps.Values(r.pool.served)), func(rec *record) bool { return !is(rec) })
			for _, rec := range recs {
				if len(rec.Seat) > 0 {
					list = append(list, Served{rec.Pass, rec.Space, rec.Epoch, rec.Hash, rec.Seat})
				}
			}
			return nil
		})
	}
	list, err := read(ctx)
	if err == nil && len(list) > 0 && r.Seated != nil {
		err = r.Seated(ctx, read)
	}
	if err != nil || len(recs) == 0 {
		return err
	}
	return r.DB.Write(ctx, func(tx *safedb.Tx) error {
		// Whose owner left meanwhile is another record, and stays.
		recs = slices.DeleteFunc(recs, func(rec *record) bool { return r.pool.served[rec.Pass] != rec })
		return r.pool.fileServed(tx, recs)
	})
}

func (p *pool) fileServed(tx *safedb.Tx, recs []*record) error {
	for _, rec := range recs {
		if _, err := tx.Exec(qServedMake, rec.Pass, rec.Space, rec.Epoch, rec.Hash); err != nil {
			return err
		}
	}
	return p.drop(tx, recs...)
}

// FileNoted files what was noted in a file that no hall has open any more: rights of
// seats, which no issuer is told of, and renewals. A restore does it, because what
// goes to another directory has another key.
func FileNoted(ctx context.Context, db *safedb.DB) (err error) {
	defer fault.Wrap(&err, "mask.FileNoted")
	err = db.Write(ctx, func(tx *safedb.Tx) error {
		p, err := readPool(tx, db.Box())
		if err != nil {
			return err
		}
		if err := p.fileServed(tx, slices.Collect(maps.Values(p.served))); err != nil {
			return err
		}
		return p.fileRenewals(tx, math.MaxInt)
	})
	if err != nil {
		return err
	}
	return db.Smooth(ctx)
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
