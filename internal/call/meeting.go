package call

import "context"

// A guest who has booked a meeting calls at its minute. What permits that is the booking and
// not the link, whose key is used: so it rings in hours in which the link does not.

// BeginByBooking is BeginByLink for whoever has booked a meeting. Faults: as BeginByLink.
func (r *Room) BeginByBooking(ctx context.Context, link Link, booking, name, asked string) (c Call, secret string, err error) {
	return r.begin(ctx, link, booking, name, asked)
}

// booking is the booking by which a call came, or "".
func (r *Room) booking(ctx context.Context, c Call) (string, error) {
	if !c.ByGuest() {
		return "", nil
	}
	var g Guest
	_, err := r.config.DB.Row(ctx, qGuest, []any{string(c.ID)}, &g.Link, &g.Name, &g.Asked, &g.Answered, &g.Opened, &g.Booking)
	return g.Booking, err
}

// wakeTx wakes devices of the called, those of a rung.
func (r *Room) wakeTx(ctx context.Context, c Call, rung int) error {
	booking, err := r.booking(ctx, c)
	if err != nil {
		return err
	}
	if booking != "" {
		return r.config.Join(ctx, c.To, rung)
	}
	return r.config.Ring(ctx, c.To, rung)
}

// metTx says on that a call from a booking was answered.
func (r *Room) metTx(ctx context.Context, g Guest) error {
	if g.Booking == "" {
		return nil
	}
	return r.config.Met(ctx, g.Booking)
}
