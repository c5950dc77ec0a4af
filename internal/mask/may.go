package mask

import (
	"guildhall/internal/epoch"
	"guildhall/internal/fault"
)

const (
	// enough active masks make a space one that can be spoken in.
	enough = 20
	// fewestBorn is the least number of masks born together.
	fewestBorn = 10
	// openDays is when in an epoch renewal opens: after 72 hours.
	openDays = 3
	// judgedDays is how long a mask's last post must have been out before it may
	// renew, so that nothing is said under a name whose successor is already safe.
	judgedDays = 2
	// keptEpochs is how long a mask that has renewed reads and collects.
	keptEpochs = 2
	// mostWaiting is how many posts of one mask may wait at once.
	mostWaiting = 20
)

// Until is the last day on which a mask born in an epoch may post: the one before
// the first batch tick a week after the epoch.
func Until(born int) int { return epoch.FirstDay(born+1) + epoch.DaysOfWeek - 1 }

// RenewFrom is the first day from which a mask may renew, as of a day: 72 hours into
// an epoch later than that of its birth.
func RenewFrom(born, day int) int { return epoch.FirstDay(max(born+1, epoch.OfDay(day))) + openDays }

// MayPost tells whether a mask may write in a space on a day; waiting is how many
// of its posts wait already.
func MayPost(m Mask, s Space, speaking bool, waiting, day int) error {
	switch {
	case m.State == Banned:
		return fault.New(fault.Forbidden, "mask.banned")
	case m.State == Renewed:
		return fault.New(fault.Forbidden, "mask.renewed")
	case day > Until(m.Epoch):
		return fault.New(fault.Forbidden, "mask.over")
	case s.Closed:
		return fault.New(fault.Forbidden, "mask.closed")
	case m.MutedUntil >= day:
		return fault.New(fault.Forbidden, "mask.muted")
	case !speaking:
		return fault.New(fault.Forbidden, "mask.quiet", enough)
	case waiting >= mostWaiting:
		return fault.New(fault.TooMany, "mask.waiting", mostWaiting)
	}
	return nil
}

// MayRecommend tells whether a mask's word on a post of another counts.
func MayRecommend(m Mask, author string, speaking bool, day int) error {
	switch {
	case m.State == Banned:
		return fault.New(fault.Forbidden, "mask.banned")
	case m.State == Renewed || day > Until(m.Epoch):
		return fault.New(fault.Forbidden, "mask.over")
	case !speaking:
		return fault.New(fault.Forbidden, "mask.quiet", enough)
	case author == m.ID:
		return fault.New(fault.Forbidden, "mask.own_post")
	}
	return nil
}

// MayDelete tells whether a mask may take back a post: its own only, however old
// the mask is.
func MayDelete(m Mask, author string) error {
	if author != m.ID {
		return fault.New(fault.Forbidden, "mask.not_yours")
	}
	return nil
}

// MayRead tells whether a mask may read its space on a day: to the end of the
// second epoch after that of its birth.
func MayRead(m Mask, day int) error {
	if epoch.OfDay(day) > m.Epoch+keptEpochs {
		return fault.New(fault.Forbidden, "mask.old")
	}
	return nil
}

// MayRenew tells whether a mask may have its next right, of the running epoch, on
// a day; void is the epoch up to which rights are worth nothing, and waiting how many
// of its posts wait. Whoever has had it may ask again, which is not looked at here.
func MayRenew(m Mask, right, void, waiting, day int) error {
	switch {
	case m.State == Banned:
		return fault.New(fault.Forbidden, "mask.banned")
	case right <= void:
		return fault.New(fault.Forbidden, "mask.void")
	case right != epoch.OfDay(day):
		return fault.New(fault.Invalid, "mask.renew.epoch")
	case right <= m.Epoch || day < RenewFrom(m.Epoch, day):
		return fault.New(fault.Forbidden, "mask.renew.early")
	case m.MutedUntil >= day:
		return fault.New(fault.Forbidden, "mask.renew.muted")
	case m.Reports > 0:
		return fault.New(fault.Forbidden, "mask.renew.reported")
	case waiting > 0 || day < m.LastDay+judgedDays:
		return fault.New(fault.Forbidden, "mask.renew.judged")
	}
	return nil
}
