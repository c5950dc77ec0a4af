package forum_test

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"testing"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/forum"
)

var qBoundPages = db.SQLFor("forumtest.bound", `SELECT posts FROM forum_bound`, `SELECT ''`)

var qForgotten = db.SQLFor("forumtest.forgotten", `DELETE FROM forum_unbound`, `SELECT ''`)

// bound gives what stands in the rows of bound pages.
func (h *hall) bound() (pages [][]byte) {
	h.t.Helper()
	h.ok(h.db.Rows(h.ctx, qBoundPages, func(scan func(...any) error) error {
		var b []byte
		err := scan(&b)
		pages = append(pages, b)
		return err
	}))
	return pages
}

// long opens a discussion of ana's with n posts, all others bo's and cleo's.
func (h *hall) long(title string, n int) (forum.Discussion, []forum.Post) {
	h.t.Helper()
	d := h.open(h.ana, title)
	posts := []forum.Post{h.page(h.nobody, d.ID, 1).Posts[0]}
	for len(posts) < n {
		who := []forum.Actor{h.cleo, h.bo}[len(posts)%2]
		posts = append(posts, h.reply(who, d, fmt.Sprintf("Answer %d to %s: *two* & <three>", len(posts), title)))
	}
	return d, posts
}

// A bound page is the page, for every kind of reader, and after every kind of
// change; and what is bound holds nothing that is not shown.
func TestBind_everyChangeIsSeenAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d, posts := h.long("Ringing", 120)
		other := h.open(h.dov, "Elsewhere")
		var move forum.MoveID
		for _, step := range []struct {
			name   string
			change func() error
			bound  int // of the first discussion's two full pages, how many stay bound
		}{
			{"nothing", func() error { return nil }, 2},
			{"a post of the last page", func() error { h.reply(h.bo, d, "One more"); return nil }, 2},
			{"edit", func() error { _, err := h.Edit(h.ctx, h.bo, posts[1].ID, 1, "Otherwise"); return err }, 1},
			{"recommend", func() error { _, err := h.Recommend(h.ctx, h.ana, posts[2].ID.Thing()); return err }, 1},
			{"withdraw", func() error { _, err := h.Withdraw(h.ctx, h.ana, posts[2].ID.Thing()); return err }, 1},
			{"recommend again", func() error { _, err := h.Recommend(h.ctx, h.cleo, posts[51].ID.Thing()); return err }, 1},
			{"hush", func() error { return h.Hush(h.ctx, h.dov, posts[3].ID.Thing(), "a test") }, 1},
			{"unhush", func() error { return h.Unhush(h.ctx, h.dov, posts[3].ID.Thing()) }, 1},
			{"split", func() error {
				from, err := h.Split(h.ctx, h.dov, d.ID, []forum.PostID{posts[4].ID, posts[60].ID}, "Apart", "a test")
				if err != nil {
					return err
				}
				moves, err := h.Moves(h.ctx, from.ID)
				move = moves[0].ID
				return err
			}, 0},
			{"unmove", func() error { return h.Unmove(h.ctx, h.dov, move) }, 0},
			{"erase", func() error { return h.Erase(h.ctx, h.cleo.Face, true) }, 0},
			{"merge", func() error { return h.Merge(h.ctx, h.dov, d.ID, other.ID, "a test") }, 0},
		} {
			h.ok(h.Bind(h.ctx))
			h.ok(step.change())
			if h.db.Engine() == db.SQLite && len(h.bound()) != step.bound && step.name != "merge" {
				t.Errorf("%s: %d pages stay bound, not %d", step.name, len(h.bound()), step.bound)
			}
			for _, id := range []forum.DiscussionID{d.ID, other.ID} {
				h.boundAsNot(step.name, id)
			}
		}
	})
}

// boundAsNot compares the pages of a discussion as they are and once all is bound.
func (h *hall) boundAsNot(step string, id forum.DiscussionID) {
	h.t.Helper()
	read := func() (pages []forum.Page) {
		for _, a := range []forum.Actor{h.nobody, h.bo, h.dov} {
			d, err := h.Discussion(h.ctx, a, id)
			h.ok(err)
			for n := 1; n <= d.Pages(); n++ {
				pages = append(pages, h.page(a, id, n))
			}
		}
		return pages
	}
	before := read()
	h.ok(h.Bind(h.ctx))
	for i, after := range read() {
		if !reflect.DeepEqual(after, before[i]) {
			h.t.Errorf("%s: bound, page %d is\n%+v, not\n%+v", step, after.N, after, before[i])
		}
	}
}

// A hall whose posts came by another way than the room's own, as copies from
// PostgreSQL do, is bound as well.
func TestBind_whatWasNeverNoted(t *testing.T) {
	t.Parallel()
	h := newHall(t, dbtest.Open(t, db.SQLite))
	h.long("Copied", 120)
	h.ok(h.db.Tx(h.ctx, func(ctx context.Context) error {
		_, err := h.db.Exec(ctx, qForgotten)
		return err
	}))
	h.ok(h.Bind(h.ctx))
	if n := len(h.bound()); n != 2 {
		t.Errorf("%d pages are bound", n)
	}
}

// What was erased or written over is in no bound page, from that moment on.
func TestBind_erasedTextsDoNotSurvive(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d, posts := h.long("Secrets", 50)
		_, err := h.Edit(h.ctx, h.cleo, posts[2].ID, 1, "A word she regrets")
		h.ok(err)
		h.ok(h.Bind(h.ctx))
		if full := h.bound(); h.db.Engine() == db.SQLite && (len(full) != 1 || !bytes.Contains(full[0], []byte("A word she regrets"))) {
			t.Fatalf("nothing is bound: %d", len(full))
		}
		gone := func(when string, texts ...string) {
			for _, page := range h.bound() {
				for _, s := range texts {
					if bytes.Contains(page, []byte(s)) {
						t.Errorf("%s, a bound page still holds %q", when, s)
					}
				}
			}
		}
		_, err = h.Edit(h.ctx, h.cleo, posts[2].ID, 2, "A better word")
		h.ok(err)
		gone("edited", "regrets")
		h.ok(h.Bind(h.ctx))
		gone("edited and bound", "regrets")
		h.ok(h.Erase(h.ctx, h.cleo.Face, true))
		gone("erased", "A better word", "Answer 4 to")
		h.ok(h.Bind(h.ctx))
		gone("erased and bound", "A better word", "Answer 4 to")
		if p := h.page(h.nobody, d.ID, 1); p.Posts[2].HTML != "" || p.Posts[2].State != forum.Erased || p.Posts[1].HTML == "" {
			t.Errorf("got %+v", p.Posts[:3])
		}
	})
}
