package notice

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Calls have no ladder of minutes: somebody waits. They ring all browsers at once, and when
// none of them was heard of, everything there is.

// Call rings for a call: browsers only, or with all addresses. It takes the place of the
// last ring.
func (r *Room) Call(ctx context.Context, f face.ID, all bool) (err error) {
	defer fault.Wrap(&err, "notice.Call")
	return r.rings(ctx, f, Call, all)
}

// Join is Call by whoever has booked a meeting that she has agreed to: it is sent in quiet
// hours, too.
func (r *Room) Join(ctx context.Context, f face.ID, all bool) (err error) {
	defer fault.Wrap(&err, "notice.Join")
	return r.rings(ctx, f, Joins, all)
}

// Begin rings all there is, whatever the hour: a meeting begins to which she has agreed. What
// reminds of it climbs no further.
func (r *Room) Begin(ctx context.Context, f face.ID) (err error) {
	defer fault.Wrap(&err, "notice.Begin")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.DB.Exec(ctx, qEndKind, string(f), string(Soon)); err != nil {
			return err
		}
		return r.rings(ctx, f, Begins, true)
	})
}

func (r *Room) rings(ctx context.Context, f face.ID, k Kind, all bool) error {
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		devices, err := r.browsers(ctx, qBrowsers, f)
		if err != nil {
			return err
		}
		if all {
			devices = nil
			by, err := r.rungs(ctx, f)
			if err != nil {
				return err
			}
			for _, some := range by {
				devices = append(devices, some...)
			}
		}
		return r.ringTx(ctx, f, k, devices)
	})
}

// Quiet tells whether it is in the quiet hours of a face, in which a call that is shown on
// an open page makes no sound. Whoever has never set any has none there: she sits at the page,
// and in which zone is not known.
func (r *Room) Quiet(ctx context.Context, f face.ID) (quiet bool, err error) {
	defer fault.Wrap(&err, "notice.Quiet")
	s, found, err := r.said(ctx, f)
	return found && s.quiet(r.Now()), err
}

// Hush ends a ring: browsers that may show it put it away.
func (r *Room) Hush(ctx context.Context, f face.ID) (err error) {
	defer fault.Wrap(&err, "notice.Hush")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		rang := int64(0)
		for _, k := range []Kind{Call, Joins} {
			n, err := r.DB.Exec(ctx, qEndKind, string(f), string(k))
			if err != nil {
				return err
			}
			rang += n
		}
		if rang == 0 {
			return nil
		}
		browsers, err := r.browsers(ctx, qBrowsers, f)
		if err != nil {
			return err
		}
		return r.ringTx(ctx, f, Over, browsers)
	})
}

// rings are the kinds that are rung at once, and put away.
var rings = []Kind{Call, Joins, Over, Begins}

// heardTx takes the word of a device that it has shown a ring, or put one away.
func (r *Room) heardTx(ctx context.Context, f face.ID, k Kind, notice, device string) error {
	if (k == Call || k == Joins) && r.Reached != nil {
		db.AfterCommit(ctx, func() { r.Reached(f) })
	}
	_, err := r.DB.Exec(ctx, qUnstep, notice, device)
	return err
}
