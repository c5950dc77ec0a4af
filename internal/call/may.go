package call

import (
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// The functions of this file decide who may do what. They are pure: nil means yes,
// otherwise the fault holds the reason to show.

// MayCall: members call those with whom they are connected.
func MayCall(by, to face.ID, connected bool) error {
	if by == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	if by == to {
		return fault.New(fault.Invalid, "call.may.self")
	}
	if !connected {
		return fault.New(fault.Forbidden, "call.may.connected")
	}
	return nil
}

// MaySee: the two sides; of a caller who was blocked the other sees nothing.
func MaySee(by face.ID, c Call) error {
	if by == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	if c.ID == "" || by != c.From && (by != c.To || c.silent) {
		return fault.New(fault.NotFound, "call.over")
	}
	return nil
}

// MayBring: whoever is in a call between members brings in one with whom she is connected,
// as long as there is room.
func MayBring(by face.ID, c Call, now Company, to face.ID, connected bool) error {
	switch {
	case by == "":
		return fault.New(fault.SignIn, "fault.sign_in")
	case c.State != Answered || !now.Has(by):
		return fault.New(fault.NotFound, "call.over")
	case c.ByGuest():
		return fault.New(fault.Forbidden, "call.group.guest")
	case now.Has(to):
		return fault.New(fault.Conflict, "call.group.there")
	case len(now.People)+now.rings() >= MaxPeople:
		return fault.New(fault.Conflict, "call.group.full", MaxPeople)
	}
	for _, b := range now.Brought {
		if b.State == Ringing && b.To == to {
			return fault.New(fault.Conflict, "call.group.there")
		}
	}
	return MayCall(by, to, connected)
}

// MayLink: members make links of their own.
func MayLink(by face.ID) error {
	if by == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	return nil
}

// MayRing: whoever has a link that is not burnt. Whether it is silent is not told.
func MayRing(l Link) error {
	if l.ID == "" {
		return fault.New(fault.NotFound, "call.link.none")
	}
	if l.State == Burnt {
		return fault.New(fault.Conflict, "call.link.burnt")
	}
	return nil
}
