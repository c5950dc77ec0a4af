package mask

import (
	"context"

	"guildhall/internal/fault"
	"guildhall/internal/safedb"
)

// Mask tells how a mask stands: as of the last tick, but for a renewal, which is
// written at once. For moderation; nothing in it leads to a person. Faults: NotFound.
func (r *Room) Mask(ctx context.Context, space, id string) (m Mask, err error) {
	defer fault.Wrap(&err, "mask.Mask")
	return m, r.DB.Read(ctx, func(tx *safedb.Tx) (err error) { m, err = r.born(tx, space, id); return err })
}

// born reads a mask that must be there.
func (r *Room) born(tx *safedb.Tx, space, id string) (Mask, error) {
	m, found, err := maskAt(tx, place{space, id})
	if err == nil && !found {
		err = fault.New(fault.NotFound, "mask.nobody")
	}
	return m, err
}

// ban ends a mask for good, in its space only: it does not write any more, gets no
// successor, and what waits of it does not come out. A renewal that was served
// already cannot be called back.
func (r *Room) ban(tx *safedb.Tx, at place, reason string) error {
	if _, err := r.born(tx, at.space, at.id); err != nil {
		return err
	}
	var waiting []*record
	for _, rec := range r.pool.posts {
		if rec.Space == at.space && rec.Mask == at.id {
			waiting = append(waiting, rec)
		}
	}
	if err := r.pool.drop(tx, waiting...); err != nil {
		return err
	}
	_, err := tx.Exec(qBan, at.space, at.id, reason)
	return err
}

// changed has the file smoothed at the next look at the clock.
func (r *Room) changed() { r.rough.Store(true) }

// decided has what a space shows made anew, so that a text which gives somebody
// away is gone at once and not at the next tick. It says when a moderator decided;
// of masks nothing else changes between two ticks.
func (r *Room) decided(space string) func() {
	return func() {
		r.changed()
		r.mu.Lock()
		delete(r.shelf, space)
		r.mu.Unlock()
		r.tell(space)
	}
}

// tell says that what a space shows has changed.
func (r *Room) tell(space string) {
	if r.Changed != nil {
		r.Changed(space)
	}
}

// Void is called once a backup was restored without the file that was in use.
// What was served since the backup is not known any more, so rights up to the
// running epoch register no mask and no mask is served one before the next epoch:
// nobody gets a second mask. The masks of the backup go on, and renew then.
func Void(ctx context.Context, db *safedb.DB, running int) (err error) {
	defer fault.Wrap(&err, "mask.Void")
	err = db.Write(ctx, func(tx *safedb.Tx) error { _, err := tx.Exec(qFactSet, factVoid, running); return err })
	if err != nil {
		return err
	}
	return db.Smooth(ctx)
}

// Voided is the epoch up to which rights register no mask; 0 when no backup was
// restored. Until it has ended, serving a right would waste it.
func (r *Room) Voided(ctx context.Context) (e int, err error) {
	defer fault.Wrap(&err, "mask.Voided")
	return e, r.DB.Read(ctx, func(tx *safedb.Tx) (err error) { e, err = fact(tx, factVoid); return err })
}

// InUse tells whether a file holds masks or served rights, so that restoring an older
// one would matter. What waits in its box cannot be read without the key: it follows
// a right that was served, which is filed within the week.
func InUse(ctx context.Context, db *safedb.DB) (used bool, err error) {
	defer fault.Wrap(&err, "mask.InUse")
	err = db.Read(ctx, func(tx *safedb.Tx) error {
		n := 0
		_, err := tx.Row(qInUse, nil, &n)
		used = n > 0
		return err
	})
	return used, err
}

// Continues tells whether one file can be what became of another: masks are never
// deleted, so all of the older are in the newer.
func Continues(ctx context.Context, older, newer *safedb.DB) (yes bool, err error) {
	defer fault.Wrap(&err, "mask.Continues")
	var all []place
	err = older.Read(ctx, func(tx *safedb.Tx) error {
		return tx.Rows(qMaskIDs, func(scan func(...any) error) error {
			var at place
			err := scan(&at.space, &at.id)
			all = append(all, at)
			return err
		})
	})
	if err != nil {
		return false, err
	}
	return yes, newer.Read(ctx, func(tx *safedb.Tx) (err error) {
		yes = true
		for i := 0; i < len(all) && yes && err == nil; i++ {
			_, yes, err = maskAt(tx, all[i])
		}
		return err
	})
}
