package question

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Standing tells how a face stands to a question. Faults: NotFound.
func (r *Room) Standing(ctx context.Context, a Actor, id ID) (s Standing, err error) {
	defer fault.Wrap(&err, "question.Standing(%s)", id)
	q, err := r.questionTx(ctx, id)
	if err != nil || a.Face == "" {
		return s, err
	}
	return r.standingTx(ctx, q, a.Face)
}

func (r *Room) standingTx(ctx context.Context, q Question, f face.ID) (s Standing, err error) {
	if s.Since, err = r.askedTx(ctx, q.ID, f); err != nil {
		return s, err
	}
	var one int
	s.Speaks, err = r.DB.Row(ctx, qRecused, []any{q.Platform, string(f)}, &one)
	return s, err
}

// askedTx is when a face's first case of a question was asked; zero: it has none.
func (r *Room) askedTx(ctx context.Context, id ID, f face.ID) (time.Time, error) {
	var at int64
	found, err := r.DB.Row(ctx, qAsked, []any{string(f), string(id)}, &at)
	if err != nil || !found {
		return time.Time{}, err
	}
	return db.Time(at), nil
}

// Recuse keeps in mind that a face speaks for a platform: from then on, and also when
// it does no more, what it says of the platform's answers does not count, nor what it
// has said. In a transaction of the caller's or its own. Faults: none but Unavailable.
func (r *Room) Recuse(ctx context.Context, f face.ID, platform string) (err error) {
	defer fault.Wrap(&err, "question.Recuse(%s)", platform)
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if n, err := r.DB.Exec(ctx, qRecuse, platform, string(f)); err != nil || n == 0 {
			return err
		}
		list, err := r.questionRows(ctx, qEraseTouched, string(f))
		if err != nil {
			return err
		}
		for _, q := range list {
			if q.Platform != platform {
				continue
			}
			if err := r.recountTx(ctx, q.ID); err != nil {
				return err
			}
			r.touched(ctx, q)
		}
		return nil
	})
}
