package forum

import (
	"context"
	"sync/atomic"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/ident"
)

// Config is what the room is given.
type Config struct {
	DB     *db.DB
	Events *event.Log
	Faces  *face.Room
	Now    func() time.Time
	// Touch is told, after a commit, whose pages have changed; nil tells nobody.
	Touch func(things ...string)
	// Host is the hall's own host name; links to it are not outbound.
	Host string
	// ImageSize tells the size of a stored image; nil means never known.
	ImageSize func(name string) (width, height int)
}

// Room is the forum of one hall. Safe for concurrent use.
type Room struct {
	db     *db.DB
	events *event.Log
	faces  *face.Room
	now    func() time.Time
	touch  func(things ...string)
	host   string
	size   func(name string) (int, int)
	ids    *ident.Maker
	topics topicShelf
	noted  atomic.Bool // that pages from before this start can be bound; see Bind
}

// New makes the room.
func New(c Config) *Room {
	if c.Touch == nil {
		c.Touch = func(...string) {}
	}
	return &Room{
		db: c.DB, events: c.Events, faces: c.Faces, now: c.Now, touch: c.Touch,
		host: c.Host, size: c.ImageSize, ids: ident.NewMaker(c.Now),
	}
}

// touched tells, once ctx's transaction has committed, what changed.
func (r *Room) touched(ctx context.Context, things ...string) {
	db.AfterCommit(ctx, func() { r.touch(things...) })
}

// moment is now as the database keeps it: whole microseconds, UTC.
func (r *Room) moment() time.Time { return r.now().UTC().Truncate(time.Microsecond) }
