package account

import (
	"context"
	"time"

	"guildhall/internal/booking"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/member"
)

// booked is how she can be booked, by whom she is, and whose calendars are read. The
// visitors' own secrets are not known here.
type booked struct {
	Rules    string    `json:"rules"`
	CallLink string    `json:"call_link,omitempty"` // number of the link by which she is called at meetings
	Kinds    []string  `json:"kinds"`
	Feeds    []string  `json:"feeds"`
	Meetings []meeting `json:"meetings"`
}

type meeting struct {
	Title   string    `json:"title"`
	Start   time.Time `json:"start"`
	End     time.Time `json:"end"`
	Visitor string    `json:"visitor"`
	State   string    `json:"state"`
	Outcome string    `json:"outcome,omitempty"` // met, unmet
}

func (d *Door) exportBookings(ctx context.Context, s member.Session, x *exported) error {
	me := booking.Actor{Face: face.ID(s.Face)}
	page, err := d.Bookings.Page(ctx, me.Face)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	b := &x.Booked
	b.Rules, b.CallLink = page.Text, page.Link
	kinds, err := d.Bookings.Kinds(ctx, me.Face)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		b.Kinds = append(b.Kinds, k.Name)
	}
	feeds, err := d.Bookings.Feeds(ctx, me)
	if err != nil {
		return err
	}
	for _, f := range feeds {
		at := f.Address
		if f.Login != "" {
			at += " · " + f.Login // the word is no record of hers, but a key
		}
		b.Feeds = append(b.Feeds, at)
	}
	list, err := d.Bookings.Bookings(ctx, me, time.Time{}.AddDate(1969, 0, 0), time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC))
	for _, m := range list {
		b.Meetings = append(b.Meetings, meeting{m.Title, m.Start, m.End, m.Visitor, m.State, m.Outcome})
	}
	return err
}
