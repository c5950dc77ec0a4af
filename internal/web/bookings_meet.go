package web

import (
	"context"
	"time"

	"guildhall/internal/booking"
	"guildhall/internal/call"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/web/answer"
	bookingpage "guildhall/internal/web/page/booking"
	callpage "guildhall/internal/web/page/call"
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

// meetingLinks are the links of somebody by which she can be called at meetings: those that
// are good for many calls, and not burnt.
func (d *Door) meetingLinks(ctx context.Context, f face.ID) (out []call.Link, err error) {
	list, err := d.Calls.Links(ctx, f)
	for _, l := range list {
		if !l.Once && l.State != call.Burnt {
			out = append(out, l)
		}
	}
	return out, err
}

// meetingLink is the one that she has chosen; the zero one when there is none, or no more.
func (d *Door) meetingLink(ctx context.Context, p booking.Page) (call.Link, error) {
	if p.Link == "" {
		return call.Link{}, nil
	}
	list, err := d.meetingLinks(ctx, p.Face)
	for _, l := range list {
		if l.ID == p.Link {
			return l, err
		}
	}
	return call.Link{}, err
}

// setMeetingLink chooses by which link the reader is called at meetings.
func (d *Door) setMeetingLink(w *answer.Writer, r *answer.Request) error {
	link := r.Text("link")
	return d.setting(w, r, func(ctx context.Context) error {
		me := booked(r)
		if err := booking.MayOffer(me); err != nil {
			return err
		}
		list, err := d.meetingLinks(ctx, me.Face)
		if err != nil {
			return err
		}
		for _, l := range list {
			if l.ID == link {
				return d.Bookings.SetLink(ctx, me, link)
			}
		}
		if link != "" {
			return fault.On("link", fault.Invalid, "fault.choose")
		}
		return d.Bookings.SetLink(ctx, me, "")
	}, func(p *bookingpage.SetPage) { p.Link = link })
}

// bell is what rings for a booking at its visitor's.
func (d *Door) bell(ctx context.Context, p bookingpage.LinkPage, page booking.Page) (*callpage.MeetingPage, error) {
	l, err := d.meetingLink(ctx, page)
	m := &callpage.MeetingPage{At: bookingpage.LinkHref(p.Secret), With: p.Face.Name, State: p.Booking.State, Start: p.Booking.Start}
	if l.ID != "" {
		l.Shown = p.Face.Name // whom she has booked she knows
		m.Call = callpage.GuestPage{Link: l, At: m.At, Visitor: p.Booking.Visitor}
	}
	return m, err
}

// meetingStands is how a meeting stands, for its visitor's page, whose clock may be wrong.
type meetingStands struct {
	Now   int64  `json:"now"` // ms since 1970
	Start int64  `json:"start"`
	End   int64  `json:"end"`
	Opens int64  `json:"opens"`
	State string `json:"state"`
	Open  bool   `json:"open"`           // she may call
	Work  string `json:"work,omitempty"` // token of what it costs
}

func (d *Door) meetingNow(r *answer.Request) (any, error) {
	b, err := d.Bookings.Find(r.Context(), r.PathValue("secret"))
	if err != nil {
		return nil, err
	}
	now := d.Now()
	s := meetingStands{now.UnixMilli(), b.Start.UnixMilli(), b.End.UnixMilli(), b.Start.Add(-booking.JoinBefore).UnixMilli(), b.State, booking.MayJoin(b, now) == nil, ""}
	if s.Open && d.RingWork != nil {
		s.Work = d.RingWork.Token()
	}
	return s, nil
}

// ringByBooking calls whoever is booked, at the minute she has agreed to: what permits it is
// the booking, and not the hours of the link whose key is used.
func (d *Door) ringByBooking(r *answer.Request) (any, error) {
	var in struct{ Asked, Seat, Work string }
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	if len(in.Seat) != seatLength {
		return nil, fault.New(fault.Invalid, "fault.not_text")
	}
	b, err := d.Bookings.Find(r.Context(), r.PathValue("secret"))
	if err == nil {
		err = booking.MayJoin(b, d.Now())
	}
	if err != nil {
		return nil, err
	}
	page, err := d.Bookings.Page(r.Context(), b.Face)
	if err != nil {
		return nil, err
	}
	l, err := d.meetingLink(r.Context(), page)
	if err == nil {
		err = call.MayRing(l)
	}
	if err != nil {
		return nil, err
	}
	if err := d.mayRing(r, "meeting "+b.ID, in.Work); err != nil {
		return nil, err
	}
	name := []rune(b.Visitor)
	c, secret, err := d.Calls.BeginByBooking(r.Context(), l, b.ID, string(name[:min(len(name), call.MaxName)]), in.Asked)
	return d.begun(c, secret, in.Seat, err)
}
