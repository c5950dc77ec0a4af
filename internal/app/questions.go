package app

import (
	"context"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/job"
	"guildhall/internal/platform"
	"guildhall/internal/question"
)

// openQuestions makes the room of questions; which platforms may be asked, the
// room of platforms says. Pages of clocks are made anew when a day begins.
func (h *Hall) openQuestions(host string) {
	h.Questions = question.New(question.Config{DB: h.DB, Events: h.Events, Faces: h.Faces, Now: h.Now, Touch: h.touch, Host: host,
		Platform: func(ctx context.Context, id string) (bool, error) {
			p, err := h.Platforms.Platform(ctx, platform.Actor{}, platform.ID(id))
			if fault.Is(err, fault.NotFound) {
				return false, nil
			}
			return p.Accepted(), err
		}})
	read := question.DayOf(h.opened)
	h.Jobs.Every(10*time.Minute, "question.day", func(context.Context, job.Job) error {
		if today := h.Questions.Today(); today != read {
			read = today
			h.touch("clock")
		}
		return nil
	})
}
