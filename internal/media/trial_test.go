package media

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestTrial_letsInForAWhile: no call stands behind a trial, and its tickets are good for it
// alone, and for as long as it lasts.
func TestTrial_letsInForAWhile(t *testing.T) {
	t.Parallel()
	at := time.Unix(1_800_000_000, 0)
	asked := 0
	s := &Server{config: Config{Key: "hall", Secret: "a secret of this hall", Now: func() time.Time { return at },
		Going: func(context.Context, string, string) (bool, error) { asked++; return false, nil }}}
	status := func(ticket string) int {
		return s.admits(httptest.NewRequest(http.MethodGet, "/media/rtc?access_token="+ticket, nil))
	}
	tickets := s.Trial(3)
	if len(tickets) != 3 || tickets[0] == tickets[1] {
		t.Errorf("%d tickets, the first two alike: %v", len(tickets), tickets[0] == tickets[1])
	}
	for _, ticket := range tickets {
		if got := status(ticket); got != http.StatusOK {
			t.Errorf("a ticket of a trial: %d", got)
		}
	}
	if asked != 0 {
		t.Error("whether a trial is a call was asked")
	}
	// A ticket that LiveKit itself has made anew for whoever is in lasts longer than the room.
	is, _ := s.tried("try-1800000120-x")
	longer := s.Ticket("try-1800000120-x", "seat")
	if got := status(longer); !is || got != http.StatusOK {
		t.Errorf("while it lasts: %d", got)
	}
	at = at.Add(trialLasts)
	if got := status(tickets[0]); got != http.StatusUnauthorized {
		t.Errorf("a ticket of a trial that is over: %d", got)
	}
	if got := status(longer); got != http.StatusNotFound {
		t.Errorf("the room of a trial that is over: %d", got)
	}
	for room, want := range map[string]bool{"a-call": false, "try-": true, "try-x-y": true} {
		if is, going := s.tried(room); is != want || going {
			t.Errorf("%s: a trial %v, going %v", room, is, going)
		}
	}
}

// TestTold_keepsTheKeys: what the child is told is shown without its keys.
func TestTold_keepsTheKeys(t *testing.T) {
	t.Parallel()
	s := New(Config{Key: "hall", Secret: "a secret", Orders: Orders{IP: "192.0.2.1", UDP: 7}})
	if got := s.Told(); got != (Orders{IP: "192.0.2.1", UDP: 7}) || s.Runs() {
		t.Errorf("%+v, runs %v", got, s.Runs())
	}
}
