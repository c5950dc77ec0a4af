package mask

import (
	"context"
	"crypto/rand"
	"strings"
	"unicode/utf8"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/safedb"
)

const (
	// ReviewDays is within how many days a hiding in haste is looked at; then the
	// post comes back by itself.
	ReviewDays = 3
	// mostHasty is how many posts of a space may be hidden in haste at once, so that
	// strangers cannot silence it.
	mostHasty = 3
	// mostNotices is how many notices of outsiders may be open about one post, and how
	// many about none, so that whoever fills one leaves the others open.
	mostNotices, mostNameless = 20, 200
	// MaxNotice is the length of a notice, in characters.
	MaxNotice = 2_000
)

// Notice is what an outsider says about a text of a safe space: it gives away
// something of hers, or defames her. She may name the post, or repeat its words.
type Notice struct {
	Cause Cause  // Person or Defamation
	Post  string // may be ""
	Words string
}

// Notify takes a notice. A post that it names is hidden at once, if none was hidden so
// before, and a moderator looks at it within ReviewDays; hidden tells whether it was. Faults: Invalid on the
// field; TooMany.
func (r *Room) Notify(ctx context.Context, space string, n Notice) (hidden bool, err error) {
	defer fault.Wrap(&err, "mask.Notify")
	n.Words, n.Post = strings.TrimSpace(n.Words), strings.TrimSpace(n.Post)
	switch {
	case n.Cause != Person && n.Cause != Defamation:
		return false, fault.On("cause", fault.Invalid, "fault.choose")
	case utf8.RuneCountInString(n.Words) < 5:
		return false, fault.On("words", fault.Invalid, "fault.empty")
	case utf8.RuneCountInString(n.Words) > MaxNotice:
		return false, fault.On("words", fault.Invalid, "fault.too_long", MaxNotice)
	}
	if _, err := r.space(ctx, space); err != nil {
		return false, err
	}
	return hidden, r.DB.Write(ctx, func(tx *safedb.Tx) (err error) {
		tx.AfterCommit(r.decided(space))
		hidden, err = r.notify(tx, place{space, n.Post}, n)
		return err
	})
}

func (r *Room) notify(tx *safedb.Tx, at place, n Notice) (hidden bool, err error) {
	hasty, before := 0, 0
	p, found, err := postAt(tx, at)
	if err != nil {
		return false, err
	}
	if n.Post != "" && (!found || p.state != postShown && p.state != postHidden) {
		return false, fault.On("post", fault.Invalid, "mask.notice.no_post")
	}
	if err := roomForNotice(tx, at); err != nil {
		return false, err
	}
	who := make([]byte, 16)
	_, _ = rand.Read(who)
	if _, err := tx.Exec(qReport, at.space, at.id, who, p.mask, string(n.Cause), n.Words, epoch.OfDay(r.day()), 0); err != nil {
		return false, err
	}
	if _, err := tx.Row(qHastyMany, []any{at.space}, &hasty); err != nil {
		return false, err
	}
	if _, err := tx.Row(qHastyBefore, []any{at.space, at.id}, &before); err != nil {
		return false, err
	}
	// Once only: whoever could hide a post in haste again and again would silence it alone.
	if found && p.state == postShown && hasty < mostHasty && before == 0 {
		d := Decision{Space: at.space, ID: newID(), Deed: Hide, Post: at.id, Mask: p.mask, Day: r.day(), Until: r.day() + ReviewDays, Standing: Stands}
		if err := turn(tx, at, postShown, postHidden); err != nil {
			return false, err
		}
		return true, write(tx, Signed{Decision: d})
	}
	return false, recount(tx, place{at.space, p.mask})
}

// roomForNotice refuses a notice where very many wait for a moderator already.
func roomForNotice(tx *safedb.Tx, at place) error {
	open := 0
	if _, err := tx.Row(qNotices, []any{at.space, at.id}, &open); err != nil {
		return err
	}
	switch {
	case at.id == "" && open >= mostNameless:
		return fault.New(fault.TooMany, "mask.notice.many")
	case at.id != "" && open >= mostNotices:
		return fault.New(fault.TooMany, "mask.notice.known")
	}
	return nil
}

const qHastyBefore = `SELECT COUNT(*) FROM decision WHERE space = $1 AND post = $2 AND deed = 'hide' AND hand = ''`

const qNotices = `SELECT COUNT(*) FROM report WHERE space = $1 AND post = $2 AND known = 0 AND state = 0`

// lapse shows again what was hidden in haste and nobody looked at in time. The
// notice itself stays in the queue.
func (r *Room) lapse(tx *safedb.Tx, now int) error {
	var due []Signed
	err := tx.Rows(qHastyDue, func(scan func(...any) error) error {
		s, err := scanDecision(scan)
		due = append(due, s)
		return err
	}, epoch.DayOfTick(now))
	if err != nil {
		return err
	}
	for _, s := range due {
		if _, err := r.undo(tx, s.Decision, Signed{Decision: Decision{Day: epoch.DayOfTick(now)}}); err != nil {
			return err
		}
	}
	return nil
}
