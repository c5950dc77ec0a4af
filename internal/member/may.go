package member

import (
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
)

// The functions of this file decide who may vouch and be vouched for. They are
// pure: nil means yes, otherwise the fault holds the reason to show. Where only
// the epoch of a deed is stored, its last day counts.

// MayGive: who is a founder, or vouched for and a member for GiveAfter, gives two
// vouches within GiveAgain.
func MayGive(c Credit, now time.Time) error {
	if !c.Founder && c.Vouches < NeedVouches {
		return fault.New(fault.Forbidden, "vouch.may.not_vouched")
	}
	if from := GiveFrom(c); now.Before(from) {
		return fault.New(fault.Forbidden, "vouch.may.new", from)
	}
	if left, again := Left(c, now); left == 0 {
		return fault.New(fault.TooMany, "vouch.may.spent", again)
	}
	return nil
}

// GiveFrom is the day from which a member has been here long enough to vouch.
func GiveFrom(c Credit) time.Time {
	if c.Founder {
		return epoch.Start(c.Joined)
	}
	return epoch.End(c.Joined).Add(GiveAfter)
}

// Left tells how many vouches are there to give, and, when none is, the day on
// which the next one will be.
func Left(c Credit, now time.Time) (left int, again time.Time) {
	for _, e := range c.Gave {
		back := epoch.End(e).Add(GiveAgain)
		switch {
		case e == 0 || !now.Before(back):
			left++
		case again.IsZero() || back.Before(again):
			again = back
		}
	}
	return left, again
}

// MayUse: a vouch counts for who has not enough of them, from a branch that has
// not vouched for her yet. A code that is refused stays good.
func MayUse(c Credit, branch string) error {
	switch {
	case c.Founder || c.Vouches >= NeedVouches:
		return fault.On("code", fault.Conflict, "vouch.may.enough")
	case c.Vouches > 0 && c.Branch == branch:
		return fault.On("code", fault.Conflict, "vouch.may.same_branch")
	}
	return nil
}

// MayFound: in the hall's first days, up to twenty begin it.
func MayFound(f Founding, now time.Time) error {
	if !now.Before(f.Until()) {
		return fault.New(fault.Forbidden, "vouch.may.founding_over", f.Until())
	}
	if f.Founders >= MaxFounders {
		return fault.New(fault.Forbidden, "vouch.may.founders_full", MaxFounders)
	}
	return nil
}
