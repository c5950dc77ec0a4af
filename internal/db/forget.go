package db

import (
	"context"

	"guildhall/internal/fault"
)

// Forget makes what was deleted unreadable in SQLite's files: the log of writes,
// which still holds earlier states, is emptied into the database, where deleted
// rows are overwritten. PostgreSQL keeps such things until its own VACUUM and
// the end of its log; there it does nothing. Faults: Unavailable while a long
// read needs the log; try again later.
func (d *DB) Forget(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "db.Forget")
	if d.engine != SQLite {
		return nil
	}
	var busy, pages, moved int64
	err = d.writer.alone(ctx, func(l *lite) error {
		if d.mover != nil {
			d.mover.moving.Lock()
			defer d.mover.moving.Unlock()
		}
		_, err := l.first(ctx, qEmptyLog, nil, []any{&busy, &pages, &moved})
		return err
	})
	if err != nil {
		return translate(err)
	}
	if busy != 0 {
		return fault.New(fault.Unavailable, "fault.unavailable")
	}
	return nil
}
