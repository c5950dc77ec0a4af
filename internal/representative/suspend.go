package representative

import (
	"context"

	"guildhall/internal/fault"
	"guildhall/internal/typed"
)

// Suspend ends at once that anything is said in a role, until another steward has
// looked at it. What was said stays, and is marked. Faults: SignIn, Forbidden, NotFound;
// Conflict when it ended or is suspended; Invalid on "reason".
func (r *Room) Suspend(ctx context.Context, by Actor, id ID, reason string) (err error) {
	defer fault.Wrap(&err, "representative.Suspend")
	return r.judge(ctx, by, id, MaySuspend, reason, func(ctx context.Context, m Mandate, reason string) error {
		_, err := r.DB.Exec(ctx, qSuspend, string(m.ID), string(by.Face), micros(r.moment()), reason)
		return err
	})
}

// Lift lets whoever holds a suspended role speak again, while the platform says so.
// Faults: as Suspend's; Conflict when it is not suspended.
func (r *Room) Lift(ctx context.Context, by Actor, id ID, reason string) (err error) {
	defer fault.Wrap(&err, "representative.Lift")
	return r.judge(ctx, by, id, MayResolve, reason, func(ctx context.Context, m Mandate, _ string) error {
		_, err := r.DB.Exec(ctx, qLift, string(m.ID))
		return err
	})
}

// Dismiss ends a suspended role for good: its text proves nothing any more, and the
// platform would have to publish another. Faults: as Lift's.
func (r *Room) Dismiss(ctx context.Context, by Actor, id ID, reason string) (err error) {
	defer fault.Wrap(&err, "representative.Dismiss")
	return r.judge(ctx, by, id, MayResolve, reason, func(ctx context.Context, m Mandate, reason string) error {
		if _, err := r.DB.Exec(ctx, qDismiss, string(m.ID), string(by.Face), reason); err != nil {
			return err
		}
		return r.endTx(ctx, m)
	})
}

// judge does what a steward decides of a role, if she may.
func (r *Room) judge(ctx context.Context, by Actor, id ID, may func(Actor, Mandate) error, reason string, do func(context.Context, Mandate, string) error) error {
	if err := MayJudge(by); err != nil {
		return err
	}
	reason, err := typed.Line("reason", reason, 3, MaxReason)
	if err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := r.mandate(ctx, id)
		if err == nil && m.First.IsZero() { // nobody but its holder knows of it
			err = fault.New(fault.NotFound, "representative.none")
		}
		if err == nil {
			err = may(by, m)
		}
		if err != nil {
			return err
		}
		r.touched(ctx, m)
		return do(ctx, m, reason)
	})
}

// Moved tells that a platform's domain is another one now: what was proven on the one
// before counts no more, as long as that is so. Faults: none but Unavailable.
func (r *Room) Moved(ctx context.Context, platform string) (err error) {
	defer fault.Wrap(&err, "representative.Moved(%s)", platform)
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		list, err := r.rows(ctx, qOfPlatform, platform)
		for _, m := range list {
			r.touched(ctx, m)
		}
		return err
	})
}
