package answer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"guildhall/internal/fault"
	"guildhall/internal/lang"
	"guildhall/internal/web/viewer"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// hall is a Mux whose members sign in by naming themselves in a cookie.
func hall(change func(*Config)) *Mux {
	c := Config{
		Now:      func() time.Time { return noon },
		Sessions: []string{"member"},
		Identify: func(_ context.Context, r *http.Request) (viewer.Viewer, error) {
			who, err := r.Cookie("member")
			if err != nil || who.Value == "nobody" {
				return viewer.Viewer{}, nil
			}
			return viewer.Viewer{SignedIn: true, FaceID: who.Value, Name: who.Value, Lang: lang.Spanish}, nil
		},
		Hall: "Hall",
	}
	if change != nil {
		change(&c)
	}
	return New(c)
}

func text(s string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		_, err := io.WriteString(w, templ.EscapeString(s))
		return err
	})
}

func get(m http.Handler, target string, headers ...string) *httptest.ResponseRecorder {
	return send(m, httptest.NewRequest("GET", target, nil), headers...)
}

func post(m http.Handler, target string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return send(m, r, headers...)
}

func send(m http.Handler, r *http.Request, headers ...string) *httptest.ResponseRecorder {
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	m.ServeHTTP(rec, r)
	return rec
}

func TestHeaders_golden(t *testing.T) {
	t.Parallel()
	m := hall(func(c *Config) {
		c.TLS, c.Safe, c.Letterbox = true, "https://safe.hall.example", "https://letters.example"
		c.Calls = []string{"wss://calls.example"}
	})
	m.Handle("GET /a", func(w *Writer, r *Request) error {
		return w.Page([]Thing{"a"}, func(context.Context) (templ.Component, error) { return text("hello"), nil })
	})
	m.Handle("GET /b", func(w *Writer, r *Request) error { return w.Show(200, text("hello")) })
	browser := http.Header{
		"Content-Security-Policy": {"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
			"connect-src 'self' https://safe.hall.example https://letters.example wss://calls.example; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Permissions-Policy": {"accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), " +
			"magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"},
		"Referrer-Policy":           {"same-origin"},
		"Strict-Transport-Security": {"max-age=31536000"},
		"X-Content-Type-Options":    {"nosniff"},
		"Vary":                      {"Accept-Encoding, Accept-Language, Cookie"},
		"Content-Type":              {"text/html; charset=utf-8"},
	}
	with := func(more http.Header) http.Header {
		h := browser.Clone()
		for k, v := range more {
			h[k] = v
		}
		return h
	}
	kept := with(http.Header{"Cache-Control": {"no-cache"}, "Content-Length": {"5"}, "Etag": {tagOf([]byte("hello"))}})
	tests := []struct {
		name, target, cookie string
		want                 http.Header
	}{
		{"first reader", "/a", "", kept},
		{"from the cache", "/a", "", kept},
		{"member", "/a", "member=ana", with(http.Header{"Cache-Control": {"private, no-store"}, "Content-Length": {"5"}})},
		{"not kept", "/b", "", with(http.Header{"Cache-Control": {"private, no-store"}, "Content-Length": {"5"}})},
	}
	for _, tt := range tests {
		got := get(m, tt.target, "Cookie", tt.cookie).Header()
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s:\n%s", tt.name, d)
		}
	}
	for name, target := range map[string]string{"lost": "/nowhere", "moved": "/a/../b"} {
		if get(m, target).Header().Get("Content-Security-Policy") != policy(append([]string{m.Safe, m.Letterbox}, m.Calls...)...) {
			t.Errorf("%s: no policy", name)
		}
	}
}

func TestFaults_everyKindInEveryLanguage(t *testing.T) {
	t.Parallel()
	kinds := map[fault.Kind]int{fault.Internal: 500, fault.Invalid: 422, fault.NotFound: 404, fault.Forbidden: 403,
		fault.Conflict: 409, fault.TooMany: 429, fault.Unavailable: 503, fault.SignIn: 401}
	m := hall(nil)
	m.Handle("POST /{kind}", func(w *Writer, r *Request) error {
		for k := range kinds {
			if k.String() == r.PathValue("kind") {
				return fault.New(k, "fault."+k.String()).Because(errors.New("secret: ana@example.org"))
			}
		}
		return errors.New("secret: ana@example.org")
	})
	for kind, status := range kinds {
		for _, l := range lang.All() {
			rec := post(m, "/"+kind.String(), nil, "Accept-Language", l.Tag())
			body := rec.Body.String()
			if rec.Code != status {
				t.Errorf("%v: status %d, want %d", kind, rec.Code, status)
			}
			for _, want := range []string{
				fmt.Sprintf(`<html lang="%s" dir="%s"`, l.Tag(), l.Dir()),
				"<h1>" + templ.EscapeString(l.T("fault."+kind.String()+"_title")) + "</h1>",
				templ.EscapeString(l.T("fault." + kind.String())),
			} {
				if !strings.Contains(body, want) {
					t.Errorf("%v in %s: no %q in\n%s", kind, l, want, body)
				}
			}
			if strings.Contains(body, "secret") {
				t.Errorf("%v: the cause is shown", kind)
			}
		}
	}
}

func TestFaults_signInSendsReadersOn(t *testing.T) {
	t.Parallel()
	m := hall(nil)
	m.Handle("GET /write", func(w *Writer, r *Request) error {
		if err := r.SignedIn(); err != nil {
			return err
		}
		return w.Show(200, text("write, "+r.Viewer.Name))
	}, Params("topic"))
	rec := get(m, "/write?topic=go+lang&junk=1")
	if rec.Code != 303 || rec.Header().Get("Location") != "/sign-in?back=%2Fwrite%3Ftopic%3Dgo%2Blang" {
		t.Errorf("reader: %d %s", rec.Code, rec.Header().Get("Location"))
	}
	if rec := get(m, "/write", "Cookie", "member=ana"); rec.Code != 200 || rec.Body.String() != "write, ana" {
		t.Errorf("member: %d %s", rec.Code, rec.Body)
	}
	if rec := get(m, "/write", "Cookie", "member=nobody"); rec.Code != 303 {
		t.Errorf("a worthless cookie: %d", rec.Code)
	}
}

func TestMux_unmatched(t *testing.T) {
	t.Parallel()
	m := hall(nil)
	m.Handle("GET /a/{$}", func(w *Writer, r *Request) error { return w.Show(200, text("a")) })
	tests := []struct {
		method, target string
		status         int
		says           string
	}{
		{"GET", "/nowhere", 404, "Nothing here"},
		{"POST", "/a/", 405, "for reading or for sending"},
		{"GET", "/x/../a/", 307, ""},
		{"GET", "/a/", 200, "a"},
		{"HEAD", "/a/", 200, ""},
	}
	for _, tt := range tests {
		rec := send(m, httptest.NewRequest(tt.method, tt.target, nil))
		if rec.Code != tt.status || !strings.Contains(rec.Body.String(), tt.says) {
			t.Errorf("%s %s: %d %s", tt.method, tt.target, rec.Code, rec.Body)
		}
	}
	if rec := send(m, httptest.NewRequest("POST", "/a/", nil)); rec.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("Allow: %q", rec.Header().Get("Allow"))
	}
}

func TestMux_crossOriginWritesAreRefused(t *testing.T) {
	t.Parallel()
	did := 0
	m := hall(func(c *Config) { c.Origin = "https://hall.example" })
	m.Handle("POST /a", func(w *Writer, r *Request) error { did++; return w.Redirect("/") })
	tests := []struct {
		name    string
		headers []string
		status  int
	}{
		{"another site", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another site, older browser", []string{"Origin", "https://evil.example"}, 403},
		{"our page", []string{"Sec-Fetch-Site", "same-origin"}, 303},
		{"our page behind a proxy", []string{"Origin", "https://hall.example", "Sec-Fetch-Site", "same-site"}, 303},
		{"lynx", nil, 303},
	}
	want := 0
	for _, tt := range tests {
		if rec := post(m, "/a", nil, tt.headers...); rec.Code != tt.status {
			t.Errorf("%s: %d", tt.name, rec.Code)
		}
		if tt.status == 303 {
			want++
		}
	}
	if did != want {
		t.Errorf("the deed was done %d times, want %d", did, want)
	}
	m.Handle("POST /b/{token}", func(w *Writer, r *Request) error { return w.Redirect("/") }, Anywhere())
	rec := post(m, "/b/secret", nil, "Sec-Fetch-Site", "cross-site", "Origin", "https://elsewhere.example")
	if rec.Code != 303 || rec.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("from anywhere: %d %v", rec.Code, rec.Header())
	}
}

// canary is what a person might write; it must never be logged.
const canary = "canary-7f3a"

func TestMux_panicsAndBugsAreLoggedWithoutWords(t *testing.T) { // not parallel: it holds slog's default
	var log bytes.Buffer
	old := slog.Default()
	defer slog.SetDefault(old)
	slog.SetDefault(slog.New(Quiet(slog.NewTextHandler(&log, nil))))

	reg := prometheus.NewRegistry()
	m := hall(func(c *Config) { c.Metrics = reg })
	m.Handle("POST /panic", func(w *Writer, r *Request) error { panic("by " + r.Text("name")) })
	m.Handle("POST /index", func(w *Writer, r *Request) error { _ = []int{}[len(r.Text("name"))]; return nil })
	m.Handle("POST /bug", func(w *Writer, r *Request) (err error) {
		defer fault.Wrap(&err, "forum.Reply")
		return fmt.Errorf("cannot write %q", r.Text("name"))
	})
	m.Handle("POST /silent", func(w *Writer, r *Request) error { return nil })
	for _, p := range []string{"/panic", "/index", "/bug", "/silent"} {
		r := httptest.NewRequest("POST", p, strings.NewReader("name="+canary))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("User-Agent", canary)
		r.RemoteAddr = "203.0.113.77:1"
		if rec := send(m, r, "Cookie", "member="+canary); rec.Code != 500 || strings.Contains(rec.Body.String(), "203.0.113") {
			t.Errorf("%s: %d", p, rec.Code)
		}
	}
	out := log.String()
	for _, bad := range []string{canary, "203.0.113.77"} {
		if strings.Contains(out, bad) {
			t.Errorf("%q is in the log:\n%s", bad, out)
		}
	}
	for _, want := range []string{`route="POST /panic" cause=string place="web/answer.`, "index out of range", "ops=forum.Reply", "answered nothing"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in the log:\n%s", want, out)
		}
	}
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "guildhall_panics_total" && f.Metric[0].GetCounter().GetValue() != 3 {
			t.Errorf("%v panics counted", f.Metric[0])
		}
	}
}

func TestMux_countsByRouteAndStatusOnly(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	var mu sync.Mutex
	visited := map[string]int{}
	m := hall(func(c *Config) {
		c.Metrics = reg
		c.TestOnlyVisit = func(p string, status int) {
			mu.Lock()
			defer mu.Unlock()
			visited[fmt.Sprint(p, " ", status)]++
		}
	})
	m.Handle("GET /people/{name}", func(w *Writer, r *Request) error {
		return w.Page(nil, func(context.Context) (templ.Component, error) { return text(r.PathValue("name")), nil })
	})
	m.Mount("GET /raw", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("raw")) }))
	get(m, "/people/ana")
	tag := get(m, "/people/ana").Header().Get("Etag")
	get(m, "/people/ana", "If-None-Match", tag)
	get(m, "/raw")
	get(m, "/"+canary)
	want := map[string]int{"GET /people/{name} 200": 2, "GET /people/{name} 304": 1, "GET /raw 200": 1, "none 404": 1}
	if d := cmp.Diff(want, visited); d != "" {
		t.Error(d)
	}
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprint(families)
	for _, bad := range []string{"ana", canary} {
		if strings.Contains(all, bad) {
			t.Errorf("%q is in the metrics", bad)
		}
	}
	if d := cmp.Diff([]string{"GET /people/{name}", "GET /raw"}, m.Patterns()); d != "" {
		t.Error(d)
	}
}

func TestMux_addressesThatAreNoText(t *testing.T) {
	t.Parallel()
	m := hall(nil)
	m.Handle("GET /people/{name}", func(w *Writer, r *Request) error { return w.Show(200, text(r.PathValue("name"))) })
	for target, status := range map[string]int{"/people/%D9%85": 200, "/people/%FF": 404, "/people/a%00b": 404} {
		if rec := get(m, target); rec.Code != status {
			t.Errorf("%s: %d", target, rec.Code)
		}
	}
}

func TestFaults_sayWhenToComeBack(t *testing.T) {
	t.Parallel()
	m := hall(nil)
	m.Handle("POST /a", func(w *Writer, r *Request) error { return fault.New(fault.TooMany, "fault.wait_minutes", 12) })
	rec := post(m, "/a", nil)
	if rec.Code != 429 || rec.Header().Get("Retry-After") != "720" || !strings.Contains(rec.Body.String(), "12 minutes") {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
}

func TestLocal(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]bool{"/": true, "/a?b=c#d": true, "//evil.example": false, "https://evil.example": false,
		"/\\evil.example": false, "": false, "a": false, "/\t/evil": false, "javascript:alert(1)": false, "/a\r\nX: y": false} {
		if Local(to) != want {
			t.Errorf("%q: %v", to, !want)
		}
	}
}

func TestAgain_showsTheFormWithTheFaultsStatus(t *testing.T) {
	t.Parallel()
	m := hall(nil)
	m.Handle("POST /a", func(w *Writer, r *Request) error {
		err := fault.On("title", fault.Invalid, "fault.empty")
		return w.Again(err, text("form with "+r.Text("body")))
	})
	rec := post(m, "/a", url.Values{"body": {"my words"}})
	if rec.Code != 422 || rec.Body.String() != "form with my words" {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}
