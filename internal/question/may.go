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

// MayRespond: who acts for the platform that owes the answer.
func MayRespond(a Actor, q Question) error {
	if err := MayAsk(a); err != nil {
		return err
	}
	if a.For == "" || a.Mandate == "" || a.For != q.Platform || q.Tally.Owes != ByPlatform {
		return fault.New(fault.Forbidden, "question.may.respond")
	}
	return MayRead(Actor{}, q)
}

// MayWithdraw: who may respond takes back what the platform wrote itself.
func MayWithdraw(a Actor, q Question, e Entry) error {
	if err := MayRespond(a, q); err != nil {
		return err
	}
	if e.Mandate == "" || e.Kind != Answer && e.Kind != Promise {
		return fault.New(fault.NotFound, "question.no_answer")
	}
	if e.UndoneBy != 0 {
		return fault.New(fault.Conflict, "question.taken_back")
	}
	return nil
}

// MaySecond: another person of the platform than who wanted the answer gone.
func MaySecond(a Actor, q Question, w Withdrawal) error {
	if err := MayRespond(a, q); err != nil {
		return err
	}
	if a.Face == w.face || a.Mandate == w.Mandate {
		return fault.New(fault.Forbidden, "question.may.second")
	}
	return nil
}

// MayUndo: stewards take back entries, but not what a platform says itself: they
// hide it with a reason, which does not touch the clock.
func MayUndo(a Actor, e Entry) error {
	if err := MayKeep(a); err != nil {
		return err
	}
	if e.Mandate != "" {
		return fault.New(fault.Forbidden, "question.may.platforms_own")
	}
	return nil
}
