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
		return r.ringTx(ctx, f, Call, devices)
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
		var id string
		var n, rung int
		rang, err := r.DB.Row(ctx, qOpen, []any{string(f), string(Call)}, &id, &n, &rung)
		if err != nil || !rang {
			return err
		}
		if _, err := r.DB.Exec(ctx, qEnd, id); err != nil {
			return err
		}
		browsers, err := r.browsers(ctx, qBrowsers, f)
		if err != nil {
			return err
		}
		return r.ringTx(ctx, f, Over, browsers)
	})
}

// heardTx takes the word of a device that it has shown a ring, or put one away.
func (r *Room) heardTx(ctx context.Context, f face.ID, k Kind, notice, device string) error {
	if k == Call && r.Reached != nil {
		db.AfterCommit(ctx, func() { r.Reached(f) })
	}
	_, err := r.DB.Exec(ctx, qUnstep, notice, device)
	return err
}
