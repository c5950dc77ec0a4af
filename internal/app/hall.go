package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"guildhall/internal/alliance"
	"guildhall/internal/blob"
	"guildhall/internal/booking"
	"guildhall/internal/caldav"
	"guildhall/internal/calendar"
	"guildhall/internal/call"
	"guildhall/internal/consultation"
	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fetch"
	"guildhall/internal/forum"
	"guildhall/internal/ident"
	"guildhall/internal/job"
	"guildhall/internal/ledger"
	"guildhall/internal/live"
	"guildhall/internal/mail"
	"guildhall/internal/mask"
	"guildhall/internal/mask/letter"
	"guildhall/internal/media"
	"guildhall/internal/member"
	"guildhall/internal/member/key"
	"guildhall/internal/message"
	"guildhall/internal/moderation"
	"guildhall/internal/news"
	"guildhall/internal/notice"
	"guildhall/internal/pass"
	"guildhall/internal/platform"
	"guildhall/internal/proof"
	"guildhall/internal/push"
	"guildhall/internal/question"
	"guildhall/internal/reply"
	"guildhall/internal/representative"
	"guildhall/internal/safedb"
	"guildhall/internal/search"
	"guildhall/internal/space"
	"guildhall/internal/terms"
	"guildhall/internal/web"
	"guildhall/internal/web/account"
	"guildhall/internal/web/answer"
)

// Hall is one open hall: its rooms, wired. Close it.
type Hall struct {
	Config Config
	Dir    string
	Now    func() time.Time

	DB     *db.DB
	Events *event.Log
	Jobs   *job.Queue
	IDs    *ident.Maker

	Cache   *answer.Cache
	Metrics *prometheus.Registry
	// TestOnlyVisit is told every answer's route and status.
	TestOnlyVisit func(pattern string, status int)
	// TestOnlyMedia stands for the server of calls.
	TestOnlyMedia web.Media
	// TestOnlyPages says what lies at addresses of the web; a page without its address is
	// looked for there.
	TestOnlyPages func(address string) (fetch.Page, error)

	Seal            *key.Sealer
	Gate            *key.Gate
	Members         *member.Room
	Faces           *face.Room
	Forum           *forum.Room
	Moderation      *moderation.Room
	Search          *search.Room
	Spaces          *space.Room
	Platforms       *platform.Room
	Questions       *question.Room
	Representatives *representative.Room
	Replies         *reply.Room
	Proofs          *proof.Checker
	Passes          *pass.Room
	SafeDB          *safedb.DB
	Masks           *mask.Room
	Opinions        *consultation.Room
	News            *news.Room
	Notices         *notice.Room
	Alliances       *alliance.Room
	Bookings        *booking.Room
	Messages        *message.Room
	Calls           *call.Room
	Pictures        *blob.Store
	Ledger          *ledger.Log
	// Push brings notices to devices.
	Push *push.Client
	// Mail sends letters; nil where the hall has no mail server.
	Mail *mail.Sender
	// Live tells open pages that there is something new.
	Live  *live.Hub
	Terms *terms.Room
	// Media carries calls.
	Media *media.Server

	mailRest  mailRest
	letters   *letter.Key // nil without a letterbox
	demoClock *demoClock  // nil but in a demonstration hall
	secret    []byte
	opened    time.Time
}

// Open opens the hall in dir, bringing its schema up to date. The clock is
// handed in so that tests own it.
func Open(ctx context.Context, dir string, c Config, now func() time.Time) (h *Hall, err error) {
	h = &Hall{Config: c, Dir: dir, Now: now, opened: now()}
	if h.secret, err = keepSecret(dir); err != nil {
		return nil, err
	}
	if h.DB, err = db.Open(ctx, db.Config{Dir: dir, URL: c.Database, Hasty: c.hasty}); err != nil {
		return nil, err
	}
	if err = h.DB.Migrate(ctx); err != nil {
		h.DB.Close()
		return nil, err
	}
	if h.Pictures, err = blob.Open(filepath.Join(dir, picturesDir)); err != nil {
		h.DB.Close()
		return nil, err
	}
	h.Cache = answer.NewCache(int64(c.CacheMB) << 20)
	if h.Ledger, err = ledger.Open(ledger.Config{Data: dir, Rand: rand.Reader, Touch: h.touch}); err != nil {
		h.DB.Close()
		return nil, err
	}
	if h.Push, err = openPush(dir, c, now); err != nil {
		h.DB.Close()
		return nil, err
	}
	if h.Mail, err = mail.New(mail.Config{Server: c.Mail, From: c.MailFrom, Now: now}); err != nil {
		h.DB.Close()
		return nil, err
	}
	if h.Live, err = live.New(live.Config{Identify: h.listener}); err != nil {
		h.DB.Close()
		return nil, err
	}
	h.Metrics = prometheus.NewRegistry()
	h.Events = event.New(h.DB)
	h.Jobs = job.New(h.DB, now)
	h.IDs = ident.NewMaker(now)
	h.Seal = key.NewSealer(h.secret, rand.Reader, now)
	h.Gate = key.NewGate(rand.Reader, runtime.NumCPU(), 8*runtime.NumCPU())
	h.Members = member.New(h.DB, now, h.Seal)
	if err = h.Members.Begin(ctx); err != nil {
		h.DB.Close()
		return nil, err
	}
	h.openRooms()
	h.Jobs.Handle(decisionJob, h.enterDecision)
	h.Jobs.Handle(versionJob, h.enterVersion)
	h.Jobs.Every(termsEvery, "terms.check", h.checkTerms)
	h.Jobs.Every(booking.FeedsEvery, "booking.refresh", func(ctx context.Context, _ job.Job) error { return h.Bookings.Refresh(ctx) })
	h.Jobs.Every(time.Hour, "booking.keep", func(ctx context.Context, _ job.Job) error { return h.Bookings.Keep(ctx) })
	h.Jobs.Apart("terms.check", "representative.check", "booking.refresh") // strangers answer them, or do not
	h.openPasses()
	if err = h.openMasks(ctx); err != nil {
		h.DB.Close()
		return nil, err
	}
	h.Jobs.Every(24*time.Hour, "moderation.tally", func(ctx context.Context, _ job.Job) error { return h.Moderation.Tally(ctx) })
	h.Jobs.Every(24*time.Hour, "event.shorten", h.shorten)
	h.Jobs.Every(24*time.Hour, "space.keep", h.keepSeats)
	h.Jobs.Every(24*time.Hour, "news.keep", func(ctx context.Context, _ job.Job) error { return h.News.Keep(ctx) })
	h.Jobs.Every(24*time.Hour, "notice.keep", func(ctx context.Context, _ job.Job) error { return h.Notices.Keep(ctx) })
	h.Jobs.Every(7*24*time.Hour, "notice.checks", func(ctx context.Context, _ job.Job) error { return h.Notices.Checks(ctx) })
	h.Jobs.Every(24*time.Hour, "alliance.keep", func(ctx context.Context, _ job.Job) error { return h.Alliances.Keep(ctx) })
	h.Jobs.Handle(news.SpreadJob, func(ctx context.Context, _ job.Job) error { return h.News.Spread(ctx) })
	h.Jobs.Every(24*time.Hour, "hall.shuffle", h.shuffle)
	h.Jobs.Handle(account.DropJob, account.DropPictures(h.Forum, h.Faces, h.Pictures, h.DB))
	return h, nil
}

// picturesDir holds the stored pictures, one file each.
const picturesDir = "pictures"

// openRooms makes the rooms that know faces but no accounts.
func (h *Hall) openRooms() {
	host := h.host()
	h.Faces = face.New(face.Config{DB: h.DB, Events: h.Events, Now: h.Now, Touch: h.touch, Host: host,
		Platform: func(ctx context.Context, key string) (bool, error) {
			id, err := h.Platforms.Named(ctx, key)
			return id != "", err
		}})
	h.Forum = forum.New(forum.Config{
		DB: h.DB, Events: h.Events, Faces: h.Faces, Now: h.Now, Touch: h.touch, Host: host, ImageSize: h.Pictures.Dimensions,
	})
	h.Moderation = moderation.New(moderation.Config{
		DB: h.DB, Events: h.Events, Now: h.Now, Touch: h.touch, FirstHeld: h.Config.FirstPostsHeld, NewcomerLinks: h.Config.NewcomerLinks,
		Electors: h.electors, Founded: h.Forum.Founded,
	})
	h.Spaces = space.New(space.Config{DB: h.DB, Now: h.Now, Credit: h.credit, Touch: h.touch, Host: host})
	h.Platforms = platform.New(platform.Config{DB: h.DB, Events: h.Events, Now: h.Now, Touch: h.touch})
	h.openQuestions(host)
	h.Proofs = proof.New(proof.Config{Platforms: h.Config.Platforms, LookupTXT: h.lookupTXT, Now: h.Now})
	h.openRepresentatives(host)
	h.openTerms()
	h.openConsultations()
	h.Notices = &notice.Room{DB: h.DB, Events: h.Events, Now: h.Now, Send: h.Push.Send, Check: h.Push.Check, Carry: h.carryWord, CheckAddress: h.checkAddress}
	h.News = &news.Room{DB: h.DB, Jobs: h.Jobs, Now: h.Now, Carry: h.carry}
	h.Alliances = &alliance.Room{DB: h.DB, Events: h.Events, Faces: h.Faces, Blocked: h.Moderation.HasBlocked, Now: h.Now}
	calendars := fetch.New(fetch.Config{MaxBytes: calendar.MaxBytes, Resolver: h.resolver()})
	// What a server says lies in memory as XML and as events, a few servers' beside each other.
	servers := caldav.New(fetch.Config{MaxBytes: calendar.MaxBytes / 3, Resolver: h.resolver()})
	h.Bookings = &booking.Room{DB: h.DB, Events: h.Events, Now: h.Now, Get: calendars.Get, Touch: h.touch, Remind: h.remindOfMeeting, Begin: h.Notices.Begin,
		Tell: func(f face.ID) { h.Live.Tell(string(f), live.Call) },
		Calendars: func(ctx context.Context, e booking.Elsewhere, from, to time.Time) ([][]byte, error) {
			return servers.Events(ctx, caldav.Account{Address: e.Address, Name: e.Login, Word: e.Word}, from, to)
		}}
	h.openMessages()
	h.openMedia()
	h.openCalls()
	h.openSearch()
}

// credit tells the room of spaces what it needs of the member behind a face.
func (h *Hall) credit(ctx context.Context, f face.ID) (space.Credit, error) {
	c, err := h.Members.CreditOf(ctx, string(f))
	return space.Credit{Joined: c.Joined, Vouches: c.Vouches, Founder: c.Founder, Branch: c.Branch}, err
}

// keepSeats does the nightly work on seats and vouches.
func (h *Hall) keepSeats(ctx context.Context, _ job.Job) error {
	if err := h.Members.Keep(ctx); err != nil {
		return err
	}
	return h.Spaces.Keep(ctx)
}

// shorten forgets the events that all readers have passed: between two of them
// that have a time may stand one that says who joined.
func (h *Hall) shorten(ctx context.Context, _ job.Job) error {
	var names []string
	for _, c := range h.consumers() {
		names = append(names, c.Name)
	}
	_, err := h.Events.Shorten(ctx, names...)
	return err
}

// electors lets moderation know who has spoken long and lately enough.
func (h *Hall) electors(ctx context.Context, s moderation.Seasoning, only face.ID) ([]moderation.Elector, error) {
	speakers, err := h.Forum.Speakers(ctx, s.Posts, s.At, s.First, s.Last, only)
	list := make([]moderation.Elector, len(speakers))
	for i, x := range speakers {
		list[i] = moderation.Elector(x)
	}
	return list, err
}

// touch drops the kept pages that show what has changed. Rooms call it once
// their transaction has committed.
func (h *Hall) touch(things ...string) {
	named := make([]answer.Thing, len(things))
	for i, t := range things {
		named[i] = answer.Thing(t)
	}
	h.Cache.Touch(named...)
}

// host is the hall's own host and port; links to it lead nowhere else.
func (h *Hall) host() string {
	u, err := url.Parse(h.Config.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// Close lets the databases go.
func (h *Hall) Close() error {
	return errors.Join(h.Live.Close(), h.Media.Close(), h.SafeDB.Close(), h.DB.Close())
}

const secretFile = "secret.key"

// keepSecret reads the hall's secret, or makes it at the first start. Whoever
// has it can sign in as anybody, so it is the operator's alone, and goes into
// the backup.
func keepSecret(dir string) ([]byte, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	path := filepath.Join(dir, secretFile)
	b, err := os.ReadFile(path)
	if err == nil && len(b) != 32 {
		return nil, fmt.Errorf("%s is damaged: restore it from a backup", path)
	}
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return b, err
	}
	b = make([]byte, 32)
	if _, err := io.ReadFull(rand.Reader, b); err != nil {
		return nil, err
	}
	return b, writeDurably(path, b)
}

// writeDurably puts a small file in place so that it is there whole after a
// crash, or not at all.
func writeDurably(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}
