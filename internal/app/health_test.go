package app

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/mail"
)

// keep opens a hall, with one steward's cookie.
func keep(t *testing.T, c Config) (h *Hall, cookie string) {
	t.Helper()
	ctx := context.Background()
	h, err := Open(ctx, t.TempDir(), c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	if cookie, err = h.TestOnlyMember(ctx); err != nil {
		t.Fatal(err)
	}
	v, err := h.identify(ctx, &http.Request{Header: http.Header{"Cookie": {cookie}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Moderation.Appoint(ctx, "", face.ID(v.FaceID)); err != nil {
		t.Fatal(err)
	}
	return h, cookie
}

func read(t *testing.T, h http.Handler, path, cookie, lang string) (int, string) {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Cookie", cookie)
	r.Header.Set("Accept-Language", lang)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestHealth_isForStewards(t *testing.T) {
	t.Parallel()
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			c := defaults()
			c.Database = dbtest.Config(t, e).URL
			h, steward := keep(t, c)
			member, err := h.TestOnlyMember(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			site := h.Handler()
			if code, _ := read(t, site, "/health", member, "en"); code != http.StatusForbidden {
				t.Errorf("a member is answered %d", code)
			}
			code, page := read(t, site, "/health", steward, "en")
			if code != http.StatusOK || !strings.Contains(page, "none yet") || !strings.Contains(page, e.String()) {
				t.Errorf("status %d:\n%s", code, page)
			}
			if strings.Contains(page, "127.0.0.1") || strings.Contains(page, h.Dir) {
				t.Error("the page tells where the house stands")
			}
			old := time.Now().Add(-8 * 24 * time.Hour)
			note := filepath.Join(h.Dir, backupNote)
			if err := os.WriteFile(note, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(note, old, old); err != nil {
				t.Fatal(err)
			}
			if _, page := read(t, site, "/health", steward, "en"); !strings.Contains(page, "no backup for a week") {
				t.Error("an old backup is no warning")
			}
		})
	}
}

func TestLow(t *testing.T) {
	t.Parallel()
	const mb, gb = 1 << 20, 1 << 30
	for _, c := range []struct {
		free, all int64
		want      bool
	}{{5 * gb, 10 * gb, false}, {400 * mb, 10 * gb, true}, {2 * gb, 1000 * gb, false}, {900 * mb, 1000 * gb, true}, {90 * mb, 100 * mb, true}, {150 * mb, gb, false}} {
		if got := low(c.free, c.all); got != c.want {
			t.Errorf("%d MB of %d: %v", c.free/mb, c.all/mb, got)
		}
	}
}

// A letter goes out once a day for each trouble.
func TestWatchman_writesOnceADay(t *testing.T) {
	t.Parallel()
	letters := make(chan string, 10)
	at := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	c := defaults()
	c.OperatorMail, c.Name = "op@hall.example", "Casa"
	sender, err := mail.New(mail.Config{Server: "smtp+insecure://" + sink(t, letters), From: "hall@hall.example", Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	w := &watchman{hall: &Hall{Config: c, Now: func() time.Time { return at }}, sender: sender, written: map[string]int64{}}
	for _, moment := range []time.Duration{0, time.Hour, 19 * time.Hour, 20 * time.Hour} {
		at = time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC).Add(moment)
		w.write(context.Background(), "Casa: the disk is nearly full", "x")
	}
	if n := len(letters); n != 1 {
		t.Errorf("%d letters in one day", n)
	}
	at = at.Add(2 * time.Hour)
	w.write(context.Background(), "Casa: the disk is nearly full", "x")
	if n := len(letters); n != 2 {
		t.Errorf("%d letters in two days", n)
	}
}

// sink takes letters as a mail server does, and tells each on ch.
func sink(t *testing.T, ch chan<- string) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go takeLetters(c, ch)
		}
	}()
	return ln.Addr().String()
}

func takeLetters(c net.Conn, ch chan<- string) {
	defer c.Close()
	say := func(s string) { _, _ = io.WriteString(c, s+"\r\n") }
	say("220 sink")
	letter := ""
	for in, data := bufio.NewScanner(c), false; in.Scan(); {
		switch line := in.Text(); {
		case data && line == ".":
			data = false
			ch <- letter
			say("250 taken")
		case data:
			letter += line + "\n"
		case line == "DATA":
			data = true
			say("354 go on")
		case line == "QUIT":
			say("221 bye")
			return
		default:
			say("250 well")
		}
	}
}

func TestPlainHandler_sendsReadersToTheSafeSide(t *testing.T) {
	t.Parallel()
	c := newCertificates(t.TempDir(), Config{Domain: "hall.example"})
	get := func(method, target string) *http.Response {
		w := httptest.NewRecorder()
		c.plainHandler().ServeHTTP(w, httptest.NewRequest(method, target, nil))
		return w.Result()
	}
	if r := get("GET", "http://other.example/topics?page=2"); r.StatusCode != http.StatusPermanentRedirect || r.Header.Get("Location") != "https://hall.example/topics?page=2" {
		t.Errorf("%d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	if r := get("POST", "http://hall.example/join"); r.StatusCode != http.StatusBadRequest {
		t.Errorf("a form sent in the clear was answered %d", r.StatusCode)
	}
	if conf := c.magic.TLSConfig(); conf.GetCertificate == nil {
		t.Error("no certificate will be shown")
	}
}

// A clock that was set back a day, as after a broken battery, must not stop the
// hall, nor let new things sort before old ones.
func TestOpen_withClockSetBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	now := time.Now()
	h, err := Open(ctx, dir, defaults(), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	cookie, err := h.TestOnlyMember(ctx)
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(48 * time.Hour)
	if _, err := h.TestOnlyMember(ctx); err != nil {
		t.Fatal(err)
	}
	now = now.Add(-24 * time.Hour)
	v, err := h.identify(ctx, &http.Request{Header: http.Header{"Cookie": {cookie}}})
	if err != nil || !v.SignedIn {
		t.Errorf("signed out by the clock: %v", err)
	}
	if _, err := h.Jobs.Step(ctx); err != nil {
		t.Errorf("jobs: %v", err)
	}
	if _, err := h.TestOnlyMember(ctx); err != nil {
		t.Errorf("writing: %v", err)
	}
	h.Close()
	if h, err = Open(ctx, dir, defaults(), func() time.Time { return now }); err != nil {
		t.Fatal(err)
	}
	h.Close()
}

func TestOpen_refusesNewerSchema(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	h, err := Open(ctx, dir, defaults(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	q := db.SQL("apptest.newer", `INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, true)`)
	err = h.DB.Tx(ctx, func(ctx context.Context) error { _, err := h.DB.Exec(ctx, q, 999_999); return err })
	if err != nil {
		t.Fatal(err)
	}
	h.Close()
	_, err = Open(ctx, dir, defaults(), time.Now)
	if !fault.Is(err, fault.Conflict) || !strings.Contains(explain(err), "newer") {
		t.Errorf("got %q", explain(err))
	}
}

func TestWithoutAddresses(t *testing.T) {
	t.Parallel()
	err := errors.New("acme: 203.0.113.9: Fetching http://hall.example/x: 2001:db8::1 refused at 10:30:05")
	if got := withoutAddresses(err); strings.Contains(got, "203") || strings.Contains(got, "db8") || !strings.Contains(got, "http://hall.example/x") {
		t.Errorf("%q", got)
	}
	if withoutAddresses(nil) != "" {
		t.Error("nothing became something")
	}
}
