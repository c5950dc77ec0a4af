package e2e

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/web/source"
)

func TestMain(m *testing.M) {
	flag.Parse()
	listen()
	code := m.Run()
	if lines := logged.errors(); len(lines) > 0 {
		fmt.Fprintf(os.Stderr, "errors in the log:\n%s\n", strings.Join(lines, "\n"))
		code = 1
	}
	os.Exit(code)
}

// engines are the databases every story runs on.
var engines = []db.Engine{db.SQLite, db.Postgres}

func stories(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	return files
}

// TestStories plays every story on both engines, then asks whether together
// they have been everywhere.
func TestStories(t *testing.T) {
	files := stories(t)
	var mu sync.Mutex
	visited := map[db.Engine]map[string]bool{db.SQLite: {}, db.Postgres: {}}
	played := map[db.Engine]int{}
	var patterns []string
	t.Run("all", func(t *testing.T) {
		for _, f := range files {
			for _, e := range engines {
				t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar")+"/"+e.String(), func(t *testing.T) {
					t.Parallel()
					w := newWorld(t, e, "")
					play(w, f, tell{t})
					mu.Lock()
					defer mu.Unlock()
					played[e]++
					patterns = w.patterns
					for p := range w.visited {
						visited[e][p] = true
					}
				})
			}
		}
	})
	for _, e := range engines {
		if played[e] < len(files) { // a part of the stories cannot have been everywhere
			continue
		}
		for _, p := range patterns {
			if !visited[e][p] && elsewhere[p] == "" {
				t.Errorf("%s: no story goes to %s", e, p)
			}
			if visited[e][p] && elsewhere[p] != "" {
				t.Errorf("a story goes to %s, so it need not be listed", p)
			}
		}
		checkQueries(t)
	}
}

// checkQueries wants every query run by a story or by the tests of its room.
func checkQueries(t *testing.T) {
	for _, q := range db.Queries() {
		room, _, _ := strings.Cut(q.Name(), ".")
		if !q.Ran() && !beside[room] && !beside[q.Name()] {
			t.Errorf("no story runs the query %s", q.Name())
		}
	}
}

// beside are the rooms and queries that stories need not reach, because the
// tests beside the code run them on both engines: imports and indexes made anew,
// jobs that fail, what hundreds are told, passkeys, the half-year of a visit, passes (whose other half is
// a client), calendars elsewhere.
var beside = map[string]bool{
	"search": true, "job": true, "movein": true, "web": true, "pass": true, "booking.feedRead": true, "booking.feedFails": true,
	"face.open": true, "forum.headings": true, "forum.documentArticles": true, "forum.documentPosts": true, "forum.posts": true,
	"forum.postsByTopic": true, "forum.articleState": true, "forum.linkMake": true, "forum.nearFaces": true,
	"news.spreadMake": true, "news.spreadFirst": true, "news.spreadOn": true, "news.spreadSave": true, "news.spreadDone": true,
	"member.passkey": true, "member.passkeyAdd": true, "member.seen": true, "member.vaultSwap": true,
}

// elsewhere are routes that only browsers with scripts ask for, with the test
// that does.
var elsewhere = map[string]string{}

// play runs one script in a world and asks the privacy oracle at its end.
func play(w *world, script string, to testscript.T) {
	testscript.RunT(to, testscript.Params{
		Files: []string{script},
		Cmds:  commands(),
		Setup: func(env *testscript.Env) error {
			env.Values[worldKey{}] = w
			return nil
		},
		Condition: func(c string) (bool, error) {
			if c != "source" {
				return false, fmt.Errorf("no condition %q", c)
			}
			return source.Size() > 0, nil
		},
	})
	if err := w.privacy(); err != nil {
		to.Fatal(err)
	}
}

// tell lets a script report to the test it is: it is one already, so it makes
// no other.
type tell struct{ testing.TB }

func (t tell) Run(_ string, f func(testscript.T)) { f(t) }
func (t tell) Parallel()                          {}
func (t tell) Verbose() bool                      { return testing.Verbose() }

// TestPrepare wants every query of the hall understood by both engines.
func TestPrepare(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, q := range db.Queries() {
			if err := d.Prepare(context.Background(), q); err != nil {
				t.Errorf("%s: %v", q.Name(), err)
			}
		}
	})
}

// TestCommands wants every command told in the package's comment and used in a
// story.
func TestCommands(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var used []string
	for _, f := range stories(t) {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(string(b)) {
			words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(l), "!"))
			if len(words) > 0 {
				used = append(used, words[0])
			}
		}
	}
	for name := range commands() {
		if !strings.Contains(string(doc), "\t"+name) && !strings.Contains(string(doc), ", "+name) {
			t.Errorf("doc.go does not tell of %s", name)
		}
		if !slices.Contains(used, name) {
			t.Errorf("no story uses %s", name)
		}
	}
}
