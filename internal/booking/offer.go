package booking

import (
	"context"
	"slices"
	"time"

	"guildhall/internal/calendar"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Offers gives the free slots of a kind in [from, to). Faults: NotFound; Invalid on "to"
// when that is too long.
func (r *Room) Offers(ctx context.Context, f face.ID, kind string, from, to time.Time) (o Offer, err error) {
	return r.OffersBut(ctx, f, kind, from, to, "")
}

// OffersBut is Offers as if one booking were not there: that is where it can be moved to.
// Faults: as Offers.
func (r *Room) OffersBut(ctx context.Context, f face.ID, kind string, from, to time.Time, but string) (o Offer, err error) {
	defer fault.Wrap(&err, "booking.OffersBut")
	if !from.Before(to) || to.Sub(from) > MaxWindow {
		return o, fault.On("to", fault.Invalid, "booking.window")
	}
	err = r.DB.View(ctx, func(ctx context.Context) error {
		p, err := r.page(ctx, f)
		if err != nil {
			return err
		}
		k, err := r.kind(ctx, f, kind)
		if err != nil {
			return err
		}
		o, err = r.offers(ctx, p, k, from, to, but)
		return err
	})
	return o, err
}

// offers is Offers in a transaction; one booking may be left out, to be moved.
func (r *Room) offers(ctx context.Context, p Page, k Kind, from, to time.Time, but string) (Offer, error) {
	now := r.Now()
	o := Offer{Kind: k, Zone: p.Rules.Zone}
	feeds, err := r.feeds(ctx, qFeeds, string(p.Face))
	if err != nil {
		return o, err
	}
	var busy []calendar.Interval
	for _, f := range feeds {
		busy = append(busy, f.busy...)
		if since := f.unknown(now); !since.IsZero() && (o.Unknown.IsZero() || since.Before(o.Unknown)) {
			o.Unknown = since
		}
	}
	// What lies a day away can reach here, and counts for the daily limit of its day.
	around := 48 * time.Hour
	list, err := r.bookings(ctx, qBetween, string(p.Face), micros(from.Add(-around)), micros(to.Add(around)))
	if err != nil {
		return o, err
	}
	list = slices.DeleteFunc(list, func(b Booking) bool { return b.State == Cancelled || b.ID == but })
	var booked, kept []calendar.Interval
	for _, b := range list {
		booked = append(booked, calendar.Interval{Start: b.Start, End: b.End})
		kept = append(kept, calendar.Interval{Start: b.Start.Add(-b.before), End: b.End.Add(b.after)})
	}
	rules := p.Rules
	rules.Length, rules.Before, rules.After, rules.Step = k.Length, k.Before, k.After, k.Step
	if rules.Step == 0 {
		rules.Step = k.Length
	}
	if rules.Horizon == 0 || rules.Horizon > MaxAhead {
		rules.Horizon = MaxAhead
	}
	// What is kept free around others' meetings is theirs, whatever kind comes now; two
	// such stretches may lie in each other.
	kept = calendar.Merge(kept)
	o.Slots = slices.DeleteFunc(rules.Slots(from, to, now, busy, booked), func(s calendar.Interval) bool {
		i, _ := slices.BinarySearchFunc(kept, s.Start, func(x calendar.Interval, t time.Time) int {
			if x.End.After(t) {
				return 1
			}
			return -1
		})
		return i < len(kept) && kept[i].Start.Before(s.End)
	})
	return o, nil
}

// unknown tells since when nobody knows what a feed says; zero: it is known.
func (f Feed) unknown(now time.Time) time.Time {
	switch {
	case !f.Unknown.IsZero():
		return f.Unknown
	case now.Sub(f.Known) > Stale:
		return f.Known
	}
	return time.Time{}
}

// offered tells whether just this slot is one of those on offer, and whether it is
// unknown what else lies there.
func (r *Room) offered(ctx context.Context, p Page, k Kind, start time.Time, but string) (ok, unknown bool, err error) {
	o, err := r.offers(ctx, p, k, start, start.Add(k.Length), but)
	ok = slices.ContainsFunc(o.Slots, func(s calendar.Interval) bool { return s.Start.Equal(start) })
	return ok, !o.Unknown.IsZero(), err
}
