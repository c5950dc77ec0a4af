package moderation

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Block folds somebody's posts away for by, and keeps that face from answering
// by directly. The other side is not told. Faults: as MayBlock.
func (r *Room) Block(ctx context.Context, by, whom face.ID) (err error) {
	defer fault.Wrap(&err, "moderation.Block")
	if err := MayBlock(by, whom); err != nil {
		return err
	}
	return r.blocking(ctx, qBlock, by, whom)
}

// Unblock takes a block back; without one it changes nothing.
func (r *Room) Unblock(ctx context.Context, by, whom face.ID) (err error) {
	defer fault.Wrap(&err, "moderation.Unblock")
	return r.blocking(ctx, qUnblock, by, whom)
}

func (r *Room) blocking(ctx context.Context, q *db.Query, by, whom face.ID) error {
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, q, string(by), string(whom))
		return err
	})
}

// Blocked lists whom somebody has blocked.
func (r *Room) Blocked(ctx context.Context, by face.ID) (ids []face.ID, err error) {
	defer fault.Wrap(&err, "moderation.Blocked")
	err = r.DB.Rows(ctx, qBlocked, func(scan func(...any) error) error {
		var id face.ID
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, string(by))
	return ids, err
}

// HasBlocked tells whether by has blocked whom: whom must not answer by directly.
func (r *Room) HasBlocked(ctx context.Context, by, whom face.ID) (bool, error) {
	var one int
	return r.DB.Row(ctx, qHasBlocked, []any{string(by), string(whom)}, &one)
}
