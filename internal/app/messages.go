package app

import (
	"context"
	"time"

	"guildhall/internal/alliance"
	"guildhall/internal/face"
	"guildhall/internal/job"
	"guildhall/internal/message"
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
		Shuns: h.Moderation.HasBlocked,
	})
	h.Jobs.Every(messagesEvery, "message.keep", func(ctx context.Context, _ job.Job) error { return h.Messages.Keep(ctx) })
}
