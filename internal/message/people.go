package message

import (
	"context"
	"slices"

	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Who is in a conversation. Whoever is in a room brings in people she is connected with;
// they need not be connected with one another. Somebody who has blocked one of those who
// are in is not welcomed: nothing of the room comes to her, and nobody is told why. One who
// comes in after she was blocked by somebody is in; her texts do not come to that one.
// Whoever comes in again after she has left is asked first (leave.go).

// welcomeTx hands the welcome to who comes in, and sees that they are not too many.
func (r *Room) welcomeTx(ctx context.Context, by face.ID, g Group, s Sealed, n int64) error {
	members, err := r.members(ctx, string(s.Group))
	if err != nil {
		return err
	}
	if len(members) > MaxMembers {
		return fault.New(fault.Conflict, "message.many_members", MaxMembers)
	}
	in, news := map[face.ID]bool{}, map[face.ID]bool{} // news: to be welcomed?
	for _, l := range members {
		if slices.Contains(s.Add, l.ID) {
			news[l.Face] = true
		} else if l.Face != "" && !l.shut {
			in[l.Face] = true
		}
	}
	for f := range news {
		if !in[f] {
			if news[f], err = r.welcome(ctx, by, f, g, in); err != nil {
				return err
			}
		}
	}
	people := map[face.ID]bool{by: true}
	var to []LeafID
	for _, l := range members {
		if l.Face != "" {
			people[l.Face] = true
		}
		if !slices.Contains(s.Add, l.ID) {
			continue
		}
		if news[l.Face] {
			to = append(to, l.ID)
			if err := r.askTx(ctx, s.Group, l); err != nil {
				return err
			}
		} else if _, err := r.DB.Exec(ctx, qMemberSet, string(s.Group), string(l.ID), standsShut); err != nil {
			return err
		}
	}
	if err := MayHold(g, len(people)); err != nil {
		return err
	}
	return r.handOn(ctx, s, Item{N: n, Kind: Welcome, Epoch: s.Epoch + 1, Body: s.Welcome}, to)
}

// welcome tells whether somebody is bothered who comes in: not by whom she has blocked, nor
// into a room where one of those is.
func (r *Room) welcome(ctx context.Context, by, f face.ID, g Group, in map[face.ID]bool) (bool, error) {
	blocked, err := r.Blocked(ctx, f, by)
	if err != nil || blocked {
		return false, err
	}
	for other := range in {
		if !g.Room || other == by {
			continue
		}
		if blocked, err := r.Shuns(ctx, f, other); err != nil || blocked {
			return false, err
		}
	}
	return true, nil
}

// lacking are devices of the people of a conversation that are not in it, and that
// somebody may bring in. Also of who was not welcomed: that none of hers are lacking would
// tell so. They are not welcomed either.
func (r *Room) lacking(ctx context.Context, by face.ID, members []Leaf) (list []Leaf, err error) {
	asked := map[face.ID]bool{"": true}
	for _, m := range members {
		if asked[m.Face] {
			continue
		}
		asked[m.Face] = true
		if err := r.reach(ctx, by, m.Face); err != nil {
			if fault.Is(err, fault.Forbidden) {
				continue
			}
			return nil, err
		}
		leaves, err := r.leaves(ctx, qLeavesOf, string(m.Face))
		if err != nil {
			return nil, err
		}
		for _, l := range leaves {
			if !slices.ContainsFunc(members, func(m Leaf) bool { return m.ID == l.ID }) {
				list = append(list, Leaf{ID: l.ID, Face: l.Face})
			}
		}
	}
	return list, nil
}

// Gathered is what a room is begun with: a package of each device of somebody.
type Gathered struct {
	Face     face.ID
	Packages []Package
}

// Gather draws a package of every device of several people; who is named twice is drawn
// from once. Before that it tells take of how many devices, and draws nothing when that
// fails. Faults: take's; SignIn; Conflict for more than MaxPeople, or for more devices than
// a conversation holds; Forbidden when one is not connected.
func (r *Room) Gather(ctx context.Context, by face.ID, of []face.ID, take func(devices int) error) (list []Gathered, err error) {
	defer fault.Wrap(&err, "message.Gather")
	of = slices.Compact(slices.Sorted(slices.Values(of)))
	if err = MayWrite(by); err == nil && len(of) > MaxPeople {
		err = fault.New(fault.Conflict, "message.many_people", MaxPeople)
	}
	if err != nil {
		return nil, err
	}
	devices := 0
	err = r.DB.View(ctx, func(ctx context.Context) error {
		devices = 0
		return r.eachLeaves(ctx, by, of, func(_ face.ID, leaves []Leaf) error {
			devices += len(leaves)
			return nil
		})
	})
	if err == nil && devices > MaxMembers {
		err = fault.New(fault.Conflict, "message.many_members", MaxMembers)
	}
	if err == nil {
		err = take(devices)
	}
	if err != nil {
		return nil, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		list = nil
		return r.eachLeaves(ctx, by, of, func(f face.ID, leaves []Leaf) error {
			g := Gathered{Face: f}
			for _, l := range leaves {
				p, err := r.drawTx(ctx, l.ID)
				if err != nil {
					return err
				}
				g.Packages = append(g.Packages, p)
			}
			list = append(list, g)
			return nil
		})
	})
	return list, err
}

// eachLeaves goes through the devices of people who can be reached.
func (r *Room) eachLeaves(ctx context.Context, by face.ID, of []face.ID, do func(face.ID, []Leaf) error) error {
	for _, f := range of {
		err := r.reach(ctx, by, f)
		if err != nil {
			return err
		}
		leaves, err := r.leaves(ctx, qLeavesOf, string(f))
		if err == nil {
			err = do(f, leaves)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
