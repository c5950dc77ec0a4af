package mask

import (
	"time"

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
	// mostSayings is how many statements of one pass may wait at once.
	mostSayings = 10
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

// MayPostAgain tells whether a mask may write once more on a day in a space that was
// slowed down: when nothing of it waits and nothing came out today.
func MayPostAgain(m Mask, slow bool, waiting, day int) error {
	if slow && (waiting > 0 || m.LastDay >= day) {
		return fault.New(fault.Forbidden, "mask.slow")
	}
	return nil
}

// MayReport tells whether somebody may report a post, of the author; reads tells
// whether she may read the space, and open how many of her reports are open.
func MayReport(reads bool, reporter, author string, cause Cause, open int) error {
	switch {
	case !reads:
		return fault.New(fault.Forbidden, "mask.not_born")
	case reporter == author:
		return fault.New(fault.Forbidden, "mask.report.own")
	case harm[cause] == 0 || cause == Defamation:
		return fault.On("kind", fault.Invalid, "fault.choose")
	case open >= mostReports:
		return fault.New(fault.TooMany, "mask.report.many", mostReports)
	}
	return nil
}

// MayPropose tells whether a moderator may propose what needs a second one: when
// there is a second one.
func MayPropose(by Moderator) error {
	if by.Stewards < 2 {
		return fault.New(fault.Forbidden, "mask.order.alone")
	}
	return nil
}

// MayConfirm tells whether a moderator may confirm a proposal: one that another made.
func MayConfirm(by Moderator, s Signed) error {
	if by.ID == "" || by.ID == s.By {
		return fault.New(fault.Forbidden, "mask.order.own")
	}
	return nil
}

// MayAppeal tells whether a mask may appeal against a decision: one about itself
// that hides, mutes or bans, and that stands.
func MayAppeal(m Mask, d Decision) error {
	switch {
	case d.Space != m.Space || d.Mask != m.ID:
		return fault.New(fault.Forbidden, "mask.not_yours")
	case d.Standing != Stands || d.Deed != Hide && d.Deed != Mute && d.Deed != Ban:
		return fault.New(fault.NotFound, "mask.appeal.nothing")
	}
	return nil
}

// MayJudge tells whether a mask may judge an appeal: one of its jurors, while it is
// open.
func MayJudge(juror bool, outcome string) error {
	switch {
	case !juror:
		return fault.New(fault.Forbidden, "mask.judge.not_drawn")
	case outcome != "":
		return fault.New(fault.Conflict, "mask.judge.over")
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

// MayBeAdmitted tells whether a mask is given its pass to a consultation that it asks
// for by an epoch, on a day; forgotten is whether the hall does not know any more to
// whom it has given some. Whoever has had it may ask again, which is not looked at here.
func MayBeAdmitted(m Mask, a Asked, of int, forgotten bool, day int) error {
	switch {
	case m.State == Banned:
		return fault.New(fault.Forbidden, "mask.banned")
	case of != a.epoch() || m.Epoch != a.epoch():
		return fault.New(fault.Forbidden, "mask.admit.epoch")
	case day > a.until():
		return fault.New(fault.Forbidden, "mask.admit.late")
	case forgotten:
		return fault.New(fault.Forbidden, "mask.admit.forgotten")
	}
	return nil
}

// MayOpine tells whether a consultation of masks can be answered with a pass: until its
// hour.
func MayOpine(a Asked, now time.Time) error {
	if !now.Before(a.Closes) {
		return fault.New(fault.Forbidden, "consultation.may.over")
	}
	return nil
}
