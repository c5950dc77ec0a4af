package reply

import "guildhall/internal/fault"

// The functions of this file decide who may do what. They are pure: nil means
// yes, otherwise the fault holds the reason to show.

// MayWrite: who acts for the platform that a claim names; empty: it names none.
func MayWrite(a Actor, platform string) error {
	if a.Face == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	if platform == "" || a.For != platform || a.Mandate == "" {
		return fault.New(fault.Forbidden, "reply.may.write")
	}
	return nil
}

// MayKeep: stewards hide replies and put claims right.
func MayKeep(a Actor) error {
	if a.Face == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	if !a.Steward {
		return fault.New(fault.Forbidden, "reply.may.steward")
	}
	return nil
}
