package web

import (
	"context"

	"guildhall/internal/calendar"
	"guildhall/internal/call"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/web/answer"
	bookingpage "guildhall/internal/web/page/booking"
	callpage "guildhall/internal/web/page/call"
)

func (d *Door) registerGuests(m *answer.Mux) {
	m.Handle("GET /call/{name}", d.guestPage)
	m.Handle("POST /call/{name}/ring", anyJSON(d.ringByLink))
	m.Handle("POST /call/{name}/try", anyJSON(d.tryByLink))
	for path, do := range map[string]func(r *answer.Request, g guest) (any, error){
		"state": d.guestState, "seat": d.guestSeat, "digits": d.guestDigits, "end": d.guestEnd,
	} {
		m.Handle("POST /calls/{id}/guest/"+path, anyJSON(d.asGuest(do)))
	}
}

// anyJSON answers a script, whoever asks.
func anyJSON(h func(r *answer.Request) (any, error)) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		out, err := h(r)
		return saysJSON(w, r, out, err)
	}
}

// linkAt finds the link of an address: by its number, or her own by her handle.
func (d *Door) linkAt(r *answer.Request) (call.Link, error) {
	l, err := d.Calls.Link(r.Context(), r.PathValue("name"))
	if !fault.Is(err, fault.NotFound) {
		return l, err
	}
	f, err := d.Faces.ByHandle(r.Context(), r.PathValue("name"))
	if err == nil && f.Kind != face.Open {
		err = fault.New(fault.NotFound, "call.link.none")
	}
	if err != nil {
		return l, err
	}
	return d.Calls.OwnLink(r.Context(), f.ID)
}

// rules say when somebody's links ring: when she can be met, or else on workdays.
func (d *Door) rules(ctx context.Context, l call.Link) (rules calendar.Rules, own bool, err error) {
	p, err := d.Bookings.Page(ctx, l.Face)
	if err == nil || !fault.Is(err, fault.NotFound) {
		return p.Rules, true, err
	}
	zone, err := calendar.Zone(l.Zone)
	return calendar.Workdays(zone), false, err
}

// guestPage is where somebody without an account calls.
func (d *Door) guestPage(w *answer.Writer, r *answer.Request) error {
	l, err := d.linkAt(r)
	if err != nil {
		return err
	}
	rules, _, err := d.rules(r.Context(), l)
	if err != nil {
		return err
	}
	p := callpage.GuestPage{Link: l, Name: r.PathValue("name"), Open: rules.Open(d.Now())}
	if l.Named {
		faces, err := d.Faces.Faces(r.Context(), []face.ID{l.Face})
		if err != nil {
			return err
		}
		p.Face = faces[l.Face]
		kinds, err := d.Bookings.Kinds(r.Context(), l.Face)
		if err != nil {
			return err
		}
		if len(kinds) > 0 {
			p.Booking = bookingpage.OfferHref(p.Face)
		}
	}
	if d.RingWork != nil {
		p.Work, p.Trial = d.RingWork.Token(), d.RingWork.Token()
	}
	answer.ForCalls(w.Header())
	w.Header().Set("Cache-Control", "private, no-store") // whether she can be reached changes with the minute
	return w.Show(200, callpage.Guest(p))
}

// ringByLink begins a call by a link; it rings once the guest's page has its seat.
func (d *Door) ringByLink(r *answer.Request) (any, error) {
	var in struct{ Name, Asked, Seat, Work string }
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	if len(in.Seat) != seatLength {
		return nil, fault.New(fault.Invalid, "fault.not_text")
	}
	l, err := d.linkAt(r)
	if err == nil {
		err = call.MayRing(l)
	}
	if err != nil {
		return nil, err
	}
	rules, _, err := d.rules(r.Context(), l)
	if err != nil {
		return nil, err
	}
	if !rules.Open(d.Now()) {
		return nil, fault.New(fault.Conflict, "call.link.closed")
	}
	if err := d.mayRing(r, l.ID, in.Work); err != nil {
		return nil, err
	}
	c, secret, err := d.Calls.BeginByLink(r.Context(), l, in.Name, in.Asked)
	return d.begun(c, secret, in.Seat, err)
}

// mayRing lets guests ring so often from an address, so often by what permits it, and for a
// little work; and only if what is said can be carried.
func (d *Door) mayRing(r *answer.Request, by, work string) error {
	if err := d.Guests.Take(d.Addresses.Key(r.Request)); err != nil {
		return err
	}
	if err := worked(d.RingWork, work, d.GuestsUnworked); err != nil {
		return err
	}
	if err := d.ByLink.Take(by); err != nil {
		return err
	}
	return d.carried(r.Context())
}

// begun lets a guest's page into the call that it has begun.
func (d *Door) begun(c call.Call, secret, seat string, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return struct {
		Call   call.ID `json:"call"`
		Secret string  `json:"secret"`
		ticket
	}{c.ID, secret, ticket{d.Media.Address(), d.Media.Ticket(string(c.ID), seat)}}, nil
}

// tryByLink lets the page of somebody who may ring try the ways. Nothing rings.
func (d *Door) tryByLink(r *answer.Request) (any, error) {
	var in struct{ Work string }
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	l, err := d.linkAt(r)
	if err == nil {
		err = call.MayRing(l)
	}
	if err != nil {
		return nil, err
	}
	if err := d.GuestTrials.Take(d.Addresses.Key(r.Request)); err != nil {
		return nil, err
	}
	if err := worked(d.RingWork, in.Work, d.GuestsUnworked); err != nil {
		return nil, err
	}
	if err := d.carried(r.Context()); err != nil {
		return nil, err
	}
	return tickets{d.Media.Address(), d.Media.Trial(waysTried - 1)}, nil // its web side is no way of its own to a guest
}

// guest is what the page of a guest says: the secret of its call, and what it wants.
type guest struct {
	Secret, Seat, Number string
	by                   face.ID
	id                   call.ID
}

// asGuest does what a guest's page may do with its call.
func (d *Door) asGuest(do func(r *answer.Request, g guest) (any, error)) func(r *answer.Request) (any, error) {
	return func(r *answer.Request) (any, error) {
		var g guest
		if err := readJSON(r, &g); err != nil {
			return nil, err
		}
		g.by, g.id = call.Visitor(g.Secret), call.ID(r.PathValue("id"))
		return do(r, g)
	}
}

func (d *Door) guestState(r *answer.Request, g guest) (any, error) {
	c, w, err := d.Calls.Get(r.Context(), g.by, g.id)
	if err != nil {
		return nil, err
	}
	said, err := d.Calls.Guest(r.Context(), g.by, g.id)
	s := asStands(c, w)
	s.Rings = []call.Device{} // which devices she has is nothing to strangers
	if len(w.Rings) > 0 {
		s.Woken = true
	}
	s.Answered = said.Answered
	return s, err
}

func (d *Door) guestSeat(r *answer.Request, g guest) (any, error) {
	if len(g.Seat) != seatLength {
		return nil, fault.New(fault.Invalid, "fault.not_text")
	}
	return d.seated(r, g.by, g.Seat)
}

func (d *Door) guestDigits(r *answer.Request, g guest) (any, error) {
	return struct{}{}, d.Calls.OpenDigits(r.Context(), g.by, g.id, g.Number)
}

func (d *Door) guestEnd(r *answer.Request, g guest) (any, error) {
	return struct{}{}, d.Calls.End(r.Context(), g.by, g.id, false)
}
