package notice

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// Raise lets faces know that something happened. It joins the transaction in which they
// are told, so that neither is without the other. Whoever has no device, or does not wish
// to know, is left alone.
func (r *Room) Raise(ctx context.Context, k Kind, faces []face.ID) (err error) {
	defer fault.Wrap(&err, "notice.Raise(%s)", k)
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		var one int
		if any, err := r.DB.Row(ctx, qAnyDevice, nil, &one); err != nil || !any {
			return err
		}
		for _, f := range faces {
			if err := r.raiseTx(ctx, f, k); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *Room) raiseTx(ctx context.Context, f face.ID, k Kind) error {
	by, err := r.rungs(ctx, f)
	if err != nil || len(by) == 0 {
		return err
	}
	s, err := r.settings(ctx, f)
	if err != nil {
		return err
	}
	switch s.Mode(k) {
	case Never:
		return nil
	case Daily:
		k = Digest
	}
	n, climbs, err := r.mergeTx(ctx, f, k)
	if err != nil || climbs {
		return err
	}
	return r.startTx(ctx, climber{face: f, kind: k, n: n}, s, by)
}

// startTx sets a notice at the foot of a ladder or, if it need not wait, on the first rung
// that has a device, whose devices ring.
func (r *Room) startTx(ctx context.Context, c climber, s Settings, by map[int][]string) error {
	now := r.Now()
	due := s.loud(mark(now))
	if c.kind == Digest {
		due = s.digest(now)
	}
	c.id = ident.Random()
	if due <= mark(now) {
		for c.rung = 1; c.rung <= Rungs && len(by[c.rung]) == 0; c.rung++ {
		}
		due = s.next(now)
	}
	_, err := r.DB.Exec(ctx, qMake, c.id, string(c.face), string(c.kind), c.n, c.rung, due)
	if err != nil || c.rung == 0 {
		return err
	}
	return r.queueTx(ctx, c.id, by[c.rung])
}

// mergeTx adds one to what climbs already, which says how many when it is shown. Of what
// has climbed all it could it gives how many there are now: that begins anew.
func (r *Room) mergeTx(ctx context.Context, f face.ID, k Kind) (n int, climbs bool, err error) {
	var id string
	var rung int
	open, err := r.DB.Row(ctx, qOpen, []any{string(f), string(k)}, &id, &n, &rung)
	switch {
	case err != nil || !open:
	case rung <= Rungs:
		_, err = r.DB.Exec(ctx, qMore, id)
		return n + 1, true, err
	default:
		_, err = r.DB.Exec(ctx, qEnd, id)
	}
	return n + 1, false, err
}

// endTx ends what has no rung left.
func (r *Room) endTx(ctx context.Context, c climber, s Settings, by map[int][]string, due int64) error {
	var one int
	waits, err := r.DB.Row(ctx, qAnyQueue, []any{c.id}, &one)
	if err != nil {
		return err
	}
	if waits { // a push service is away: nothing is lost
		_, err = r.DB.Exec(ctx, qLit, c.id, Rungs+1, due)
		return err
	}
	if _, err := r.DB.Row(ctx, qTold, []any{c.id}, &c.told); err != nil {
		return err
	}
	if _, err := r.DB.Exec(ctx, qEnd, c.id); err != nil || c.n <= c.told || len(by) == 0 {
		return err
	}
	return r.startTx(ctx, climber{face: c.face, kind: c.kind, n: c.n}, s, by) // more has happened since
}

func (r *Room) queueTx(ctx context.Context, id string, devices []string) error {
	for _, d := range devices {
		if _, err := r.DB.Exec(ctx, qStep, id, d); err != nil {
			return err
		}
	}
	db.AfterCommit(ctx, r.wake)
	return nil
}
