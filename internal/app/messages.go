package app

import (
	"context"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/job"
	"guildhall/internal/message"
)

const messagesEvery = 24 * time.Hour // what nobody has fetched for long goes

// openMessages makes the room of messages. Whoever can be written to at all can be by
// everybody whom she has not blocked, and who has not blocked her.
func (h *Hall) openMessages() {
	h.Messages = message.New(message.Config{DB: h.DB, Now: h.Now, Connected: h.mayWriteTo, Blocked: h.Moderation.HasBlocked})
	h.Jobs.Every(messagesEvery, "message.keep", func(ctx context.Context, _ job.Job) error { return h.Messages.Keep(ctx) })
}

func (h *Hall) mayWriteTo(ctx context.Context, a, b face.ID) (bool, error) {
	for _, p := range [][2]face.ID{{a, b}, {b, a}} {
		f, err := h.Faces.Face(ctx, p[0])
		if err != nil || f.Kind != face.Open {
			return false, err
		}
		blocked, err := h.Moderation.HasBlocked(ctx, p[0], p[1])
		if err != nil || blocked {
			return false, err
		}
	}
	return true, nil
}
