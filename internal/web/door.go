package web

import (
	"context"
	"net/url"
	"time"

	"guildhall/internal/alliance"
	"guildhall/internal/blob"
	"guildhall/internal/booking"
	"guildhall/internal/call"
	"guildhall/internal/consultation"
	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/ledger"
	"guildhall/internal/mask"
	"guildhall/internal/message"
	"guildhall/internal/moderation"
	"guildhall/internal/news"
	"guildhall/internal/pass"
	"guildhall/internal/platform"
	"guildhall/internal/question"
	"guildhall/internal/reply"
	"guildhall/internal/representative"
	"guildhall/internal/search"
	"guildhall/internal/space"
	"guildhall/internal/terms"
	"guildhall/internal/web/answer"
	healthpage "guildhall/internal/web/page/health"
	"guildhall/internal/web/quota"
	"guildhall/internal/web/viewer"
)

// Door is the open hall's web side. Package app fills it in.
type Door struct {
	DB         *db.DB
	Faces      *face.Room
	Forum      *forum.Room
	Moderation *moderation.Room
	Search     *search.Room
	Passes     *pass.Room
	Spaces     *space.Room
	Platforms  *platform.Room
	Questions  *question.Room
	// Replies are what platforms say below claims that name them.
	Replies *reply.Room
	// Representatives knows who acts for platforms.
	Representatives *representative.Room
	Masks           *mask.Room
	Blobs           *blob.Store
	Ledger          *ledger.Log
	Terms           *terms.Room
	// Consultations keeps what people are asked.
	Consultations *consultation.Room
	News          *news.Room
	// Alliances knows who knows whom.
	Alliances *alliance.Room
	Messages  *message.Room
	// Bookings knows when people can be met.
	Bookings *booking.Room
	// Calls are those that ring or are going on, Media what carries them; Called bounds how
	// often one face calls, CalledOne how often it calls the same other.
	Calls             *call.Room
	Quiet             func(ctx context.Context, of face.ID) (bool, error) // whether calls make no sound now
	Media             Media
	Called, CalledOne *quota.Meter
	// Carrying tells how calls are carried. Trials bounds how often one face tries the ways,
	// GuestTrials how often an address does by links.
	Carrying            func() healthpage.Calls
	Trials, GuestTrials *quota.Meter
	// ByLink bounds how often one link rings, Guests how often an address rings by links, and
	// GuestsUnworked what all do together whose browsers did no work. RingWork is that work;
	// nil asks for none.
	ByLink, Guests, GuestsUnworked *quota.Meter
	RingWork                       Work
	// Sent bounds how much one face sends, Drawn how many key packages of others it draws.
	Sent, Drawn *quota.Meter
	// CardsLeft bounds how many contact cards one face leaves with the hall, of which no row says whose they are.
	CardsLeft *quota.Meter
	// FilesSent bounds how many pieces of files, each of a megabyte at most, one face sends.
	FilesSent *quota.Meter
	// Pace bounds how much one face does in a while.
	Pace *quota.Meter
	// Looks bounds how often one steward makes the hall visit an address.
	Looks *quota.Meter
	// Strangers bounds what an address without an account does, in memory.
	Strangers *quota.Meter
	Addresses *quota.Addresses
	// Unworked bounds what all strangers do together whose browsers did no work.
	Unworked *quota.Meter
	// Visitors bounds how often an address without an account books, VisitorsUnworked what
	// all such do together whose browsers did no work, Visits how often they do with one face.
	Visitors, VisitorsUnworked, Visits *quota.Meter
	// Work is the price of an outsider's report; nil asks for none.
	Work Work
	Now  func() time.Time
	// About is the hall’s own sentence on the front page; empty: the one in lang.
	About string
	// Health tells how the house stands.
	Health func(ctx context.Context) (healthpage.House, error)
	// SafeOrigin is where masks speak; empty: this hall serves none.
	SafeOrigin string
	// Letterbox is the origin at which masks of careful spaces hand in what they say;
	// empty: they come themselves.
	Letterbox string
	// Clock is where a demonstration lets a week pass; empty in a hall that is served.
	Clock string
	// URL is the hall's own address, for feeds and the like.
	URL string
}

// Register puts every route of the door on the mux.
func (d *Door) Register(m *answer.Mux) {
	d.registerFront(m)
	d.registerArticles(m)
	d.registerDiscussions(m)
	d.registerTopics(m)
	d.registerPeople(m)
	d.registerSearch(m)
	d.registerFeeds(m)
	d.registerWriting(m)
	d.registerRestates(m)
	d.registerOpen(m)
	d.registerRevisions(m)
	d.registerRewordings(m)
	d.registerMarks(m)
	d.registerHealth(m)
	d.registerLog(m)
	d.registerModeration(m)
	d.registerOrder(m)
	d.registerStewards(m)
	d.registerPasses(m)
	d.registerSpaces(m)
	d.registerMasked(m)
	d.registerPlatforms(m)
	d.registerTerms(m)
	d.registerConsultations(m)
	d.registerQuestions(m)
	d.registerRepresentatives(m)
	d.registerResponses(m)
	d.registerNews(m)
	d.registerMessages(m)
	d.registerCalls(m)
	d.registerCallLinks(m)
	d.registerGuests(m)
	d.registerReplies(m)
	d.registerConnections(m)
	d.registerBookings(m)
}

// Work is a proof of work: a token in the form, an answer to it when it is sent.
type Work interface {
	Token() string
	Spend(answer string) error
}

// actor is the reader as rooms know her.
func actor(v viewer.Viewer) forum.Actor {
	return forum.Actor{Face: face.ID(v.FaceID), Steward: v.Steward}
}

// reading is the actor for whom a page is made: inside a kept page nobody.
func reading(ctx context.Context) forum.Actor { return actor(viewer.From(ctx)) }

// things turns the rooms' words for what changed into the cache's. Every page
// names somebody, so every page changes when a face is renamed or retired.
func things(names ...string) []answer.Thing {
	ts := make([]answer.Thing, len(names), len(names)+1)
	for i, n := range names {
		ts[i] = answer.Thing(n)
	}
	return append(ts, "faces")
}

// host is the hall's own host name: links to it are not outbound.
func (d *Door) host() string {
	u, err := url.Parse(d.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

var noPicture = fault.On("picture", fault.Invalid, "write.picture.none")
