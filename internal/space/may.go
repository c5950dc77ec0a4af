package space

import (
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
)

// The functions of this file decide who may do what. They are pure: nil means
// yes, otherwise the fault holds the reason to show.

// MayKeep: stewards open, change and close spaces.
func MayKeep(a Actor) error {
	if a.Face == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	if !a.Steward {
		return fault.New(fault.Forbidden, "space.may.steward")
	}
	return nil
}

// MayEnter: members, while the space is there. A seat in a safe space may be
// taken before it is good for anything; in an open one that wants vouches it
// is taken with them.
func MayEnter(a Actor, s Space, c Credit) error {
	if a.Face == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	if s.Closed() {
		return fault.New(fault.Forbidden, "space.may.closed")
	}
	if s.Kind == Open && s.Entry == Vouched {
		return vouched(c)
	}
	return nil
}

// MayReceive: who holds a seat in a safe space and is seasoned receives passes.
// Seasoned is who joined before the previous epoch began and has two vouches
// from different branches, or is a founder.
func MayReceive(s Space, seat bool, c Credit, now time.Time) error {
	switch {
	case s.Kind != Safe:
		return fault.New(fault.Forbidden, "space.may.no_masks")
	case s.Closed():
		return fault.New(fault.Forbidden, "space.may.closed")
	case !seat:
		return fault.New(fault.Forbidden, "space.may.no_seat")
	}
	if err := vouched(c); err != nil {
		return err
	}
	if from := seasonedFrom(c); from.After(now) {
		return fault.New(fault.Forbidden, "space.may.not_yet", from)
	}
	return nil
}

// MayWriteIn: whoever holds a seat where one is wanted.
func MayWriteIn(a Actor, s Space, seat bool) error {
	if a.Face == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	if s.Closed() {
		return fault.New(fault.Forbidden, "space.may.closed")
	}
	if s.Entry == Vouched && !seat {
		return fault.New(fault.Forbidden, "space.may.seat_first", s.Name)
	}
	return nil
}

func vouched(c Credit) error {
	switch missing := missing(c); missing {
	case 0:
		return nil
	case 1:
		return fault.New(fault.Forbidden, "space.may.one_vouch")
	default:
		return fault.New(fault.Forbidden, "space.may.two_vouches")
	}
}

func missing(c Credit) int {
	if c.Founder {
		return 0
	}
	return max(0, NeedVouches-c.Vouches)
}

// seasonedFrom is the day on which she joined before the previous epoch began.
func seasonedFrom(c Credit) time.Time {
	if c.Founder {
		return epoch.Start(c.Joined)
	}
	return epoch.Start(c.Joined + 2)
}
