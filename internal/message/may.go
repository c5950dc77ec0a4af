package message

import (
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// The functions of this file decide who may do what. They are pure: nil means
// yes, otherwise the fault holds the reason to show.

// MayWrite: members have messages.
func MayWrite(by face.ID) error {
	if by == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	return nil
}

// MayUse: a device is used by whose it is. Another's is as if it were not there.
func MayUse(by face.ID, l Leaf) error {
	if err := MayWrite(by); err != nil {
		return err
	}
	if l.ID == "" || l.Face != by {
		return fault.New(fault.NotFound, "message.no_leaf")
	}
	return nil
}

// MayReach: one's own devices, and those of people one is connected with.
func MayReach(by, whom face.ID, connected bool) error {
	if err := MayWrite(by); err != nil {
		return err
	}
	if by != whom && !connected {
		return fault.New(fault.Forbidden, "message.may.connected")
	}
	return nil
}

// MayRemove: one's own devices leave a conversation, and those that are no more. Others'
// are taken out of a room by its keeper; by anybody in it, when the keeper has left.
func MayRemove(by face.ID, l Leaf, g Group) error {
	if err := MayWrite(by); err != nil {
		return err
	}
	if l.Face == "" || l.Face == by {
		return nil
	}
	if !g.Room {
		return fault.New(fault.Forbidden, "message.may.remove")
	}
	if g.Keeper != "" && g.Keeper != by {
		return fault.New(fault.Forbidden, "message.may.keeper")
	}
	return nil
}

// MayHold: a conversation is of two people, a room of fifty.
func MayHold(g Group, people int) error {
	if g.Room && people > MaxPeople {
		return fault.New(fault.Conflict, "message.many_people", MaxPeople)
	}
	if !g.Room && people > 2 {
		return fault.New(fault.Forbidden, "message.may.two")
	}
	return nil
}

// MayDisclose: whoever is signed in shows the stewards what another has written.
func MayDisclose(by, author face.ID) error {
	if err := MayWrite(by); err != nil {
		return err
	}
	if by == author {
		return fault.New(fault.Invalid, "message.may.own")
	}
	return nil
}
