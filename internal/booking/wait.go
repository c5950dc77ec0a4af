package booking

import (
	"context"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// dayOf is a moment's day since 1970 by the clock of a zone.
func dayOf(t time.Time, zone *time.Location) int64 {
	_, offset := t.In(zone).Zone()
	return (t.Unix() + int64(offset)) / (24 * 3600)
}

// Wait puts a visitor on the list: what becomes free from one day to another (both
// among them, by the clock of whoever is booked) is offered to her in her turn. The
// secret then finds the booking. Faults: NotFound; Invalid on "name" or "to"; TooMany.
func (r *Room) Wait(ctx context.Context, f face.ID, kind string, from, to time.Time, visitor string) (secret string, err error) {
	defer fault.Wrap(&err, "booking.Wait")
	if visitor, err = Visitor(visitor); err != nil {
		return "", err
	}
	if to.Before(from) || to.Sub(from) > MaxWindow || to.Before(r.Now()) {
		return "", fault.On("to", fault.Invalid, "booking.window")
	}
	secret, id := ident.Random(), ident.Random()
	return secret, r.DB.Tx(ctx, func(ctx context.Context) error {
		p, err := r.page(ctx, f)
		if err != nil {
			return err
		}
		if _, err := r.kind(ctx, f, kind); err != nil {
			return err
		}
		list, err := r.waits(ctx, f)
		if err != nil {
			return err
		}
		if len(list) >= MaxWaits {
			return fault.New(fault.TooMany, "booking.wait.many")
		}
		_, err = r.DB.Exec(ctx, qWait, id, string(f), kind, dayOf(from, p.Rules.Zone), dayOf(to, p.Rules.Zone), visitor, hashed(secret))
		return err
	})
}

// Waits tells whether a secret is a place on the list. Faults: NotFound.
func (r *Room) Waits(ctx context.Context, secret string) (err error) {
	defer fault.Wrap(&err, "booking.Waits")
	n := 0
	found, err := r.DB.Row(ctx, qWaiting, []any{hashed(secret)}, &n)
	if err == nil && !found {
		err = noSuch()
	}
	return err
}

// Leave takes a visitor off the list. Faults: NotFound.
func (r *Room) Leave(ctx context.Context, secret string) (err error) {
	defer fault.Wrap(&err, "booking.Leave")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		n, err := r.DB.Exec(ctx, qLeave, hashed(secret))
		if err == nil && n == 0 {
			err = noSuch()
		}
		return err
	})
}

// Waiting is how many wait for a slot of one's own. Faults: SignIn.
func (r *Room) Waiting(ctx context.Context, a Actor) (n int, err error) {
	defer fault.Wrap(&err, "booking.Waiting")
	if err := MayOffer(a); err != nil {
		return 0, err
	}
	list, err := r.waits(ctx, a.Face)
	return len(list), err
}

// ClearWaits lets all go who wait for a slot of one's own. Faults: SignIn.
func (r *Room) ClearWaits(ctx context.Context, a Actor) (err error) {
	defer fault.Wrap(&err, "booking.ClearWaits")
	if err := MayOffer(a); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, qForgetWaits, string(a.Face))
		return err
	})
}

// freed offers what a booking leaves to the first who waits for such a slot. The caller
// has had the page's turn in this transaction.
func (r *Room) freed(ctx context.Context, b Booking) error {
	p, err := r.page(ctx, b.Face)
	if err != nil {
		return err
	}
	list, err := r.waits(ctx, b.Face)
	if err != nil {
		return err
	}
	day := dayOf(b.Start, p.Rules.Zone)
	for _, w := range list {
		if w.kind != b.Kind || day < w.from || day > w.to {
			continue
		}
		k, err := r.kind(ctx, w.face, w.kind)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		ok, _, err := r.offered(ctx, p, k, b.Start, "")
		if err != nil || !ok {
			return err
		}
		if _, err := r.DB.Exec(ctx, qLeave, w.key); err != nil {
			return err
		}
		until := r.Now().Add(OfferLasts)
		if b.Start.Before(until) {
			until = b.Start
		}
		return r.write(ctx, Booking{ID: ident.Random(), Face: w.face, Kind: k.ID, Title: k.Name, Start: b.Start, End: b.Start.Add(k.Length), Visitor: w.visitor,
			State: Offered, Until: until, before: k.Before, after: k.After}, w.key)
	}
	return nil
}

// Accept takes what was offered. Faults: NotFound; Conflict when nothing is, or it has
// lapsed.
func (r *Room) Accept(ctx context.Context, secret string) (err error) {
	defer fault.Wrap(&err, "booking.Accept")
	return r.turns(ctx, func(ctx context.Context) error {
		b, err := r.booking(ctx, qFind, hashed(secret))
		if err != nil {
			return err
		}
		if err := MayChange(b); err != nil {
			return err
		}
		if b.State == Offered && !r.Now().Before(b.Until) {
			return fault.New(fault.Conflict, "booking.taken")
		}
		feeds, err := r.feeds(ctx, qFeeds, string(b.Face))
		if err != nil {
			return err
		}
		unknown := false
		for _, f := range feeds {
			unknown = unknown || !f.unknown(r.Now()).IsZero()
		}
		if err := r.firm(ctx, b, Offered, firmOr(unknown)); err != nil {
			return err
		}
		return r.Events.Append(ctx, EventBooked, string(b.Face), nil)
	})
}

// Keep lets go of offers that nobody has taken, for the next who waits, and of what has
// long been over.
func (r *Room) Keep(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "booking.Keep")
	now := r.Now()
	list, err := r.bookings(ctx, qLapsed, micros(now))
	if err != nil {
		return err
	}
	for _, b := range list {
		err := r.turns(ctx, func(ctx context.Context) error {
			b, err := r.booking(ctx, qOne, b.ID)
			if err != nil || b.State != Offered || now.Before(b.Until) {
				return err
			}
			return r.cancel(ctx, b, 1)
		})
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.DB.Exec(ctx, qOver, micros(now.Add(-Kept))); err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qOverWait, now.Unix()/(24*3600)-2); err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qOrphans); err != nil {
			return err
		}
		_, err := r.DB.Exec(ctx, qRingsGone)
		return err
	})
}
