package booking

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/typed"
)

// errTurn says that somebody else's booking came between looking and writing.
var errTurn = errors.New("booking: another turn")

// hashed is a secret as it is stored.
func hashed(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

// turns runs f in a transaction, again when somebody else's booking came between.
func (r *Room) turns(ctx context.Context, f func(context.Context) error) (err error) {
	for range 10 {
		if err = r.DB.Tx(ctx, f); !errors.Is(err, errTurn) {
			return err
		}
	}
	return fault.New(fault.Conflict, "booking.taken").Because(err)
}

// turn is the compare-and-set: nobody has booked here since the page was read.
func (r *Room) turn(ctx context.Context, p Page) error {
	n, err := r.DB.Exec(ctx, qTurn, string(p.Face), p.turn)
	if err == nil && n == 0 {
		err = errTurn
	}
	return err
}

// Visitor is how whoever books calls herself. Faults: Invalid on "name".
func Visitor(name string) (string, error) { return typed.Line("name", name, 1, 80) }

// Book takes a slot. The secret is the visitor's: whoever has it moves and cancels. The
// booking is held when it is unknown what else lies there. Faults: NotFound; Invalid on
// "name"; Conflict when the slot is not, or no more, on offer.
func (r *Room) Book(ctx context.Context, f face.ID, kind string, start time.Time, visitor string) (b Booking, secret string, err error) {
	defer fault.Wrap(&err, "booking.Book")
	if visitor, err = Visitor(visitor); err != nil {
		return b, "", err
	}
	secret, id := ident.Random(), ident.Random()
	err = r.turns(ctx, func(ctx context.Context) error {
		p, err := r.page(ctx, f)
		if err != nil {
			return err
		}
		k, err := r.kind(ctx, f, kind)
		if err != nil {
			return err
		}
		ok, unknown, err := r.offered(ctx, p, k, start, "")
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(fault.Conflict, "booking.taken")
		}
		if err := r.turn(ctx, p); err != nil {
			return err
		}
		b = Booking{ID: id, Face: f, Kind: k.ID, Title: k.Name, Start: start.UTC(), End: start.Add(k.Length).UTC(), Visitor: visitor, State: firmOr(unknown), before: k.Before, after: k.After}
		if err := r.write(ctx, b, hashed(secret)); err != nil {
			return err
		}
		return r.Events.Append(ctx, EventBooked, string(f), nil)
	})
	return b, secret, err
}

// firmOr is the state of what a visitor has taken.
func firmOr(unknown bool) string {
	if unknown {
		return Held
	}
	return Firm
}

// write inserts a booking.
func (r *Room) write(ctx context.Context, b Booking, key string) error {
	_, err := r.DB.Exec(ctx, qBook, b.ID, string(b.Face), b.Kind, b.Title, micros(b.Start), micros(b.End), int64(b.before/time.Minute), int64(b.after/time.Minute),
		b.Visitor, key, b.State, micros(b.Until))
	return err
}

// Find is the booking of a secret. Faults: NotFound.
func (r *Room) Find(ctx context.Context, secret string) (b Booking, err error) {
	defer fault.Wrap(&err, "booking.Find")
	return r.booking(ctx, qFind, hashed(secret))
}

// One is a booking of one's own, cancelled or not. Faults: SignIn, NotFound.
func (r *Room) One(ctx context.Context, a Actor, id string) (b Booking, err error) {
	defer fault.Wrap(&err, "booking.One")
	if err := MayOffer(a); err != nil {
		return b, err
	}
	if b, err = r.booking(ctx, qOne, id); err == nil && b.Face != a.Face {
		err = noSuch()
	}
	return b, err
}

// Move takes another slot of the same kind for a visitor's booking; the same one changes
// nothing. Faults: NotFound; Conflict when it is cancelled or over, was moved MostMoves
// times, or the slot is not on offer.
func (r *Room) Move(ctx context.Context, secret string, start time.Time) (err error) {
	defer fault.Wrap(&err, "booking.Move")
	return r.turns(ctx, func(ctx context.Context) error {
		b, err := r.booking(ctx, qFind, hashed(secret))
		if err != nil {
			return err
		}
		if err := MayMove(b, r.Now()); err != nil || b.Start.Equal(start) {
			return err
		}
		if err := r.move(ctx, b, start, false); err != nil {
			return err
		}
		return r.Events.Append(ctx, EventMoved, string(b.Face), nil)
	})
}

// MoveOwn is Move by whoever is booked: it is firm then. Faults: as Move; SignIn.
func (r *Room) MoveOwn(ctx context.Context, a Actor, id string, start time.Time) (err error) {
	defer fault.Wrap(&err, "booking.MoveOwn")
	return r.turns(ctx, func(ctx context.Context) error {
		b, err := r.own(ctx, a, id)
		if err != nil {
			return err
		}
		return r.move(ctx, b, start, true)
	})
}

// own is a booking of which its owner may dispose.
func (r *Room) own(ctx context.Context, a Actor, id string) (Booking, error) {
	if err := MayOffer(a); err != nil {
		return Booking{}, err
	}
	b, err := r.booking(ctx, qOne, id)
	if err == nil {
		err = MayDispose(a, b)
	}
	return b, err
}

// move puts a booking elsewhere; what it leaves is offered to whoever waits.
func (r *Room) move(ctx context.Context, b Booking, start time.Time, byOwner bool) error {
	p, err := r.page(ctx, b.Face)
	if err != nil {
		return err
	}
	k, err := r.kind(ctx, b.Face, b.Kind)
	if err != nil {
		return err
	}
	ok, unknown, err := r.offered(ctx, p, k, start, b.ID)
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.Conflict, "booking.taken")
	}
	if err := r.turn(ctx, p); err != nil {
		return err
	}
	if _, err := r.DB.Exec(ctx, qMove, b.ID, micros(start), micros(start.Add(k.Length)), firmOr(unknown && !byOwner)); err != nil {
		return err
	}
	return r.freed(ctx, b)
}

// Cancel is the visitor's. Faults: NotFound; Conflict when it is cancelled.
func (r *Room) Cancel(ctx context.Context, secret string) (err error) {
	defer fault.Wrap(&err, "booking.Cancel")
	return r.turns(ctx, func(ctx context.Context) error {
		b, err := r.booking(ctx, qFind, hashed(secret))
		if err != nil {
			return err
		}
		if err := MayChange(b); err != nil {
			return err
		}
		if err := r.cancel(ctx, b, 1); err != nil {
			return err
		}
		return r.Events.Append(ctx, EventCancelled, string(b.Face), nil)
	})
}

// CancelOwn is Cancel by whoever is booked. Faults: as Cancel; SignIn.
func (r *Room) CancelOwn(ctx context.Context, a Actor, id string) (err error) {
	defer fault.Wrap(&err, "booking.CancelOwn")
	return r.turns(ctx, func(ctx context.Context) error {
		b, err := r.own(ctx, a, id)
		if err != nil {
			return err
		}
		return r.cancel(ctx, b, 0)
	})
}

// cancel writes it, once, and offers the slot to whoever waits.
func (r *Room) cancel(ctx context.Context, b Booking, byVisitor int) error {
	p, err := r.page(ctx, b.Face)
	if err != nil {
		return err
	}
	if err := r.turn(ctx, p); err != nil {
		return err
	}
	if _, err := r.DB.Exec(ctx, qCancel, b.ID, byVisitor); err != nil {
		return err
	}
	return r.freed(ctx, b)
}

// Confirm says yes to a booking that is held. Faults: SignIn, NotFound; Conflict when it
// is cancelled, or nothing waits for a yes.
func (r *Room) Confirm(ctx context.Context, a Actor, id string) (err error) {
	defer fault.Wrap(&err, "booking.Confirm")
	return r.turns(ctx, func(ctx context.Context) error {
		b, err := r.own(ctx, a, id)
		if err != nil {
			return err
		}
		return r.firm(ctx, b, Held, Firm)
	})
}

// firm changes a state, if it is the expected one.
func (r *Room) firm(ctx context.Context, b Booking, from, to string) error {
	if b.State != from {
		return fault.New(fault.Conflict, "booking.may.nothing_waits")
	}
	p, err := r.page(ctx, b.Face)
	if err != nil {
		return err
	}
	if err := r.turn(ctx, p); err != nil {
		return err
	}
	_, err = r.DB.Exec(ctx, qState, b.ID, to)
	return err
}

// Bookings lists one's own that lie in [from, to), cancelled ones too. Faults: SignIn.
func (r *Room) Bookings(ctx context.Context, a Actor, from, to time.Time) (list []Booking, err error) {
	defer fault.Wrap(&err, "booking.Bookings")
	if err := MayOffer(a); err != nil {
		return nil, err
	}
	return r.bookings(ctx, qBetween, string(a.Face), micros(from), micros(to))
}
