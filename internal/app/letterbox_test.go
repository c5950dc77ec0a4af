package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guildhall/internal/ledger"
	"guildhall/internal/letterbox"
	"guildhall/internal/mask/letter"
)

// handIn puts a letter into a letterbox.
func handIn(t *testing.T, box, id string, sealed []byte) (status int, said string) {
	t.Helper()
	q, err := http.NewRequest(http.MethodPut, box+"/letters/"+id, bytes.NewReader(sealed))
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

// What a letterbox has acknowledged outlives its being killed, and is delivered.
func TestLetterbox_killed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	args := []string{"letterbox", "--data", dir, "--listen", "localhost:0", "--hall", "http://hall.example"}
	p := begin(t, nil, "guildhall", args...)
	ids := make([]string, 20)
	for i := range ids {
		ids[i] = letter.NewID()
		if status, said := handIn(t, p.url, ids[i], bytes.Repeat([]byte{byte(i)}, 65+16+letter.Short)); status != 204 {
			t.Fatalf("letter %d: %d %s", i, status, said)
		}
	}
	p.kill()
	p = begin(t, nil, "guildhall", args...)
	for _, id := range ids {
		if r, err := http.Get(p.url + "/letters/" + id); err != nil || r.StatusCode != http.StatusAccepted {
			t.Fatalf("a letter is gone: %v %v", r, err)
		}
	}
	p.kill()

	var brought [][]byte
	hall := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		list, err := letter.Split(b)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		answers := make([][]byte, len(list))
		for i := range answers {
			answers[i] = letter.Noise()
		}
		brought = append(brought, list...)
		_, _ = w.Write(letter.Join(answers))
	}))
	t.Cleanup(hall.Close)
	box, err := letterbox.Open(letterbox.Config{
		Dir: dir, Now: func() time.Time { return time.Now().Add(72 * time.Hour) }, Deliveries: hall.URL, Client: hall.Client(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := box.Step(context.Background()); n != len(ids) || err != nil || len(brought) != len(ids) {
		t.Fatalf("%d of %d were brought, %v", n, len(ids), err)
	}
}

// A letterbox whose disk is full says so and keeps what it has.
func TestDiskFull_letterbox(t *testing.T) {
	t.Parallel()
	mayMount(t)
	from, dir := t.TempDir(), t.TempDir()
	p := begin(t, apart, "guildhall-cramped", dir, from, "letterbox", "--data", dir, "--listen", "localhost:0", "--hall", "http://hall.example")
	inside := fmt.Sprintf("/proc/%d/root%s", p.cmd.Process.Pid, dir)
	first, second := letter.NewID(), letter.NewID()
	sealed := make([]byte, letter.MaxSize)
	if status, said := handIn(t, p.url, first, sealed); status != 204 {
		t.Fatalf("%d %s", status, said)
	}
	ballast := filepath.Join(inside, letter.NewID())
	if err := takeRoom(ballast); err != nil {
		t.Fatal(err)
	}
	if status, said := handIn(t, p.url, second, sealed); status != 503 || !strings.Contains(said, "letterbox.full") {
		t.Errorf("a full disk: %d %s", status, said)
	}
	if r, err := http.Get(p.url + "/letters/" + second); err != nil || r.StatusCode != 404 {
		t.Errorf("half a letter is there: %v %v", r, err)
	}
	if r, err := http.Get(p.url + "/letters/" + first); err != nil || r.StatusCode != 202 {
		t.Errorf("the first letter: %v %v", r, err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if status, said := handIn(t, p.url, second, sealed); status != 204 {
		t.Errorf("with room again: %d %s", status, said)
	}
	p.stop(t)
}

// The hall names its letterbox in the keys, the log and its policy; the same at each
// start, and anew when it is another.
func TestLetters_announced(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	now := func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }
	c := defaults()
	c.URL = "http://localhost:8080"
	type announced struct {
		Letters struct {
			Box, Key string
			Place    uint64
		}
	}
	var space string
	open := func(box string) (a announced) {
		t.Helper()
		c.Letterbox = box
		h, err := Open(context.Background(), dir, c, now)
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		if space == "" {
			space = safeSpaceIn(t, h)
		}
		doors := h.Handler()
		for _, host := range []string{"localhost:8080", "safe.localhost:8080"} {
			path := "/keys?space=" + url.QueryEscape(space)
			if host == "localhost:8080" {
				path = "/spaces/" + space + "/keys"
			}
			q := httptest.NewRequest("GET", "http://"+host+path, nil)
			w := httptest.NewRecorder()
			doors.ServeHTTP(w, q)
			if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
				t.Fatalf("%s: %d %s", host, w.Code, w.Body)
			}
			if p := w.Header().Get("Content-Security-Policy"); host == "localhost:8080" && strings.Contains(p, "connect-src 'self' http://safe.localhost:8080 https") != (box != "") {
				t.Errorf("policy: %s", p)
			}
		}
		if box == "" {
			return a
		}
		p, err := h.Ledger.Proof(context.Background(), a.Letters.Place)
		if err != nil {
			t.Fatal(err)
		}
		f, err := p.Check(h.Ledger.Key())
		if e, ok := f.(ledger.Letterbox); err != nil || !ok || e.Box != box || e.Key != a.Letters.Key || e.Day != 20_514 {
			t.Errorf("the log says %+v, %v", f, err)
		}
		return a
	}
	if a := open(""); a.Letters.Key != "" {
		t.Errorf("a letterbox that is none: %+v", a)
	}
	first, again, other := open("https://letters.example"), open("https://letters.example"), open("https://post.example")
	if first.Letters.Box != "https://letters.example" || first != again || other.Letters.Key != first.Letters.Key || other.Letters.Place == first.Letters.Place {
		t.Errorf("%+v\n%+v\n%+v", first, again, other)
	}
}
