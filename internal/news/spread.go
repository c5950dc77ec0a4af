package news

import (
	"context"
	"encoding/json"
	"fmt"

	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// A hundred thousand people are not told in one transaction: everybody else who
// writes would wait for it. What concerns more than a batch is put down as a row and
// told by a job, a batch in a transaction, which notes how far it came. A crash
// repeats nothing and leaves nobody out.

// SpreadJob is the kind of job that tells many; it has no payload.
const SpreadJob = "news.spread"

// batchOf is how many lines are written in one transaction.
const batchOf = 500

var (
	qTellBatch = db.SQL("news.tellBatch", `INSERT INTO news (face_id, kind, thing_kind, thing_id, n, day, seq)
		SELECT face_id, $1, $2, $3, 1, $4, $5 FROM news_follow
		WHERE thing_kind = $6 AND thing_id = $7 AND face_id <> $8 AND face_id > $9 AND face_id <= $10`+again+whom)
	// The last of the next batch, and how many it holds.
	qBatch = db.SQL("news.batch", `SELECT COALESCE(MAX(face_id), ''), count(*) FROM
		(SELECT face_id FROM news_follow WHERE thing_kind = $1 AND thing_id = $2 AND face_id > $3 ORDER BY face_id LIMIT $4) AS next`)
	qSpreadMake    = db.SQL("news.spreadMake", `INSERT INTO news_spread (seq, i, kind, thing_kind, thing_id, day, telling, part, after_face) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '')`)
	qSpreadFirst   = db.SQL("news.spreadFirst", `SELECT seq, i, kind, thing_kind, thing_id, day, telling, part, after_face FROM news_spread ORDER BY seq, i LIMIT 1`)
	qSpreadOn      = db.SQL("news.spreadOn", `UPDATE news_spread SET part = $3, after_face = $4 WHERE seq = $1 AND i = $2`)
	qSpreadDone    = db.SQL("news.spreadDone", `DELETE FROM news_spread WHERE seq = $1 AND i = $2`)
	qSpreadAll     = db.SQL("news.spreadAll", `SELECT seq, i, telling FROM news_spread`)
	qSpreadSave    = db.SQL("news.spreadSave", `UPDATE news_spread SET telling = $3 WHERE seq = $1 AND i = $2`)
	qSpreadPending = db.SQL("news.spreadPending", `SELECT 1 FROM news_spread WHERE kind = $1 AND thing_kind = $2 AND thing_id = $3 LIMIT 1`)
)

// spread is what is still to be told of an event. Part 0 are those that it names,
// part n the followers of its n-th thing.
type spread struct {
	seq   int64
	i     int
	day   int
	t     Telling
	part  int
	after string
}

// tellTx tells whom an event concerns: at once, or, when they are many, or wait for
// what happened to the same thing before, by a job.
func (r *Room) tellTx(ctx context.Context, seq int64, i int, t Telling) error {
	later, err := r.manyTx(ctx, t)
	if err != nil {
		return err
	}
	s := spread{seq: seq, i: i, day: epoch.Day(r.Now()), t: t}
	if later {
		return r.putDownTx(ctx, s)
	}
	for done := false; !done; {
		if done, err = r.stepTx(ctx, &s); err != nil {
			return err
		}
	}
	return nil
}

// manyTx tells whether more than a batch is concerned, or something told of the same
// thing before has not reached everybody: lines are counted in the order of events.
func (r *Room) manyTx(ctx context.Context, t Telling) (bool, error) {
	var one int
	if pending, err := r.DB.Row(ctx, qSpreadPending, []any{string(t.Kind), t.Thing.Kind, t.Thing.ID}, &one); err != nil || pending {
		return pending, err
	}
	all := len(t.To)
	for _, by := range t.Followers {
		var last string
		var n int
		if _, err := r.DB.Row(ctx, qBatch, []any{by.Kind, by.ID, "", batchOf + 1}, &last, &n); err != nil {
			return false, err
		}
		all += n
	}
	return all > batchOf, nil
}

func (r *Room) putDownTx(ctx context.Context, s spread) error {
	text, err := json.Marshal(s.t)
	if err != nil {
		return err
	}
	if _, err := r.DB.Exec(ctx, qSpreadMake, s.seq, s.i, string(s.t.Kind), s.t.Thing.Kind, s.t.Thing.ID, s.day, string(text)); err != nil {
		return err
	}
	return r.Jobs.Add(ctx, SpreadJob, fmt.Sprintf("%d.%d", s.seq, s.i), nil, r.Now())
}

// Spread tells what is still to be told, until nothing is left. It is the job's work;
// twice is once.
func (r *Room) Spread(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "news.Spread")
	for more := true; more && err == nil; {
		err = r.DB.Tx(ctx, func(ctx context.Context) error {
			var s spread
			if s, more, err = r.firstTx(ctx); err != nil || !more {
				return err
			}
			return r.onTx(ctx, s)
		})
	}
	return err
}

// onTx tells one batch and notes how far that came.
func (r *Room) onTx(ctx context.Context, s spread) error {
	done, err := r.stepTx(ctx, &s)
	if err != nil {
		return err
	}
	if done {
		_, err = r.DB.Exec(ctx, qSpreadDone, s.seq, s.i)
	} else {
		_, err = r.DB.Exec(ctx, qSpreadOn, s.seq, s.i, s.part, s.after)
	}
	return err
}

// stepTx writes a batch of lines and moves s on; done when nobody is left.
func (r *Room) stepTx(ctx context.Context, s *spread) (done bool, err error) {
	if s.part == 0 {
		return r.stepNamedTx(ctx, s)
	}
	by := s.t.Followers[s.part-1]
	var last string
	var n int
	if _, err := r.DB.Row(ctx, qBatch, []any{by.Kind, by.ID, s.after, batchOf}, &last, &n); err != nil {
		return false, err
	}
	if n > 0 {
		err = r.writeTx(ctx, s.t.Kind, qTellBatch, string(s.t.Kind), s.t.Thing.Kind, s.t.Thing.ID, s.day, s.seq, by.Kind, by.ID, string(s.t.Except), s.after, last)
	}
	s.after = last
	if n < batchOf {
		s.part, s.after = s.part+1, ""
	}
	return s.part > len(s.t.Followers), err
}

// stepNamedTx is stepTx for those whom a telling names: s.after counts them.
func (r *Room) stepNamedTx(ctx context.Context, s *spread) (done bool, err error) {
	from := 0
	if s.after != "" {
		if _, err := fmt.Sscan(s.after, &from); err != nil {
			return false, err
		}
	}
	to := min(from+batchOf, len(s.t.To))
	for _, f := range s.t.To[from:to] {
		if f == s.t.Except || f == face.ID("") {
			continue
		}
		if err := r.writeTx(ctx, s.t.Kind, qTell, string(f), string(s.t.Kind), s.t.Thing.Kind, s.t.Thing.ID, s.day, s.seq); err != nil {
			return false, err
		}
	}
	if s.after = fmt.Sprint(to); to == len(s.t.To) {
		s.part, s.after = 1, ""
	}
	return s.part > len(s.t.Followers), nil
}

// writeTx writes lines, and lets those who did not know be carried the news.
func (r *Room) writeTx(ctx context.Context, k Kind, q *db.Query, args ...any) error {
	var fresh []face.ID
	err := r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var f string
		err := scan(&f)
		fresh = append(fresh, face.ID(f))
		return err
	}, args...)
	if err == nil && r.Carry != nil && len(fresh) > 0 {
		err = r.Carry(ctx, k, fresh)
	}
	return err
}

func (r *Room) firstTx(ctx context.Context) (s spread, found bool, err error) {
	var text string
	found, err = r.DB.Row(ctx, qSpreadFirst, nil, &s.seq, &s.i, &s.t.Kind, &s.t.Thing.Kind, &s.t.Thing.ID, &s.day, &text, &s.part, &s.after)
	if err != nil || !found {
		return s, found, err
	}
	return s, true, json.Unmarshal([]byte(text), &s.t)
}

// unnameTx takes a face out of what is still to be told. Her place stays, empty: how far
// the telling came is a number.
func (r *Room) unnameTx(ctx context.Context, f face.ID) error {
	var all []spread
	err := r.DB.Rows(ctx, qSpreadAll, func(scan func(...any) error) error {
		var s spread
		var text string
		if err := scan(&s.seq, &s.i, &text); err != nil {
			return err
		}
		all = append(all, s)
		return json.Unmarshal([]byte(text), &all[len(all)-1].t)
	})
	for _, s := range all {
		if err != nil {
			return err
		}
		for k := range s.t.To {
			if s.t.To[k] == f {
				s.t.To[k] = ""
			}
		}
		var text []byte
		if text, err = json.Marshal(s.t); err == nil {
			_, err = r.DB.Exec(ctx, qSpreadSave, s.seq, s.i, string(text))
		}
	}
	return err
}
