package asset

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// Handler serves the built files under Prefix. Names carry their hash, so the
// answer may be kept for a year without asking again.
func Handler() http.Handler {
	return http.StripPrefix(Prefix, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := load().served[r.URL.Path]
		if f == nil || !f.hashName {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		f.serve(w, r)
	}))
}

// serve writes the copy of f that the browser prefers.
func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	// Icons and type may be shown from elsewhere; none of it is anybody's secret.
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	body := f.raw
	if f.gz != nil || f.br != nil {
		h.Set("Vary", "Accept-Encoding")
		accepted := r.Header.Get("Accept-Encoding")
		switch {
		case f.br != nil && accepts(accepted, "br"):
			h.Set("Content-Encoding", "br")
			body = f.br
		case f.gz != nil && accepts(accepted, "gzip"):
			h.Set("Content-Encoding", "gzip")
			body = f.gz
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader went away: nothing to do
	}
}

// accepts tells whether an Accept-Encoding header names the coding and does
// not refuse it with q=0.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		q := strings.ReplaceAll(params, " ", "")
		return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
	}
	return false
}

// kept is what the service worker stores when it is installed. The files that
// only some readers need (letters beyond Latin, pages' own scripts) are kept
// when first used.
var kept = []string{"app.css", "app.js", "atkinson-latin.woff2"}

var worker = sync.OnceValue(func() *file {
	f := load().served["sw.js"]
	if f == nil {
		return nil
	}
	urls := make([]string, 0, len(kept))
	for _, n := range kept {
		urls = append(urls, URL(n))
	}
	list, err := json.Marshal(urls)
	if err != nil {
		panic("asset: " + err.Error()) // a list of strings always marshals
	}
	raw := append([]byte("const KEPT="+string(list)+";\n"), f.raw...)
	return &file{name: f.name, kind: f.kind, raw: raw}
})

// ServiceWorker serves the program that keeps read pages for later; it must
// answer at /sw.js so that its scope is the whole hall. Browsers ask for it
// anew at each visit.
func ServiceWorker() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := worker()
		if f == nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		f.serve(w, r)
	})
}

// Icon serves the icon old browsers ask for at /favicon.ico.
func Icon() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := load().logical["icon-192.png"]
		if f == nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=86400")
		f.serve(w, r)
	})
}
