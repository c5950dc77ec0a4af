package message

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/face"
)

var (
	qIdentity     = db.SQL("message.identity", `SELECT identity FROM message_person WHERE face_id = $1`)
	qIdentityMake = db.SQL("message.identityMake", `INSERT INTO message_person (face_id, identity) VALUES ($1, $2) ON CONFLICT DO NOTHING`)

	qLeaf       = db.SQL("message.leaf", `SELECT id, face_id, 0 FROM message_leaf WHERE id = $1`)
	qLeafMake   = db.SQL("message.leafMake", `INSERT INTO message_leaf (id, face_id, last) VALUES ($1, $2, $3)`)
	qLeafDrop   = db.SQL("message.leafDrop", `DELETE FROM message_leaf WHERE id = $1`)
	qLeavesOf   = db.SQL("message.leavesOf", `SELECT id, face_id, (SELECT count(*) FROM message_package p WHERE p.leaf_id = l.id) FROM message_leaf l WHERE face_id = $1 ORDER BY id`)
	qLast       = db.SQL("message.last", `SELECT last FROM message_leaf WHERE id = $1`)
	qPackages   = db.SQL("message.packages", `SELECT count(*) FROM message_package WHERE leaf_id = $1`)
	qPackageAdd = db.SQL("message.packageAdd", `INSERT INTO message_package (leaf_id, id, body) VALUES ($1, $2, $3)`)
	// Ids are drawn by chance, so the first is any.
	qPackageTake  = db.SQL("message.packageTake", `DELETE FROM message_package WHERE leaf_id = $1 AND id = (SELECT min(id) FROM message_package WHERE leaf_id = $1) RETURNING body`)
	qPackagesDrop = db.SQL("message.packagesDrop", `DELETE FROM message_package WHERE leaf_id = $1`)

	qGroup     = db.SQL("message.group", `SELECT epoch, room, keeper_face FROM message_group WHERE id = $1`)
	qGroupMake = db.SQL("message.groupMake", `INSERT INTO message_group (id, epoch, n, room, keeper_face) VALUES ($1, 0, 0, $2, $3) ON CONFLICT DO NOTHING`)
	qUnkept    = db.SQL("message.unkept", `UPDATE message_group SET keeper_face = '' WHERE id = $1 AND keeper_face = $2`)
	qUnkeptAll = db.SQL("message.unkeptAll", `UPDATE message_group SET keeper_face = '' WHERE keeper_face = $1`)
	qGroupDrop = db.SQL("message.groupDrop", `DELETE FROM message_group WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM message_member WHERE group_id = $1)`)
	// Both compare and set: of two who come at once one finds another epoch.
	qChange = db.SQL("message.change", `UPDATE message_group SET epoch = epoch + 1, n = n + 1 WHERE id = $1 AND epoch = $2 RETURNING n`)
	qPlace  = db.SQL("message.place", `UPDATE message_group SET n = n + 1 WHERE id = $1 AND epoch = $2 RETURNING n`)

	qMember     = db.SQL("message.member", `SELECT stand FROM message_member WHERE group_id = $1 AND leaf_id = $2`)
	qMemberMake = db.SQL("message.memberMake", `INSERT INTO message_member (group_id, leaf_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`)
	qMemberDrop = db.SQL("message.memberDrop", `DELETE FROM message_member WHERE group_id = $1 AND leaf_id = $2`)
	qMemberSet  = db.SQL("message.memberSet", `UPDATE message_member SET stand = $3 WHERE group_id = $1 AND leaf_id = $2`)
	qMembers    = db.SQL("message.members", `SELECT m.leaf_id, COALESCE(l.face_id, ''), m.stand
		FROM message_member m LEFT JOIN message_leaf l ON l.id = m.leaf_id WHERE m.group_id = $1 ORDER BY m.leaf_id`)
	qGroupsOf = db.SQL("message.groupsOf", `SELECT group_id FROM message_member WHERE leaf_id = $1 AND stand IN ('in', 'asked') ORDER BY group_id`)

	qItemMake = db.SQL("message.itemMake", `INSERT INTO message_item (id, group_id, n, kind, epoch, day, body) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qWait     = db.SQL("message.wait", `INSERT INTO message_waiting (leaf_id, group_id, n, item_id) VALUES ($1, $2, $3, $4)`)
	qBox      = db.SQL("message.box", `SELECT i.id, i.group_id, i.n, i.kind, i.epoch, i.body FROM message_waiting w JOIN message_item i ON i.id = w.item_id
		WHERE w.leaf_id = $1 ORDER BY w.group_id, w.n LIMIT $2`)
	qGot       = db.SQL("message.got", `DELETE FROM message_waiting WHERE leaf_id = $1 AND item_id = $2`)
	qGotAll    = db.SQL("message.gotAll", `DELETE FROM message_waiting WHERE leaf_id = $1`)
	qWaiting   = db.SQL("message.waiting", `SELECT count(*) FROM message_waiting WHERE leaf_id = $1`)
	qItemDrop  = db.SQL("message.itemDrop", `DELETE FROM message_item WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM message_waiting WHERE item_id = $1)`)
	qAwaitedBy = db.SQL("message.awaitedBy", `SELECT item_id FROM message_waiting WHERE leaf_id = $1`)
	qOld       = db.SQL("message.old", `SELECT id FROM message_item WHERE day < $1`)
	qGotBy     = db.SQL("message.gotBy", `DELETE FROM message_waiting WHERE item_id = $1`)

	qOnce     = db.SQL("message.once", `SELECT n FROM message_once WHERE group_id = $1 AND once = $2`)
	qOnceMake = db.SQL("message.onceMake", `INSERT INTO message_once (group_id, once, n, day) VALUES ($1, $2, $3, $4)`)
	qOnceOld  = db.SQL("message.onceOld", `DELETE FROM message_once WHERE day < $1`)
	qOnceOf   = db.SQL("message.onceOf", `DELETE FROM message_once WHERE group_id = $1 AND NOT EXISTS (SELECT 1 FROM message_member WHERE group_id = $1)`)

	qDisclose      = db.SQL("message.disclose", `INSERT INTO message_disclosed (id, face_id, day, words, file_name, file_size) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`)
	qDisclosed     = db.SQL("message.disclosed", `SELECT face_id, day, words, file_name, file_size FROM message_disclosed WHERE id = $1`)
	qDisclosedDrop = db.SQL("message.disclosedDrop", `DELETE FROM message_disclosed WHERE id = $1`)
	qDisclosedOf   = db.SQL("message.disclosedOf", `DELETE FROM message_disclosed WHERE face_id = $1`)

	qPersonDrop = db.SQL("message.personDrop", `DELETE FROM message_person WHERE face_id = $1`)
)

func (r *Room) leaves(ctx context.Context, q *db.Query, id string) (list []Leaf, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var l Leaf
		err := scan(&l.ID, &l.Face, &l.Packages)
		list = append(list, l)
		return err
	}, id)
	return list, err
}

// members reads the devices of a conversation; one without a face is to be taken out.
func (r *Room) members(ctx context.Context, g string) (list []Leaf, err error) {
	err = r.DB.Rows(ctx, qMembers, func(scan func(...any) error) error {
		var l Leaf
		stand := ""
		err := scan(&l.ID, &l.Face, &stand)
		if l.Left, l.asked, l.shut = stand == standsLeft, stand == standsAsked, stand == standsShut; l.Left {
			l.Face = ""
		}
		list = append(list, l)
		return err
	}, g)
	return list, err
}

// standing reads how a conversation stands, without its devices.
func (r *Room) standing(ctx context.Context, g GroupID) (out Group, err error) {
	room := 0
	_, err = r.DB.Row(ctx, qGroup, []any{string(g)}, &out.Epoch, &room, &out.Keeper)
	out.ID, out.Room = g, room == 1
	return out, err
}

// leaf reads one; the zero Leaf when there is none.
func (r *Room) leaf(ctx context.Context, id LeafID) (Leaf, error) {
	list, err := r.leaves(ctx, qLeaf, string(id))
	if err != nil || len(list) == 0 {
		return Leaf{}, err
	}
	return list[0], nil
}

// mine reads a device of the actor's.
func (r *Room) mine(ctx context.Context, by face.ID, id LeafID) (Leaf, error) {
	l, err := r.leaf(ctx, id)
	if err == nil {
		err = MayUse(by, l)
	}
	return l, err
}

func (r *Room) ids(ctx context.Context, q *db.Query, args ...any) (ids []string, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, args...)
	return ids, err
}

func (r *Room) each(ctx context.Context, q *db.Query, list []string, more ...any) error {
	for _, id := range list {
		if _, err := r.DB.Exec(ctx, q, append([]any{id}, more...)...); err != nil {
			return err
		}
	}
	return nil
}
