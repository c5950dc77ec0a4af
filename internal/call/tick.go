package call

import (
	"context"
	"log/slog"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/fault"
)

const (
	rest  = 10 * time.Minute // when there is no call
	again = time.Second      // after a failure
)

// Run does what is due until ctx ends.
func (r *Room) Run(ctx context.Context) {
	for {
		next, err := r.Tick(ctx)
		if err != nil && ctx.Err() == nil {
			slog.Error("calls", "ops", fault.From(err).Ops(), "cause", fault.Cause(err))
			next = again
		}
		t := time.NewTimer(next)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-r.awake:
		case <-t.C:
		}
		t.Stop()
	}
}

// Tick does what is due: wakes further devices, ends ringing, ends calls that both have
// left, and forgets. It tells when the next thing is.
func (r *Room) Tick(ctx context.Context) (next time.Duration, err error) {
	defer fault.Wrap(&err, "call.Tick")
	next = rest
	err = r.config.DB.Tx(ctx, func(ctx context.Context) error {
		now := r.config.Now()
		going, err := r.calls(ctx, qGoing)
		if err != nil {
			return err
		}
		r.trim(going)
		for _, c := range going {
			after, err := r.dueTx(ctx, c, now)
			if err != nil {
				return err
			}
			next = min(next, after)
		}
		if n, err := r.config.DB.Exec(ctx, qDrop, now.UnixMicro()); err != nil || n > 0 {
			if err == nil {
				_, err = r.config.DB.Exec(ctx, qGuestsGone)
			}
			if err != nil {
				return err
			}
		}
		var due int64
		if _, err := r.config.DB.Row(ctx, qNext, nil, &due); err != nil || due == 0 {
			return err
		}
		next = min(next, max(time.UnixMicro(due).Sub(now), time.Millisecond))
		return nil
	})
	return next, err
}

// dueTx does what is due of one call, and tells after which time the next thing is.
func (r *Room) dueTx(ctx context.Context, c Call, now time.Time) (time.Duration, error) {
	r.mu.Lock()
	w := *r.wayOf(c.ID)
	r.mu.Unlock()
	switch {
	case c.State == Answered:
		return looks, r.spokenDueTx(ctx, c, now)
	case !c.due.After(now):
		return rest, r.endTx(ctx, c, Missed)
	case c.silent || c.FromSeat == "" || w.further || len(w.rings) > 0:
		return rest, nil
	}
	if wait := c.due.Add(-RingFor).Add(further).Sub(now); wait > 0 {
		return wait, nil
	}
	r.mu.Lock()
	r.wayOf(c.ID).further = true
	r.mu.Unlock()
	return rest, r.wakeTx(ctx, c, 2)
}

// spokenDueTx ends what was spoken for too long, or whose pages are all silent. Of more than
// two, each whose page is silent is taken out: she keeps nobody's place, and no key of theirs.
func (r *Room) spokenDueTx(ctx context.Context, c Call, now time.Time) error {
	if c.Brought() {
		return nil // the first call's row stands for the room
	}
	people, err := r.people(ctx, c.Room)
	if err != nil {
		return err
	}
	var silent []face.ID
	r.mu.Lock()
	for w, i := r.wayOf(c.ID), 0; i < len(people); i++ {
		if f := people[i].Face; now.Sub(w.asked(f, now)) >= silentAfter {
			silent = append(silent, f)
		}
	}
	r.mu.Unlock()
	if !c.due.After(now) || len(silent) == len(people) {
		return r.closeTx(ctx, c.Room)
	}
	for i := 0; i < len(silent) && len(people)-i > 2; i++ {
		if err := r.leaveTx(ctx, c.Room, silent[i]); err != nil {
			return err
		}
	}
	return nil
}

// trim forgets what was known of calls that are over.
func (r *Room) trim(going []Call) {
	keep := map[ID]bool{}
	for _, c := range going {
		keep[c.ID] = true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for id := range r.way {
		if !keep[id] {
			delete(r.way, id)
		}
	}
}
