package message

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Going out of a conversation, and coming in again. Who has left a room is remembered as long
// as somebody is in it. Brought in again she is asked: her devices are given the changes, so
// that they can follow the keys, and no text, until she comes in herself. Nobody is told that
// she is asked, nor that she said no: a device that is never opened looks the same, until
// the next change takes hers out as after any leaving.

// How a device stands in a conversation.
const (
	standsIn    = "in"
	standsLeft  = "left"
	standsAsked = "asked"
	standsShut  = "shut"
)

var (
	qLeftMake  = db.SQL("message.leftMake", `INSERT INTO message_left (group_id, face_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`)
	qLeft      = db.SQL("message.left", `SELECT 1 FROM message_left WHERE group_id = $1 AND face_id = $2`)
	qLeftDrop  = db.SQL("message.leftDrop", `DELETE FROM message_left WHERE group_id = $1 AND face_id = $2`)
	qLeftOf    = db.SQL("message.leftOf", `DELETE FROM message_left WHERE group_id = $1 AND NOT EXISTS (SELECT 1 FROM message_member WHERE group_id = $1)`)
	qLeftBy    = db.SQL("message.leftBy", `DELETE FROM message_left WHERE face_id = $1`)
	qLeftCount = db.SQL("message.leftCount", `SELECT count(*) FROM message_left WHERE face_id = $1`)
)

// stand is how a device stands in a conversation; empty when it is not there.
func (r *Room) stand(ctx context.Context, g GroupID, l LeafID) (stand string, err error) {
	_, err = r.DB.Row(ctx, qMember, []any{string(g), string(l)}, &stand)
	return stand, err
}

// within sees that a device of somebody's is in a conversation, or asked to come in again.
func (r *Room) within(ctx context.Context, by face.ID, id LeafID, g GroupID) (asked bool, err error) {
	if _, err = r.mine(ctx, by, id); err != nil {
		return false, err
	}
	stand, err := r.stand(ctx, g, id)
	if err == nil && stand != standsIn && stand != standsAsked {
		err = noGroup
	}
	return stand == standsAsked, err
}

// askTx lets a device that comes in stand as asked, if its owner has left before.
func (r *Room) askTx(ctx context.Context, g GroupID, l Leaf) error {
	one := 0
	left, err := r.DB.Row(ctx, qLeft, []any{string(g), string(l.Face)}, &one)
	if err == nil && left {
		_, err = r.DB.Exec(ctx, qMemberSet, string(g), string(l.ID), standsAsked)
	}
	return err
}

// turnTx lets all devices of somebody stand otherwise in a conversation. One that was never
// welcomed has no keys, and does not come in so.
func (r *Room) turnTx(ctx context.Context, by face.ID, g GroupID, stand string) error {
	members, err := r.members(ctx, string(g))
	if err != nil {
		return err
	}
	for _, l := range members {
		if l.Face != by || l.shut && stand == standsIn {
			continue
		}
		if _, err := r.DB.Exec(ctx, qMemberSet, string(g), string(l.ID), stand); err != nil {
			return err
		}
	}
	return nil
}

// Leave takes all devices of somebody out of a conversation, or declines to come in again:
// nothing more comes to them, and the next device of another changes the keys. What waits
// for them still comes. A room that its keeper leaves has none. Faults: SignIn, NotFound.
func (r *Room) Leave(ctx context.Context, by face.ID, id LeafID, g GroupID) (err error) {
	defer fault.Wrap(&err, "message.Leave")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.within(ctx, by, id, g); err != nil {
			return err
		}
		stands, err := r.standing(ctx, g)
		if err == nil {
			err = r.turnTx(ctx, by, g, standsLeft)
		}
		if err == nil && stands.Room {
			_, err = r.DB.Exec(ctx, qLeftMake, string(g), string(by))
		}
		if err == nil {
			_, err = r.DB.Exec(ctx, qUnkept, string(g), string(by))
		}
		if err != nil {
			return err
		}
		return r.endTx(ctx, string(g))
	})
}

// Enter lets somebody who had left and was brought in again hear a room on all her devices,
// from now on. Whoever is in it already may say so again. Faults: SignIn, NotFound.
func (r *Room) Enter(ctx context.Context, by face.ID, id LeafID, g GroupID) (err error) {
	defer fault.Wrap(&err, "message.Enter")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if asked, err := r.within(ctx, by, id, g); err != nil || !asked {
			return err
		}
		if _, err := r.DB.Exec(ctx, qLeftDrop, string(g), string(by)); err != nil {
			return err
		}
		return r.turnTx(ctx, by, g, standsIn)
	})
}
