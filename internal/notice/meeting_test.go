package notice_test

import (
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/notice"
	"guildhall/internal/push"
)

// A meeting rings all there is, in quiet hours too, and what reminds of it climbs no further.
// Whoever has booked it wakes devices in quiet hours as well.
func TestBegin_ringsWhateverTheHour(t *testing.T) {
	each(t, func(h *hall) {
		h.device(ana, "phone", 1)
		h.device(ana, "desk", 3)
		h.raise(notice.Soon, ana)
		if l := h.rang("phone"); l[0].U != "/bookings" || l[0].Urgency != push.High || l[0].TTL != 10*time.Minute {
			t.Errorf("she is reminded by %+v", l)
		}
		h.at = time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC)
		h.ok(h.Begin(h.ctx, ana))
		h.held(ana, notice.Waiting{Kind: notice.Begins, N: 1})
		h.works()
		list := h.rang("desk", "phone")
		for _, l := range list {
			if l.K != "begins" || l.U != "/bookings" || l.Urgency != push.High || l.TTL != 5*time.Minute {
				t.Errorf("%s was sent %+v", l.to, l)
			}
		}
		h.ok(h.Acknowledge(h.ctx, list[0].T, list[0].N, notice.Shown))
		h.ok(h.Here(h.ctx, ana, false, notice.Opened))
		h.held(ana, notice.Waiting{Kind: notice.Begins, N: 1})
		h.ok(h.Join(h.ctx, ana, false))
		h.works()
		for _, l := range h.rang("desk", "phone") {
			if l.K != "call" || l.U != "/calls" {
				t.Errorf("%s was sent %+v", l.to, l)
			}
		}
		h.ok(h.Hush(h.ctx, ana))
		h.ok(h.Keep(h.ctx))
		h.held(ana)
	})
}

// A reminder in the digest would come when all is over.
func TestSave_noReminderInTheDigest(t *testing.T) {
	each(t, func(h *hall) {
		s := notice.Defaults("UTC")
		s.Modes = map[notice.Kind]notice.Mode{notice.Soon: notice.Daily}
		if err := h.Save(h.ctx, ana, s); !fault.Is(err, fault.Invalid) {
			t.Errorf("it is kept: %v", err)
		}
		s.Modes[notice.Soon] = notice.Never
		h.ok(h.Save(h.ctx, ana, s))
		h.device(ana, "phone", 1)
		h.raise(notice.Soon, ana)
		h.rang()
	})
}
