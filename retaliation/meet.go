package main

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"guildhall/internal/fault"
)

// Some say when they can be met, and others book a meeting with those they know.

// How often.
const (
	oftenMet     = 1.0 / 3 // somebody can be booked
	oftenBooks   = 0.04    // a visit of an account holds a booking with somebody she knows
	oftenLooksIn = 0.1     // she looks at what is booked with her
	oftenCancels = 0.2     // and cancels the first of it
)

// meetings is whether somebody can be met.
type meetings struct{ met, settledMeetings bool }

// beMet says when she can be met, in the first visit.
func (p *play) beMet(who *person, c call) error {
	if who.settledMeetings {
		return nil
	}
	who.settledMeetings = true
	if who.met = p.r.Float64() < oftenMet; !who.met {
		return nil
	}
	hours := url.Values{"zone": {"UTC"}, "exceptions": {""}, "notice": {"12"}, "daily": {"4"}, "horizon": {"30"}, "saturday": {""}, "sunday": {""}}
	for _, day := range []string{"monday", "tuesday", "wednesday", "thursday", "friday"} {
		hours.Set(day, "09:00-12:00, 14:00-17:00")
	}
	_, err := who.account.Fill(p.ctx, "/bookings/page", "/bookings/page", hours)
	if err == nil {
		kind := url.Values{"name": {"A talk"}, "length": {strconv.Itoa(15 * (1 + p.r.IntN(4)))}, "before": {""}, "after": {"10"}}
		_, err = who.account.Fill(p.ctx, "/bookings/page", "/bookings/page/kinds", kind)
	}
	return p.marked(who, c, "hours", err)
}

// arrange books a meeting with somebody she knows, and minds her own.
func (p *play) arrange(who *person, c call) error {
	if err := p.beMet(who, c); err != nil {
		return err
	}
	if who.met && p.r.Float64() < oftenLooksIn {
		if err := p.mindMeetings(who, c); err != nil {
			return err
		}
	}
	if len(who.known) == 0 || p.r.Float64() >= oftenBooks {
		return nil
	}
	other := p.at(who.known[p.r.IntN(len(who.known))])
	if other == nil || !other.met {
		return nil
	}
	at := "/people/" + other.slug() + "/booking"
	body, err := who.account.Send(p.ctx, http.MethodGet, at, "", nil)
	if err != nil {
		return err
	}
	free := slotLink.FindAllSubmatch(body, -1)
	if len(free) == 0 {
		return nil
	}
	link := html.UnescapeString(string(free[p.r.IntN(len(free))][1]))
	asked, err := url.Parse(link)
	if err != nil {
		return err
	}
	form := asked.Query() // which kind, when, and by whose clock
	form.Set("name", who.handle)
	_, err = who.account.Fill(p.ctx, link, at, form)
	if fault.Is(err, fault.Unavailable) { // taken meanwhile
		p.Counts["booking refused"]++
		return nil
	}
	return p.marked(who, c, "booking", err)
}

var (
	slotLink   = regexp.MustCompile(`href="(/people/[^"/]+/booking\?at=[^"]*)"`)
	cancelForm = regexp.MustCompile(`action="(/bookings/[^"/]+/cancellation)"`)
)

// mindMeetings looks at what is booked with her; now and then something does not suit.
func (p *play) mindMeetings(who *person, c call) error {
	body, err := who.account.Send(p.ctx, http.MethodGet, "/bookings", "", nil)
	if err != nil || p.r.Float64() >= oftenCancels {
		return err
	}
	forms := cancelForm.FindAllSubmatch(body, -1)
	if len(forms) == 0 {
		return nil
	}
	_, err = who.account.Submit(p.ctx, string(forms[p.r.IntN(len(forms))][1]), url.Values{})
	return p.marked(who, c, "cancellation", err)
}
