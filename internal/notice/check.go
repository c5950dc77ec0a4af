package notice

import (
	"context"

	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Checks rings, silently, all browsers of those who wish it, once a week. A browser that has
// not shown the last one by then is silent, and its owner is told.
func (r *Room) Checks(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "notice.Checks")
	var faces []face.ID
	err = r.DB.Rows(ctx, qChecked, func(scan func(...any) error) error {
		var f face.ID
		err := scan(&f)
		faces = append(faces, f)
		return err
	})
	for _, f := range faces {
		if err == nil {
			err = r.DB.Tx(ctx, func(ctx context.Context) error { return r.checkTx(ctx, f) })
		}
	}
	return err
}

func (r *Room) checkTx(ctx context.Context, f face.ID) error {
	missed, err := r.browsers(ctx, qMissed, f)
	if err != nil {
		return err
	}
	for _, d := range missed {
		if err := r.ailTx(ctx, d, Silent); err != nil {
			return err
		}
	}
	all, err := r.browsers(ctx, qBrowsers, f)
	if err != nil {
		return err
	}
	return r.ringTx(ctx, f, Check, all)
}
