package mask

import (
	"context"
	"crypto/rand"
	"strings"
	"unicode/utf8"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
	"guildhall/internal/safedb"
)

// Moderator is a steward who keeps order among masks, and how many stewards
// the hall has. The door has asked whether she is one.
type Moderator struct {
	ID       string
	Stewards int
}

// Deed says what a decision does. The texts stand in the database; append-only.
type Deed string

// The deeds.
const (
	Hide    Deed = "hide"    // a post, which its author may still read and appeal
	Show    Deed = "show"    // undoes Hide
	Leave   Deed = "leave"   // reports were read and nothing was done
	Release Deed = "release" // lets a held post in
	Refuse  Deed = "refuse"  // keeps a held post out
	Mute    Deed = "mute"    // the author, to the end of a day
	Unmute  Deed = "unmute"
	Ban     Deed = "ban"    // the author, in this space; wants a second moderator
	Unban   Deed = "unban"  // wants a second moderator, as the ban did
	Remove  Deed = "remove" // the words of a post, for good; wants a second moderator
	Slow    Deed = "slow"   // one post a day and mask
	Fast    Deed = "fast"
	Hold    Deed = "hold" // first posts of new masks wait for a moderator
	Free    Deed = "free"
)

// undoing tells which deed takes another back.
var undoing = map[Deed]Deed{Hide: Show, Mute: Unmute, Ban: Unban, Slow: Fast, Hold: Free}

// needsSecond tells whether one moderator alone may never do it. A mute is for
// twoFor to say.
func (d Deed) needsSecond() bool { return d == Ban || d == Unban || d == Remove }

// Standing says what became of a decision.
type Standing int

// The standings, as stored.
const (
	Proposed Standing = iota
	Stands
	Declined
	Undone
)

// Decision is what was decided about a post, its author or a space, as everybody
// may read it.
type Decision struct {
	Space, ID string
	Deed      Deed
	Post      string
	Mask      string
	Until     int // last day of a mute, or by which a hasty hiding is looked at; 0
	Reason    string
	Day       int
	Undoes    string // id of the decision it takes back
	Standing  Standing
}

// Signed is a decision with those who made it: for the other moderators.
type Signed struct {
	Decision
	By, Second string
}

// Limits of a decision.
const (
	MaxReason = 500 // characters
	MaxMute   = 28  // days
	// MuteAlone is for how many days one moderator alone may mute a mask, once in
	// MaxMute days: mute after mute would be a ban that nobody has seconded.
	MuteAlone = 7
)

// reasonOf trims a reason and checks its length.
func reasonOf(s string) (string, error) {
	s = strings.TrimSpace(s)
	switch n := utf8.RuneCountInString(s); {
	case n < 3:
		return s, fault.On("reason", fault.Invalid, "fault.empty")
	case n > MaxReason:
		return s, fault.On("reason", fault.Invalid, "fault.too_long", MaxReason)
	}
	return s, nil
}

// Wish is a deed that a moderator wants.
type Wish struct {
	Deed   Deed
	Post   string // of all deeds but Slow and Hold
	Mask   string // of Mute and Ban, where no post is named
	Days   int    // of Mute
	Reason string
}

// Decide does what one moderator may do alone, and proposes what needs another.
// Faults: Invalid on the field; Forbidden for a proposal of the only steward;
// NotFound; Conflict when it is so already.
func (r *Room) Decide(ctx context.Context, by Moderator, space string, w Wish) (d Decision, err error) {
	defer fault.Wrap(&err, "mask.Decide")
	if w.Reason, err = reasonOf(w.Reason); err != nil {
		return d, err
	}
	if w.Deed == Unban { // its way is Undo, which names the ban
		return d, fault.On("deed", fault.Invalid, "fault.choose")
	}
	if w.Deed == Mute && (w.Days < 1 || w.Days > MaxMute) {
		return d, fault.On("days", fault.Invalid, "mask.order.days", MaxMute)
	}
	if _, err := r.space(ctx, space); err != nil {
		return d, err
	}
	s := Signed{Decision: Decision{Space: space, ID: newID(), Deed: w.Deed, Post: w.Post, Mask: w.Mask, Reason: w.Reason, Day: r.day(), Standing: Stands}, By: by.ID}
	if w.Deed == Mute {
		s.Until = r.day() + w.Days
	}
	err = r.DB.Write(ctx, func(tx *safedb.Tx) error {
		tx.AfterCommit(r.decided(space))
		if err := r.fileReports(tx, 0); err != nil {
			return err
		}
		if err := r.find(tx, &s); err != nil {
			return err
		}
		two, err := twoFor(tx, s.Decision, w.Days)
		if err != nil {
			return err
		}
		if two {
			if err := MayPropose(by); err != nil {
				return err
			}
			s.Standing = Proposed
			return r.propose(tx, s)
		}
		if err := r.carryOut(tx, s.Decision); err != nil {
			return err
		}
		return write(tx, s)
	})
	return s.Decision, err
}

// twoFor tells whether a decision wants a second moderator: a ban, a removal, a
// mute of more than MuteAlone days, and one that follows another too soon.
func twoFor(tx *safedb.Tx, d Decision, days int) (bool, error) {
	if d.Deed != Mute || days > MuteAlone {
		return d.Deed.needsSecond() || d.Deed == Mute, nil
	}
	n := 0
	_, err := tx.Row(qMutedLately, []any{d.Space, d.Mask, d.Day - MaxMute}, &n)
	return n > 0, err
}

func newID() string {
	var b [wire.IDSize]byte
	_, _ = rand.Read(b[:])
	return token.Encode(b[:])
}

// find fills in whose post a decision is about.
func (r *Room) find(tx *safedb.Tx, s *Signed) error {
	if s.Deed == Slow || s.Deed == Hold {
		s.Post, s.Mask = "", ""
		return nil
	}
	if (s.Deed == Mute || s.Deed == Ban) && s.Post == "" {
		_, err := r.born(tx, s.Space, s.Mask)
		return err
	}
	if s.Deed == Leave && s.Post == "" {
		return nil // a notice that named no post
	}
	p, found, err := postAt(tx, place{s.Space, s.Post})
	if err == nil && !found {
		err = fault.New(fault.NotFound, "mask.order.no_post")
	}
	s.Mask = p.mask
	return err
}

// write keeps a decision; what the log does not have yet, the next tick appends.
func write(tx *safedb.Tx, s Signed) error {
	_, err := tx.Exec(qDecide, s.Space, s.ID, string(s.Deed), s.Post, s.Mask, s.Until, s.Reason, s.Day, s.By, s.Second, s.Undoes, int(s.Standing))
	if err != nil || s.Mask == "" {
		return err
	}
	return recount(tx, place{s.Space, s.Mask})
}

// carryOut does a deed.
func (r *Room) carryOut(tx *safedb.Tx, d Decision) error {
	at := place{d.Space, d.Post}
	switch d.Deed {
	case Hide:
		return settleAfter(tx, at, right, hide(tx, at))
	case Show:
		return turn(tx, at, postHidden, postShown)
	case Leave:
		return settleAfter(tx, at, wrong, r.keepHasty(tx, at))
	case Release, Refuse:
		return r.admit(tx, d)
	case Mute:
		_, err := tx.Exec(qMute, d.Space, d.Mask, d.Until, d.Reason)
		return settleAfter(tx, at, right, err)
	case Unmute:
		_, err := tx.Exec(qUnmute, d.Space, d.Mask)
		return err
	case Ban:
		return settleAfter(tx, at, right, r.ban(tx, place{d.Space, d.Mask}, d.Reason))
	case Unban:
		_, err := tx.Exec(qUnban, d.Space, d.Mask)
		return err
	case Remove:
		return settleAfter(tx, at, right, remove(tx, at))
	case Slow, Fast, Hold, Free:
		return brake(tx, d)
	}
	return fault.On("deed", fault.Invalid, "fault.choose")
}

// hide hides a post; of one that was hidden in haste it makes the hiding last.
func hide(tx *safedb.Tx, at place) error {
	if n, err := tx.Exec(qHastyEnd, at.space, at.id); err != nil || n > 0 {
		return err
	}
	return turn(tx, at, postShown, postHidden)
}

// turn brings a post from one state to another.
func turn(tx *safedb.Tx, at place, from, to int) error {
	n, err := tx.Exec(qPostTurn, at.space, at.id, from, to)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "mask.order.already")
	}
	return err
}

// keepHasty looks whether reports are left because the post was hidden in haste:
// then leaving them shows it again.
func (r *Room) keepHasty(tx *safedb.Tx, at place) error {
	n, err := tx.Exec(qHastyEnd, at.space, at.id)
	if err != nil || n == 0 {
		return err
	}
	_, err = tx.Exec(qPostTurn, at.space, at.id, postHidden, postShown)
	return err
}

// remove wipes the words of a post.
func remove(tx *safedb.Tx, at place) error {
	n, err := tx.Exec(qPostRemove, at.space, at.id)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "mask.order.already")
	}
	return err
}

// admit lets a held post in today, or keeps it out.
func (r *Room) admit(tx *safedb.Tx, d Decision) error {
	n, err := tx.Exec(qUnhold, d.Space, d.Post)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "mask.order.already")
	}
	if err != nil {
		return err
	}
	if d.Deed == Refuse {
		return turn(tx, place{d.Space, d.Post}, postHeld, postRefused)
	}
	if _, err := tx.Exec(qRelease, d.Space, d.Post, d.Day); err != nil {
		return err
	}
	_, err = tx.Exec(qSpeaker, d.Space, d.Mask, d.Day)
	return err
}

// brakes tells how a space is slowed.
func brakes(tx *safedb.Tx, space string) (slow, hold bool, err error) {
	var s, h int
	_, err = tx.Row(qBrake, []any{space}, &s, &h)
	return s == 1, h == 1, err
}

func brake(tx *safedb.Tx, d Decision) error {
	slow, hold, err := brakes(tx, d.Space)
	if err != nil {
		return err
	}
	was := [2]bool{slow, hold}
	switch d.Deed {
	case Slow, Fast:
		slow = d.Deed == Slow
	case Hold, Free:
		hold = d.Deed == Hold
	}
	if was == [2]bool{slow, hold} {
		return fault.New(fault.Conflict, "mask.order.already")
	}
	_, err = tx.Exec(qBrakeSet, d.Space, number(slow), number(hold))
	return err
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Undo takes a decision back that stands; one moderator may, but for a ban, of which
// it proposes the end. What it gives says which. Faults: NotFound, Conflict when it
// stands no more or its end is proposed already, Invalid for what has no way back,
// Forbidden for a proposal of the only steward.
func (r *Room) Undo(ctx context.Context, by Moderator, space, id, reason string) (done Decision, err error) {
	defer fault.Wrap(&err, "mask.Undo")
	if reason, err = reasonOf(reason); err != nil {
		return done, err
	}
	return done, r.DB.Write(ctx, func(tx *safedb.Tx) error {
		tx.AfterCommit(r.decided(space))
		d, err := decisionAt(tx, space, id)
		if err != nil {
			return err
		}
		s := Signed{Decision: Decision{Reason: reason, Day: r.day()}, By: by.ID}
		if undoing[d.Deed].needsSecond() {
			done, err = r.proposeEnd(tx, by, d.Decision, s)
			return err
		}
		if _, err := tx.Exec(qAppealEnd, space, id, Overturned, r.day()); err != nil {
			return err
		}
		done, err = r.undo(tx, d.Decision, s)
		return err
	})
}

// undo writes the opposite of a decision and does it; s brings reason, day and hand.
func (r *Room) undo(tx *safedb.Tx, d Decision, s Signed) (Decision, error) {
	s, err := opposite(d, s)
	if err != nil {
		return s.Decision, err
	}
	if _, err := tx.Exec(qStand, d.Space, d.ID, int(Undone), ""); err != nil {
		return s.Decision, err
	}
	if err := r.carryOut(tx, s.Decision); err != nil && !fault.Is(err, fault.Conflict) {
		return s.Decision, err // a post whose author deleted it stays away
	}
	return s.Decision, write(tx, s)
}

// opposite fills in what takes a decision back.
func opposite(d Decision, s Signed) (Signed, error) {
	back, ok := undoing[d.Deed]
	switch {
	case !ok:
		return s, fault.New(fault.Invalid, "mask.order.no_way_back")
	case d.Standing != Stands:
		return s, fault.New(fault.Conflict, "mask.order.already")
	}
	s.Space, s.ID, s.Deed, s.Post, s.Mask, s.Undoes, s.Standing = d.Space, newID(), back, d.Post, d.Mask, d.ID, Stands
	return s, nil
}

// recount finds how much is undecided about a mask: open reports, proposals and
// held posts; any of it delays renewal.
func recount(tx *safedb.Tx, at place) error {
	_, err := tx.Exec(qUndecided, at.space, at.id)
	return err
}

// age is how many epochs ago a mask was born.
func age(m Mask, day int) int { return max(0, epoch.OfDay(day)-m.Epoch) }
