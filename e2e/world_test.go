package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/BurntSushi/toml"

	"guildhall/internal/app"
	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/letterbox"
	"guildhall/internal/web/answer"
)

// world is the hall of one story, and everybody in it.
type world struct {
	t        testing.TB
	engine   db.Engine
	dir      string
	config   app.Config
	hall     *app.Hall
	probe    *http.ServeMux // tells the route of an address
	patterns []string
	live     atomic.Pointer[http.Handler]
	server   *http.Server
	address  string
	origin   string

	box     *letterbox.Box // nil without
	clock   atomic.Int64   // µs
	records sync.Map       // what a name server of the story says, by name
	pages   sync.Map       // what lies on the web of the story, by address
	pushes  pushes         // what devices were sent
	letters letters        // what the mail server was handed
	emptied string         // the route whose handler does nothing

	mu       sync.Mutex
	visited  map[string]int // by route, what stories asked for
	checking atomic.Bool    // what the checks ask for does not count
	secrets  map[string]string
	answers  bytes.Buffer
	watch    *sql.DB

	browsers map[string]*browser
	now      *browser
	linked   map[string]int
}

// begin is when every story begins.
var begin = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// newWorld opens a hall of its own for a story.
func newWorld(t testing.TB, e db.Engine, emptied string) *world {
	t.Helper()
	w := &world{t: t, engine: e, emptied: emptied, visited: map[string]int{}, secrets: map[string]string{},
		browsers: map[string]*browser{}, linked: map[string]int{}}
	w.clock.Store(begin.UnixMicro())
	place := w.place()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.address = l.Addr().String()
	_, port, _ := net.SplitHostPort(w.address)
	w.origin = "http://localhost:" + port
	w.config = app.TestOnlyDefaults()
	w.config.URL, w.config.Database, w.config.CacheMB = w.origin, place.URL, 4
	w.open()
	w.server = answer.Server(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Date", w.time().Format(http.TimeFormat)) // which clients of masks compare with their clock
		(*w.live.Load()).ServeHTTP(rw, r)
	}))
	go w.server.Serve(l)
	t.Cleanup(w.close)
	w.now = w.browser("nobody")
	return w
}

// place finds room for the data: a directory, and for SQLite in it a copy of a
// database that has the schema already.
func (w *world) place() db.Config {
	c := dbtest.Config(w.t, w.engine)
	if w.dir = c.Dir; w.dir == "" {
		w.dir = w.t.TempDir()
		return c
	}
	b, err := migrated()
	if err == nil {
		err = os.WriteFile(filepath.Join(w.dir, "hall.db"), b, 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// migrated is an empty SQLite database with the schema.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "stories")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	d, err := db.Open(context.Background(), db.Config{Dir: dir})
	if err != nil {
		return nil, err
	}
	if err = d.Migrate(context.Background()); err == nil {
		err = d.Snapshot(context.Background(), filepath.Join(dir, "copy.db"))
	}
	d.Close()
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "copy.db"))
})

// open opens the hall on the story's data.
func (w *world) open() {
	h, err := app.Open(context.Background(), w.dir, w.config, w.time)
	if err != nil {
		w.t.Fatalf("open the hall: %v", err)
	}
	if err := h.EnterAssets(context.Background()); err != nil {
		w.t.Fatalf("enter the built files: %v", err)
	}
	w.hall = h
	h.TestOnlyVisit, h.TestOnlyPages = w.visit, w.webPage
	h.Notices.Send = w.pushes.take
	h.TestOnlyMedia = carrier{}
	handler := h.Handler()
	w.probe = http.NewServeMux()
	w.patterns = handler.(interface{ Patterns() []string }).Patterns()
	for _, p := range w.patterns {
		w.probe.HandleFunc(p, func(http.ResponseWriter, *http.Request) {})
	}
	if w.emptied != "" {
		handler = w.empty(handler)
	}
	w.live.Store(&handler)
	if w.engine == db.SQLite && w.watch == nil {
		if w.watch, err = sql.Open("sqlite", "file:"+filepath.Join(w.dir, "hall.db")); err != nil {
			w.t.Fatal(err)
		}
		w.watch.SetMaxOpenConns(1)
	}
}

// restart opens the hall again, as after a stop, with lines of configuration.
func (w *world) restart(lines []string) error {
	for _, l := range lines {
		if _, err := toml.Decode(l, &w.config); err != nil {
			return err
		}
	}
	if err := w.hall.Close(); err != nil {
		return err
	}
	w.open()
	return nil
}

// close ends what still runs.
func (w *world) close() {
	w.server.Close()
	for _, b := range w.browsers {
		b.close()
	}
	if w.watch != nil {
		w.watch.Close()
	}
	w.hall.Close()
}

func (w *world) time() time.Time { return time.UnixMicro(w.clock.Load()).UTC() }

func (w *world) visit(pattern string, _ int) {
	if w.checking.Load() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.visited[pattern]++
}

// route is the pattern that answers an address; empty when none does.
func (w *world) route(method, path string) string {
	u, err := url.Parse(w.origin + path)
	if err != nil {
		return ""
	}
	_, p := w.probe.Handler(&http.Request{Method: method, URL: u, Host: u.Host})
	return p
}

// empty answers for the emptied route without doing anything, yet as well-behaved
// as it can: with another page of the hall, or by leading back to the page on
// which the form was.
func (w *world) empty(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if _, p := w.probe.Handler(r); p != w.emptied {
			next.ServeHTTP(rw, r)
			return
		}
		w.visit(w.emptied, http.StatusOK)
		back, err := url.Parse(r.Header.Get("Referer"))
		other := r.Clone(r.Context())
		other.Method, other.Body, other.ContentLength = http.MethodGet, http.NoBody, 0
		other.URL = &url.URL{Path: "/offline"}
		if r.Method == http.MethodGet || err != nil || back.Path == "" {
			next.ServeHTTP(rw, other)
			return
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, other)
		for k, v := range rec.Header() {
			if k != "Content-Length" && k != "Content-Encoding" {
				rw.Header()[k] = v
			}
		}
		rw.Header().Set("Location", back.RequestURI())
		rw.WriteHeader(http.StatusSeeOther)
	})
}

// version changes whenever somebody else has changed the database; it is known
// for SQLite only.
func (w *world) version() (n int64) {
	if w.watch != nil {
		if err := w.watch.QueryRow("PRAGMA data_version").Scan(&n); err != nil {
			w.t.Errorf("data_version: %v", err)
		}
	}
	return n
}

// jobs does everything that waits.
func (w *world) jobs() error {
	if _, err := w.hall.Masks.Tick(context.Background()); err != nil {
		return err
	}
	if _, err := w.hall.Calls.Tick(context.Background()); err != nil {
		return err
	}
	if err := w.hall.TestOnlyDrain(context.Background()); err != nil || w.box == nil {
		return err
	}
	_, err := w.box.Step(context.Background())
	return err
}

// secret plants what must not be found at the end.
func (w *world) secret(what, value string) {
	if len(value) < 8 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.secrets[value] = what
}

// heard keeps an answer for anywhere.
func (w *world) heard(status int, h http.Header, body []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintf(&w.answers, "%d\n", status)
	h.Write(&w.answers)
	w.answers.Write(body)
	w.answers.WriteString("\n\n")
}

// carrier stands for the server of calls: it lets everybody in whom the hall gives a ticket.
type carrier struct{}

func (carrier) Need(context.Context) (string, error) { return "", nil }
func (carrier) Ticket(call, seat string) string      { return "ticket for " + seat + " of " + call }
func (carrier) Address() string                      { return "" }
func (carrier) Trial(n int) []string                 { return make([]string, n) }

// local is the part of an address that stays when the port changes.
func local(u *url.URL) string { return strings.TrimSuffix(u.RequestURI(), "?") }
