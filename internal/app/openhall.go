package app

import (
	"crypto/rand"
	"time"

	"guildhall/internal/member/key"
	"guildhall/internal/web"
	"guildhall/internal/web/answer"
	"guildhall/internal/web/quota"
	"guildhall/internal/web/safe"
)

// How much one face, and one address without an account, may do. People do not
// notice these; machines do.
var (
	paceOfFaces    = []quota.Limit{{Count: 40, Per: 10 * time.Minute}, {Count: 600, Per: 24 * time.Hour}}
	paceOfMessages = []quota.Limit{{Count: 600, Per: 10 * time.Minute}, {Count: 4000, Per: 24 * time.Hour}} // by 4 kB
	paceOfFiles    = []quota.Limit{{Count: 110, Per: time.Hour}, {Count: 330, Per: 24 * time.Hour}}         // pieces
	paceOfCards    = []quota.Limit{{Count: 40, Per: time.Hour}, {Count: 120, Per: 24 * time.Hour}}
	paceOfPackages = []quota.Limit{{Count: 150, Per: time.Hour}, {Count: 400, Per: 24 * time.Hour}}
	paceOfCalls    = []quota.Limit{{Count: 20, Per: 10 * time.Minute}, {Count: 150, Per: 24 * time.Hour}}
	// One calls another who does not answer; an answer lets it begin anew. Who has declined is not worn down.
	paceOfPairs     = []quota.Limit{{Count: 6, Per: time.Hour}}
	paceOfLinks     = []quota.Limit{{Count: 6, Per: 10 * time.Minute}, {Count: 30, Per: 24 * time.Hour}} // one link
	paceOfTrials    = []quota.Limit{{Count: 10, Per: 10 * time.Minute}, {Count: 100, Per: 24 * time.Hour}}
	paceOfLooks     = []quota.Limit{{Count: 20, Per: time.Hour}, {Count: 60, Per: 24 * time.Hour}}
	paceOfStrangers = []quota.Limit{{Count: 10, Per: time.Hour}}
	paceOfUnworked  = []quota.Limit{{Count: 30, Per: time.Hour}}
	paceOfVisitors  = []quota.Limit{{Count: 10, Per: time.Hour}, {Count: 30, Per: 24 * time.Hour}}
	paceOfVisits    = []quota.Limit{{Count: 12, Per: time.Hour}, {Count: 40, Per: 24 * time.Hour}}
)

// openHall registers the door of the open hall.
func (h *Hall) openHall(mux *answer.Mux) {
	door := &web.Door{
		DB: h.DB, Faces: h.Faces, Forum: h.Forum, Moderation: h.Moderation, Search: h.Search, Passes: h.Passes, Spaces: h.Spaces, Platforms: h.Platforms, Questions: h.Questions, Representatives: h.Representatives, Replies: h.Replies, Masks: h.Masks, Blobs: h.Pictures, Ledger: h.Ledger, Terms: h.Terms, Consultations: h.Opinions, News: h.News, Alliances: h.Alliances,
		Messages: h.Messages, Bookings: h.Bookings, Sent: quota.New(h.Now, paceOfMessages...), FilesSent: quota.New(h.Now, paceOfFiles...), CardsLeft: quota.New(h.Now, paceOfCards...), Drawn: quota.New(h.Now, paceOfPackages...),
		Calls: h.Calls, Quiet: h.Notices.Quiet, Media: h.carrier(), Called: quota.New(h.Now, paceOfCalls...), CalledOne: quota.New(h.Now, paceOfPairs...),
		Carrying: h.carrying, Trials: quota.New(h.Now, paceOfTrials...), GuestTrials: quota.New(h.Now, paceOfVisitors...),
		ByLink: quota.New(h.Now, paceOfLinks...), Guests: quota.New(h.Now, paceOfVisitors...), GuestsUnworked: quota.New(h.Now, paceOfUnworked...), RingWork: key.NewWork(h.secret, "ring", rand.Reader, h.Now),
		Pace: quota.New(h.Now, paceOfFaces...), Looks: quota.New(h.Now, paceOfLooks...), Strangers: quota.New(h.Now, paceOfStrangers...), Unworked: quota.New(h.Now, paceOfUnworked...),
		Visitors: quota.New(h.Now, paceOfVisitors...), VisitorsUnworked: quota.New(h.Now, paceOfUnworked...), Visits: quota.New(h.Now, paceOfVisits...),
		Addresses: quota.NewAddresses(h.Config.proxies()...),
		Work:      key.NewWork(h.secret, "report", rand.Reader, h.Now),
		Now:       h.Now, About: h.Config.About, URL: h.Config.URL, SafeOrigin: safe.Origin(h.Config.URL), Letterbox: h.Config.Letterbox, Health: h.House,
	}
	if h.demoClock != nil {
		door.Clock = demoClockPath
	}
	door.Register(mux)
}
