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

// MayKeep: a mandate is looked at, shown and ended by whose it is, until it ended.
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
	case Lapsed:
		return fault.New(fault.Forbidden, "representative.may.lapsed")
	case Ended:
		return fault.New(fault.Conflict, "representative.may.ended")
	}
	return nil
}
