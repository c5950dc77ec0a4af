package consultation

import (
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
)

// The functions of this file decide who may do what. They are pure: nil means
// yes, otherwise the fault holds the reason to show.

// MayOpen: stewards of the hall, and members who did not join just now, one open
// consultation at a time; and who acts for a platform, about that platform alone, one
// at a time as well.
func MayOpen(a Actor, o Origin, settled, busy bool) error {
	switch {
	case a.Face == "":
		return fault.New(fault.SignIn, "fault.sign_in")
	case a.For != "" && (a.Mandate == "" || o != Origin{OfPlatform, a.For}):
		return fault.New(fault.Forbidden, "consultation.may.own_platform")
	case a.For != "" && busy:
		return fault.New(fault.Forbidden, "consultation.may.platform_busy")
	case a.For != "":
		return nil
	case a.Steward:
		return nil
	case !settled:
		return fault.New(fault.Forbidden, "consultation.may.settled")
	case busy:
		return fault.New(fault.Forbidden, "consultation.may.busy")
	}
	return nil
}

// turning is how long before the end of an epoch the masks of it are asked no more:
// the key of the passes must be made before it ends.
const turning = time.Hour

// MayAskMasks: stewards of the hall may ask the masks of a space. Its last hour does
// not begin anything in an epoch.
func MayAskMasks(a Actor, now time.Time) error {
	switch {
	case a.Face == "":
		return fault.New(fault.SignIn, "fault.sign_in")
	case !a.Steward:
		return fault.New(fault.Forbidden, "consultation.may.masks_steward")
	case epoch.Of(now) != epoch.Of(now.Add(turning)):
		return fault.New(fault.Forbidden, "consultation.may.turning")
	}
	return nil
}

// MayTakePart: every open profile, until it is over, where those are asked.
func MayTakePart(a Actor, c Consultation, now time.Time) error {
	if a.Face == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	if c.Space != "" {
		return fault.New(fault.Forbidden, "consultation.may.masks")
	}
	if c.Over(now) {
		return fault.New(fault.Forbidden, "consultation.may.over")
	}
	return nil
}

// MayKeep: who began it, and stewards of the hall, until it is over: afterwards
// nobody changes what the result was made from. What a platform asks has stewards of
// the hall only: nobody takes out what is said of herself.
func MayKeep(a Actor, c Consultation, now time.Time) error {
	switch {
	case a.Face == "":
		return fault.New(fault.SignIn, "fault.sign_in")
	case !a.Steward && a.Face != c.Steward.ID:
		return fault.New(fault.Forbidden, "consultation.may.keep")
	case c.Over(now):
		return fault.New(fault.Forbidden, "consultation.may.over")
	}
	return nil
}

// MayReintroduce: who began it, and stewards of the hall, until it is over. Nobody changes
// what a platform says: its words are its own.
func MayReintroduce(a Actor, c Consultation, now time.Time) error {
	if err := MayKeep(a, c, now); err != nil {
		return err
	}
	if c.Platform != "" {
		return fault.New(fault.Forbidden, "consultation.may.platforms_words")
	}
	return nil
}

// MayPutBack: who may keep it; what somebody else took out, stewards of the hall alone.
func MayPutBack(a Actor, c Consultation, s Statement, now time.Time) error {
	if err := MayKeep(a, c, now); err != nil {
		return err
	}
	if s.Removal != nil && !a.Steward && s.Removal.By != a.Face {
		return fault.New(fault.Forbidden, "consultation.may.put_back")
	}
	return nil
}

// MaySeeResult: everybody, once it is there.
func MaySeeResult(c Consultation) error {
	if !c.Done {
		return fault.New(fault.Forbidden, "consultation.may.not_yet", c.Closes)
	}
	return nil
}
