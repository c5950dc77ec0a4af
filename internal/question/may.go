package question

import (
	"time"

	"guildhall/internal/fault"
)

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

// MayTakeUp: stewards make a mask's post a case, which everybody then reads; not where those
// who speak have ever agreed to keep it among themselves.
func MayTakeUp(a Actor, kept bool) error {
	if err := MayKeep(a); err != nil {
		return err
	}
	if kept {
		return fault.New(fault.Forbidden, "question.may.take_up")
	}
	return nil
}

// MayReword: stewards, and who asked it as long as nobody else asks it too and nothing has
// been said to it: others count on what it says.
func MayReword(a Actor, q Question) error {
	if err := MayAsk(a); err != nil {
		return err
	}
	if err := MayRead(a, q); err != nil {
		return err
	}
	switch {
	case q.MergedInto != "":
		return fault.New(fault.Conflict, "question.may.merged")
	case a.Steward:
		return nil
	case a.Face != q.Asker.ID:
		return fault.New(fault.Forbidden, "question.may.reword")
	case q.Variants > 1 || q.Tally.State != Open:
		return fault.New(fault.Forbidden, "question.may.reword_shared")
	}
	return nil
}

// Standing is how somebody stands to a question.
type Standing struct {
	Since  time.Time // when her first case of it was asked; zero: she has none
	Speaks bool      // for the platform that it is about, or has once
}

// Asked tells whether she has a case of it.
func (s Standing) Asked() bool { return !s.Since.IsZero() }

// MayJudge: those who had asked before an answer came say whether it answers them, but
// nobody who speaks or has spoken for the platform: it does not stop its own clock.
func MayJudge(a Actor, s Standing, e Entry) error {
	if err := MayAsk(a); err != nil {
		return err
	}
	if e.Kind != Answer {
		return fault.New(fault.NotFound, "question.no_answer")
	}
	if e.UndoneBy != 0 {
		return fault.New(fault.Conflict, "question.taken_back")
	}
	switch {
	case s.Speaks:
		return fault.New(fault.Forbidden, "question.may.speaks")
	case !s.Asked():
		return fault.New(fault.Forbidden, "question.may.asker")
	case !s.Since.Before(e.At):
		return fault.New(fault.Forbidden, "question.may.late")
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
