package forum_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
)

// TestMain refuses SQL that no test has executed, when all tests were run.
func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, q := range db.Queries() {
			if strings.HasPrefix(q.Name(), "forum.") && !q.Ran() {
				fmt.Println("no test executes", q.Name())
				code = 1
			}
		}
	}
	os.Exit(code)
}

// hall is one room on one database, with the same four people as everywhere: ana,
// bo, cleo, and dov the steward.
type hall struct {
	*forum.Room
	t     *testing.T
	ctx   context.Context
	db    *db.DB
	log   *event.Log
	faces *face.Room

	mu      sync.Mutex
	at      time.Time
	touched []string

	ana, bo, cleo, dov, nobody forum.Actor
}

func each(t *testing.T, f func(t *testing.T, h *hall)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newHall(t, d)) })
}

func newHall(t *testing.T, d *db.DB) *hall {
	t.Helper()
	h := &hall{t: t, ctx: context.Background(), db: d, log: event.New(d), at: time.Date(2020, 6, 26, 9, 0, 0, 0, time.UTC)}
	h.faces = face.New(face.Config{DB: d, Events: h.log, Now: h.now})
	h.Room = forum.New(forum.Config{DB: d, Events: h.log, Faces: h.faces, Now: h.now, Host: "hall.test", Touch: func(things ...string) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.touched = append(h.touched, things...)
	}})
	for name, a := range map[string]*forum.Actor{"ana": &h.ana, "bo": &h.bo, "cleo": &h.cleo, "dov": &h.dov} {
		made, err := h.faces.New(h.ctx, name)
		h.ok(err)
		a.Face = made.ID
	}
	h.dov.Steward = true
	return h
}

// now moves on by a second at each look, as the world does.
func (h *hall) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(time.Second)
	return h.at
}

func (h *hall) wait(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// forget empties what was touched; told tells whether a thing was.
func (h *hall) forget() { h.mu.Lock(); h.touched = nil; h.mu.Unlock() }

func (h *hall) told(things ...string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, thing := range things {
		if !slices.Contains(h.touched, thing) {
			return false
		}
	}
	return true
}

func (h *hall) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// refused checks the key of a fault.
func (h *hall) refused(err error, kind fault.Kind, key string) {
	h.t.Helper()
	if f := fault.From(err); err == nil || f.Kind != kind || f.Key != key {
		h.t.Errorf("got %v; want %v %s", err, kind, key)
	}
}

func (h *hall) topic(key string) forum.TopicKey {
	h.t.Helper()
	t, err := h.AddTopic(h.ctx, h.dov, forum.NewTopic{Names: map[string]string{"en": key}})
	h.ok(err)
	return t.Key
}

func (h *hall) open(a forum.Actor, title string, topics ...forum.TopicKey) forum.Discussion {
	h.t.Helper()
	d, err := h.Open(h.ctx, a, forum.NewDiscussion{Title: title, Topics: topics, First: forum.NewPost{Text: "First words of " + title}})
	h.ok(err)
	return d
}

func (h *hall) reply(a forum.Actor, d forum.Discussion, text string) forum.Post {
	h.t.Helper()
	p, err := h.Reply(h.ctx, a, d.ID, forum.NewPost{Text: text})
	h.ok(err)
	return p
}

func (h *hall) publish(a forum.Actor, n forum.NewArticle) forum.Article {
	h.t.Helper()
	if n.Text == "" {
		n.Text = "Words about " + n.Title
	}
	t, err := h.Publish(h.ctx, a, n)
	h.ok(err)
	return t
}

func (h *hall) page(a forum.Actor, id forum.DiscussionID, n int) forum.Page {
	h.t.Helper()
	p, err := h.Page(h.ctx, a, id, n)
	h.ok(err)
	return p
}

// shape writes a page as one line: a letter for each post and its state.
func shape(p forum.Page) string {
	var b strings.Builder
	for _, x := range p.Posts {
		b.WriteString(map[forum.State]string{forum.Shown: "s", forum.Hushed: "h", forum.Waits: "w", forum.Erased: "e", forum.Moved: "m"}[x.State])
	}
	return b.String()
}

// kinds lists the kinds of all events so far.
func (h *hall) kinds() (kinds []string) {
	h.t.Helper()
	err := h.log.Drain(h.ctx, event.Consumer{Name: "test", Handle: func(_ context.Context, batch []event.Event) error {
		for _, e := range batch {
			kinds = append(kinds, e.Kind)
		}
		return nil
	}})
	h.ok(err)
	return kinds
}

// grep looks for texts in every column of a table, and gives the first found.
func (h *hall) grep(table string, texts ...string) (found string) {
	h.t.Helper()
	q := grepped[table]
	err := h.db.Rows(h.ctx, q, func(scan func(...any) error) error {
		var s string
		if err := scan(&s); err != nil {
			return err
		}
		for _, x := range texts {
			if strings.Contains(s, x) {
				found = x
			}
		}
		return nil
	})
	h.ok(err)
	return found
}

var grepped = map[string]*db.Query{
	"forum_post":       db.SQL("forumtest.posts", `SELECT html FROM forum_post`),
	"forum_article":    db.SQL("forumtest.articles", `SELECT title || html || excerpt FROM forum_article`),
	"forum_revision":   db.SQL("forumtest.revisions", `SELECT title || source FROM forum_revision`),
	"forum_discussion": db.SQL("forumtest.discussions", `SELECT title || excerpt FROM forum_discussion`),
}
