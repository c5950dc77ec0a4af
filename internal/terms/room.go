package terms

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/fetch"
	"guildhall/internal/ident"
)

// Config is what the room is given.
type Config struct {
	DB     *db.DB
	Events *event.Log
	Now    func() time.Time
	// Touch is told, after a commit, whose pages have changed; nil tells nobody.
	Touch func(things ...string)
	// Get fetches a page; nil means that this hall fetches nothing.
	Get func(ctx context.Context, address, accept string) (fetch.Page, error)
	// Pause waits between two visits to one host; nil waits on the clock.
	Pause func(ctx context.Context, d time.Duration) error
}

// Room watches the terms of one hall. Safe for concurrent use.
type Room struct {
	db     *db.DB
	events *event.Log
	now    func() time.Time
	touch  func(things ...string)
	get    func(ctx context.Context, address, accept string) (fetch.Page, error)
	pause  func(ctx context.Context, d time.Duration) error
	ids    *ident.Maker
	looks  *looks
}

// New makes the room.
func New(c Config) *Room {
	if c.Touch == nil {
		c.Touch = func(...string) {}
	}
	if c.Pause == nil {
		c.Pause = Pause
	}
	return &Room{db: c.DB, events: c.Events, now: c.Now, touch: c.Touch, get: c.Get, pause: c.Pause, ids: ident.NewMaker(c.Now), looks: newLooks()}
}

// Pause waits on the clock; it ends before with the context's error.
func Pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// The events of this room. The subject is the document's id; no event carries
// text.
const (
	EventRecorded = "terms.recorded" // a text was seen for the first time; data Recorded
	EventAlarmed  = "terms.alarmed"  // a substantive change lasts; data Alarmed
)

// Recorded says which text is new, for the log.
type Recorded struct {
	Record int    `json:"record"`
	Hash   string `json:"hash"` // SHA-256, base64url
	Day    int    `json:"day"`  // on which it was recorded, in days since 1970
}

// Alarmed says at which record the text first appeared.
type Alarmed struct {
	Record int `json:"record"`
}

// Thing is the document's word for whoever keeps pages of it.
func (d DocumentID) Thing() string { return "terms:" + string(d) }

// AllTerms is touched whenever any document changes.
const AllTerms = "terms"

func (r *Room) touched(ctx context.Context, id DocumentID) {
	db.AfterCommit(ctx, func() { r.touch(AllTerms, id.Thing()) })
}

// moment is now as the database keeps it: whole microseconds, UTC.
func (r *Room) moment() time.Time { return r.now().UTC().Truncate(time.Microsecond) }

// Hash is the hash by which a text is known, as the log has it.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
