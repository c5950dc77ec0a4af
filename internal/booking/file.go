package booking

import (
	"bytes"
	"context"
	"time"

	"guildhall/internal/calendar"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// meeting is a booking as other calendars take it. host is the hall's own.
func (r *Room) meeting(b Booking, host, title string) calendar.Meeting {
	return calendar.Meeting{UID: b.ID + "@" + host, Title: title, Start: b.Start, End: b.End, Version: b.Version, Stamp: r.Now(),
		Cancelled: b.State == Cancelled, Tentative: b.State == Held || b.State == Offered, Remind: title}
}

// Invitation is a visitor's booking as a file that calendars import; titled says what
// stands in it. Faults: NotFound.
func (r *Room) Invitation(ctx context.Context, secret, host string, titled func(Booking) string) (file []byte, err error) {
	defer fault.Wrap(&err, "booking.Invitation")
	b, err := r.booking(ctx, qFind, hashed(secret))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = calendar.Write(&out, "", r.meeting(b, host, titled(b)))
	return out.Bytes(), err
}

// OwnAddress makes a new secret for the feed of one's own bookings; the one before is
// good no more. Faults: SignIn; NotFound without rules.
func (r *Room) OwnAddress(ctx context.Context, a Actor) (secret string, err error) {
	defer fault.Wrap(&err, "booking.OwnAddress")
	if err := MayOffer(a); err != nil {
		return "", err
	}
	secret = ident.Random()
	return secret, r.DB.Tx(ctx, func(ctx context.Context) error {
		n, err := r.DB.Exec(ctx, qSetOwn, string(a.Face), hashed(secret))
		if err == nil && n == 0 {
			err = noSuch()
		}
		return err
	})
}

// OwnFeed is the calendar of one's own bookings, for whoever has its secret: what has
// been for a month, and all that comes. Faults: NotFound.
func (r *Room) OwnFeed(ctx context.Context, secret, host, name string, titled func(Booking) string) (file []byte, err error) {
	defer fault.Wrap(&err, "booking.OwnFeed")
	var f face.ID
	found, err := r.DB.Row(ctx, qOwnedBy, []any{hashed(secret)}, &f)
	if err == nil && !found {
		err = noSuch()
	}
	if err != nil {
		return nil, err
	}
	now := r.Now()
	list, err := r.bookings(ctx, qBetween, string(f), micros(now.AddDate(0, -1, 0)), micros(now.Add((MaxAhead+2)*24*time.Hour)))
	if err != nil {
		return nil, err
	}
	meetings := make([]calendar.Meeting, len(list))
	for i, b := range list {
		meetings[i] = r.meeting(b, host, titled(b))
	}
	var out bytes.Buffer
	err = calendar.Write(&out, name, meetings...)
	return out.Bytes(), err
}
