package bookingpage

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"guildhall/internal/booking"
	"guildhall/internal/calendar"
	"guildhall/internal/call"
	"guildhall/internal/face"
	callpage "guildhall/internal/web/page/call"
	forumpage "guildhall/internal/web/page/forum"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

// Addresses of pages.
const (
	OwnHref  = "/bookings"
	PageHref = "/bookings/page"
)

// OfferHref is where somebody can be booked.
func OfferHref(f face.Face) string { return forumpage.FaceHref(f) + "/booking" }

// LinkHref is the address of one booking, for whoever has its secret.
func LinkHref(secret string) string { return "/booking/" + secret }

// MeetingHref is where a meeting stands among one's own.
func MeetingHref(b booking.Booking) string { return OwnHref + "#meeting-" + b.ID }

// FeedHref is the address of the calendar of somebody's own bookings.
func FeedHref(secret string) string { return "/calendar/" + secret }

// OwnPage are the bookings of the reader.
type OwnPage struct {
	Face    face.Face
	Has     bool // she has said when she can be met
	Zone    *time.Location
	Coming  []booking.Booking // in order, cancelled ones too
	Lately  []booking.Booking // those that have not taken place, as long as they can be moved
	Call    call.Link         // by which she is called at meetings; the zero one for none
	Origin  string            // of the hall
	Waiting int               // how many wait for a time
	Feed    string            // address of the calendar of her own, just made
	Unknown time.Time         // since when it is unknown what else she has
	Error   error
}

// SetPage is how the reader can be booked.
type SetPage struct {
	Face  face.Face
	Has   bool
	Hours booking.Hours
	Kinds []booking.Kind
	Feeds []booking.Feed
	Links []call.Link // by which she could be called at meetings
	Link  string      // the number of the one by which she is
	Saved bool

	Kind    KindForm // typed
	Address string
	Login   string
	Error   error
}

// KindForm is a kind of meeting as it is typed, in minutes.
type KindForm struct{ Name, Length, Before, After string }

// OfferPage is when somebody can be met, for anybody.
type OfferPage struct {
	Face          face.Face
	Kinds         []booking.Kind
	Kind          booking.Kind // chosen
	Zone          *time.Location
	Clock         string         // the zone as it was asked for
	Theirs        *time.Location // of whoever is booked
	From          time.Time      // the first day that is shown
	Days          []Day
	Unknown       time.Time
	Before, After string    // addresses of the weeks beside; empty: none
	At            time.Time // chosen; zero: none yet

	// Move is the address to which a booking is moved; empty: a new one is made.
	Move, Back string

	Wait        bool // the list of those who wait is asked for
	First, Last string

	Name       string // typed
	Once, Work string
	Error      error
}

// Day is a day with what is free, by the visitor's clock.
type Day struct {
	At    time.Time // its begin
	Slots []calendar.Interval
}

// Days lays slots apart by the days of a zone.
func Days(slots []calendar.Interval, zone *time.Location) (days []Day) {
	for _, s := range slots {
		y, m, d := s.Start.In(zone).Date()
		at := time.Date(y, m, d, 0, 0, 0, 0, zone)
		if n := len(days); n == 0 || !days[n-1].At.Equal(at) {
			days = append(days, Day{At: at})
		}
		days[len(days)-1].Slots = append(days[len(days)-1].Slots, s)
	}
	return days
}

// at is the address of this page with a kind and a moment.
func (p OfferPage) at(kind string, moment time.Time, from time.Time) string {
	q := url.Values{}
	if kind != "" {
		q.Set("kind", kind)
	}
	if !moment.IsZero() {
		q.Set("at", strconv.FormatInt(moment.Unix(), 10))
	}
	if !from.IsZero() {
		q.Set("from", from.Format(time.DateOnly))
	}
	q.Set("zone", p.Zone.String())
	return p.base() + "?" + q.Encode()
}

// Week is the address of this page in the week that begins with a day.
func (p OfferPage) Week(from time.Time) string { return p.at(p.Kind.ID, time.Time{}, from) }

// Link is the address of a booking made here, by the clock that was chosen here.
func (p OfferPage) Link(secret string) string {
	if !p.twice() {
		return LinkHref(secret)
	}
	return LinkHref(secret) + "?" + url.Values{"zone": {p.Zone.String()}}.Encode()
}

// base is the address of this page.
func (p OfferPage) base() string {
	if p.Move != "" {
		return p.Move
	}
	return OfferHref(p.Face)
}

// twice tells whether there are two clocks to be shown.
func (p OfferPage) twice() bool { return p.Zone.String() != p.Theirs.String() }

// LinkPage is one booking, for whoever has its secret.
type LinkPage struct {
	Face    face.Face
	Booking booking.Booking
	Secret  string
	Zone    *time.Location // the reader's
	Theirs  *time.Location
	// Meeting rings for it; nil when there is nothing to ring for.
	Meeting *callpage.MeetingPage
	Error   error
}

// WaitPage is a place on the list of those who wait.
type WaitPage struct {
	Secret string
}

// day is a day with its name, by a zone's clock: "Monday, 5 January 2026".
func day(ctx context.Context, t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return shell.T(ctx, "booking.day", shell.T(ctx, weekdays[(t.Weekday()+6)%7]), viewer.From(ctx).Lang.Date(t, zone))
}

func clock(t time.Time, zone *time.Location) string { return t.In(zone).Format("15:04") }

// when is a stretch by one clock: day, begin and end, and the clock's place.
func when(ctx context.Context, s calendar.Interval, zone *time.Location) string {
	return shell.T(ctx, "booking.when", day(ctx, s.Start, zone), clock(s.Start, zone), clock(s.End, zone), zone.String())
}

func lasts(ctx context.Context, d time.Duration) string {
	return shell.N(ctx, "booking.minutes", int(d/time.Minute))
}

func interval(b booking.Booking) calendar.Interval {
	return calendar.Interval{Start: b.Start, End: b.End}
}

// weekdays are the keys of their names, from Monday.
var weekdays = [7]string{
	"booking.weekday.monday", "booking.weekday.tuesday", "booking.weekday.wednesday", "booking.weekday.thursday",
	"booking.weekday.friday", "booking.weekday.saturday", "booking.weekday.sunday",
}

// saying is how a state is shown: its tone, its word to whoever is booked, and what the
// visitor is told.
type saying struct{ tone, word, tells string }

var sayings = map[string]saying{
	booking.Held:      {"new", "booking.state.held", "booking.say.held"},
	booking.Firm:      {"good", "booking.state.firm", "booking.say.firm"},
	booking.Offered:   {"new", "booking.state.offered", "booking.say.offered"},
	booking.Cancelled: {"bad", "booking.state.cancelled", "booking.say.cancelled"},
}

func offerScripts(p OfferPage) []string {
	if p.Work == "" {
		return []string{carryScript}
	}
	return []string{carryScript, "report.js"}
}

func takeKey(p OfferPage) string {
	if p.Move != "" {
		return "booking.move.do"
	}
	return "booking.take"
}
