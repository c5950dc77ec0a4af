package notice_test

import (
	"testing"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/notice"
	"guildhall/internal/push"
)

// A call rings all browsers at once, whatever their rung, and then everything there is; what
// a device has shown is said on, and is put away when it rings no more.
func TestCall_ringsAtOnce(t *testing.T) {
	each(t, func(h *hall) {
		var reached []face.ID
		h.Reached = func(f face.ID) { reached = append(reached, f) }
		h.device(ana, "phone", 1)
		h.device(ana, "desk", 3)
		h.add(notice.Ntfy, "https://ntfy.example/x")
		h.proves(notice.Ntfy, "https://ntfy.example/x")
		h.words = nil
		h.ok(h.Call(h.ctx, ana, false))
		h.works()
		list := h.rang("desk", "phone")
		for _, l := range list {
			if l.K != "call" || l.U != "/calls" || l.Urgency != push.High || l.TTL != 45*time.Second || l.Topic == "" {
				t.Errorf("%s was sent %+v", l.to, l)
			}
		}
		h.ok(h.Acknowledge(h.ctx, list[0].T, list[0].N, notice.Shown))
		if len(reached) != 1 || reached[0] != ana {
			t.Errorf("reached: %v", reached)
		}
		h.ok(h.Call(h.ctx, ana, true))
		h.works()
		h.rang("desk", "phone")
		if len(h.words) != 1 || h.words[0].Kind != notice.Call {
			t.Errorf("addresses were told %+v", h.words)
		}
		h.ok(h.Hush(h.ctx, ana))
		h.works()
		for _, l := range h.rang("desk", "phone") {
			if l.K != "call" {
				t.Errorf("what takes its place: %+v", l)
			}
			h.ok(h.Acknowledge(h.ctx, l.T, l.N, notice.Shown))
		}
		if len(reached) != 1 {
			t.Error("putting away counts as reached")
		}
		h.ok(h.Hush(h.ctx, ana)) // nothing rings
		h.works()
		h.rang()
		h.ok(h.Keep(h.ctx))
		h.held(ana)
	})
}

// In quiet hours nothing is woken; a page that says that news is on its screen ends no ring.
func TestCall_quiet(t *testing.T) {
	each(t, func(h *hall) {
		h.device(ana, "phone", 1)
		h.ok(h.Call(h.ctx, ana, false))
		h.works()
		h.rang("phone")
		h.ok(h.Here(h.ctx, ana, false, notice.Opened))
		h.held(ana, notice.Waiting{Kind: notice.Call, N: 1})
		h.ok(h.Hush(h.ctx, ana))
		h.works()
		h.rang("phone")
		h.at = time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC)
		h.ok(h.Call(h.ctx, ana, true))
		h.works()
		h.rang()
		h.ok(h.Call(h.ctx, bo, true)) // who has no device
		h.works()
		h.rang()
	})
}

// Open pages are silent in the hours that their owner has set, and in no others.
func TestQuiet_asWasSet(t *testing.T) {
	each(t, func(h *hall) {
		expect := func(want bool) {
			t.Helper()
			quiet, err := h.Quiet(h.ctx, bo)
			h.ok(err)
			if quiet != want {
				t.Errorf("at %s: %t", h.at, quiet)
			}
		}
		h.at = time.Date(2026, 11, 23, 22, 30, 0, 0, time.UTC)
		expect(false) // she has set none
		s := notice.Defaults("Europe/Madrid")
		h.ok(h.Save(h.ctx, bo, s))
		expect(true)
		h.at = time.Date(2026, 11, 23, 6, 30, 0, 0, time.UTC) // half past seven on her wall
		expect(false)
		s.QuietFrom, s.QuietTo = 8*60, 8*60
		h.ok(h.Save(h.ctx, bo, s))
		expect(false)
	})
}
