package web

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"time"

	"guildhall/internal/booking"
	"guildhall/internal/calendar"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/web/answer"
	bookingpage "guildhall/internal/web/page/booking"
)

func (d *Door) registerBookings(m *answer.Mux) {
	asked := answer.Params("kind", "from", "at", "zone", "wait")
	m.Handle("GET /people/{handle}/booking", d.offersPage, asked)
	m.Handle("POST /people/{handle}/booking", d.book)
	m.Handle("POST /people/{handle}/booking/wait", d.waitForSlot)
	m.Handle("GET /booking/{secret}", d.bookingLink, answer.Params("zone"))
	m.Handle("GET /booking/{secret}/meeting.ics", d.invitation)
	m.Handle("GET /booking/{secret}/move", d.moveLink, asked)
	m.Handle("POST /booking/{secret}/move", d.moveByLink)
	for path, do := range map[string]func(context.Context, string) error{
		"acceptance": d.Bookings.Accept, "cancellation": d.Bookings.Cancel,
	} {
		m.Handle("POST /booking/{secret}/"+path, d.withLink(do))
	}
	m.Handle("POST /booking/{secret}/leaving", d.leaveList)
	m.Handle("GET /booking/{secret}/now", anyJSON(d.meetingNow))
	m.Handle("POST /booking/{secret}/ring", anyJSON(d.ringByBooking))
	d.registerOwnBookings(m)
}

// week is how much of what is free one page shows.
const week = 7 * 24 * time.Hour

// offersPage shows when somebody can be met.
func (d *Door) offersPage(w *answer.Writer, r *answer.Request) error {
	p, err := d.offering(r, r.Query)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, no-store") // what is free changes with the minute
	return showOffers(w, p)
}

// showOffers shows them, also when they were asked for by a clock that nobody knows.
func showOffers(w *answer.Writer, p bookingpage.OfferPage) error {
	if p.Error != nil {
		return w.Again(p.Error, bookingpage.Offers(p))
	}
	return w.Show(http.StatusOK, bookingpage.Offers(p))
}

// offering is that page, as it was asked for, in an address or in a form.
func (d *Door) offering(r *answer.Request, asked func(string) string) (p bookingpage.OfferPage, err error) {
	p.Once, p.Name = answer.NewOnce(), r.Viewer.Name
	if p.Face, err = d.somebody(r.Context(), r); err != nil {
		return p, err
	}
	if p.Kinds, err = d.Bookings.Kinds(r.Context(), p.Face.ID); err != nil || len(p.Kinds) == 0 {
		return p, err
	}
	p.Kind = p.Kinds[0]
	for _, k := range p.Kinds {
		if k.ID == asked("kind") {
			p.Kind = k
		}
	}
	if !r.Viewer.SignedIn && d.Work != nil {
		p.Work = d.Work.Token()
	}
	return p, d.fill(r, asked, &p, "")
}

// fill says what is free in the week that is asked for; moving is the booking that is to
// be moved, or "".
func (d *Door) fill(r *answer.Request, asked func(string) string, p *bookingpage.OfferPage, moving string) error {
	page, err := d.Bookings.Page(r.Context(), p.Face.ID)
	if err != nil {
		return err
	}
	p.Theirs = page.Rules.Zone
	var bad error
	p.Zone, bad = zoneOf(r, asked, p.Theirs)
	if p.Clock = p.Zone.String(); bad != nil {
		p.Clock = asked("zone")
	}
	now := d.Now()
	from := startOfDay(now, p.Zone)
	if t, err := time.ParseInLocation(time.DateOnly, asked("from"), p.Zone); err == nil && t.After(from) && t.Before(now.AddDate(0, 0, booking.MaxAhead)) {
		from = t
	}
	if n, err := strconv.ParseInt(asked("at"), 10, 64); err == nil {
		p.At = time.Unix(n, 0).UTC()
	}
	o, err := d.Bookings.OffersBut(r.Context(), p.Face.ID, p.Kind.ID, from, from.Add(week), moving)
	if err != nil {
		return err
	}
	p.From, p.Unknown, p.Days, p.Error = from, o.Unknown, bookingpage.Days(o.Slots, p.Zone), bad
	p.Wait, p.First, p.Last = asked("wait") != "", from.Format(time.DateOnly), from.AddDate(0, 0, 14).Format(time.DateOnly)
	if from.After(now) {
		p.Before = p.Week(from.AddDate(0, 0, -7))
	}
	if from.Add(week).Before(now.AddDate(0, 0, booking.MaxAhead)) {
		p.After = p.Week(from.AddDate(0, 0, 7))
	}
	return nil
}

// zoneOf is by whose clock a visitor is shown times: the one she asks for, her own, or
// that of whoever is booked.
func zoneOf(r *answer.Request, asked func(string) string, theirs *time.Location) (*time.Location, error) {
	if name := asked("zone"); name != "" {
		z, err := calendar.Zone(name)
		if err != nil {
			return theirs, fault.On("zone", fault.Invalid, "face.zone.unknown").Because(err)
		}
		return z, nil
	}
	if r.Viewer.Zone != nil {
		return r.Viewer.Zone, nil
	}
	return theirs, nil
}

func startOfDay(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// book takes a slot. Who has no account does some work first.
func (d *Door) book(w *answer.Writer, r *answer.Request) error {
	p, err := d.offering(r, r.Text)
	if err != nil {
		return err
	}
	if err = d.admitVisitor(r, p.Face.ID); err == nil {
		err = w.Once(func(ctx context.Context) (string, error) {
			_, secret, err := d.Bookings.Book(ctx, p.Face.ID, r.Text("kind"), p.At, r.Text("name"))
			return p.Link(secret), err
		})
	}
	if err == nil {
		return nil
	}
	if fault.Is(err, fault.Conflict) {
		p.At = time.Time{} // another time is to be chosen
	}
	p.Name, p.Once, p.Error = r.Text("name"), r.Once(), err
	return w.Again(err, bookingpage.Offers(p))
}

// admitVisitor lets somebody book with another, or wait, so often: bounds of their own,
// so that whoever fills calendars keeps nobody from reporting. What is booked with one
// person by people without an account has a bound as well, whoever they are.
func (d *Door) admitVisitor(r *answer.Request, with face.ID) error {
	if _, err := booking.Visitor(r.Text("name")); err != nil {
		return err
	}
	if r.Viewer.SignedIn {
		return d.Pace.Take(r.Viewer.FaceID)
	}
	if err := d.Visitors.Take(d.Addresses.Key(r.Request)); err != nil {
		return err
	}
	if err := worked(d.Work, r.Text("work"), d.VisitorsUnworked); err != nil {
		return err
	}
	return d.Visits.Take(string(with))
}

// waitForSlot puts a visitor on the list.
func (d *Door) waitForSlot(w *answer.Writer, r *answer.Request) error {
	p, err := d.offering(r, r.Text)
	if err != nil {
		return err
	}
	p.At, p.Wait, p.First, p.Last = time.Time{}, true, r.Text("first"), r.Text("to")
	from, bad1 := time.ParseInLocation(time.DateOnly, p.First, p.Theirs)
	to, bad2 := time.ParseInLocation(time.DateOnly, p.Last, p.Theirs)
	switch {
	case bad1 != nil:
		err = fault.On("first", fault.Invalid, "booking.window")
	case bad2 != nil:
		err = fault.On("to", fault.Invalid, "booking.window")
	default:
		err = d.admitVisitor(r, p.Face.ID)
	}
	if err == nil {
		err = w.Once(func(ctx context.Context) (string, error) {
			secret, err := d.Bookings.Wait(ctx, p.Face.ID, r.Text("kind"), from, to.AddDate(0, 0, 1).Add(-time.Second), r.Text("name"))
			return bookingpage.LinkHref(secret), err
		})
	}
	if err == nil {
		return nil
	}
	p.Name, p.Once, p.Error = r.Text("name"), r.Once(), err
	return w.Again(err, bookingpage.Offers(p))
}

// bookingLink shows what a secret is good for: a booking, or a place on the list.
func (d *Door) bookingLink(w *answer.Writer, r *answer.Request) error {
	p, err := d.linkPage(r, r.Query)
	if fault.Is(err, fault.NotFound) {
		if err := d.Bookings.Waits(r.Context(), r.PathValue("secret")); err != nil {
			return err
		}
		return w.Show(http.StatusOK, bookingpage.Waiting(bookingpage.WaitPage{Secret: r.PathValue("secret")}))
	}
	if err != nil {
		return err
	}
	if p.Meeting != nil && p.Meeting.Call.Link.ID != "" {
		answer.ForCalls(w.Header())
	}
	w.Header().Set("Cache-Control", "private, no-store") // it changes with the minute
	return w.Show(http.StatusOK, bookingpage.Link(p))
}

func (d *Door) linkPage(r *answer.Request, asked func(string) string) (p bookingpage.LinkPage, err error) {
	p.Secret = r.PathValue("secret")
	if p.Booking, err = d.Bookings.Find(r.Context(), p.Secret); err != nil {
		return p, err
	}
	if p.Booking.Face == "" { // she has left
		p.Zone, p.Error = zoneOf(r, asked, time.UTC)
		p.Theirs = p.Zone
		return p, nil
	}
	page, err := d.Bookings.Page(r.Context(), p.Booking.Face)
	if err != nil {
		return p, err
	}
	p.Theirs = page.Rules.Zone
	if p.Zone, err = zoneOf(r, asked, p.Theirs); err != nil {
		p.Error = err
	}
	faces, err := d.Faces.Faces(r.Context(), []face.ID{p.Booking.Face})
	p.Face = faces[p.Booking.Face]
	if err == nil && bookingpage.Rings(p.Booking, d.Now()) {
		p.Meeting, err = d.bell(r.Context(), p, page)
	}
	return p, err
}

// unasked is where nothing can be asked for.
func unasked(string) string { return "" }

// withLink does what whoever has the secret may do.
func (d *Door) withLink(do func(context.Context, string) error) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		p, err := d.linkPage(r, unasked)
		if err != nil {
			return err
		}
		if err := do(r.Context(), p.Secret); err != nil {
			p.Error = err
			return w.Again(err, bookingpage.Link(p))
		}
		return w.Redirect(bookingpage.LinkHref(p.Secret))
	}
}

func (d *Door) leaveList(w *answer.Writer, r *answer.Request) error {
	if err := d.Bookings.Leave(r.Context(), r.PathValue("secret")); err != nil {
		return err
	}
	return w.Redirect("/")
}

// moveLink shows where a booking can be moved to.
func (d *Door) moveLink(w *answer.Writer, r *answer.Request) error {
	p, err := d.moving(r, r.Query)
	if err != nil {
		return err
	}
	return showOffers(w, p)
}

func (d *Door) moving(r *answer.Request, asked func(string) string) (p bookingpage.OfferPage, err error) {
	l, err := d.linkPage(r, asked)
	if err != nil {
		return p, err
	}
	p.Back = bookingpage.LinkHref(l.Secret)
	return p, d.elsewhere(r, asked, &p, l.Booking, p.Back+"/move")
}

// elsewhere is where a booking can be moved to.
func (d *Door) elsewhere(r *answer.Request, asked func(string) string, p *bookingpage.OfferPage, b booking.Booking, at string) error {
	if err := booking.MayChange(b); err != nil {
		return err
	}
	faces, err := d.Faces.Faces(r.Context(), []face.ID{b.Face})
	if err != nil {
		return err
	}
	p.Once, p.Move, p.Face = answer.NewOnce(), at, faces[b.Face]
	kinds, err := d.Bookings.Kinds(r.Context(), b.Face)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		if k.ID == b.Kind {
			p.Kind, p.Kinds = k, []booking.Kind{k}
			return d.fill(r, asked, p, b.ID)
		}
	}
	return nil // the kind is gone: nothing can be chosen
}

func (d *Door) moveByLink(w *answer.Writer, r *answer.Request) error {
	p, err := d.moving(r, r.Text)
	if err != nil {
		return err
	}
	err = d.Bookings.Move(r.Context(), r.PathValue("secret"), p.At)
	if err == nil {
		return w.Redirect(p.Back)
	}
	p.At, p.Error = time.Time{}, err
	return w.Again(err, bookingpage.Offers(p))
}

// invitation is the booking as a file for other calendars.
func (d *Door) invitation(w *answer.Writer, r *answer.Request) error {
	p, err := d.linkPage(r, unasked)
	if err != nil {
		return err
	}
	file, err := d.Bookings.Invitation(r.Context(), p.Secret, cmp.Or(d.host(), ownHost), func(b booking.Booking) string {
		return b.Title + " · " + p.Face.Name
	})
	if err != nil {
		return err
	}
	return calendarFile(w, file)
}

func calendarFile(w *answer.Writer, file []byte) error {
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-store")
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(file)
	return err
}

// ownHost stands in the ids of meetings of a hall that does not know its own address.
const ownHost = "guildhall"
