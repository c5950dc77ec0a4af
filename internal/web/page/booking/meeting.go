package bookingpage

import (
	"context"
	"time"

	"guildhall/internal/booking"
	"guildhall/internal/call"
	callpage "guildhall/internal/web/page/call"
	"guildhall/internal/web/page/shell"
)

// carryScript carries the fingerprint of a key from page to page.
const carryScript = "carry.js"

// linkScripts are those of the page of one booking.
func linkScripts(p LinkPage) []string {
	if p.Meeting == nil {
		return []string{carryScript}
	}
	return []string{carryScript, callpage.MeetingScript}
}

// ownScripts are those of one's own bookings.
func ownScripts(p OwnPage) []string {
	if p.Call.ID == "" {
		return nil
	}
	return []string{callpage.LinksScript}
}

// tells is what the visitor is told of her booking.
func tells(b booking.Booking) string {
	switch {
	case b.State == booking.Firm && b.Outcome == booking.Unmet:
		return "booking.say.unmet"
	case b.State == booking.Firm && b.Outcome == booking.Met:
		return "booking.say.met"
	}
	return sayings[b.State].tells
}

// links are the choices by which one is called at meetings.
func (p SetPage) links(ctx context.Context) []shell.Option {
	list := []shell.Option{{Value: "", Label: shell.T(ctx, "booking.calls.none")}}
	for _, l := range p.Links {
		list = append(list, shell.Option{Value: l.ID, Label: l.Shown, Hint: shell.T(ctx, silentKey(l))})
	}
	return list
}

func silentKey(l call.Link) string {
	if l.State == call.Silent {
		return "call.link.state.silent"
	}
	return "call.link.state.open"
}

// Rings tells whether there is anything to ring for at a booking's page.
func Rings(b booking.Booking, now time.Time) bool {
	return b.Face != "" && b.State == booking.Firm && now.Before(b.End)
}

// toldKey is what is said of a meeting after its minute to whoever is booked; "" is nothing.
func toldKey(b booking.Booking) string {
	switch {
	case b.State != booking.Firm:
		return ""
	case b.Outcome == booking.Unmet:
		return "booking.unmet"
	case b.Outcome == booking.Met:
		return "booking.met"
	case b.Told == booking.Late:
		return "booking.late"
	case b.Told == booking.Rung || b.Told == booking.Seen:
		return "booking.began"
	}
	return ""
}

// moveKey names choosing another time; of what has not taken place, anew.
func moveKey(b booking.Booking) string {
	if b.Outcome == booking.Unmet {
		return "booking.anew"
	}
	return "booking.move"
}
