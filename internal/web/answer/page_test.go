package answer

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/a-h/templ"

	"guildhall/internal/fault"
)

// What the cache gives through the Mux.

func TestPage_isKeptByWhatItDependsOnOnly(t *testing.T) {
	t.Parallel()
	m := hall(nil)
	var made atomic.Int32
	m.Handle("GET /d/{id}", func(w *Writer, r *Request) error {
		return w.Page([]Thing{Thing("d:" + r.PathValue("id"))}, func(ctx context.Context) (templ.Component, error) {
			w.Shows("face:ana")
			return text(fmt.Sprint(made.Add(1), r.Viewer.Lang, r.Viewer.Theme, r.Viewer.Path, r.Query("page"))), nil
		})
	}, Params("page", "a"))
	same := func(name, target string, headers ...string) {
		t.Helper()
		before := made.Load()
		if rec := get(m, target, headers...); rec.Code != 200 {
			t.Fatalf("%s: %d", name, rec.Code)
		}
		if made.Load() != before {
			t.Errorf("%s: made anew", name)
		}
	}
	anew := func(name, target string, headers ...string) {
		t.Helper()
		before := made.Load()
		get(m, target, headers...)
		if made.Load() != before+1 {
			t.Errorf("%s: not made anew", name)
		}
		if !strings.Contains(strings.Join(headers, " "), "member") {
			same(name+", again", target, headers...)
		}
	}
	anew("first", "/d/1")
	same("unknown parameter", "/d/1?utm_source=x")
	same("many unknown parameters", "/d/1?x=1&y=2&%zz")
	same("empty parameter", "/d/1?page=")
	same("written oddly", "/%64/1")
	same("unknown cookie", "/d/1", "Cookie", "ga=123; other=1")
	same("unknown language", "/d/1", "Accept-Language", "tlh")
	same("unknown theme", "/d/1", "Cookie", "theme=pink")
	same("a zone", "/d/1", "Cookie", "zone=Europe/Madrid")
	anew("page 2", "/d/1?page=2")
	anew("two parameters", "/d/1?page=2&a=1")
	same("in another order, twice", "/d/1?a=1&page=2&page=3")
	anew("Spanish", "/d/1", "Accept-Language", "es-MX,es;q=0.9")
	same("Spanish by cookie", "/d/1", "Cookie", "lang=es", "Accept-Language", "ar")
	anew("dark", "/d/1", "Cookie", "theme=dark")
	anew("gzip", "/d/1", "Accept-Encoding", "gzip")
	anew("member", "/d/1", "Cookie", "theme=dark; member=ana")
	anew("member again", "/d/1", "Cookie", "member=ana")
	same("nobody's cookie", "/d/1", "Cookie", "member=nobody")
	m.Cache.Touch("d:2", "front")
	same("another thing was touched", "/d/1")
	m.Cache.Touch("d:1")
	anew("touched", "/d/1")
	m.Cache.Touch("face:ana")
	anew("a thing learnt while making was touched", "/d/1")
	anew("too long to keep", "/d/1?page=3")
	long := "/d/1?page=" + strings.Repeat("9", 500)
	get(m, long)
	if n, _ := m.Cache.Size(); m.Cache.find(pageKey{uri: long}) != nil || n > 20 {
		t.Errorf("%d pages kept", n)
	}
}

func TestPage_faultsAreNotKept(t *testing.T) {
	t.Parallel()
	m := hall(nil)
	gone := true
	m.Handle("GET /a", func(w *Writer, r *Request) error {
		return w.Page([]Thing{"a"}, func(context.Context) (templ.Component, error) {
			if gone {
				return nil, fault.New(fault.NotFound, "fault.not_found")
			}
			return text("here"), nil
		})
	})
	if rec := get(m, "/a"); rec.Code != 404 || rec.Header().Get("Etag") != "" {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
	gone = false
	if rec := get(m, "/a"); rec.Code != 200 {
		t.Errorf("%d", rec.Code)
	}
}

func TestPage_elsewhere(t *testing.T) {
	t.Parallel()
	m := hall(nil)
	m.Handle("GET /old/{to...}", func(w *Writer, r *Request) error {
		return w.Page(nil, func(context.Context) (templ.Component, error) { return nil, Elsewhere("/" + r.PathValue("to")) })
	})
	if rec := get(m, "/old/new"); rec.Code != 301 || rec.Header().Get("Location") != "/new" {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
	if rec := get(m, "/old/%2Fevil.example"); rec.Code != 500 || rec.Header().Get("Location") != "" {
		t.Errorf("to another host: %d %v", rec.Code, rec.Header())
	}
}

func TestPage_codings(t *testing.T) {
	t.Parallel()
	m := hall(nil)
	long := strings.Repeat("a discussion about notifications ", 400)
	m.Handle("GET /a", func(w *Writer, r *Request) error {
		return w.Page([]Thing{"a"}, func(context.Context) (templ.Component, error) { return text(long), nil })
	})
	m.Handle("GET /b", func(w *Writer, r *Request) error { return w.Show(200, text(long)) })
	for header, c := range map[string]coding{"br, gzip": brotlied, "gzip": gzipped, "": identity} {
		var tags []string
		for i, target := range []string{"/a", "/a", "/a", "/b"} {
			rec := get(m, target, "Accept-Encoding", header)
			if got := rec.Header()["Content-Encoding"]; len(got) != len(codingHeaders[c]) || len(got) > 0 && got[0] != codingHeaders[c][0] {
				t.Errorf("%s with %q: coding %v", target, header, got)
			}
			if fmt.Sprint(rec.Body.Len()) != rec.Header().Get("Content-Length") {
				t.Errorf("%s: the length is not %d", target, rec.Body.Len())
			}
			plain, err := (&body{bytes: rec.Body.Bytes(), how: c}).plain()
			if err != nil || string(plain) != long {
				t.Errorf("%s with %q, reading %d: %v", target, header, i, err)
			}
			if target == "/a" {
				tags = append(tags, rec.Header().Get("Etag"))
			}
		}
		if tags[0] == "" || tags[0] != tags[1] || tags[1] != tags[2] {
			t.Errorf("tags of one page: %v", tags)
		}
		for _, has := range []string{tags[0], `"x", ` + tags[0], strings.TrimPrefix(tags[0], "W/"), "*"} {
			rec := get(m, "/a", "Accept-Encoding", header, "If-None-Match", has)
			if rec.Code != 304 || rec.Body.Len() != 0 || rec.Header().Get("Etag") != tags[0] || rec.Header().Get("Vary") == "" {
				t.Errorf("%s: %d %v", has, rec.Code, rec.Header())
			}
		}
		if rec := get(m, "/a", "If-None-Match", `W/"other"`); rec.Code != 200 {
			t.Errorf("another tag: %d", rec.Code)
		}
	}
	n, size := m.Cache.Size()
	var sum int64
	for _, p := range m.Cache.pages {
		sum += p.weight()
	}
	if n != 3 || size != sum {
		t.Errorf("%d pages of %d bytes counted as %d", n, sum, size)
	}
}

func TestPage_headAndData(t *testing.T) {
	t.Parallel()
	m := hall(nil)
	m.Handle("GET /feed", func(w *Writer, r *Request) error {
		return w.Data("application/atom+xml", []Thing{"a"}, func(_ context.Context, out io.Writer) error {
			_, err := io.WriteString(out, "<feed/>")
			return err
		})
	})
	for range 2 {
		rec := send(m, httptest.NewRequest("HEAD", "/feed", nil))
		if rec.Code != 200 || rec.Header().Get("Content-Type") != "application/atom+xml" || rec.Header().Get("Content-Length") != "7" {
			t.Errorf("%d %v", rec.Code, rec.Header())
		}
	}
}
