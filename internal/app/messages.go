package app

import (
	"context"
	"time"

	"guildhall/internal/alliance"
	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/job"
	"guildhall/internal/live"
	"guildhall/internal/message"
	"guildhall/internal/notice"
)

const messagesEvery = 24 * time.Hour // what nobody has fetched for long goes

// openMessages makes the room of messages: whoever has a connection may write, and whoever
// has blocked her, and so holds it no more, hears nothing.
func (h *Hall) openMessages() {
	h.Messages = message.New(message.Config{DB: h.DB, Now: h.Now,
		Connected: func(ctx context.Context, a, b face.ID) (bool, error) {
			return h.Alliances.Holds(ctx, alliance.Actor{Face: a}, b)
		},
		Blocked: func(ctx context.Context, by, whom face.ID) (bool, error) {
			reaches, err := h.Alliances.Reaches(ctx, whom, by)
			return !reaches, err
		},
		Shuns: h.Moderation.HasBlocked, Arrived: h.arrived, Events: h.Events,
		Secret:   []byte(h.derived("messages")),
		AllFiles: int64(h.Config.MessageFilesMB) << 20,
	})
	h.Jobs.Every(messagesEvery, "message.keep", func(ctx context.Context, _ job.Job) error { return h.Messages.Keep(ctx) })
}

// arrived tells open pages and devices that there is a text for them, and nothing of it.
func (h *Hall) arrived(ctx context.Context, to []face.ID, quiet bool) error {
	db.AfterCommit(ctx, func() {
		for _, f := range to {
			h.Live.Tell(string(f), live.Message)
		}
	})
	if quiet {
		return nil
	}
	return h.Notices.Raise(ctx, notice.Messages, to)
}
