package callpage

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/web/asset"
)

// MeetingScript is the script of the page of a booking that is to come.
const MeetingScript = "meeting.js"

// LinksScript is the one that shows addresses with the fingerprints of their keys.
const LinksScript = linksScript

// MeetingPage is a booking as its visitor's page rings for it.
type MeetingPage struct {
	At    string // address of the booking
	With  string // name of whoever is booked
	State string
	Start time.Time
	Call  GuestPage // without a link where she is met elsewhere
}

// bellOf says to the script when what begins.
func bellOf(p MeetingPage) templ.Attributes {
	return templ.Attributes{"at": p.At, "start": strconv.FormatInt(p.Start.UnixMilli(), 10), "state": p.State, "alarm": asset.URL("alarm.js")}
}

// guestKey says how a guest came to call.
func guestKey(p CallPage) string {
	if p.Guest.Booking != "" {
		return "booking.call.by_booking"
	}
	return "call.guest.by_link"
}
