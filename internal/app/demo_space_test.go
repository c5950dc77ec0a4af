package app

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"guildhall/internal/demo"
	"guildhall/internal/face"
	"guildhall/internal/space"
)

// The demonstration hall has an open space and a safe one whose seats are all good for something; no branch of
// the sixty is above a third.
func TestTell_spaces(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	if err := tell(ctx, dir, defaults(), streams{out: io.Discard, err: io.Discard}); err != nil {
		t.Fatal(err)
	}
	h, err := Open(ctx, dir, defaults(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	all, err := h.Spaces.Spaces(ctx)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d spaces: %v", len(all), err)
	}
	seats := players + understudies + 2 // the visitors', of whom one more only speaks for the platform
	if err := h.Spaces.Keep(ctx); err != nil {
		t.Fatal(err)
	}
	counted, err := h.Spaces.Counted(ctx)
	if err != nil || counted["designers"].Seats != seats {
		t.Errorf("counted %v: %v", counted, err)
	}
	branches := map[string]int{}
	f, err := h.Faces.ByHandle(ctx, "New Pigeon")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range newTeller(mustStory(t)).sitters() {
		g, err := h.Faces.ByHandle(ctx, m.Name)
		if err != nil {
			t.Fatal(err)
		}
		st, err := h.Spaces.Standing(ctx, "designers", g.ID)
		if err != nil || !st.Eligible {
			t.Errorf("%s: %+v %v", m.Name, st, err)
		}
		branches[st.Branch]++
	}
	if k := space.Crowd(branches); k != sitting {
		t.Errorf("the sixty count for %d", k)
	}
	if st, _ := h.Spaces.Standing(ctx, "designers", face.ID(f.ID)); !st.Eligible {
		t.Errorf("the visitor's member: %+v", st)
	}
}

// A week passes at a button, is kept in the hall's directory, and there is no such
// page in a hall that is served.
func TestDemoClock(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	clock, err := openDemoClock(dir)
	if err != nil {
		t.Fatal(err)
	}
	c := defaults()
	c.URL = "http://localhost:8080"
	h, err := Open(ctx, dir, c, clock.now)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	hall := h.dated(h.Handler())
	send := func(method string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		hall.ServeHTTP(w, httptest.NewRequest(method, "http://localhost:8080/demo/clock", strings.NewReader("")))
		return w
	}
	if w := send("GET"); w.Code != http.StatusNotFound {
		t.Errorf("a hall that is served answers %d", w.Code)
	}
	if w := send("POST"); w.Code != http.StatusNotFound || clock.lead() != 0 {
		t.Errorf("a hall that is served lets time pass: %d", w.Code)
	}
	h.demoClock, h.Metrics = clock, prometheus.NewRegistry()
	hall = h.dated(h.Handler())
	if w := send("GET"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "A week later") || w.Header().Get("Demo-Clock") != "0" {
		t.Errorf("the page: %d, Demo-Clock %q", w.Code, w.Header().Get("Demo-Clock"))
	}
	before := h.Now()
	if w := send("POST"); w.Code != http.StatusSeeOther {
		t.Errorf("the button: %d", w.Code)
	}
	if d := h.Now().Sub(before); d < demoWeek || d > demoWeek+time.Hour {
		t.Errorf("the clock moved by %v", d)
	}
	w := send("GET")
	if date, err := http.ParseTime(w.Header().Get("Date")); err != nil || h.Now().Sub(date) > time.Minute || w.Header().Get("Demo-Clock") != "604800" {
		t.Errorf("Date %q, Demo-Clock %q", w.Header().Get("Date"), w.Header().Get("Demo-Clock"))
	}
	again, err := openDemoClock(dir)
	if err != nil || again.lead() != demoWeek {
		t.Errorf("after a restart: %v ahead, %v", again.lead(), err)
	}
	for _, bad := range []string{"x", "-1", "999999"} {
		if err := os.WriteFile(filepath.Join(dir, demoClockFile), []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := openDemoClock(dir); err == nil {
			t.Errorf("read %q", bad)
		}
	}
}

func mustStory(t *testing.T) *demo.Hall {
	t.Helper()
	s, err := demo.Story()
	if err != nil {
		t.Fatal(err)
	}
	return s
}
