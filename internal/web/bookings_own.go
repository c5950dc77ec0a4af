package web

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/booking"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/web/answer"
	bookingpage "guildhall/internal/web/page/booking"
)

func (d *Door) registerOwnBookings(m *answer.Mux) {
	m.Handle("GET /bookings", d.ownBookings)
	m.Handle("GET /bookings/page", d.setPage, answer.Params("said"))
	m.Handle("POST /bookings/page", d.setHours)
	m.Handle("POST /bookings/page/kinds", d.addKind)
	m.Handle("POST /bookings/page/feeds", d.addFeed)
	m.Handle("POST /bookings/page/calls", d.setMeetingLink)
	m.Handle("POST /bookings/page/kinds/removal", d.letGo("kind", d.Bookings.DropKind))
	m.Handle("POST /bookings/page/feeds/removal", d.letGo("feed", d.Bookings.DropFeed))
	m.Handle("POST /bookings/feed", d.makeFeed)
	m.Handle("POST /bookings/waiting/removal", d.clearWaits)
	m.Handle("GET /calendar/{secret}", d.ownFeed)
	m.Handle("POST /bookings/{id}/seen", asJSON(d.putAwayMeeting))
	m.Handle("GET /bookings/{id}/move", d.moveOwnPage, answer.Params("from", "at", "zone", "wait", "kind"))
	m.Handle("POST /bookings/{id}/move", d.moveOwn)
	for path, do := range map[string]func(context.Context, booking.Actor, string) error{
		"confirmation": d.Bookings.Confirm, "cancellation": d.Bookings.CancelOwn,
	} {
		m.Handle("POST /bookings/{id}/"+path, d.disposing(do))
	}
}

func booked(r *answer.Request) booking.Actor { return booking.Actor{Face: face.ID(r.Viewer.FaceID)} }

// shownAhead is how far ahead one's own bookings are shown.
const shownAhead = booking.MaxAhead * 24 * time.Hour

// ownBookings shows the reader what is booked with her.
func (d *Door) ownBookings(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	p, err := d.ownBooked(r)
	if err != nil {
		return err
	}
	return w.Show(http.StatusOK, bookingpage.Own(p))
}

func (d *Door) ownBooked(r *answer.Request) (p bookingpage.OwnPage, err error) {
	me := booked(r)
	faces, err := d.Faces.Faces(r.Context(), []face.ID{me.Face})
	if err != nil {
		return p, err
	}
	p.Face, p.Zone = faces[me.Face], r.Viewer.Location()
	page, err := d.Bookings.Page(r.Context(), me.Face)
	if fault.Is(err, fault.NotFound) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	p.Has = true
	if p.Call, err = d.meetingLink(r.Context(), page); err != nil {
		return p, err
	}
	if r.Viewer.Zone == nil {
		p.Zone = page.Rules.Zone
	}
	now := d.Now()
	if p.Coming, err = d.Bookings.Bookings(r.Context(), me, now, now.Add(shownAhead)); err != nil {
		return p, err
	}
	if p.Lately, err = d.lately(r.Context(), me, now); err != nil {
		return p, err
	}
	if p.Waiting, err = d.Bookings.Waiting(r.Context(), me); err != nil {
		return p, err
	}
	kinds, err := d.Bookings.Kinds(r.Context(), me.Face)
	if err != nil || len(kinds) == 0 {
		return p, err
	}
	o, err := d.Bookings.Offers(r.Context(), me.Face, kinds[0].ID, now, now.Add(time.Hour))
	p.Unknown = o.Unknown
	return p, err
}

// clearWaits lets all go who wait for a time with the reader.
func (d *Door) clearWaits(w *answer.Writer, r *answer.Request) error {
	if err := d.Bookings.ClearWaits(r.Context(), booked(r)); err != nil {
		return err
	}
	return w.Redirect(bookingpage.OwnHref)
}

// disposing does something with a booking of one's own.
func (d *Door) disposing(do func(context.Context, booking.Actor, string) error) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		if err := r.SignedIn(); err != nil {
			return err
		}
		err := do(r.Context(), booked(r), r.PathValue("id"))
		if err == nil {
			return w.Redirect(bookingpage.OwnHref)
		}
		if !fault.Is(err, fault.Conflict) {
			return err
		}
		p, perr := d.ownBooked(r)
		if perr != nil {
			return perr
		}
		p.Error = err
		return w.Again(err, bookingpage.Own(p))
	}
}

// setPage shows how the reader can be booked.
func (d *Door) setPage(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	p, err := d.settingPage(r)
	if err != nil {
		return err
	}
	p.Saved = r.Query("said") == "saved"
	return w.Show(http.StatusOK, bookingpage.Set(p))
}

func (d *Door) settingPage(r *answer.Request) (p bookingpage.SetPage, err error) {
	me := booked(r)
	page, err := d.Bookings.Page(r.Context(), me.Face)
	if fault.Is(err, fault.NotFound) {
		p.Hours = booking.Hours{Zone: r.Viewer.Location().String(), Notice: "24"}
		return p, nil
	}
	if err != nil {
		return p, err
	}
	p.Has, p.Hours = true, booking.HoursOf(page)
	if p.Kinds, err = d.Bookings.Kinds(r.Context(), me.Face); err != nil {
		return p, err
	}
	if p.Feeds, err = d.Bookings.Feeds(r.Context(), me); err != nil {
		return p, err
	}
	p.Link = page.Link
	p.Links, err = d.meetingLinks(r.Context(), me.Face)
	return p, err
}

// setting keeps something of how the reader can be booked; typed puts what she typed
// back where it was.
func (d *Door) setting(w *answer.Writer, r *answer.Request, do func(context.Context) error, typed func(*bookingpage.SetPage)) error {
	err := d.speak(r)
	if err == nil {
		err = do(r.Context())
	}
	if err == nil {
		return w.Redirect(bookingpage.PageHref + "?said=saved")
	}
	if fault.Is(err, fault.SignIn) {
		return err
	}
	p, perr := d.settingPage(r)
	if perr != nil {
		return perr
	}
	typed(&p)
	p.Error = err
	return w.Again(err, bookingpage.Set(p))
}

func (d *Door) setHours(w *answer.Writer, r *answer.Request) error {
	h := booking.Hours{Zone: r.Text("zone"), Exceptions: r.Text("exceptions"), Notice: r.Text("notice"), Daily: r.Text("daily"), Horizon: r.Text("horizon")}
	for i, day := range booking.Week {
		h.Days[i] = r.Text(day)
	}
	return d.setting(w, r, func(ctx context.Context) error {
		text, err := h.Rules()
		if err == nil {
			err = d.Bookings.SetRules(ctx, booked(r), text)
		}
		return err
	}, func(p *bookingpage.SetPage) { p.Hours = h })
}

func (d *Door) addKind(w *answer.Writer, r *answer.Request) error {
	f := bookingpage.KindForm{Name: r.Text("name"), Length: r.Text("length"), Before: r.Text("before"), After: r.Text("after")}
	return d.setting(w, r, func(ctx context.Context) error {
		k := booking.Kind{Name: f.Name}
		for _, x := range []struct {
			text string
			to   *time.Duration
		}{{f.Length, &k.Length}, {f.Before, &k.Before}, {f.After, &k.After}} {
			n, err := strconv.Atoi(strings.TrimSpace(x.text))
			if err != nil && strings.TrimSpace(x.text) != "" {
				return fault.On("length", fault.Invalid, "booking.kind.length")
			}
			*x.to = time.Duration(n) * time.Minute
		}
		_, err := d.Bookings.AddKind(ctx, booked(r), k)
		return err
	}, func(p *bookingpage.SetPage) { p.Kind = f })
}

func (d *Door) addFeed(w *answer.Writer, r *answer.Request) error {
	e := booking.Elsewhere{Address: r.Text("address"), Login: r.Text("login"), Word: r.Text("word")}
	return d.setting(w, r, func(ctx context.Context) error {
		_, err := d.Bookings.AddFeed(ctx, booked(r), e)
		return err
	}, func(p *bookingpage.SetPage) { p.Address, p.Login = e.Address, e.Login })
}

// letGo takes a kind or a calendar away.
func (d *Door) letGo(field string, do func(context.Context, booking.Actor, string) error) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		return d.setting(w, r, func(ctx context.Context) error { return do(ctx, booked(r), r.Text(field)) }, func(*bookingpage.SetPage) {})
	}
}

// makeFeed makes the address of a calendar of one's own bookings; it is shown once.
func (d *Door) makeFeed(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	secret, err := d.Bookings.OwnAddress(r.Context(), booked(r))
	if err != nil {
		return err
	}
	p, err := d.ownBooked(r)
	if err != nil {
		return err
	}
	p.Feed = d.URL + bookingpage.FeedHref(secret)
	return w.Show(http.StatusOK, bookingpage.Own(p))
}

// ownFeed is that calendar, for programs without a cookie.
func (d *Door) ownFeed(w *answer.Writer, r *answer.Request) error {
	file, err := d.Bookings.OwnFeed(r.Context(), r.PathValue("secret"), cmp.Or(d.host(), ownHost), r.Viewer.Lang.T("booking.own"), func(b booking.Booking) string {
		return b.Title + " · " + b.Visitor
	})
	if err != nil {
		return err
	}
	return calendarFile(w, file)
}

func (d *Door) moveOwnPage(w *answer.Writer, r *answer.Request) error {
	p, err := d.movingOwn(r, r.Query)
	if err != nil {
		return err
	}
	return showOffers(w, p)
}

func (d *Door) movingOwn(r *answer.Request, asked func(string) string) (p bookingpage.OfferPage, err error) {
	if err := r.SignedIn(); err != nil {
		return p, err
	}
	b, err := d.Bookings.One(r.Context(), booked(r), r.PathValue("id"))
	if err != nil {
		return p, err
	}
	p.Back = bookingpage.OwnHref
	return p, d.elsewhere(r, asked, &p, b, bookingpage.OwnHref+"/"+b.ID+"/move")
}

func (d *Door) moveOwn(w *answer.Writer, r *answer.Request) error {
	p, err := d.movingOwn(r, r.Text)
	if err != nil {
		return err
	}
	if err = d.Bookings.MoveOwn(r.Context(), booked(r), r.PathValue("id"), p.At); err == nil {
		return w.Redirect(p.Back)
	}
	p.At, p.Error = time.Time{}, err
	return w.Again(err, bookingpage.Offers(p))
}
