package terms

import "guildhall/internal/fault"

// The functions of this file decide who may do what. They are pure: nil means
// yes, otherwise the fault holds the reason to show.

// MayDeclare: stewards say which documents are watched, and how; a press of theirs
// makes the hall visit an address.
func MayDeclare(a Actor) error {
	if a.Face == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	if !a.Steward {
		return fault.New(fault.Forbidden, "terms.may.steward")
	}
	return nil
}

// MayLetGo: stewards, while it is watched.
func MayLetGo(a Actor, d Document) error {
	if err := MayDeclare(a); err != nil {
		return err
	}
	if !d.LetGoAt.IsZero() {
		return fault.New(fault.Conflict, "terms.may.let_go")
	}
	return nil
}

// MayTakeUp: stewards, once it was let go.
func MayTakeUp(a Actor, d Document) error {
	if err := MayDeclare(a); err != nil {
		return err
	}
	if d.LetGoAt.IsZero() {
		return fault.New(fault.Conflict, "terms.may.watched")
	}
	return nil
}
