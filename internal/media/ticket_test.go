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
	for ticket, want := range map[string]bool{good: true, "": false, "x": false, "a.b.c": false, good + "x": false, other.Ticket("call", "seat"): false} {
		r := httptest.NewRequest(http.MethodGet, "/media/rtc?access_token="+ticket, nil)
		if got := s.admits(r); got != want {
			t.Errorf("%.20q: %v, want %v", ticket, got, want)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/media/rtc", nil)
	r.Header.Set("Authorization", "Bearer "+good)
	if !s.admits(r) {
		t.Error("a ticket in the head is not looked at")
	}
	at = at.Add(ticketLasts)
	if s.admits(r) {
		t.Error("a ticket that has run out lets in")
	}
}
