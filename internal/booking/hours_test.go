package booking_test

import (
	"testing"
	"time"

	"guildhall/internal/booking"
	"guildhall/internal/calendar"
	"guildhall/internal/fault"
)

var usual = booking.Hours{
	Zone: "Europe/Madrid", Days: [7]string{"09:00-12:30, 14:00–18:00", "", "10:00-11:00"}, Exceptions: "2026-12-24 09:00-12:00\n\n2026-12-25\n",
	Notice: "24", Daily: " 4 ", Horizon: "60",
}

// TestHours_thereAndBack: what a form says is what stands in it the next time.
func TestHours_thereAndBack(t *testing.T) {
	t.Parallel()
	text, err := usual.Rules()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := calendar.ReadRules([]byte(text))
	if err != nil {
		t.Fatal(err, text)
	}
	if rules.Notice != 24*time.Hour || rules.Daily != 4 || rules.Horizon != 60 || len(rules.Week[0]) != 2 || len(rules.Exceptions["2026-12-25"]) != 0 {
		t.Errorf("%+v", rules)
	}
	back := booking.HoursOf(booking.Page{Rules: rules})
	want := usual
	want.Days[0], want.Exceptions, want.Daily = "09:00-12:30, 14:00-18:00", "2026-12-24 09:00-12:00\n2026-12-25", "4"
	if back != want {
		t.Errorf("%+v, want %+v", back, want)
	}
	if again, err := back.Rules(); err != nil || again == "" {
		t.Error(again, err)
	}
	if text, err = (booking.Hours{Zone: "UTC", Days: [7]string{"09:00-10:00، 11:00-12:00؛"}}).Rules(); err != nil {
		t.Error(text, err)
	}
}

// TestHours_saysWhere: what is wrong is said of its field.
func TestHours_saysWhere(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*booking.Hours){
		"zone":       func(h *booking.Hours) { h.Zone = "Mars" },
		"monday":     func(h *booking.Hours) { h.Days[0] = "12:00-09:00" },
		"sunday":     func(h *booking.Hours) { h.Days[6] = `"] x = ["` },
		"exceptions": func(h *booking.Hours) { h.Exceptions = "2026-13-01 09:00-12:00" },
		"notice":     func(h *booking.Hours) { h.Notice = "soon" },
		"daily":      func(h *booking.Hours) { h.Daily = "-1" },
		"horizon":    func(h *booking.Hours) { h.Horizon = "1\n[hours]" },
	} {
		h := usual
		change(&h)
		text, err := h.Rules()
		if f := fault.From(err); f.Kind != fault.Invalid || f.Field != field {
			t.Errorf("%s: %v, %q", field, err, text)
		}
	}
}

// TestOne_isOnesOwn: who looks for another's finds nothing.
func TestOne_isOnesOwn(t *testing.T) {
	each(t, func(h *hall) {
		b, secret := h.book(on(5, 10), "Cleo")
		if got, err := h.One(h.ctx, h.ana, b.ID); err != nil || got.ID != b.ID {
			h.t.Errorf("%+v %v", got, err)
		}
		_, err := h.One(h.ctx, h.bo, b.ID)
		h.refused(err, fault.NotFound, "fault.not_found")
		_, err = h.One(h.ctx, booking.Actor{}, b.ID)
		h.refused(err, fault.SignIn, "fault.sign_in")
		h.ok(h.Cancel(h.ctx, secret))
		if got, err := h.One(h.ctx, h.ana, b.ID); err != nil || got.State != booking.Cancelled {
			h.t.Errorf("%+v %v", got, err)
		}
		h.refused(h.Waits(h.ctx, secret), fault.NotFound, "fault.not_found")
		place, err := h.Wait(h.ctx, h.ana.Face, h.talk, on(6, 0), on(6, 0), "Dov")
		h.ok(err)
		h.ok(h.Waits(h.ctx, place))
	})
}

// TestOffersBut_leavesRoomForWhatIsMoved: a meeting does not stand in its own way.
func TestOffersBut_leavesRoomForWhatIsMoved(t *testing.T) {
	each(t, func(h *hall) {
		b, _ := h.book(on(5, 10), "Cleo")
		for but, want := range map[string]int{"": 2, b.ID: 3} {
			o, err := h.OffersBut(h.ctx, h.ana.Face, h.talk, on(5, 0), on(6, 0), but)
			if err != nil || len(o.Slots) != want {
				h.t.Errorf("%q: %v, want %d; %v", but, o.Slots, want, err)
			}
		}
	})
}

// TestMove_isNoWayToRing: to where it is nothing is moved and nobody told, and what is over
// stays where it was.
func TestMove_isNoWayToRing(t *testing.T) {
	each(t, func(h *hall) {
		_, secret := h.book(on(5, 10), "Cleo")
		h.happened()
		h.ok(h.Move(h.ctx, secret, on(5, 10)))
		if got := h.happened(); got != "" {
			h.t.Errorf("told of nothing: %s", got)
		}
		h.at = on(5, 12)
		h.refused(h.Move(h.ctx, secret, on(6, 9)), fault.Conflict, "booking.may.over")
	})
}
