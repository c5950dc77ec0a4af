package asset

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
)

func TestUnhash(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"app-AB12CD34.css":              "app.css",
		"atkinson-latin-HND6JNPS.woff2": "atkinson-latin.woff2",
		"account.entry-AB12CD34.js":     "account.js",
		"sw.js":                         "sw.js",
		"atkinson-latin.woff2":          "atkinson-latin.woff2",
	} {
		if got, hashed := unhash(name); got != want || hashed != (name != want) {
			t.Errorf("unhash(%q) = %q, %v", name, got, hashed)
		}
	}
}

func TestServe_prefersBrotliThenGzip(t *testing.T) {
	t.Parallel()
	var pressed bytes.Buffer
	b := brotli.NewWriter(&pressed)
	if _, err := b.Write([]byte("a { color: red }")); err != nil || b.Close() != nil {
		t.Fatal(err)
	}
	s := shelve(fstest.MapFS{".keep": {Data: []byte("x")}, "app-AB12CD34.css.br": {Data: pressed.Bytes()}})
	if len(s.served) != 1 {
		t.Fatalf("%d files on the shelf, want 1", len(s.served))
	}
	for accept, want := range map[string]string{
		"":                      "",
		"gzip, deflate, br":     "br",
		"gzip":                  "gzip",
		"br;q=0, gzip;q=0.5":    "gzip",
		"BR":                    "br",
		"identity, gzip; q=0.0": "",
		"brotli":                "",
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		s.logical["app.css"].serve(w, r)
		if got := w.Header().Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q got %q, want %q", accept, got, want)
		}
		if got := unpacked(t, want, w.Body); got != "a { color: red }" {
			t.Errorf("Accept-Encoding %q: %q", accept, got)
		}
		if h := w.Header(); h.Get("Vary") != "Accept-Encoding" || h.Get("X-Content-Type-Options") != "nosniff" ||
			h.Get("Content-Type") != "text/css; charset=utf-8" {
			t.Errorf("Accept-Encoding %q: headers %v", accept, h)
		}
	}
}

func TestHandler_unknownNamesAreNotFound(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"nothing.css", "", ".keep", "sw.js", "../doc.go", "app.css"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path = Prefix + name
		Handler().ServeHTTP(w, r)
		if w.Code != http.StatusNotFound {
			t.Errorf("%q: status %d", name, w.Code)
		}
	}
}

// What is built must keep its promises of size and of name. Without `make
// assets` there is nothing to check here; CI always makes them.
func TestBuilt_smallAndLasting(t *testing.T) {
	t.Parallel()
	if !Built() {
		if os.Getenv("CI") != "" {
			t.Fatal("nothing is built: run make assets")
		}
		t.Skip("nothing is built: run make assets")
	}
	for name, most := range map[string]int{"app.css": 10 << 10, "app.js": 6 << 10, "atkinson-latin.woff2": 20 << 10, "atkinson-latin-ext.woff2": 20 << 10} {
		f := load().logical[name]
		if f == nil {
			t.Errorf("%s was not built", name)
			continue
		}
		size := len(f.raw)
		if f.gz != nil {
			size = len(f.gz)
		}
		if size > most {
			t.Errorf("%s is %d bytes over the wire, at most %d", name, size, most)
		}
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, httptest.NewRequest("GET", URL(name), nil))
		if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("%s: status %d, Cache-Control %q", name, w.Code, w.Header().Get("Cache-Control"))
		}
		if !strings.HasPrefix(SRI(name), "sha384-") {
			t.Errorf("%s has no integrity hash", name)
		}
	}
	w := httptest.NewRecorder()
	ServiceWorker().ServeHTTP(w, httptest.NewRequest("GET", "/sw.js", nil))
	if !strings.Contains(w.Body.String(), URL("app.css")) {
		t.Error("the service worker does not know the style sheet")
	}
}

// A browser fetches all that masks need in at most this, by gzip; by Brotli it is a tenth less.
const masksMost = 25_600

// The same of what answers a consultation of masks, on its page alone.
const opinionMost = 10_240

func TestBuilt_masksAreSmall(t *testing.T) {
	t.Parallel()
	if !Built() {
		t.Skip("nothing is built; the test above says so where it matters")
	}
	for name, most := range map[string]int{"safe.js": masksMost, "opine.js": opinionMost} {
		size, files := fetched(name)
		if size == 0 || size > most {
			t.Errorf("%s takes %d bytes over the wire in %d files, at most %d", name, size, files, most)
		}
		t.Logf("%s: %d bytes in %d files", name, size, files)
	}
}

// What a browser fetches for messages: the page's script, and the sealing when a
// desk is opened. What is fetched for a rare press is left out.
const sealingMost = 90 << 10

func TestBuilt_messagesAreSmall(t *testing.T) {
	t.Parallel()
	if !Built() {
		t.Skip("nothing is built; a test above says so where it matters")
	}
	seen := map[string]bool{}
	for _, first := range []string{"message.js", "desk.js"} {
		if load().logical[first] == nil {
			t.Fatalf("%s was not built", first)
		}
		size := atOnce(strings.TrimPrefix(URL(first), Prefix), seen)
		t.Logf("%s: %d bytes beside what came before", first, size)
	}
	total := 0
	for name := range seen {
		total += len(load().served[name].gz)
	}
	if total > sealingMost {
		t.Errorf("messages take %d bytes over the wire in %d files, at most %d", total, len(seen), sealingMost)
	}
}

var begins = regexp.MustCompile(`(?:from|import)"\./([^"]+)"`)

// atOnce is what a browser fetches of a script before it runs, without what is there.
func atOnce(name string, seen map[string]bool) (size int) {
	f := load().served[name]
	if f == nil || seen[name] {
		return 0
	}
	seen[name] = true
	size = len(f.gz)
	for _, m := range begins.FindAllSubmatch(f.raw, -1) {
		size += atOnce(string(m[1]), seen)
	}
	return size
}

var imported = regexp.MustCompile(`(?:from|import\(?)"\./([^"]+)"`)

// fetched is how much a browser fetches of a script and all it imports, by gzip.
func fetched(script string) (size, files int) {
	seen := map[string]bool{}
	var fetch func(name string) int
	fetch = func(name string) int {
		f := load().served[name]
		if f == nil || seen[name] {
			return 0
		}
		seen[name] = true
		size := len(f.gz)
		if f.gz == nil {
			size = len(f.raw)
		}
		for _, m := range imported.FindAllSubmatch(f.raw, -1) {
			size += fetch(string(m[1]))
		}
		return size
	}
	return fetch(strings.TrimPrefix(URL(script), Prefix)), len(seen)
}

func TestManifest_namesWhatIsServed(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	Manifest(func(*http.Request) Words { return Words{Name: "Guildhall", Lang: "ar", Dir: "rtl"} }).
		ServeHTTP(w, httptest.NewRequest("GET", "/manifest.webmanifest", nil))
	body := w.Body.String()
	for _, want := range []string{`"name":"Guildhall"`, `"dir":"rtl"`, `"share_target":{"action":"/write"`, URL("icon-maskable.png")} {
		if !strings.Contains(body, want) {
			t.Errorf("the manifest lacks %s:\n%s", want, body)
		}
	}
	if got := w.Header().Get("Content-Type"); got != "application/manifest+json" {
		t.Errorf("Content-Type %q", got)
	}
}

// unpacked reads a body as a browser does.
func unpacked(t *testing.T, coding string, body io.Reader) string {
	t.Helper()
	switch coding {
	case "br":
		body = brotli.NewReader(body)
	case "gzip":
		z, err := gzip.NewReader(body)
		if err != nil {
			t.Fatal(err)
		}
		body = z
	}
	b, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
