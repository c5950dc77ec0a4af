package call

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

const columns = `SELECT id, room_id, from_face, to_face, state, silent, from_seat, to_seat, due FROM call `

var (
	qMake     = db.SQL("call.make", `INSERT INTO call (id, room_id, from_face, to_face, state, silent, from_seat, to_seat, due) VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8)`)
	qGet      = db.SQL("call.get", columns+`WHERE id = $1`)
	qOpen     = db.SQL("call.open", columns+`WHERE (from_face = $1 OR to_face = $1) AND state IN ('ringing', 'answered') AND due > $2 ORDER BY id`)
	qIncoming = db.SQL("call.incoming", columns+`WHERE to_face = $1 AND state = 'ringing' AND silent = 0 AND from_seat <> '' AND due > $2 ORDER BY due, id`)
	// Each compares and sets: of two who come at once, one changes nothing.
	qAnswer = db.SQL("call.answer", `UPDATE call SET state = 'answered', to_seat = $2, due = $3 WHERE id = $1 AND state = 'ringing' AND due > $4`)
	qEnd    = db.SQL("call.end", `UPDATE call SET state = $3, due = $4 WHERE id = $1 AND state = $2`)
	// It rings from then on; where both called each other it may have been answered already.
	qSeat  = db.SQL("call.seat", `UPDATE call SET from_seat = $2, due = CASE WHEN state = 'ringing' THEN $3 ELSE due END WHERE id = $1 AND from_seat = '' AND due > $4`)
	qGoing = db.SQL("call.going", columns+`WHERE state IN ('ringing', 'answered') ORDER BY id`)
	qDrop  = db.SQL("call.drop", `DELETE FROM call WHERE state NOT IN ('ringing', 'answered') AND due <= $1`)
	qNext  = db.SQL("call.next", `SELECT COALESCE(MIN(due), 0) FROM call`)
	// What leads into a room that goes on without her stays, without her face.
	qForget = db.SQL("call.forget", `DELETE FROM call WHERE (from_face = $1 OR to_face = $1) AND (state <> 'answered' OR NOT EXISTS (SELECT 1 FROM call_here WHERE call_here.room_id = call.room_id))`)
	qHeld   = db.SQL("call.held", `SELECT COUNT(*) FROM call WHERE from_face = $1 OR to_face = $1 AND silent = 0`)
)

func (r *Room) calls(ctx context.Context, q *db.Query, args ...any) (list []Call, err error) {
	err = r.config.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var c Call
		var silent int
		var due int64
		err := scan(&c.ID, &c.Room, &c.From, &c.To, &c.State, &silent, &c.FromSeat, &c.ToSeat, &due)
		c.silent, c.due = silent == 1, time.UnixMicro(due).UTC()
		list = append(list, c)
		return err
	}, args...)
	return list, err
}

// get reads a call; the zero one when there is none.
func (r *Room) get(ctx context.Context, id ID) (Call, error) {
	list, err := r.calls(ctx, qGet, string(id))
	if err != nil || len(list) == 0 {
		return Call{}, err
	}
	return list[0], nil
}

// setTx ends a call that is in a state; changed is false when it was not.
func (r *Room) setTx(ctx context.Context, id ID, from, to State) (changed bool, err error) {
	n, err := r.config.DB.Exec(ctx, qEnd, string(id), string(from), string(to), r.config.Now().Add(keptAfter).UnixMicro())
	return n > 0, err
}

// Forget deletes what is kept of a face's calls, which end by it, and her links.
func (r *Room) Forget(ctx context.Context, f face.ID) (err error) {
	defer fault.Wrap(&err, "call.Forget")
	return r.config.DB.Tx(ctx, func(ctx context.Context) error {
		room, _, err := r.in(ctx, f)
		if err == nil && room != "" {
			err = r.leaveTx(ctx, room, f)
		}
		if err != nil {
			return err
		}
		open, err := r.calls(ctx, qOpen, string(f), r.config.Now().UnixMicro())
		if err != nil {
			return err
		}
		for _, c := range open {
			if c.State == Ringing && !c.Brought() {
				db.AfterCommit(ctx, func() { r.config.Close(c.ID) })
			}
		}
		for _, q := range []*db.Query{qForget, qNobodyF, qNobodyT, qLinksGone} {
			if _, err := r.config.DB.Exec(ctx, q, string(f)); err != nil {
				return err
			}
		}
		_, err = r.config.DB.Exec(ctx, qGuestsGone)
		return err
	})
}

// Held is how many calls of a face are kept now.
func (r *Room) Held(ctx context.Context, f face.ID) (n int, err error) {
	_, err = r.config.DB.Row(ctx, qHeld, []any{string(f)}, &n)
	return n, err
}
