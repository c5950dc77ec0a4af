package app

import (
	"context"
	"log/slog"
	"time"

	"guildhall/internal/alliance"
	"guildhall/internal/call"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/live"
	"guildhall/internal/web"
)

// closeWithin is how long the server of calls has to do what it is told.
const closeWithin = 10 * time.Second

// openCalls makes the room of calls: whoever has a connection may call; it rings on open
// pages and on devices, and goes through the server of calls.
func (h *Hall) openCalls() {
	h.Calls = call.New(call.Config{DB: h.DB, Now: h.Now,
		Connected: func(ctx context.Context, a, b face.ID) (bool, error) {
			return h.Alliances.Holds(ctx, alliance.Actor{Face: a}, b)
		},
		Blocked: func(ctx context.Context, by, whom face.ID) (bool, error) {
			reaches, err := h.Alliances.Reaches(ctx, whom, by)
			return !reaches, err
		},
		Apart: func(ctx context.Context, a, b face.ID) (bool, error) {
			blocked, err := h.Moderation.HasBlocked(ctx, a, b)
			if err != nil || blocked {
				return blocked, err
			}
			return h.Moderation.HasBlocked(ctx, b, a)
		},
		Ring: func(ctx context.Context, to face.ID, rung int) error { return h.Notices.Call(ctx, to, rung > 1) },
		Hush: h.Notices.Hush,
		Join: func(ctx context.Context, to face.ID, rung int) error { return h.Notices.Join(ctx, to, rung > 1) },
		Met:  func(ctx context.Context, booking string) error { return h.Bookings.Answered(ctx, booking) },
		Tell: func(to face.ID) { h.Live.Tell(string(to), live.Call) },
		Close: func(room call.ID) {
			h.orderMedia("end a call", func(ctx context.Context) error { return h.Media.End(ctx, string(room)) })
		},
		Leave: func(room call.ID, seat string) {
			h.orderMedia("take somebody out of a call", func(ctx context.Context) error { return h.Media.Remove(ctx, string(room), seat) })
		},
	})
	h.Notices.Reached = func(f face.ID) {
		if err := h.Calls.Reached(context.Background(), f); err != nil {
			slog.Error("note that a device was reached", "cause", fault.Cause(err))
		}
	}
}

// carrier is what carries calls.
func (h *Hall) carrier() web.Media {
	if h.TestOnlyMedia != nil {
		return h.TestOnlyMedia
	}
	return h.Media
}

// orderMedia ends a call for whoever has not hung up, or takes one out; she would soon find
// out by herself.
func (h *Hall) orderMedia(what string, order func(context.Context) error) {
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
		defer cancel()
		if err := order(ctx); err != nil {
			slog.Error(what, "cause", fault.Cause(err))
		}
	}()
}
