package message

import (
	"context"

	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Box gives what waits for a device, each conversation's in order, AtOnce at most; it
// stays until Receive. Faults: SignIn, NotFound.
func (r *Room) Box(ctx context.Context, by face.ID, id LeafID) (list []Item, err error) {
	defer fault.Wrap(&err, "message.Box")
	err = r.DB.View(ctx, func(ctx context.Context) error {
		if _, err := r.mine(ctx, by, id); err != nil {
			return err
		}
		list = nil
		return r.DB.Rows(ctx, qBox, func(scan func(...any) error) error {
			var i Item
			err := scan(&i.ID, &i.Group, &i.N, &i.Kind, &i.Epoch, &i.Body)
			list = append(list, i)
			return err
		}, string(id), AtOnce)
	})
	return list, err
}

// Receive says that a device has things and has kept them: they wait for it no more, and
// go when they wait for nobody. Faults: SignIn, NotFound.
func (r *Room) Receive(ctx context.Context, by face.ID, id LeafID, items []ItemID) (err error) {
	defer fault.Wrap(&err, "message.Receive")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.mine(ctx, by, id); err != nil {
			return err
		}
		for _, i := range items[:min(len(items), AtOnce)] {
			had, err := r.DB.Exec(ctx, qGot, string(id), string(i))
			if err == nil && had > 0 {
				_, err = r.DB.Exec(ctx, qItemDrop, string(i))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Group tells how a conversation of a device stands: its epoch and its devices. One
// whose Face is empty is no more, or has left, and is to be taken out. Whoever is only asked
// to come in again is told too; the others are not told that she is. Faults: SignIn, NotFound.
func (r *Room) Group(ctx context.Context, by face.ID, id LeafID, g GroupID) (out Group, err error) {
	defer fault.Wrap(&err, "message.Group")
	err = r.DB.View(ctx, func(ctx context.Context) error {
		asked, err := r.within(ctx, by, id, g)
		if err != nil {
			return err
		}
		if out, err = r.standing(ctx, g); err != nil {
			return err
		}
		out.Asked = asked
		if out.Leaves, err = r.members(ctx, string(g)); err != nil {
			return err
		}
		out.Lacking, err = r.lacking(ctx, by, out.Leaves)
		return err
	})
	return out, err
}
