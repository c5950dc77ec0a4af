package platform

import "guildhall/internal/fault"

// The functions of this file decide who may do what. They are pure: nil means
// yes, otherwise the fault holds the reason to show.

// MayPropose: members may.
func MayPropose(a Actor) error {
	if a.Face == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	return nil
}

// MayDecide: stewards accept and refuse.
func MayDecide(a Actor) error {
	if err := MayPropose(a); err != nil {
		return err
	}
	if !a.Steward {
		return fault.New(fault.Forbidden, "platform.may.steward")
	}
	return nil
}

// MayRead: everybody what is accepted; who proposed it and stewards the rest.
func MayRead(a Actor, p Platform) error {
	if p.Accepted() || a.Steward || a.Face != "" && a.Face == p.ProposedBy {
		return nil
	}
	return fault.New(fault.NotFound, "platform.none")
}
