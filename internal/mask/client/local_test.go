package client

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestFollowLocal_believesThisMachineOnly(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(7*24*time.Hour).UTC().Format(http.TimeFormat))
	}))
	t.Cleanup(s.Close)
	ahead := func(address string) time.Duration {
		h, err := ParseHall(address, "")
		if err != nil {
			t.Fatal(err)
		}
		return time.Until(h.FollowLocal(t.Context()).now()).Round(time.Hour)
	}
	if d := ahead(strings.Replace(s.URL, "127.0.0.1", "localhost", 1)); d != 7*24*time.Hour {
		t.Errorf("a hall here is a week ahead, and its client %v", d)
	}
	if d := ahead(s.URL); d != 0 { // an address is no demonstration's: those say localhost
		t.Errorf("a hall elsewhere moved the clock by %v", d)
	}
	if h, err := ParseHall(strings.Replace(s.URL, "127.0.0.1", "localhost", 1), "socks5://127.0.0.1:9"); err != nil || h.FollowLocal(t.Context()).Now != nil {
		t.Error("a hall behind a proxy is asked for its hour", err)
	}
	gone := httptest.NewServer(nil)
	gone.Close()
	u, _ := url.Parse(gone.URL)
	if d := ahead("http://localhost:" + u.Port()); d != 0 {
		t.Errorf("a hall that was not reached moved the clock by %v", d)
	}
}
