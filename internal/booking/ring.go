package booking

import (
	"context"
	"errors"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// The minutes of a meeting, from its start.
const (
	RemindBefore = 10 * time.Minute    // whoever is booked is reminded
	JoinBefore   = 2 * time.Minute     // the visitor may ring from then on, until the end
	RingsFor     = 45 * time.Second    // as a call does
	TooLate      = 5 * time.Minute     // after which nobody is rung any more
	UnmetAfter   = 10 * time.Minute    // without a call it has not taken place
	AgainFor     = 14 * 24 * time.Hour // after its end, one that has not taken place can be moved
	lookBack     = 24 * time.Hour      // how long ago a meeting began of which anything is still noted
)

// What has been told of a meeting, in this order.
const (
	Reminded = "reminded"
	Rung     = "rung"
	Seen     = "seen" // and put away
	Late     = "late" // the hall was away, or the meeting became firm, after it began
)

// Outcomes of a meeting; none where the hall cannot know.
const (
	Met   = "met"   // a call from the booking was answered
	Unmet = "unmet" // none was in ten minutes; why, nobody is asked
)

const dueFrom = bookingColumns + `WHERE b.start_at > $1 AND b.start_at <= $2 AND b.state = 'firm' AND b.face_id <> '' AND c.booking_id IS NULL
		AND (COALESCE(g.told, '') IN ('', 'reminded') OR b.start_at <= $3 AND g.outcome = '' AND EXISTS (SELECT 1 FROM booking_page p WHERE p.face_id = b.face_id AND p.call_link <> ''))
		ORDER BY b.start_at, b.id`

var (
	qDueRings = db.SQL("booking.dueRings", dueFrom)
	qMark     = db.SQL("booking.mark", `INSERT INTO booking_ring (booking_id, start_at, told, outcome) VALUES ($1, $2, $3, $4)
		ON CONFLICT (booking_id) DO UPDATE SET start_at = excluded.start_at, told = excluded.told, outcome = excluded.outcome`)
	qRinging = db.SQL("booking.ringing", bookingColumns+`WHERE b.face_id = $1 AND b.start_at > $2 AND b.start_at <= $3 AND b.state = 'firm' AND c.booking_id IS NULL
		AND g.told = 'rung' AND g.outcome = '' ORDER BY b.start_at, b.id`)
	qRingsGone = db.SQL("booking.ringsGone", `DELETE FROM booking_ring WHERE NOT EXISTS (SELECT 1 FROM booking WHERE booking.id = booking_id AND face_id <> '')`)
	qSetLink   = db.SQL("booking.setLink", `UPDATE booking_page SET call_link = $2 WHERE face_id = $1`)
)

// Ring does what is due at this minute: reminds of meetings that begin soon, rings for those
// that begin, and notes of those that have begun long enough ago that they have not taken
// place. Each is marked in the transaction that rings for it, with the start it was marked
// for: nothing is rung twice, and what was moved is rung anew.
func (r *Room) Ring(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "booking.Ring")
	now := r.Now()
	due, err := r.bookings(ctx, qDueRings, micros(now.Add(-lookBack)), micros(now.Add(RemindBefore)), micros(now.Add(-UnmetAfter)))
	if err != nil {
		return err
	}
	errs := make([]error, len(due))
	for i, b := range due { // each for itself: what fails for one keeps nobody else from being rung
		errs[i] = r.DB.Tx(ctx, func(ctx context.Context) error { return r.ringTx(ctx, b.ID, now) })
	}
	return errors.Join(errs...)
}

// ringTx does what is due of one meeting, as it stands now.
func (r *Room) ringTx(ctx context.Context, id string, now time.Time) error {
	b, err := r.booking(ctx, qOne, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || b.State != Firm || b.Face == "" {
		return err
	}
	p, err := r.page(ctx, b.Face)
	if fault.Is(err, fault.NotFound) {
		return nil // she has taken her page away, and left the meeting
	}
	if err != nil {
		return err
	}
	since := now.Sub(b.Start)
	was, outcome := b.Told, b.Outcome
	switch {
	case since < -RemindBefore:
		return nil // moved meanwhile
	case since < 0 && b.Told == "":
		b.Told = Reminded
		err = r.told(ctx, r.Remind, b.Face)
	case since >= 0 && since <= TooLate && (b.Told == "" || b.Told == Reminded):
		b.Told = Rung
		db.AfterCommit(ctx, func() { r.tell(b.Face) })
		err = r.told(ctx, r.Begin, b.Face)
	case since > TooLate && (b.Told == "" || b.Told == Reminded):
		b.Told = Late
	}
	if since >= UnmetAfter && b.Outcome == "" && p.Link != "" {
		b.Outcome = Unmet
		db.AfterCommit(ctx, func() { r.tell(b.Face) })
	}
	if err != nil || b.Told == was && b.Outcome == outcome {
		return err
	}
	return r.markTx(ctx, b)
}

func (r *Room) told(ctx context.Context, how func(context.Context, face.ID) error, f face.ID) error {
	if how == nil {
		return nil
	}
	return how(ctx, f)
}

func (r *Room) tell(f face.ID) {
	if r.Tell != nil {
		r.Tell(f)
	}
}

func (r *Room) markTx(ctx context.Context, b Booking) error {
	_, err := r.DB.Exec(ctx, qMark, b.ID, micros(b.Start), b.Told, b.Outcome)
	return err
}

// Ringing lists one's own meetings that have just begun and were not put away. Faults: SignIn.
func (r *Room) Ringing(ctx context.Context, a Actor) (list []Booking, err error) {
	defer fault.Wrap(&err, "booking.Ringing")
	if err := MayOffer(a); err != nil {
		return nil, err
	}
	now := r.Now()
	return r.bookings(ctx, qRinging, string(a.Face), micros(now.Add(-UnmetAfter)), micros(now))
}

// PutAway lets a meeting of one's own ring no more. Faults: SignIn, NotFound.
func (r *Room) PutAway(ctx context.Context, a Actor, id string) (err error) {
	defer fault.Wrap(&err, "booking.PutAway")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		b, err := r.One(ctx, a, id)
		if err != nil || b.Told != Rung {
			return err
		}
		b.Told = Seen
		db.AfterCommit(ctx, func() { r.tell(b.Face) })
		return r.markTx(ctx, b)
	})
}

// Answered notes that both have met: a call from the booking was answered. It joins the
// transaction; of a booking that is gone nothing is noted.
func (r *Room) Answered(ctx context.Context, id string) (err error) {
	defer fault.Wrap(&err, "booking.Answered")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		b, err := r.booking(ctx, qOne, id)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil || MayJoin(b, r.Now()) != nil {
			return err
		}
		b.Told, b.Outcome = Seen, Met
		return r.markTx(ctx, b)
	})
}

// SetLink says by which call link one is called at meetings; "" for none. Whose it is the
// caller has seen. Faults: SignIn; Invalid; NotFound without rules.
func (r *Room) SetLink(ctx context.Context, a Actor, link string) (err error) {
	defer fault.Wrap(&err, "booking.SetLink")
	if err := MayOffer(a); err != nil {
		return err
	}
	if link != "" && !ident.Valid(link) {
		return fault.On("link", fault.Invalid, "fault.choose")
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		n, err := r.DB.Exec(ctx, qSetLink, string(a.Face), link)
		if err == nil && n == 0 {
			err = noSuch()
		}
		return err
	})
}
