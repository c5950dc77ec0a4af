package answer

import (
	"context"
	"net/http"
	"sort"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"guildhall/internal/db"
	"guildhall/internal/web/viewer"
)

// Handler answers one route: it parses, asks a room, and shows. An error it
// returns becomes a page (or, for readers who should sign in, a redirect) in
// the one place that does that. It must not write after returning an error.
type Handler func(w *Writer, r *Request) error

// Config is what a Mux needs. Now, Identify and DB must be set.
type Config struct {
	// Now is the clock.
	Now func() time.Time
	// Identify tells who sends a request that carries a cookie of Sessions. It
	// leaves SignedIn false when the cookie is worth nothing (any more).
	Identify func(ctx context.Context, r *http.Request) (viewer.Viewer, error)
	// Sessions names the cookies that sign somebody in; whoever sends none of
	// them is answered from the cache where possible.
	Sessions []string
	// DB keeps which forms have been answered; see Writer.Once.
	DB *db.DB
	// Cache is shared with the rooms' touches; nil makes one of 32 MB.
	Cache *Cache
	// Origin is the hall's own origin, such as "https://hall.example". It is
	// trusted for writes even when a proxy rewrites the Host header.
	Origin string
	// Safe is the safe origin, to which pages may speak beside the hall itself;
	// empty for none.
	Safe string
	// Letterbox is the origin at which masks hand in letters; likewise.
	Letterbox string
	// Calls are the origins of a media server elsewhere; likewise.
	Calls []string
	// Hall is the hall's name; empty for the one in lang.
	Hall string
	// Formerly gives the page that an address from before the hall leads to now,
	// path and query; empty when it leads nowhere. It is asked before a reader is
	// told that there is no such page. nil knows none.
	Formerly func(ctx context.Context, address string) (string, error)
	// TLS tells browsers to come by https only, from now on.
	TLS bool
	// Metrics receives the counters; nil keeps them to itself.
	Metrics prometheus.Registerer
	// TestOnlyVisit is told every answer's route and status.
	TestOnlyVisit func(pattern string, status int)
}

// Mux routes requests to handlers and is the http.Handler of the hall. Register
// everything before serving.
type Mux struct {
	Config
	mux     *http.ServeMux
	cross   *http.CrossOriginProtection
	headers []preset
	metrics *metrics
	routes  map[string]*route
	uploads *uploads     // files on their way
	swept   atomic.Int64 // day on which old form keys were last forgotten
}

// route is one registered pattern.
type route struct {
	mux     *Mux
	pattern string
	handler Handler
	raw     http.Handler
	params  map[string]bool
	order   []string // params, sorted: the canonical order in an address
	shared  bool     // other sites may show it
	open    bool     // other sites' pages may send it
	limit   int64    // bytes of a request's body
	counts  *pageCounts
}

const (
	formLimit   = 256 << 10
	uploadLimit = 12 << 20
	cacheBudget = 32 << 20
)

// New makes a Mux. It panics when Origin is not an origin: that is a mistake in
// the configuration's checks.
func New(c Config) *Mux {
	if c.Cache == nil {
		c.Cache = NewCache(cacheBudget)
	}
	m := &Mux{
		Config:  c,
		mux:     http.NewServeMux(),
		cross:   http.NewCrossOriginProtection(),
		headers: browserHeaders(c.TLS, append([]string{c.Safe, c.Letterbox}, c.Calls...)...),
		metrics: newMetrics(c.Metrics, c.Cache),
		routes:  map[string]*route{},
		uploads: newUploads(),
	}
	if c.Origin != "" {
		if err := m.cross.AddTrustedOrigin(c.Origin); err != nil {
			panic(err)
		}
	}
	return m
}

// Option changes one route.
type Option func(*route)

// Params names the query parameters the page reads. Others are ignored, make no
// cache entry, and cannot be read with Request.Query.
func Params(names ...string) Option {
	return func(rt *route) {
		for _, n := range names {
			rt.params[n] = true
		}
		rt.order = append(rt.order, names...)
		sort.Strings(rt.order)
	}
}

// Shared lets pages of other sites show what the route gives, such as a picture
// made for them: it must be the same for everybody.
func Shared() Option {
	return func(rt *route) { rt.shared = true }
}

// Anywhere lets pages of other sites send a form, and read what comes of it: the route must
// take nobody's word by her cookie, but by something secret that the form holds.
func Anywhere() Option {
	return func(rt *route) { rt.open = true }
}

// Upload lets a member's form carry a file: its body may be 12 MB instead of
// 256 kB, and the sender has two minutes instead of twenty seconds, as long as
// it keeps coming. One member sends one file at a time.
func Upload() Option {
	return func(rt *route) { rt.limit = uploadLimit }
}

// Handle registers h for a pattern of net/http, such as "GET /topics/{key}".
func (m *Mux) Handle(pattern string, h Handler, opts ...Option) {
	m.register(&route{pattern: pattern, handler: h}, opts)
}

// Mount registers a handler that answers by itself (scripts and pictures, feeds
// of other machines); it gets the security headers and is counted like others.
func (m *Mux) Mount(pattern string, h http.Handler) {
	m.register(&route{pattern: pattern, raw: h}, nil)
}

func (m *Mux) register(rt *route, opts []Option) {
	rt.mux, rt.params, rt.limit = m, map[string]bool{}, formLimit
	for _, o := range opts {
		o(rt)
	}
	if rt.open {
		m.cross.AddInsecureBypassPattern(rt.pattern)
	}
	rt.counts = m.metrics.forRoute(rt.pattern)
	m.routes[rt.pattern] = rt
	m.mux.Handle(rt.pattern, rt)
}

// Patterns lists the registered patterns in alphabetical order.
func (m *Mux) Patterns() []string {
	ps := make([]string, 0, len(m.routes))
	for p := range m.routes {
		ps = append(ps, p)
	}
	sort.Strings(ps)
	return ps
}

// ServeHTTP answers a request: from the cache when it can, which is the first
// thing it tries.
func (m *Mux) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if m.fromCache(rw, r) {
		return
	}
	begun := m.Now()
	w := &Writer{rw: rw, mux: m}
	defer func() {
		pattern := unmatched
		if w.route != nil {
			pattern = w.route.pattern
		}
		m.metrics.count(pattern, w.Status(), m.Now().Sub(begun))
		if m.TestOnlyVisit != nil {
			m.TestOnlyVisit(pattern, w.Status())
		}
	}()
	m.serve(w, r)
}

// serve finds the route and answers what no route wants.
func (m *Mux) serve(w *Writer, r *http.Request) {
	setAll(w.rw.Header(), m.headers)
	w.request = &Request{Request: r}
	defer m.recover(w)
	if err := m.cross.Check(r); err != nil {
		w.fail(crossOrigin)
		return
	}
	// "/?p=12" was an article; of "//a" net/http would make something else.
	if (r.URL.Path == "/" && r.URL.RawQuery != "" || strings.Contains(r.URL.Path, "//")) && w.formerly() {
		return
	}
	w.seeking = true
	m.mux.ServeHTTP(w, r)
	w.seeking = false
	if w.route == nil {
		w.unmatched()
	}
}

// ServeHTTP is called by net/http's mux with the Writer that serve made, after
// it has put the path's values into r.
func (rt *route) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w := rw.(*Writer)
	w.route, w.seeking = rt, false
	w.request = &Request{Request: r, route: rt}
	if rt.shared {
		w.rw.Header()["Cross-Origin-Resource-Policy"] = anySite
	}
	if rt.open {
		w.rw.Header()["Access-Control-Allow-Origin"] = everySite
	}
	if !isText(r.URL.Path) { // nothing in a database has such a name
		w.trouble(noSuchPage)
		return
	}
	if rt.raw != nil {
		rt.raw.ServeHTTP(w, r)
		return
	}
	if err := w.prepare(); err != nil {
		w.fail(err)
		return
	}
	if err := rt.handler(w, w.request); err != nil {
		w.fail(err)
		return
	}
	if !w.begun {
		panic("answer: " + rt.pattern + " answered nothing")
	}
}
