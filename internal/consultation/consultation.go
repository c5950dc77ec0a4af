package consultation

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/ident"
	"guildhall/internal/job"
	"guildhall/internal/markdown"
)

// ID names a consultation. It is public.
type ID string

// The most and least of what is typed, in characters, and of what there may be.
const (
	MinTitle, MaxTitle         = 8, 140
	MaxAbout                   = 6000 // bytes
	MinStatement, MaxStatement = 12, 200
	MaxReason                  = 300
	MaxSeeds                   = 40
	MaxOwn                     = 10  // statements of one person
	MaxStatements              = 400 // of one consultation
	MinDays, MaxDays           = 1, 92
)

// OfPlatform is the kind of origin of what a platform asks itself: the platform.
const OfPlatform = "platform"

// The events of this room. The subject is the consultation's id; none says who
// answered.
const (
	EventOpened    = "consultation.opened"    // data Origin
	EventConcluded = "consultation.concluded" // it has a result
)

// CloseJob is the kind of job that closes a consultation; its payload is the ID.
const CloseJob = "consultation.close"

// KeyJob is the kind of job that makes the key of the passes to a consultation of
// masks, as soon as that is opened; its payload is the ID.
const KeyJob = "consultation.key"

// Actor is whoever acts. The zero value is a reader without an account.
type Actor struct {
	Face    face.ID
	Steward bool // of the hall
	// For is the platform in whose name she opens one, and Mandate that under which she
	// may; both empty: in her own.
	For, Mandate string
}

// Origin is what a consultation began from, such as a clause or a question. The
// zero value is nothing.
type Origin struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Consultation is one, open or closed.
type Consultation struct {
	ID         ID
	Title      string
	About      string // Markdown, as it was written; may be empty
	HTML       markdown.HTML
	Lang       string    // BCP 47
	Steward    face.Face // nobody, when a platform opened it: then the hall's stewards keep it
	Platform   string    // that asks; empty: a member does
	Mandate    string    // under which it was opened in a platform's name
	Origin     Origin
	Space      string // whose masks are asked; empty: the open profiles of the hall
	Opened     time.Time
	Closes     time.Time // the end of a day, UTC
	Statements int       // all of them, taken out or not
	Done       bool      // the result is there
	Logged     bool      // and stands in the log
	secret     []byte    // gone once Done
}

// Epoch is the one in which it was opened; of masks, those born in it are asked.
func (c Consultation) Epoch() int { return epoch.Of(c.Opened) }

// Over tells whether nothing can be answered any more.
func (c Consultation) Over(now time.Time) bool { return c.Done || !now.Before(c.Closes) }

// Joined is what matters of how the member behind a face joined.
type Joined struct {
	Epoch   int
	Founder bool
	Vouched bool // somebody has vouched for her
}

// Config is what the room is given.
type Config struct {
	DB     *db.DB
	Events *event.Log
	Jobs   *job.Queue
	Faces  *face.Room
	Now    func() time.Time
	// Joined tells when the member behind a face joined. Faults: NotFound for a face
	// without an account.
	Joined func(ctx context.Context, f face.ID) (Joined, error)
	// Touch is told, after a commit, whose pages have changed: "consultations",
	// "consultation:ID",
	// "began:KIND:ID" of what one began from. nil tells nobody.
	Touch func(things ...string)
	// Speaking tells whether a space's masks can be asked: it is a safe space, open, with
	// enough masks. Faults: NotFound, Forbidden.
	Speaking func(ctx context.Context, space string) error
	// SpaceName is what a space is called.
	SpaceName func(ctx context.Context, space string) (string, error)
	// Host is the hall's own; links to it are not outbound.
	Host string
}

// Room keeps the consultations of one hall. Safe for concurrent use.
type Room struct {
	Config
	ids *ident.Maker
}

// New makes the room.
func New(c Config) *Room {
	if c.Touch == nil {
		c.Touch = func(...string) {}
	}
	return &Room{c, ident.NewMaker(c.Now)}
}

func (r *Room) touched(ctx context.Context, id ID) {
	db.AfterCommit(ctx, func() { r.Touch("consultations", "consultation:"+string(id)) })
}

// moment is now as the database keeps it: whole microseconds, UTC.
func (r *Room) moment() time.Time { return r.Now().UTC().Truncate(time.Microsecond) }

// late tells whether somebody joined in the four weeks in which a consultation was opened,
// or later. The founders of a hall did not.
func late(j Joined, opened time.Time) bool { return !j.Founder && j.Epoch >= epoch.Of(opened) }

// newcomersRule says, in what is published, who counts as new.
const newcomersRule = "joined in the 28 days before those in which it was opened, or later, or nobody had vouched for them by their first answer; founders of the hall are not new"

// fresh tells whether somebody counts as new in a consultation: it may be why she joined,
// or nobody here says that she is a person of her own. Whoever wants to be many has to
// begin a month or two before, and to find as many who vouch.
func fresh(j Joined, opened time.Time) bool {
	return !j.Founder && (j.Epoch >= epoch.Of(opened)-1 || !j.Vouched)
}
