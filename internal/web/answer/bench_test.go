package answer

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

// nothing is a ResponseWriter that keeps nothing.
type nothing struct{ h http.Header }

func (n *nothing) Header() http.Header         { return n.h }
func (n *nothing) Write(b []byte) (int, error) { return len(b), nil }
func (n *nothing) WriteHeader(int)             {}

// benchPage is a hall with one page of 50 posts, in the cache.
func benchPage(b *testing.B) (*Mux, *http.Request) {
	m := hall(nil)
	var page strings.Builder
	for i := range 50 {
		fmt.Fprintf(&page, "<article id=p%d><p>%s</p></article>", i, strings.Repeat(fmt.Sprint("words of post ", i, " "), 40))
	}
	m.Handle("GET /discussions/{id}", func(w *Writer, r *Request) error {
		return w.Page([]Thing{"d:1"}, func(context.Context) (templ.Component, error) { return text(page.String()), nil })
	}, Params("page"))
	r := httptest.NewRequest("GET", "/discussions/0199f0c4-8f7e-7d33-b1a2-000000000001?page=2", nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	r.Header.Set("Accept-Language", "en-GB,en;q=0.9")
	r.Header.Set("Cookie", "theme=dark; lang=en")
	for range 3 {
		m.ServeHTTP(httptest.NewRecorder(), r)
	}
	return m, r
}

// floor answers the same bytes under the same headers and does nothing else.
func floor(m *Mux, r *http.Request) http.Handler {
	rec := httptest.NewRecorder()
	m.ServeHTTP(rec, r)
	type header struct {
		key    string
		values []string
	}
	var headers []header
	for k, v := range rec.Header() {
		headers = append(headers, header{k, v})
	}
	status, body := rec.Code, rec.Body.Bytes()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for i := range headers {
			h[headers[i].key] = headers[i].values
		}
		if status != http.StatusOK {
			w.WriteHeader(status)
			return
		}
		w.Write(body)
	})
}

func benchHandler(b *testing.B, h http.Handler, r *http.Request) {
	w := &nothing{h: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		h.ServeHTTP(w, r)
	}
}

func BenchmarkHit(b *testing.B) {
	m, r := benchPage(b)
	benchHandler(b, m, r)
}

func BenchmarkHit_floor(b *testing.B) {
	m, r := benchPage(b)
	benchHandler(b, floor(m, r), r)
}

func BenchmarkUnchanged(b *testing.B) {
	m, r := benchPage(b)
	rec := httptest.NewRecorder()
	m.ServeHTTP(rec, r)
	r.Header.Set("If-None-Match", rec.Header().Get("Etag"))
	benchHandler(b, m, r)
}

func BenchmarkUnchanged_floor(b *testing.B) {
	m, r := benchPage(b)
	rec := httptest.NewRecorder()
	m.ServeHTTP(rec, r)
	r.Header.Set("If-None-Match", rec.Header().Get("Etag"))
	benchHandler(b, floor(m, r), r)
}

func BenchmarkPress(b *testing.B) {
	plain := []byte(strings.Repeat("<article><p>Some words that people might write in a hall about their work.</p></article>\n", 500))
	for _, c := range []coding{gzipped, brotlied} {
		for _, e := range []effort{quick, thorough} {
			b.Run(fmt.Sprint(codingHeaders[c][0], e), func(b *testing.B) {
				for b.Loop() {
					press(plain, c, e)
				}
			})
		}
	}
}

// A hit writes what was made before: its own work must not allocate.
func TestHit_allocatesNothing(t *testing.T) { // not parallel: it counts allocations
	m := hall(nil)
	m.Handle("GET /a", func(w *Writer, r *Request) error {
		return w.Page([]Thing{"a"}, func(context.Context) (templ.Component, error) { return text("a"), nil })
	})
	r := httptest.NewRequest("GET", "/a", nil)
	r.Header.Set("Accept-Encoding", "gzip, br")
	r.Header.Set("Cookie", "theme=dark; zone=Europe/Madrid")
	w := &nothing{h: http.Header{}}
	for range 3 {
		m.ServeHTTP(w, r)
	}
	if n := testing.AllocsPerRun(100, func() { m.ServeHTTP(w, r) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
