package mask_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

// hasBytes looks into every file of a directory.
func hasBytes(t testing.TB, dir, what string) bool {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(what)) {
			return true
		}
	}
	return false
}

// renewal makes the act, and the request that finishes it.
func (p *person) renewal(e, n int) (wire.Act, *token.Request) {
	p.h.t.Helper()
	k := issuerOf(token.Slot{Purpose: token.Right, Space: p.h.space.ID, Epoch: e})
	q, err := p.root.Right(p.h.space.ID, e, n, &k.PublicKey)
	p.h.ok(err)
	return wire.Act{Do: wire.Renew, Epoch: e, Blinded: q.Blinded}, q
}

func TestRenew(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(25)
	next := firstEpoch + 1
	a := all[0]
	act, q := a.renewal(next, 1)

	h.leap(epoch.Start(next).Add(-2 * time.Hour))
	h.refused(a.do(act), "mask.renew.epoch")
	h.good(all[1].do(thread("Last word", "of the epoch"))) // it comes out in the new one
	h.leap(epoch.Start(next).Add(2 * time.Hour))
	h.refused(a.do(act), "mask.renew.early")
	h.good(all[2].do(thread("After the end", "one may still post for a week")))
	h.leap(epoch.Start(next).Add(73 * time.Hour))
	h.refused(func() wire.Result { m, _ := all[2].renewal(next, 1); return all[2].do(m) }(), "mask.renew.judged")
	writes := thread("Now", "and renew at once")
	m, _ := all[3].renewal(next, 1)
	res := all[3].visit(writes, m)
	h.good(res[0])
	h.refused(res[1], "mask.renew.judged")

	first := h.good(a.do(act))
	other, _ := a.renewal(next, 2)
	h.refused(a.do(other), "mask.renew.other")
	h.refused(a.do(thread("Too late", "Its successor speaks")), "mask.renewed")
	h.reopen()
	h.wait(time.Hour)
	again := h.good(a.do(act))
	if !bytes.Equal(first.Signature, again.Signature) {
		t.Error("the same request got other bytes")
	}
	h.refused(a.do(other), "mask.renew.other")
	pass, err := q.Finalize(first.Signature)
	h.ok(err)

	h.refused(a.do(thread("Too late", "Its successor speaks")), "mask.renewed")
	h.successors(t, pass, all, next)
}

// successors registers the next masks, and looks at the old ones.
func (h *hall) successors(t *testing.T, pass token.Pass, all []*person, next int) {
	a := all[0]
	old := *a
	a.key, a.n = a.root.MaskKey(h.space.ID, 1), 1
	h.good(a.take(pass))
	for _, p := range all[4:15] {
		m, q := p.renewal(next, 1)
		r := h.good(p.do(m))
		pass, err := q.Finalize(r.Signature)
		h.ok(err)
		p.key = p.root.MaskKey(h.space.ID, 1)
		h.good(p.take(pass))
	}
	h.nextBatch()
	if s := a.do(wire.Act{Do: wire.Status}); s.State != "active" || s.Until != mask.Until(next) {
		t.Errorf("the successor: %+v", s)
	}
	h.refused(all[3].do(thread("Over", "The week after the epoch has ended")), "mask.over")
	if h.bundle().Space.State == "open" {
		t.Error("twelve masks are fewer than twenty, but the space can be spoken in")
	}
	h.refused(a.do(thread("Quiet", "Too few")), "mask.quiet")
	late, _ := all[3].renewal(next, 1)
	h.good(all[3].do(late)) // whoever missed the boundary renews later
	for e, reads := range map[int]bool{next: true, next + 1: true, next + 2: false} {
		h.leap(epoch.Start(e).Add(100 * time.Hour))
		out, err := h.send(wire.Visit{Acts: []wire.Act{{Do: wire.Status}}}, old.key)
		h.ok(err)
		if out.Reads != reads || out.Results[0].State != "renewed" {
			t.Errorf("in epoch %d the old mask reads: %v, %+v", e, out.Reads, out.Results[0])
		}
	}
}

func TestSanctions_keepFromRenewing(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(21)
	next := firstEpoch + 1
	waits := thread("Insult", "of the banned")
	h.good(all[0].do(waits))
	ban := h.banned(all[0].id(), "")
	h.refused(all[0].do(thread("More", "insults")), "mask.banned")
	h.wait(time.Hour)
	if _, ok := h.find(waits.ID); ok {
		t.Error("what waited of a banned mask came out")
	}
	if s := all[0].do(wire.Act{Do: wire.Status}); s.State != "banned" || s.Reason != "Insults." {
		t.Errorf("%+v", s)
	}
	day := epoch.FirstDay(next) + 5
	mute := h.decide(mask.Wish{Deed: mask.Mute, Mask: all[1].id(), Days: day - epoch.Day(h.now()), Reason: "Rest."})
	h.ok(h.Confirm(h.ctx, bo, h.space.ID, mute.ID))
	h.refused(all[1].do(thread("More", "words")), "mask.muted")
	h.leap(epoch.Start(next).Add(80 * time.Hour))
	for i, key := range []string{"mask.banned", "mask.renew.muted"} {
		m, _ := all[i].renewal(next, 1)
		h.refused(all[i].do(m), key)
	}
	h.leap(epoch.StartOfDay(day + 1))
	m, _ := all[1].renewal(next, 1)
	h.good(all[1].do(m))
	h.refused(func() wire.Result { m, _ := all[0].renewal(next, 1); return all[0].do(m) }(), "mask.banned")
	h.unbanned(ban.ID)
	m, _ = all[0].renewal(next, 1)
	h.good(all[0].do(m))
	_, err := h.Decide(h.ctx, ada, h.space.ID, mask.Wish{Deed: mask.Ban, Mask: "nobody", Reason: "Nobody."})
	h.fault(err, "mask.nobody")
}

// A backup is older than what was done since. Whoever took a mask after it may take
// the same one again and no other; after Void nobody takes one before the next epoch.
func TestRestore_givesNoSecondMask(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(12)
	p, q := h.person(), h.person()
	pass, unused := p.right(firstEpoch, 0), q.right(firstEpoch, 0)
	backup := readFile(t, h.db.Path())
	h.good(p.take(pass))
	h.ok(h.db.Close())
	h.ok(os.WriteFile(h.db.Path(), backup, 0o600))
	h.open()
	h.good(p.take(pass))
	h.good(p.take(pass))
	if s := p.do(wire.Act{Do: wire.Status}); s.Waiting != 1 {
		t.Errorf("%d registrations of one right", s.Waiting)
	}
	h.ok(mask.Void(context.Background(), h.db, firstEpoch))
	h.refused(q.take(unused), "mask.void")
	if v, err := h.Voided(h.ctx); v != firstEpoch || err != nil {
		t.Errorf("void up to %d, %v", v, err)
	}
	h.leap(epoch.Start(firstEpoch + 1).Add(80 * time.Hour))
	m, _ := all[0].renewal(firstEpoch+1, 1)
	h.good(all[0].do(m)) // the masks of the backup go on
}

func TestRestore_renewalsWaitForTheNextEpoch(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(12)
	next := firstEpoch + 1
	h.leap(epoch.Start(next).Add(80 * time.Hour))
	h.ok(mask.Void(h.ctx, h.db, next))
	m, _ := all[0].renewal(next, 1)
	h.refused(all[0].do(m), "mask.void")
	h.leap(epoch.Start(next + 1).Add(80 * time.Hour))
	m, _ = all[0].renewal(next+1, 1)
	h.good(all[0].do(m))
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
