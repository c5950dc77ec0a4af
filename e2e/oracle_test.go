package e2e

import (
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"guildhall/internal/db"
)

// TestPrivacy_findsWhatIsPlanted plants a secret in each place where one could be
// left: an oracle that finds nothing there proves nothing anywhere.
func TestPrivacy_findsWhatIsPlanted(t *testing.T) {
	t.Parallel()
	exec := func(w *world, secret string) error {
		d, err := w.raw()
		if err != nil {
			return err
		}
		defer d.Close()
		_, err = d.Exec(`INSERT INTO event (seq, kind, subject, data) VALUES (999999, 'x', 'y', '` + secret + `')`)
		return err
	}
	for name, plant := range map[string]func(w *world, secret string) error{
		"the log": func(_ *world, secret string) error {
			slog.Info("planted", "kind", secret)
			return nil
		},
		"a file": func(w *world, secret string) error {
			return os.WriteFile(filepath.Join(w.dir, "left"), []byte("…"+strings.ToLower(secret)), 0o600)
		},
		"the database": exec,
	} {
		for _, e := range engines {
			t.Run(name+"/"+e.String(), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, e, "")
				if err := w.privacy(); err != nil {
					t.Fatalf("before anything was planted: %v", err)
				}
				if err := plant(w, w.now.agent); err != nil {
					t.Fatal(err)
				}
				if err := w.privacy(); err == nil || !strings.Contains(err.Error(), "user agent") {
					t.Errorf("what was planted in %s was not found: %v", name, err)
				}
			})
		}
	}
}

// TestReading_mustNotWrite shows that a write behind a reader's back is seen.
func TestReading_mustNotWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite, "")
	before := w.version()
	d, err := w.raw()
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Exec(`UPDATE search_state SET docs = docs + 1`); err != nil {
		t.Fatal(err)
	}
	if w.version() == before {
		t.Error("a write was not seen")
	}
}

// TestCheck_refusesBadPages holds the checks of pages against pages with one
// mistake each.
func TestCheck_refusesBadPages(t *testing.T) {
	t.Parallel()
	const good = `<!doctype html><html lang="en" dir="ltr"><head><title>T</title></head><body><main id="main"><h1>H</h1>@</main></body></html>`
	for _, c := range []struct{ inside, wrong string }{
		{``, ``},
		{`<p>fine <a href="#main">up</a></p>`, ``},
		{`<h1>Again</h1>`, `h1`},
		{`<p><div>x</div></p>`, `paragraph`},
		{`<b><i>x</b></i>`, `</b>`},
		{`<div>`, `</main>`},
		{`<input name="x">`, `no label`},
		{`<button></button>`, `without a name`},
		{`<a href="/x"></a>`, `without a name`},
		{`<img src="/x">`, `no alternative`},
		{`<i id="a"></i><b id="a"></b>`, `twice`},
		{`<a href="#nowhere">x</a>`, `not there`},
		{`<img alt="" src="https://elsewhere.example/x.png">`, `elsewhere`},
		{`<a href="JavaScript:alert(1)">x</a>`, `href=`},
		{`<p style="x">y</p>`, `style`},
		{`<p onclick="x">y</p>`, `onclick`},
		{`<script>x</script>`, `inside the page`},
		{`<p>shell.nav.search</p>`, `no words`},
	} {
		p := &page{url: &url.URL{Scheme: "http", Host: "localhost", Path: "/"}, status: http.StatusOK, header: http.Header{}}
		p.body = []byte(strings.Replace(good, "@", c.inside, 1))
		var err error
		if p.doc, err = html.Parse(strings.NewReader(string(p.body))); err != nil {
			t.Fatal(err)
		}
		err = checkPage(p)
		if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%s: %v", c.inside, err)
		}
	}
}
