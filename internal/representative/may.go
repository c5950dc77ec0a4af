package representative

import (
	"time"

	"guildhall/internal/fault"
)

// The functions of this file decide who may do what. They are pure: nil means
// yes, otherwise the fault holds the reason to show.

// MayClaim: members may say that they act for a platform; it counts once the
// platform says so too.
func MayClaim(a Actor) error {
	if a.Face == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	return nil
}

// MayKeep: a mandate is looked at, shown and ended by whose it is, until it ended or is
// suspended.
func MayKeep(a Actor, m Mandate) error {
	if err := MayClaim(a); err != nil {
		return err
	}
	if a.Face != m.Face.ID {
		return fault.New(fault.NotFound, "representative.none")
	}
	if !m.Ended.IsZero() {
		return fault.New(fault.Conflict, "representative.may.ended")
	}
	if m.Suspension != nil { // nothing about it changes until another steward has looked
		return fault.New(fault.Forbidden, "representative.may.suspended")
	}
	return nil
}

// MayJudge: stewards decide whether a role may be spoken in.
func MayJudge(a Actor) error {
	if err := MayClaim(a); err != nil {
		return err
	}
	if !a.Steward {
		return fault.New(fault.Forbidden, "representative.may.steward")
	}
	return nil
}

// MaySuspend: any one steward, at once, while it lasts.
func MaySuspend(a Actor, m Mandate) error {
	if err := MayJudge(a); err != nil {
		return err
	}
	if !m.Ended.IsZero() {
		return fault.New(fault.Conflict, "representative.may.over")
	}
	if m.Suspension != nil {
		return fault.New(fault.Conflict, "representative.may.suspended_already")
	}
	return nil
}

// MayResolve: a steward other than the one who has suspended it, and not whose role it
// is: her account may be the one that somebody took over.
func MayResolve(a Actor, m Mandate) error {
	if err := MayJudge(a); err != nil {
		return err
	}
	if m.Suspension == nil || !m.Ended.IsZero() {
		return fault.New(fault.Conflict, "representative.may.not_suspended")
	}
	if a.Face == m.Suspension.By || a.Face == m.Face.ID {
		return fault.New(fault.Forbidden, "representative.may.second")
	}
	return nil
}

// MayAct: whoever holds a mandate that is proven now.
func MayAct(a Actor, m Mandate, now time.Time) error {
	if err := MayClaim(a); err != nil {
		return err
	}
	if m.ID == "" || a.Face != m.Face.ID {
		return fault.New(fault.Forbidden, "representative.may.act")
	}
	switch m.State(now) {
	case Waits:
		return fault.New(fault.Forbidden, "representative.may.waits")
	case Suspended:
		return fault.New(fault.Forbidden, "representative.may.suspended")
	case Lapsed:
		return fault.New(fault.Forbidden, "representative.may.lapsed")
	case Ended:
		return fault.New(fault.Conflict, "representative.may.ended")
	}
	return nil
}
