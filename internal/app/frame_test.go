package app

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// openHall opens a hall of its own and answers requests from it.
func openHall(t *testing.T) *httptest.Server {
	t.Helper()
	h, err := Open(context.Background(), t.TempDir(), Config{CacheMB: 1}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h.Handler())
	t.Cleanup(func() {
		s.Close()
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestFrame_preferences(t *testing.T) {
	t.Parallel()
	s := openHall(t)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	send := func(form url.Values) *http.Response {
		t.Helper()
		r, err := client.PostForm(s.URL+"/preferences", form)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		return r
	}
	r := send(url.Values{"lang": {"ar"}, "theme": {"dark"}, "back": {"/topics?page=2"}})
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/topics?page=2" {
		t.Fatalf("status %d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	ask, err := http.NewRequest("GET", s.URL+"/offline", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Cookies() {
		ask.AddCookie(c)
	}
	page, err := client.Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	defer page.Body.Close()
	body, err := io.ReadAll(page.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(body), `<html lang="ar" dir="rtl" data-theme="dark">`) {
		t.Errorf("the page is not as chosen: %.200s", body)
	}
	if r := send(url.Values{"lang": {"en"}, "back": {"//elsewhere.example/"}}); r.Header.Get("Location") != "/" {
		t.Errorf("sent on to %q", r.Header.Get("Location"))
	}
	for _, form := range []url.Values{{"lang": {"tlh"}}, {"lang": {"en"}, "theme": {"pink"}}} {
		if r := send(form); r.StatusCode != http.StatusUnprocessableEntity && r.StatusCode != http.StatusBadRequest {
			t.Errorf("%v: status %d", form, r.StatusCode)
		}
	}
}

func TestFrame_offlineShowsNobody(t *testing.T) {
	t.Parallel()
	s := openHall(t)
	for _, path := range []string{"/offline", "/manifest.webmanifest"} {
		r, err := http.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != http.StatusOK || len(r.Cookies()) > 0 {
			t.Errorf("%s: status %d, cookies %v", path, r.StatusCode, r.Cookies())
		}
	}
}
