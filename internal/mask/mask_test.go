package mask_test

import (
	"bytes"
	"math/big"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

func TestTake_bornInBatchesOfTen(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	var people []*person
	for range 9 {
		p := h.person()
		people = append(people, p)
		p.take(p.right(firstEpoch, 0))
	}
	h.nextBatch()
	if s := people[0].do(wire.Act{Do: wire.Status}); s.State != "waiting" || s.Waiting != 9 {
		t.Errorf("nine are not enough, but: %+v", s)
	}
	last := h.person()
	pass := last.right(firstEpoch, 0)
	first, again := last.take(pass), last.take(pass)
	again.Do = first.Do
	if first.Waiting != 10 || again.Waiting != 10 || first.Batch != again.Batch {
		t.Errorf("the same registration counted twice: %+v %+v", first, again)
	}
	h.wait(time.Hour)
	if s := last.do(wire.Act{Do: wire.Status}); s.State != "waiting" {
		t.Errorf("born at a tick that is no batch tick: %+v", s)
	}
	h.reopen()
	h.nextBatch()
	for _, p := range append(people, last) {
		s := h.good(p.do(wire.Act{Do: wire.Status}))
		if s.State != "active" || s.Name == "" || s.Until != epoch.FirstDay(firstEpoch+1)+6 || s.Renew != epoch.FirstDay(firstEpoch+1)+3 {
			t.Errorf("after the batch: %+v", s)
		}
	}
	if s := last.take(pass); s.State != "active" {
		t.Errorf("a right used for a mask that was born: %+v", s)
	}
	if n := len(h.logged); n == 0 || h.logged[n-1].Masks != 10 || h.logged[n-1].Seats != 10 {
		t.Errorf("the log says %+v", h.logged)
	}
}

func TestPasses_refusedEachForItsReason(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.person()
	good := p.right(firstEpoch, 0)
	show := func(change func(*wire.Visit)) error {
		v := wire.Visit{Acts: []wire.Act{{Do: wire.Take}}}
		v.Show(good)
		change(&v)
		_, err := h.send(v, p.key)
		return err
	}
	h.fault(show(func(v *wire.Visit) { v.Pass = nil }), "mask.unknown")
	h.fault(show(func(v *wire.Visit) { v.Pass.Signature = slices.Clone(v.Pass.Signature); v.Pass.Signature[9] ^= 1 }), "pass.broken")
	h.fault(show(func(v *wire.Visit) { v.Pass.Prefix = slices.Clone(v.Pass.Prefix); v.Pass.Prefix[0] ^= 1 }), "pass.broken")
	err := show(func(v *wire.Visit) { v.Pass.Purpose, v.Pass.Epoch = token.Read, firstEpoch })
	if key := fault.From(err).Key; key != "pass.broken" && key != "mask.pass.form" { // it may be above that key's n
		t.Errorf("a right as a read pass: %s", key)
	}
	h.fault(show(func(v *wire.Visit) { v.Pass.Epoch = firstEpoch + 1 }), "mask.pass.epoch")
	h.fault(show(func(v *wire.Visit) { v.Pass.Epoch = firstEpoch - 1 }), "mask.pass.epoch")
	h.fault(show(func(v *wire.Visit) { v.Space = "elsewhere" }), "mask.pass.space")
	h.fault(show(func(v *wire.Visit) { v.Space = "nowhere" }), "mask.no_space")
	h.fault(show(func(v *wire.Visit) { v.Day = epoch.Day(h.now()) + 2 }), "mask.day")
	k := issuerOf(good.Slot)
	h.fault(show(func(v *wire.Visit) {
		more := new(big.Int).Add(new(big.Int).SetBytes(good.Signature), k.N)
		if more.BitLen() > 2048 { // the same signature, written as a number above n
			more = new(big.Int).Add(k.N, big.NewInt(5))
		}
		v.Pass.Signature = more.FillBytes(make([]byte, 256))
	}), "mask.pass.form")
	// Somebody else's pass does not fit another key.
	other := h.person()
	v := wire.Visit{Acts: []wire.Act{{Do: wire.Take}}}
	v.Show(good)
	_, err = h.send(v, other.key)
	h.fault(err, "pass.broken")
	if s := p.take(good); s.State != "waiting" {
		t.Errorf("after all refusals the right is good: %+v", s)
	}
}

func TestReading_oncePerPassAndDay(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.person()
	key := p.root.ReadKey(h.space.ID, firstEpoch, 0)
	pass := p.reading(firstEpoch, 0)
	read := func() (mask.Outcome, error) {
		v := wire.Visit{Acts: []wire.Act{{Do: wire.Status}, thread("No", "mask")}}
		v.Show(pass)
		return h.send(v, key)
	}
	for range 3 {
		out, err := read()
		if err != nil || !out.Reads {
			t.Fatal("a good reading pass", out, err)
		}
		h.refused(out.Results[0], "mask.not_born")
		h.refused(out.Results[1], "mask.not_born")
		h.wait(time.Hour)
		h.reopen()
	}
	h.wait(24 * time.Hour)
	_, err := read()
	h.fault(err, "mask.read_used")
	h.leap(epoch.Start(firstEpoch + 1).Add(time.Hour))
	_, err = read()
	h.fault(err, "mask.pass.epoch")
}

// A mask is given read passes for the running epoch, by which it looks in without
// showing itself; asking leaves nothing in the file.
func TestReads_forAMask(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	a := h.crowd(25)[0]
	slot := token.Slot{Purpose: token.Read, Space: h.space.ID, Epoch: firstEpoch}
	k := issuerOf(slot)
	asked, err := a.root.Reads(h.space.ID, firstEpoch, token.FirstOfMask(0), &k.PublicKey)
	h.ok(err)
	act := wire.Act{Do: wire.Reads, Epoch: firstEpoch}
	for _, q := range asked {
		act.Blinds = append(act.Blinds, q.Blinded)
	}
	before, err := os.ReadFile(h.db.Path())
	h.ok(err)
	res := h.good(a.do(act))
	after, err := os.ReadFile(h.db.Path())
	h.ok(err)
	if !bytes.Equal(before, after) {
		t.Error("the file tells that a mask was given read passes")
	}
	h.fault(wire.Act{Do: wire.Reads, Epoch: firstEpoch, Blinds: act.Blinds[:27]}.Check(), "pass.act.broken")
	short := slices.Concat(act.Blinds[:27], []wire.Bytes{act.Blinds[0][1:]})
	h.fault(wire.Act{Do: wire.Reads, Epoch: firstEpoch, Blinds: short}.Check(), "pass.act.broken")

	i := epoch.Day(h.now()) - epoch.FirstDay(firstEpoch)
	pass, err := asked[i].Finalize(res.Reads[i])
	h.ok(err)
	v := wire.Visit{}
	v.Show(pass)
	for range 3 {
		out, err := h.send(v, a.root.ReadKey(h.space.ID, firstEpoch, token.FirstOfMask(0)+i))
		if err != nil || !out.Reads {
			t.Fatal(out, err)
		}
	}
	h.refused(func() wire.Result {
		v := wire.Visit{Acts: []wire.Act{act}}
		v.Show(pass)
		out, err := h.send(v, a.root.ReadKey(h.space.ID, firstEpoch, token.FirstOfMask(0)+i))
		h.ok(err)
		return out.Results[0]
	}(), "mask.not_born")
	v.Day = epoch.Day(h.now()) + 1 // what was remembered of one day opens no other
	_, err = h.send(v, a.root.ReadKey(h.space.ID, firstEpoch, token.FirstOfMask(0)+i))
	h.fault(err, "mask.read_used")
}

func TestPost_waitsComesOutAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	few := h.crowd(19)
	h.refused(few[0].do(thread("Rates", "They **fell**.")), "mask.quiet")
	late := h.crowd(10)
	if h.bundle().Space.State != "open" {
		t.Fatal("29 masks and still quiet")
	}
	a := thread("Rates", "They **fell**.")
	first, again := few[0].do(a), few[0].do(a)
	if !first.OK || first.State != "waiting" || first.To < first.From || again.From != first.From || again.To != first.To {
		t.Errorf("%+v, again %+v", first, again)
	}
	h.refused(late[0].do(a), "mask.post.taken")
	gone, kept := thread("Slip", "Of the pen"), thread("Stays", "Here")
	few[1].visit(gone, kept)
	h.refused(late[0].do(wire.Act{Do: wire.Withdraw, ID: kept.ID}), "mask.not_yours")
	h.good(few[1].do(wire.Act{Do: wire.Withdraw, ID: gone.ID}))
	h.good(few[1].do(wire.Act{Do: wire.Withdraw, ID: gone.ID}))
	if _, ok := h.find(a.ID); ok {
		t.Error("it came out before its tick")
	}
	h.reopen()
	h.wait(time.Hour)
	p, ok := h.find(a.ID)
	if !ok || !strings.Contains(p.HTML, "<strong>fell</strong>") || p.Mask != few[0].id() || p.Day != epoch.Day(h.now()) {
		t.Errorf("it came out as %+v", p)
	}
	if _, ok := h.find(gone.ID); ok {
		t.Error("what was withdrawn came out")
	}
	h.refused(few[1].do(wire.Act{Do: wire.Withdraw, ID: kept.ID}), "mask.post.out")
	if s := few[0].do(a); s.State != "shown" {
		t.Errorf("sent once more: %+v", s)
	}
	h.answers(t, a, few, late)
	h.refused(late[1].do(wire.Act{Do: wire.Delete, ID: a.ID}), "mask.not_yours")
	h.good(few[0].do(wire.Act{Do: wire.Delete, ID: a.ID}))
	h.wait(time.Hour)
	if p, ok := h.find(a.ID); !ok || p.State != "deleted" || p.HTML != "" {
		t.Errorf("deleted: %+v", p)
	}
	if hasBytes(t, h.dir, "fell</strong>") {
		t.Error("a deleted text is in the files")
	}
}

// The longest text a visit may hold is taken, whatever signs it is made of.
func TestPost_ofNothingButAmpersands(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	a := thread("Signs", strings.Repeat("&", wire.MaxText))
	h.good(all[0].do(a))
	h.wait(time.Hour)
	if _, ok := h.find(a.ID); !ok {
		t.Error("it did not come out")
	}
}

func TestBundle_sameBytesForFifty(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	for _, p := range all {
		h.good(p.do(thread("Of one", "Some words.")))
	}
	h.wait(time.Hour)
	want, err := h.Bundle(h.ctx, h.space.ID)
	h.ok(err)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if b, err := h.Bundle(h.ctx, h.space.ID); err != nil || !bytes.Equal(b, want) {
				t.Errorf("another bundle: %v", err)
			}
		})
	}
	wg.Wait()
	if w := h.bundle().Window; w == nil || w.K != 30 {
		t.Errorf("of how many whoever registers is one: %+v", w)
	}
	h.good(all[0].do(thread("Later", "It waits.")))
	h.reopen()
	if b, err := h.Bundle(h.ctx, h.space.ID); err != nil || !bytes.Equal(b, want) {
		t.Errorf("another bundle after a restart in the same tick: %v", err)
	}
}

func TestSend_dayMayDifferByOne(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(10)
	for _, off := range []int{-1, 0, 1} {
		if _, err := h.send(wire.Visit{Day: epoch.Day(h.now()) + off}, all[0].key); err != nil {
			t.Errorf("off by %d: %v", off, err)
		}
	}
	_, err := h.send(wire.Visit{Day: epoch.Day(h.now()) - 2}, all[0].key)
	h.fault(err, "mask.day")
}

// waiting counts what lies in the box.
func (h *hall) waiting() int { return h.db.Box().Len() }
