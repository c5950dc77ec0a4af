package message

import (
	"context"
	"slices"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

var (
	behind  = fault.New(fault.Conflict, "message.behind")
	noGroup = fault.New(fault.NotFound, "message.no_group")
)

// Commit changes who is in a conversation, or its keys; of epoch 0 it begins one. It
// gives the place in the conversation; sent again under the same name it gives the same.
// Faults: SignIn; NotFound when the device is not in it; Conflict when another was
// faster (read what waits, then try again) or a device that is added is gone; Forbidden
// for a device of somebody one is not connected with, the removal of another's, or a third
// person where there are two; Invalid.
func (r *Room) Commit(ctx context.Context, by face.ID, s Sealed) (n int64, err error) {
	defer fault.Wrap(&err, "message.Commit")
	if err = s.check(contentChange, MaxChange); err != nil {
		return 0, err
	}
	if len(s.Add) > MaxMembers || len(s.Remove) > MaxMembers || len(s.Welcome) > MaxWelcome || (len(s.Add) > 0) != (len(s.Welcome) > 0) {
		return 0, notSealed
	}
	if len(s.Welcome) > 0 {
		if err = checkWelcome(s.Welcome); err != nil {
			return 0, err
		}
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		if s.Epoch == 0 {
			if err := r.beginTx(ctx, by, s); err != nil {
				return err
			}
		}
		again := false
		if n, again, err = r.taken(ctx, by, s); err != nil || again {
			return err
		}
		found, err := r.DB.Row(ctx, qChange, []any{string(s.Group), s.Epoch}, &n)
		if err == nil && !found {
			err = behind
		}
		if err != nil {
			return err
		}
		return r.changeTx(ctx, by, s, n)
	})
	return n, err
}

// beginTx makes a conversation of one device, unless there is one of that name.
func (r *Room) beginTx(ctx context.Context, by face.ID, s Sealed) error {
	if _, err := r.mine(ctx, by, s.Leaf); err != nil {
		return err
	}
	groups, err := r.ids(ctx, qGroupsOf, string(s.Leaf))
	if err == nil && len(groups) >= MaxGroups {
		err = fault.New(fault.Conflict, "message.many_groups", MaxGroups)
	}
	if err != nil {
		return err
	}
	room, keeper := 0, face.ID("")
	if s.Room {
		room, keeper = 1, by
	}
	made, err := r.DB.Exec(ctx, qGroupMake, string(s.Group), room, string(keeper))
	if err != nil || made == 0 {
		return err
	}
	_, err = r.DB.Exec(ctx, qMemberMake, string(s.Group), string(s.Leaf))
	return err
}

// taken sees that the device is in the conversation, and tells whether this very thing
// was taken in before, and at which place.
func (r *Room) taken(ctx context.Context, by face.ID, s Sealed) (n int64, again bool, err error) {
	if _, err = r.mine(ctx, by, s.Leaf); err != nil {
		return 0, false, err
	}
	stand, err := r.stand(ctx, s.Group, s.Leaf)
	if err == nil && stand != standsIn {
		err = noGroup
	}
	if err == nil {
		again, err = r.DB.Row(ctx, qOnce, []any{string(s.Group), s.Once}, &n)
	}
	return n, again, err
}

// changeTx hands a change to those who were in the conversation, and a welcome to those
// who come in.
func (r *Room) changeTx(ctx context.Context, by face.ID, s Sealed, n int64) error {
	g, err := r.standing(ctx, s.Group)
	if err != nil {
		return err
	}
	members, err := r.members(ctx, string(s.Group))
	if err != nil {
		return err
	}
	was := others(members, s.Leaf)
	if err := r.handOn(ctx, s, Item{N: n, Kind: Change, Epoch: s.Epoch, Body: s.Body}, was); err != nil {
		return err
	}
	for _, id := range s.Remove {
		i := slices.IndexFunc(members, func(l Leaf) bool { return l.ID == id })
		if i < 0 || id == s.Leaf {
			return behind
		}
		if err := MayRemove(by, members[i], g); err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qMemberDrop, string(s.Group), string(id)); err != nil {
			return err
		}
	}
	for _, id := range s.Add {
		if err := r.addTx(ctx, by, s.Group, id); err != nil {
			return err
		}
	}
	if err := r.welcomeTx(ctx, by, g, s, n); err != nil {
		return err
	}
	_, err = r.DB.Exec(ctx, qOnceMake, string(s.Group), s.Once, n, r.week())
	return err
}

func (r *Room) addTx(ctx context.Context, by face.ID, g GroupID, id LeafID) error {
	l, err := r.leaf(ctx, id)
	if err != nil {
		return err
	}
	if l.ID == "" {
		return fault.New(fault.Conflict, "message.leaf_gone")
	}
	if err := r.reach(ctx, by, l.Face); err != nil {
		return err
	}
	made, err := r.DB.Exec(ctx, qMemberMake, string(g), string(id))
	if err == nil && made == 0 {
		err = behind
	}
	return err
}

// Post hands a text to the other devices of a conversation. It gives the text's place.
// Faults: as Commit's.
func (r *Room) Post(ctx context.Context, by face.ID, s Sealed) (n int64, err error) {
	defer fault.Wrap(&err, "message.Post")
	if err = s.check(contentText, MaxText); err != nil {
		return 0, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		again := false
		if n, again, err = r.taken(ctx, by, s); err != nil || again {
			return err
		}
		found, err := r.DB.Row(ctx, qPlace, []any{string(s.Group), s.Epoch}, &n)
		if err == nil && !found {
			err = behind
		}
		if err != nil {
			return err
		}
		g, err := r.standing(ctx, s.Group)
		if err != nil {
			return err
		}
		members, err := r.members(ctx, string(s.Group))
		if err != nil {
			return err
		}
		to, faces, err := r.hearers(ctx, by, g, members)
		if err != nil {
			return err
		}
		to = slices.DeleteFunc(to, func(id LeafID) bool { return id == s.Leaf })
		if err := r.handOn(ctx, s, Item{N: n, Kind: Text, Epoch: s.Epoch, Body: s.Body}, to); err != nil {
			return err
		}
		if _, err = r.DB.Exec(ctx, qOnceMake, string(s.Group), s.Once, n, r.week()); err != nil || len(faces) == 0 {
			return err
		}
		return r.Arrived(ctx, faces, s.Quiet)
	})
	return n, err
}

// hearers are the devices that a text of somebody's goes to, and whose they are beside
// her. Who has blocked her is left out without a word; between two it is refused when
// they are not connected any more, or the other is not in it.
func (r *Room) hearers(ctx context.Context, by face.ID, g Group, members []Leaf) (to []LeafID, faces []face.ID, err error) {
	hears, shuns := map[face.ID]bool{by: true}, r.Blocked
	if g.Room {
		shuns = r.Shuns
	}
	for _, l := range members {
		if l.shut || l.asked {
			continue
		}
		if _, known := hears[l.Face]; l.Face != "" && !known {
			blocked, err := shuns(ctx, l.Face, by)
			if err != nil {
				return nil, nil, err
			}
			if hears[l.Face] = !blocked; !blocked {
				faces = append(faces, l.Face)
			}
		}
		if hears[l.Face] {
			to = append(to, l.ID)
		}
	}
	if g.Room {
		return to, faces, nil
	}
	if !slices.ContainsFunc(members, func(l Leaf) bool { return l.Face != by && l.Face != "" }) {
		err = fault.New(fault.Conflict, "message.alone")
	} else if len(faces) == 1 {
		err = r.reach(ctx, by, faces[0])
	}
	return to, faces, err
}

// handOn puts a thing into the boxes of devices; without any it is not kept.
func (r *Room) handOn(ctx context.Context, s Sealed, i Item, to []LeafID) error {
	if len(to) == 0 {
		return nil
	}
	id := ident.Random()
	if _, err := r.DB.Exec(ctx, qItemMake, id, string(s.Group), i.N, string(i.Kind), i.Epoch, r.today(), i.Body); err != nil {
		return err
	}
	for _, leaf := range to {
		if _, err := r.DB.Exec(ctx, qWait, string(leaf), string(s.Group), i.N, id); err != nil {
			return err
		}
	}
	return nil
}

// others are the devices that are still there, without one of them.
func others(members []Leaf, but LeafID) (ids []LeafID) {
	for _, l := range members {
		if l.ID != but && l.Face != "" && !l.shut {
			ids = append(ids, l.ID)
		}
	}
	return ids
}

// check sees that what is sent has the form of something sealed.
func (s Sealed) check(content uint64, most int) error {
	if !ident.Valid(string(s.Group)) || !ident.Valid(string(s.Leaf)) || !ident.Valid(s.Once) || s.Epoch < 0 {
		return notSealed
	}
	if len(s.Body) > most {
		return fault.New(fault.Invalid, "message.too_long")
	}
	return checkSealed(s.Body, s.Group, s.Epoch, content)
}
