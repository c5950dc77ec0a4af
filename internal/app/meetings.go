package app

import (
	"context"
	"log/slog"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/notice"
)

// keepMeetings looks at each full minute which meetings begin, until ctx ends. It is no job
// of the queue, which would begin somewhere within the minute, and write that it did when
// there was nothing to do.
func (h *Hall) keepMeetings(ctx context.Context) {
	for {
		if err := h.Bookings.Ring(ctx); err != nil && ctx.Err() == nil {
			slog.Error("ring for meetings", "ops", fault.From(err).Ops(), "cause", fault.Cause(err))
		}
		now := h.Now()
		t := time.NewTimer(now.Truncate(time.Minute).Add(time.Minute).Sub(now))
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
		}
	}
}

// remindOfMeeting tells whoever is booked that a meeting begins soon.
func (h *Hall) remindOfMeeting(ctx context.Context, f face.ID) error {
	return h.Notices.Raise(ctx, notice.Soon, []face.ID{f})
}
