package question

import "guildhall/internal/fault"

// The functions of this file decide who may do what. They are pure: nil means
// yes, otherwise the fault holds the reason to show.

// MayAsk: members may.
func MayAsk(a Actor) error {
	if a.Face == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	return nil
}

// MayRead: everybody; what is hidden or waits only who asked it and stewards.
func MayRead(a Actor, q Question) error {
	if q.Hushed && !a.Steward && (a.Face == "" || a.Face != q.Asker.ID) {
		return fault.New(fault.NotFound, "question.none")
	}
	return nil
}

// MayReadVariant: as MayRead, of one case.
func MayReadVariant(a Actor, v Variant) error {
	if v.Hushed && !a.Steward && (a.Face == "" || a.Face != v.Asker.ID) {
		return fault.New(fault.NotFound, "question.none")
	}
	return nil
}

// MayAdd: members may add their case while the question stands on its own and is
// not closed. An answered one still takes cases: they are then told of its answer.
func MayAdd(a Actor, q Question) error {
	if err := MayAsk(a); err != nil {
		return err
	}
	if err := MayRead(a, q); err != nil {
		return err
	}
	if q.MergedInto != "" {
		return fault.New(fault.Conflict, "question.may.merged")
	}
	if q.Tally.State == Closed {
		return fault.New(fault.Forbidden, "question.may.closed")
	}
	return nil
}

// MayKeep: stewards write in a question's book, merge and split.
func MayKeep(a Actor) error {
	if err := MayAsk(a); err != nil {
		return err
	}
	if !a.Steward {
		return fault.New(fault.Forbidden, "question.may.steward")
	}
	return nil
}

// MayJudge: those who asked say whether an answer answers them.
func MayJudge(a Actor, asked bool, e Entry) error {
	if err := MayAsk(a); err != nil {
		return err
	}
	if e.Kind != Answer {
		return fault.New(fault.NotFound, "question.no_answer")
	}
	if e.UndoneBy != 0 {
		return fault.New(fault.Conflict, "question.taken_back")
	}
	if !asked {
		return fault.New(fault.Forbidden, "question.may.asker")
	}
	return nil
}
