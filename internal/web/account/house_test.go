package account_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
)

// clock is a clock that tests turn.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// house is a whole hall that answers over HTTP.
type house struct {
	t     *testing.T
	hall  *app.Hall
	clock *clock
	web   *httptest.Server
}

// each opens a hall on each engine.
func each(t *testing.T, f func(h *house)) {
	t.Helper()
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			h := &house{t: t, clock: &clock{at: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)}}
			at := dbtest.Config(t, e)
			if at.Dir == "" {
				at.Dir = t.TempDir()
			}
			var err error
			conf := app.Config{URL: "http://localhost:1", Name: "Casa", CacheMB: 1, Database: at.URL}
			if h.hall, err = app.Open(context.Background(), at.Dir, conf, h.clock.now); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { h.hall.Close() })
			h.web = httptest.NewServer(h.hall.Handler())
			t.Cleanup(h.web.Close)
			f(h)
		})
	}
}

// browser is one without scripts.
type browser struct {
	h   *house
	c   *http.Client
	at  string // path of the page it shows
	ok  int    // its status
	doc string
}

func (h *house) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{h: h, c: &http.Client{Jar: jar}}
}

func (b *browser) do(method, path string, contentType string, body io.Reader) *browser {
	b.h.t.Helper()
	r, err := http.NewRequest(method, b.h.web.URL+path, body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	res, err := b.c.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	b.at, b.ok, b.doc = res.Request.URL.RequestURI(), res.StatusCode, string(all)
	return b
}

func (b *browser) get(path string) *browser { b.h.t.Helper(); return b.do("GET", path, "", nil) }

// post sends fields given as name, value, name, value.
func (b *browser) post(path string, fields ...string) *browser {
	b.h.t.Helper()
	v := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	return b.do("POST", path, "application/x-www-form-urlencoded", strings.NewReader(v.Encode()))
}

// want checks where the browser is and what it reads there.
func (b *browser) want(status int, path string, words ...string) *browser {
	b.h.t.Helper()
	if b.ok != status || !strings.HasPrefix(b.at, path) {
		b.h.t.Fatalf("at %s with %d, want %s with %d:\n%s", b.at, b.ok, path, status, main(b.doc))
	}
	for _, w := range words {
		if !strings.Contains(b.doc, w) {
			b.h.t.Fatalf("%s does not say %q:\n%s", b.at, w, main(b.doc))
		}
	}
	return b
}

func main(doc string) string {
	_, doc, _ = strings.Cut(doc, "<main")
	doc, _, _ = strings.Cut(doc, "</main>")
	return doc
}

// hidden reads a field of the page's form.
func (b *browser) hidden(name string) string {
	b.h.t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(b.doc)
	if m == nil {
		b.h.t.Fatalf("%s has no field %s", b.at, name)
	}
	return m[1]
}

var codeShape = regexp.MustCompile(`(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}`)

// join joins without scripts and gives the login code and the recovery codes.
func (b *browser) join(name string) (code string, recovery []string) {
	b.h.t.Helper()
	b.get("/join").want(200, "/join")
	b.post("/join", "name", name, "lang", "en", "zone", "Europe/Madrid", "work", b.hidden("work"), "once", b.hidden("once"), "next", "/account")
	b.want(200, "/account/codes", "Welcome, "+name)
	codes := codeShape.FindAllString(b.doc, -1)
	if len(codes) != 11 {
		b.h.t.Fatalf("%d codes", len(codes))
	}
	return codes[0], codes[1:]
}
