package space

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
)

// Config is what the room is given.
type Config struct {
	DB  *db.DB
	Now func() time.Time
	// Credit tells what matters of the member behind a face. Faults: NotFound for
	// a face without an account, such as a former member's.
	Credit func(ctx context.Context, f face.ID) (Credit, error)
	// Touch is told, after a commit, whose pages have changed: "spaces", "space:ID".
	// nil tells nobody.
	Touch func(things ...string)
	// Host is the hall's own; links to it are not outbound.
	Host string
}

// Room keeps the spaces of one hall. Safe for concurrent use.
type Room struct{ Config }

// New makes the room.
func New(c Config) *Room {
	if c.Touch == nil {
		c.Touch = func(...string) {}
	}
	return &Room{c}
}

func (r *Room) touched(ctx context.Context, id ID) {
	db.AfterCommit(ctx, func() { r.Touch("spaces", "space:"+string(id)) })
}

// moment is now as the database keeps it: whole microseconds, UTC.
func (r *Room) moment() time.Time { return r.Now().UTC().Truncate(time.Microsecond) }
