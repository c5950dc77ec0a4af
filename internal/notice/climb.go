package notice

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// climber is a notice whose next rung is due.
type climber struct {
	id      string
	face    face.ID
	kind    Kind
	n, told int // how many, and of how many the furthest device was told
	rung    int // the last that was lit
}

const (
	climbersAtOnce = 2000 // each transaction writes the pages of the index of steps anew; others wait for some tens of ms
	tooFar         = 48 * time.Hour
)

// Climb lights every rung that is due. What has no rung left ends, once all of it is
// handed over.
func (r *Room) Climb(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "notice.Climb")
	for more := true; more && err == nil; {
		err = r.DB.Tx(ctx, func(ctx context.Context) error {
			now := r.Now()
			due, n, err := r.dueTx(ctx, now, qDue, mark(now))
			if err == nil && n == 0 {
				due, n, err = r.dueTx(ctx, now, qFar, mark(now.Add(tooFar)))
			}
			if err != nil {
				return err
			}
			more = n > 0
			return r.climbTx(ctx, due)
		})
	}
	return err
}

// advance is what notices that are due do alike: they light a rung, or wait until
// an hour that is not quiet, and are due again then.
type advance struct {
	rung  int
	due   int64
	rings bool
}

// climbers are those that are due, by what they do; those with no rung left apart.
type climbers struct {
	move map[advance][]string
	end  []climber
}

// dueTx reads what is due, with what its receiver wishes and on which rungs she has a device.
func (r *Room) dueTx(ctx context.Context, now time.Time, q *db.Query, than int64) (c climbers, n int, err error) {
	c.move = map[advance][]string{}
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var x climber
		s, has := Settings{}, 0
		if err := scan(&x.id, &x.face, &x.kind, &x.n, &x.rung, &s.Zone, &s.QuietFrom, &s.QuietTo, &s.Wait, &has); err != nil {
			return err
		}
		n++
		if s.Zone == "" {
			s = Defaults("UTC")
		}
		switch next := above(x.rung, has); {
		case s.quiet(now): // she changed them, or the clock was set
			a := advance{rung: x.rung, due: s.loud(mark(now) + 1)}
			c.move[a] = append(c.move[a], x.id)
		case next > Rungs:
			c.end = append(c.end, x)
		default:
			a := advance{rung: next, due: s.next(now), rings: true}
			c.move[a] = append(c.move[a], x.id)
		}
		return nil
	}, than, climbersAtOnce)
	return c, n, err
}

// above is the next rung on which there is a device; has holds a bit for each.
func above(rung, has int) int {
	for rung++; rung <= Rungs && has&(1<<rung) == 0; rung++ {
	}
	return rung
}

// next is when the rung after one that is lit now is due.
func (s Settings) next(now time.Time) int64 {
	return s.loud(markAfter(now.Add(time.Duration(s.Wait) * time.Minute)))
}

func (r *Room) climbTx(ctx context.Context, c climbers) error {
	for a, ids := range c.move {
		for len(ids) > 0 {
			some := ids[:min(len(ids), together)]
			ids = ids[len(some):]
			if err := r.moveTx(ctx, a, some); err != nil {
				return err
			}
		}
	}
	for _, x := range c.end {
		s, err := r.settings(ctx, x.face)
		if err != nil {
			return err
		}
		by, err := r.rungs(ctx, x.face)
		if err != nil {
			return err
		}
		if err := r.endTx(ctx, x, s, by, s.next(r.Now())); err != nil {
			return err
		}
	}
	return nil
}

// moveTx does for some notices what they do alike.
func (r *Room) moveTx(ctx context.Context, a advance, ids []string) error {
	args := make([]any, 0, together+2)
	args = append(args, a.rung)
	for i := range together {
		args = append(args, ids[min(i, len(ids)-1)]) // the last one again, where there are fewer
	}
	if a.rings {
		if _, err := r.DB.Exec(ctx, qSteps, args...); err != nil {
			return err
		}
		db.AfterCommit(ctx, r.wake)
	}
	_, err := r.DB.Exec(ctx, qMoved, append(args, a.due)...)
	return err
}
