package search

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/face"
)

// Source is what the room needs of the rooms it searches. Package app fills it in.
type Source struct {
	// Changed tells what an event may have changed; nothing for other events.
	Changed func(ctx context.Context, e event.Event) (Change, error)
	// Documents reads things as they stand now, in any order. Those that are not
	// there any more are left out, or not Shown.
	Documents func(ctx context.Context, refs []Ref) ([]Document, error)
	// All lists everything in an order of its own, about n after a mark, which is
	// empty for the first; next is empty after the last.
	All func(ctx context.Context, after string, n int) (docs []Document, next string, err error)
}

// Change is what must be read anew.
type Change struct {
	Refs    []Ref
	Authors []face.ID // everything they wrote
	Topics  []string  // everything about them
	// Docs were read just now, in the transaction Changed was called in: where
	// many change at once, reading them together is quicker.
	Docs []Document
}

// Config is what the room is given.
type Config struct {
	DB     *db.DB
	Events *event.Log
	Faces  *face.Room
	Source Source
	Now    func() time.Time
}

// Room finds what is in one hall. Safe for concurrent use.
type Room struct {
	db     *db.DB
	events *event.Log
	faces  *face.Room
	source Source
	now    func() time.Time

	handled atomic.Int64 // portions of events; counted up before their things are read

	mu         sync.Mutex
	vocabulary *vocabulary // made when it is first needed
}

// New makes the room.
func New(c Config) *Room {
	return &Room{db: c.DB, events: c.Events, faces: c.Faces, source: c.Source, now: c.Now}
}
