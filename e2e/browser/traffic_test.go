//go:build browser

package browser

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// scale stands between a hall and its visitors and weighs all that goes over
// the wire to them, what the service worker asks for included.
type scale struct {
	mu    sync.Mutex
	each  map[string]int // bytes by path, heads and bodies
	asked int
}

// onScale gives the hall as seen through a scale.
func (h *hall) onScale(t *testing.T) (*hall, *scale) {
	t.Helper()
	to, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	s := &scale{each: map[string]int{}}
	proxy := &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = r.In.Host },
		Transport:      &http.Transport{DisableCompression: true}, // as the browser asked for it
		ModifyResponse: s.weigh,
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	seen := *h
	seen.url = strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	return &seen, s
}

func (s *scale) weigh(a *http.Response) error {
	head, err := httputil.DumpResponse(a, false)
	if err != nil {
		return err
	}
	s.add(a.Request.URL.Path, len(head))
	s.mu.Lock()
	s.asked++
	s.mu.Unlock()
	a.Body = &weighed{a.Body, func(n int) { s.add(a.Request.URL.Path, n) }}
	return nil
}

func (s *scale) add(path string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.each[path] += n
}

// read empties the scale and gives what it showed.
func (s *scale) read() (bytes, asked int, each map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	each, asked = s.each, s.asked
	s.each, s.asked = map[string]int{}, 0
	for _, n := range each {
		bytes += n
	}
	return bytes, asked, each
}

type weighed struct {
	io.ReadCloser
	add func(int)
}

func (w *weighed) Read(b []byte) (int, error) {
	n, err := w.ReadCloser.Read(b)
	w.add(n)
	return n, err
}
