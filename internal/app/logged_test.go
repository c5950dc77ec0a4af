package app

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/ledger"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

func postOf(n byte) wire.Act {
	id := token.Encode(bytes.Repeat([]byte{n}, wire.IDSize))
	return wire.Act{Do: wire.Post, ID: id, Thread: id, Title: "Said", Text: "What was said.", Lang: "en"}
}

// A removal by two moderators is a decision and a deletion in the public log, an
// appeal that has ended is a case; the command line reads both.
func TestLog_deletionsAndCases(t *testing.T) {
	t.Parallel()
	h := newMaskHall(t)
	keys, err := h.Masks.TestOnlyRegister(h.ctx, h.space, 24)
	h.ok(err)
	for range keys { // as many rights, or the log would be an alarm
		root := newRoot()
		_, err := h.Masks.NoteServed(h.ctx, mask.Served{Mark: token.Encode(root[:16]), Space: h.space, Epoch: epoch.Of(h.now()), Asked: root[:]})
		h.ok(err)
	}
	h.tick(week)
	do := func(k ed25519.PrivateKey, a wire.Act) wire.Result {
		t.Helper()
		status, answer, said := h.visit(k, nil, a)
		if status != 200 || !answer.Results[0].OK {
			t.Fatalf("%d %s %+v", status, said, answer.Results)
		}
		return answer.Results[0]
	}
	gone, hidden := postOf(1), postOf(2)
	do(keys[0], gone)
	do(keys[1], hidden)
	h.tick(time.Hour)
	one, other := mask.Moderator{ID: "ada", Stewards: 2}, mask.Moderator{ID: "bo", Stewards: 2}
	d, err := h.Masks.Decide(h.ctx, one, h.space, mask.Wish{Deed: mask.Remove, Post: gone.ID, Reason: "A client’s address."})
	h.ok(err)
	h.tick(time.Hour)
	if n := h.entries(ledger.KindDeletion); n != 0 {
		t.Fatalf("%d deletions before a second moderator agreed", n)
	}
	h.ok(h.Masks.Confirm(h.ctx, other, h.space, d.ID))
	_, err = h.Masks.Decide(h.ctx, one, h.space, mask.Wish{Deed: mask.Hide, Post: hidden.ID, Reason: "A client’s name."})
	h.ok(err)
	do(keys[1], wire.Act{Do: wire.Appeal, ID: hidden.ID, Text: "It is my own name."})
	h.tick(time.Hour)
	h.tick(time.Hour)
	for _, k := range keys {
		if s := do(k, wire.Act{Do: wire.Status}); len(s.Judge) == 1 {
			do(k, wire.Act{Do: wire.Judge, ID: s.Judge[0].Case, Verdict: mask.Overturned, Text: "It is."})
		}
	}
	h.tick(time.Hour)
	h.tick(time.Hour) // again: nothing is entered twice
	if d, c := h.entries(ledger.KindDeletion), h.entries(ledger.KindCase); d != 1 || c != 1 {
		t.Errorf("%d deletions and %d cases in the log", d, c)
	}
	var out, errs bytes.Buffer
	code := Main(TestOnlyClock(context.Background(), h.now), []string{"guildhall", "verify", "log", "--hall", h.dir}, strings.NewReader(""), &out, &errs)
	if code != 0 || !strings.Contains(out.String(), "nothing in it is wrong") || !strings.Contains(out.String(), "deletion") || !strings.Contains(out.String(), "case") {
		t.Errorf("verify log: exit %d, %s%s", code, out.String(), errs.String())
	}
}

// entries counts the log's entries of a kind.
func (h *maskHall) entries(kind string) (n int) {
	h.t.Helper()
	_, err := ledger.Audit(h.ctx, h.Ledger.Dir(), ledger.Options{Key: h.Ledger.Key(), Each: func(e ledger.Entry) {
		if f, err := ledger.Parse(e.Line); err == nil && f.Kind() == kind {
			n++
		}
	}})
	h.ok(err)
	return n
}
