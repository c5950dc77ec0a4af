package alliance

import (
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// The functions of this file decide who may do what. They are pure: nil means yes,
// otherwise the fault holds the reason to show.

// MayConnect: members, on their own behalf.
func MayConnect(a Actor) error {
	if a.Face == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	return nil
}

// MayAsk: members, of others who have an open profile here.
func MayAsk(a Actor, to face.Face) error {
	if err := MayConnect(a); err != nil {
		return err
	}
	if to.Kind != face.Open {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	if to.ID == a.Face {
		return fault.New(fault.Invalid, "alliance.may.self")
	}
	return nil
}

// MayIntroduce: whoever is connected with both, and they are two.
func MayIntroduce(a Actor, one, other face.ID, knows, knowsOther bool) error {
	if err := MayConnect(a); err != nil {
		return err
	}
	if !knows || !knowsOther {
		return fault.New(fault.Forbidden, "alliance.may.both")
	}
	if one == other {
		return fault.On("other", fault.Invalid, "alliance.may.two")
	}
	return nil
}
