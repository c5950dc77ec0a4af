package pass_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/pass"
)

// Every row of every table, with the transaction that wrote it and where it lies.
var qEverything = db.SQLFor("passtest.everything", `SELECT name, '' FROM sqlite_master WHERE type = 'table'`,
	`SELECT relname::text, query_to_xml(format('SELECT ctid::text, xmin::text, t::text FROM %I t ORDER BY 3', relname), true, false, '')::text
	FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname`)

// files is everything that a copy of the hall would hold: the bytes of SQLite's files,
// the rows of PostgreSQL, and what lies apart.
func (h *hall) files() string {
	h.t.Helper()
	var all strings.Builder
	h.must(h.db.Rows(ctx, qEverything, func(scan func(...any) error) error {
		var table, rows string
		err := scan(&table, &rows)
		all.WriteString(table + rows)
		return err
	}))
	if all.Len() < 500 || !strings.Contains(all.String(), "pass_seat") {
		h.t.Fatalf("not everything: %s", all.String())
	}
	if h.db.Engine() == db.SQLite {
		for _, name := range []string{h.db.Path(), h.db.Path() + "-wal"} {
			b, err := os.ReadFile(name)
			h.must(err)
			all.Write(b)
		}
	}
	fmt.Fprint(&all, h.apart, h.log)
	return all.String()
}

// Copies of the files taken each night do not tell in which night somebody came first
// in an epoch: read passes that are served change nothing in them, whether the seat
// was served its right before or not, and however often and in whichever epoch.
func TestServe_readPassesLeaveNothing(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ana, bo := h.person(1), h.person(2)
		_, err := ana.serve(ana.ask(742, true, false).Request)
		h.must(err)
		for ep := 742; ep < 745; ep++ {
			h.at = epoch.Start(ep).Add(60 * time.Hour)
			_, err := h.Keys(ctx, space) // a key of the space's is made at its first need, whoever comes
			h.must(err)
			before := h.files()
			for _, p := range []person{ana, bo, ana} {
				q := p.ask(ep, false, true)
				a, err := p.serve(q.Request)
				h.must(err)
				_, err = q.reads[27].Finalize(a.Reads[27])
				h.must(err)
			}
			if h.files() != before {
				t.Fatalf("the files of epoch %d tell that somebody was served read passes", ep)
			}
		}
		before := h.files()
		_, err = bo.serve(bo.cheap(744, "right"))
		h.must(err)
		if h.files() == before {
			t.Error("the files do not tell a right either: this test sees nothing")
		}
	})
}

// While the program runs, a seat gets one set of read passes; it is the same again
// after a restart, which another set gets past.
func TestServe_oneSetOfReadPasses(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ana, other := h.person(1), h.person(2)
		other.face = ana.face
		_, err := h.Keys(ctx, space)
		h.must(err)
		first, err := ana.serve(ana.cheap(742, "read"))
		h.must(err)
		_, err = other.serve(other.cheap(742, "read"))
		wantKey(t, err, "pass.serve.other")
		if _, err = other.serve(other.cheap(742, "both")); !fault.Is(err, fault.Conflict) {
			t.Errorf("err = %v", err)
		}
		s, err := h.State(ctx, space, ana.face)
		h.must(err)
		if s.RightEpoch != -1 {
			t.Error("half of a refused request was served")
		}
		h.Room = h.open([]byte("secret"))
		again, err := ana.serve(ana.cheap(742, "read"))
		h.must(err)
		if !same(first, again) {
			t.Error("the same request got other bytes")
		}
		h.Room = h.open([]byte("secret"))
		_, err = other.serve(other.cheap(742, "read"))
		h.must(err)
		h.sit(ana.face, pass.Standing{})
		_, err = other.serve(other.cheap(742, "read"))
		wantKey(t, err, "pass.serve.seatless")
	})
}

// A mask is signed its read passes as a seat is: in their epoch, one set, without a
// trace.
func TestSignReads(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		_, err := h.Keys(ctx, space)
		h.must(err)
		before := h.files()
		one, other := h.person(1).cheap(742, "read").Reads, h.person(2).cheap(742, "read").Reads
		first, err := h.SignReads(ctx, "m", space, 742, one)
		h.must(err)
		again, err := h.SignReads(ctx, "m", space, 742, one)
		h.must(err)
		if !slices.EqualFunc(first, again, bytes.Equal) {
			t.Error("the same request got other bytes")
		}
		_, err = h.SignReads(ctx, "m", space, 742, other)
		wantKey(t, err, "pass.serve.other")
		_, err = h.SignReads(ctx, "another", space, 742, other)
		h.must(err)
		_, err = h.SignReads(ctx, "third", space, 743, one)
		wantKey(t, err, "pass.serve.epoch")
		_, err = h.SignReads(ctx, "third", space, 742, one[1:])
		wantKey(t, err, "pass.serve.broken")
		if h.files() != before {
			t.Error("the files tell of it")
		}
	})
}
