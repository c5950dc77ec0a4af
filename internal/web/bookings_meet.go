package web

import (
	"context"
	"time"

	"guildhall/internal/booking"
	"guildhall/internal/call"
	"guildhall/internal/face"
	"guildhall/internal/web/answer"
	bookingpage "guildhall/internal/web/page/booking"
)

// begins are the reader's meetings that begin now, as they ring on her open pages: also in her
// quiet hours, since she has agreed to that minute.
func (d *Door) begins(r *answer.Request, by face.ID) (out []ring, err error) {
	list, err := d.Bookings.Ringing(r.Context(), booking.Actor{Face: by})
	l := r.Viewer.Lang
	for _, b := range list {
		out = append(out, ring{ID: call.ID(b.ID), Text: l.T("booking.begins", b.Visitor), Answer: l.T("booking.begins.open"), Decline: l.T("booking.begins.away"),
			Quiet: d.Now().After(b.Start.Add(booking.RingsFor)), Href: bookingpage.MeetingHref(b)})
	}
	return out, err
}

// putAwayMeeting lets a meeting that begins ring no more.
func (d *Door) putAwayMeeting(r *answer.Request, by face.ID) (any, error) {
	return struct{}{}, d.Bookings.PutAway(r.Context(), booking.Actor{Face: by}, r.PathValue("id"))
}

// lately are the reader's meetings that have not taken place, as long as they can be moved.
func (d *Door) lately(ctx context.Context, me booking.Actor, now time.Time) (out []booking.Booking, err error) {
	list, err := d.Bookings.Bookings(ctx, me, now.Add(-booking.AgainFor), now)
	for _, b := range list {
		if b.Outcome == booking.Unmet && !b.End.After(now) {
			out = append(out, b)
		}
	}
	return out, err
}
