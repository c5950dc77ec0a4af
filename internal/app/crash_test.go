package app

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/forum"
)

// Whatever was acknowledged is there after a kill at any moment, once; what was
// not is there at most once, and sending the form again makes it once.
func TestCrash_losesNothing(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a minute")
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		crash(t, t.TempDir(), "", 50)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if !hasPostgres() {
			if os.Getenv("CI") != "" {
				t.Fatal("PostgreSQL is not installed (CI is set, so this is a failure)")
			}
			t.Skip("PostgreSQL is not installed")
		}
		crash(t, t.TempDir(), dbtest.Config(t, db.Postgres).URL, 10)
	})
}

// author writes one reply after the other and remembers what became of each.
type author struct {
	*guest
	name    string
	n       int
	pending *answered // sent, and nobody knows
	done    []*answered
}

// write goes on until the program is gone.
func (a *author) write(t *testing.T, p *process, talk forum.DiscussionID, sent func()) {
	for {
		if a.pending == nil {
			a.n++
			a.pending = newReply(fmt.Sprintf("Reply of %s, who counts them: sign%sx%d.", a.name, a.name, a.n))
		}
		sent()
		status, body, err := a.pending.send(a.guest, p, talk)
		if err != nil {
			if errors.Is(err, errTwice) {
				t.Error(err)
			}
			return
		}
		if status != http.StatusSeeOther {
			t.Errorf("a reply was answered with %d: %.300s", status, body)
			return
		}
		a.done, a.pending = append(a.done, a.pending), nil
	}
}

func crash(t *testing.T, dir, database string, kills int) {
	c := defaults()
	c.Database = database
	guests, talk := furnish(t, dir, c, 4)
	authors := make([]*author, len(guests))
	for i, g := range guests {
		authors[i] = &author{guest: g, name: string(rune('a' + i))}
	}
	args := []string{"serve", "--data", dir, "--listen", "localhost:0"}
	if database != "" {
		args = append(args, "--db", database)
	}
	var last *answered
	unsure := 0
	for range kills {
		p := begin(t, nil, "guildhall", args...)
		if last != nil {
			look(t, p, authors[0].guest, last)
		}
		writeAndKill(t, p, authors, talk)
		for _, a := range authors {
			if a.pending != nil {
				unsure++
			}
			if len(a.done) > 0 {
				last = a.done[len(a.done)-1]
			}
			a.client.CloseIdleConnections()
		}
		if t.Failed() {
			t.Fatalf("the program said: %s", p.said)
		}
	}
	p := begin(t, nil, "guildhall", args...)
	for _, a := range authors {
		settle(t, p, a, talk)
	}
	look(t, p, authors[0].guest, authors[0].done[len(authors[0].done)-1])
	p.stop(t)
	n := count(t, db.Config{Dir: dir, URL: database}, authors)
	t.Logf("%d kills, %d replies acknowledged, %d kills of a writer amid one", kills, n, unsure)
}

// writeAndKill lets all authors write, and kills the program somewhen between
// the first form and the thirtieth.
func writeAndKill(t *testing.T, p *process, authors []*author, talk forum.DiscussionID) {
	var n atomic.Int64
	at, reached := 1+rand.Int64N(30), make(chan struct{})
	var all sync.WaitGroup
	for _, a := range authors {
		all.Go(func() {
			a.write(t, p, talk, func() {
				if n.Add(1) == at {
					close(reached)
				}
			})
		})
	}
	select {
	case <-reached:
	case <-time.After(patience):
		t.Errorf("only %d replies in %v", n.Load(), patience)
	}
	<-time.After(rand.N(8 * time.Millisecond)) // not a wait for anything: the moment is what is tried
	p.kill()
	all.Wait()
}

// look wants an acknowledged reply shown by the program as it is after its
// start, and found by search.
func look(t *testing.T, p *process, g *guest, r *answered) {
	t.Helper()
	if status, _, err := g.get(p.url + r.to); err != nil || status >= 400 {
		t.Errorf("%s is gone: %d %v", r.to, status, err)
	}
	words := strings.Fields(r.text)
	word := strings.TrimSuffix(words[len(words)-1], ".")
	await(t, "search to find "+word, func() bool {
		_, body, err := g.get(p.url + "/search?q=" + word)
		return err == nil && strings.Contains(body, r.to)
	})
}

// settle sends once more what nobody knows about, and the first form, which must
// lead to where it led.
func settle(t *testing.T, p *process, a *author, talk forum.DiscussionID) {
	t.Helper()
	list := []*answered{a.done[0]}
	if a.pending != nil {
		list = append(list, a.pending)
		a.done, a.pending = append(a.done, a.pending), nil
	}
	for _, r := range list {
		if status, body, err := r.send(a.guest, p, talk); err != nil || status != http.StatusSeeOther {
			t.Errorf("sent again: %d %v %.300s", status, err, body)
		}
	}
}

var (
	qCrashTexts  = db.SQL("apptest.texts", `SELECT source, COUNT(*), MIN(thing_id) FROM forum_revision WHERE kind = 'post' GROUP BY source`)
	qCrashEvents = db.SQL("apptest.events", `SELECT COUNT(*), MIN(e.seq), MAX(e.seq), MAX(h.seq) FROM event e, event_head h`)
	qCrashSeqs   = db.SQL("apptest.seqs", `SELECT COUNT(*), MAX(seq) FROM forum_post`)
	qCrashFacts  = db.SQL("apptest.facts", `SELECT COUNT(*) FROM event WHERE kind = 'forum.posted'`)
)

// count opens the database itself and compares.
func count(t *testing.T, c db.Config, authors []*author) (replies int64) {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Check(ctx); err != nil {
		t.Error(err)
	}
	there := map[string]string{}
	err = d.Rows(ctx, qCrashTexts, func(scan func(...any) error) error {
		var text, id string
		var n int
		err := scan(&text, &n, &id)
		if there[text] = "/posts/" + id; n != 1 {
			t.Errorf("%q is there %d times", text, n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range authors {
		for _, r := range a.done {
			if there[r.text] != r.to {
				t.Errorf("%q was acknowledged as %s and is at %q", r.text, r.to, there[r.text])
			}
			replies++
		}
	}
	var events, least, most, head, posts, seq, facts int64
	for q, dest := range map[*db.Query][]any{qCrashEvents: {&events, &least, &most, &head}, qCrashSeqs: {&posts, &seq}, qCrashFacts: {&facts}} {
		if _, err := d.Row(ctx, q, nil, dest...); err != nil {
			t.Fatal(err)
		}
	}
	// The book may have been shortened from its front, by what search has read.
	if events != most-least+1 || head != most {
		t.Errorf("%d events from %d to %d, the head is at %d", events, least, most, head)
	}
	if posts != replies+1 || seq != posts || facts > posts || posts-facts > least-1 || int64(len(there)) != posts {
		t.Errorf("%d posts up to number %d with %d events, %d texts; %d replies were acknowledged", posts, seq, facts, len(there), replies)
	}
	return replies
}
