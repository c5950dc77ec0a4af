package moderation

import (
	"context"
	"sync"
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
	Now    func() time.Time
	// Touch is told, after a commit, whose pages have changed; nil tells nobody.
	Touch func(things ...string)
	// Electors finds those whose voices count, all of them or one face only; nil
	// finds nobody.
	Electors func(ctx context.Context, s Seasoning, only face.ID) ([]Elector, error)
	// Founded tells when the hall's first own post was written.
	Founded func(ctx context.Context) (time.Time, error)
	// FirstHeld is how many first posts of a newcomer wait for a steward.
	FirstHeld int
	// NewcomerLinks is how many outbound links a newcomer's post may hold.
	NewcomerLinks int
}

// Room keeps the moderation of one hall. Safe for concurrent use.
type Room struct {
	Config
	ids    *ident.Maker
	echoes *echoes

	mu    sync.RWMutex
	known map[face.ID]bool // who is a steward; nil: not read yet
	reads uint64           // raised whenever known is forgotten
}

// New makes the room.
func New(c Config) *Room {
	if c.Touch == nil {
		c.Touch = func(...string) {}
	}
	if c.Electors == nil {
		c.Electors = func(context.Context, Seasoning, face.ID) ([]Elector, error) { return nil, nil }
	}
	if c.Founded == nil {
		c.Founded = func(context.Context) (time.Time, error) { return time.Time{}, nil }
	}
	return &Room{Config: c, ids: ident.NewMaker(c.Now), echoes: newEchoes(c.Now)}
}

func (r *Room) touched(ctx context.Context, things ...string) {
	db.AfterCommit(ctx, func() { r.Touch(things...) })
}

func day(t time.Time) int64 { return t.Unix() / 86400 }

func dayTime(d int64) time.Time { return time.Unix(d*86400, 0).UTC() }
