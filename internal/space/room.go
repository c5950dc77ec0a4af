package space

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
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

// line trims what a person wrote and checks its length in characters.
func line(field, s string, least, most int) (string, error) {
	s = strings.TrimSpace(s)
	switch n := utf8.RuneCountInString(s); {
	case n < least && n == 0:
		return s, fault.On(field, fault.Invalid, "fault.empty")
	case n < least:
		return s, fault.On(field, fault.Invalid, "space.too_short", least)
	case n > most:
		return s, fault.On(field, fault.Invalid, "space.too_long", most)
	}
	return s, nil
}
