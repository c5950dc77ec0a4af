package moderation

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/typed"
)

// Decide writes a steward's deed into the public list. The door does the deed
// itself in the same transaction, and has asked MayDecide. Faults: Invalid
// without a reason (but for Release and UncorrectPlatform, which need none).
func (r *Room) Decide(ctx context.Context, by face.ID, deed Deed, t Target, reason string) (d Decision, err error) {
	defer fault.Wrap(&err, "moderation.Decide(%s %s %s)", deed, t.Kind, t.ID)
	least := 3
	if deed == Release || deed == Show || deed == Appointed || deed == UncorrectPlatform {
		least = 0
	}
	if reason, err = typed.Lines("reason", reason, least, MaxReason); err != nil {
		return d, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		d, err = r.decideTx(ctx, Decision{Deed: deed, Target: t, Reason: reason, By: by})
		return err
	})
	return d, err
}

func (r *Room) decideTx(ctx context.Context, d Decision) (Decision, error) {
	d.ID, d.At = r.ids.New(), r.Now().UTC().Truncate(time.Microsecond)
	if _, err := r.DB.Exec(ctx, qDecide, d.ID, string(d.Deed), d.Target.Kind, d.Target.ID, d.Reason, string(d.By), db.Micros(d.At), d.Undoes); err != nil {
		return d, err
	}
	if _, err := r.DB.Exec(ctx, qStewardActive, string(d.By), day(d.At)); err != nil {
		return d, err
	}
	r.touched(ctx, "decisions")
	return d, r.Events.Append(ctx, "moderation.decided", d.ID, map[string]string{"deed": string(d.Deed), "kind": d.Target.Kind, "id": d.Target.ID})
}

// Reverse writes that a decision is taken back; the door undoes the deed in the
// same transaction. Faults: NotFound, Conflict when it was taken back already,
// Invalid for what has no way back.
func (r *Room) Reverse(ctx context.Context, by face.ID, id, reason string) (back Decision, err error) {
	defer fault.Wrap(&err, "moderation.Reverse(%s)", id)
	if reason, err = typed.Lines("reason", reason, 0, MaxReason); err != nil {
		return back, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := r.Decision(ctx, id)
		if err != nil {
			return err
		}
		deed, ok := opposite[d.Deed]
		if !ok {
			return fault.New(fault.Invalid, "moderation.no_way_back")
		}
		back, err = r.decideTx(ctx, Decision{Deed: deed, Target: d.Target, Reason: reason, By: by, Undoes: id})
		if err != nil {
			return err
		}
		n, err := r.DB.Exec(ctx, qReverse, id, back.ID)
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "moderation.reversed_already")
		}
		return err
	})
	return back, err
}

// opposite tells which deed takes another back.
var opposite = map[Deed]Deed{Hide: Show, Lock: Reopen, Split: Unmove, Merge: Unmove, Refuse: Release}

// Reversible tells whether a decision can be taken back.
func (d Decision) Reversible() bool {
	_, ok := opposite[d.Deed]
	return ok && d.UndoneBy == ""
}

// Decision reads one. Faults: NotFound.
func (r *Room) Decision(ctx context.Context, id string) (d Decision, err error) {
	defer fault.Wrap(&err, "moderation.Decision(%s)", id)
	found := false
	err = r.DB.Rows(ctx, qDecision, func(scan func(...any) error) error {
		found = true
		return scanDecision(scan, &d)
	}, id)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "moderation.no_decision")
	}
	return d, err
}

// Decisions lists what stewards did, newest first, before a moment (zero: now),
// n at most 100.
func (r *Room) Decisions(ctx context.Context, before time.Time, n int) (ds []Decision, err error) {
	defer fault.Wrap(&err, "moderation.Decisions")
	µs := int64(1) << 62
	if !before.IsZero() {
		µs = db.Micros(before)
	}
	err = r.DB.Rows(ctx, qDecisions, collect(&ds), µs, min(max(n, 1), 100))
	return ds, err
}

// About lists the decisions about one thing, newest first.
func (r *Room) About(ctx context.Context, t Target) (ds []Decision, err error) {
	defer fault.Wrap(&err, "moderation.About(%s %s)", t.Kind, t.ID)
	err = r.DB.Rows(ctx, qDecisionsAbout, collect(&ds), t.Kind, t.ID)
	return ds, err
}

func collect(ds *[]Decision) func(scan func(...any) error) error {
	return func(scan func(...any) error) error {
		var d Decision
		err := scanDecision(scan, &d)
		*ds = append(*ds, d)
		return err
	}
}

func scanDecision(scan func(...any) error, d *Decision) error {
	var at int64
	err := scan(&d.ID, &d.Deed, &d.Target.Kind, &d.Target.ID, &d.Reason, &d.By, &at, &d.Undoes, &d.UndoneBy)
	d.At = db.Time(at)
	return err
}
