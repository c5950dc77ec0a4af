package face

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

var qOpen = db.SQL("face.open", `SELECT id FROM face WHERE id > $1 AND kind = 'open' ORDER BY id LIMIT $2`)

// OpenAfter lists open profiles, n at a time, in the order of their ids after one.
func (r *Room) OpenAfter(ctx context.Context, after ID, n int) (ids []ID, err error) {
	defer fault.Wrap(&err, "face.OpenAfter")
	err = r.db.Rows(ctx, qOpen, func(scan func(...any) error) error {
		var id ID
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, after, n)
	return ids, err
}
