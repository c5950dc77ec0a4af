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

// MayCorrect: stewards put right what is said of a platform.
func MayCorrect(a Actor) error {
	if err := MayPropose(a); err != nil {
		return err
	}
	if !a.Steward {
		return fault.New(fault.Forbidden, "platform.may.correct")
	}
	return nil
}

// MayRead: everybody what was decided, for the public list of decisions leads
// there; who proposed it and stewards what waits.
func MayRead(a Actor, p Platform) error {
	if p.Verdict != nil || a.Steward || a.Face != "" && a.Face == p.ProposedBy {
		return nil
	}
	return fault.New(fault.NotFound, "platform.none")
}
