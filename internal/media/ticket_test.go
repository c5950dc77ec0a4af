package media

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestAdmits_ownTicketsOnly: whoever has no ticket of this hall starts no child.
func TestAdmits_ownTicketsOnly(t *testing.T) {
	t.Parallel()
	at := time.Unix(1_800_000_000, 0)
	s := &Server{config: Config{Key: "hall", Secret: "a secret of this hall", Now: func() time.Time { return at }}}
	other := &Server{config: Config{Key: "hall", Secret: "of another", Now: s.config.Now}}
	good := s.Ticket("call", "seat")
	for ticket, want := range map[string]int{good: 200, "": 401, "x": 401, "a.b.c": 401, good + "x": 401, other.Ticket("call", "seat"): 401} {
		r := httptest.NewRequest(http.MethodGet, "/media/rtc?access_token="+ticket, nil)
		if got := s.admits(r); got != want {
			t.Errorf("%.20q: %d, want %d", ticket, got, want)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/media/rtc", nil)
	r.Header.Set("Authorization", "Bearer "+good)
	if s.admits(r) != http.StatusOK {
		t.Error("a ticket in the head is not looked at")
	}
	at = at.Add(ticketLasts)
	if s.admits(r) == http.StatusOK {
		t.Error("a ticket that has run out lets in")
	}
}
