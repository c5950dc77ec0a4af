package mask_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
	"guildhall/internal/safedb"
)

// filed counts what the tables say of renewals and of rights that seats were served.
func (h *hall) filed() (renewed, totals, served int) {
	h.t.Helper()
	h.ok(h.db.Read(h.ctx, func(tx *safedb.Tx) error {
		for q, n := range map[string]*int{
			"SELECT COUNT(*) FROM mask WHERE state = 1 OR renewed > 0 OR asked <> x''": &renewed,
			"SELECT COALESCE(SUM(renewals), 0) FROM total":                             &totals,
			"SELECT COUNT(*) FROM served":                                              &served,
		} {
			if _, err := tx.Row(q, nil, n); err != nil {
				return err
			}
		}
		return nil
	}))
	return renewed, totals, served
}

// handed collects what the issuer is told to write down.
func (h *hall) handed() *[][]mask.Served {
	list := &[][]mask.Served{}
	h.Seated = func(ctx context.Context, read func(context.Context) ([]mask.Served, error)) error {
		some, err := read(ctx)
		*list = append(*list, some)
		return err
	}
	return list
}

// opened are masks that may renew now.
func (h *hall) opened(n int) []*person {
	all := h.crowd(n)
	h.leap(epoch.Start(firstEpoch + 1).Add(73 * time.Hour))
	return all
}

// A renewal changes no table before the batch tick: rows, totals, and the file's log say
// the same each night. Meanwhile everything is as if it had, also after a kill; then all
// are filed together.
func TestRenew_isFiledWithTheWeek(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.opened(25)
	next := firstEpoch + 1
	first := map[int]wire.Result{}
	for i := range 3 {
		act, _ := all[i].renewal(next, 1)
		first[i] = h.good(all[i].do(act))
		h.wait(24 * time.Hour)
		if r, n, _ := h.filed(); r+n != 0 {
			t.Fatalf("on day %d the tables know of %d renewals and count %d", i, r, n)
		}
		h.reopen() // nothing is said to the room before: as after a kill
		for j := range i + 1 {
			act, _ := all[j].renewal(next, 1)
			if again := h.good(all[j].do(act)); !bytes.Equal(again.Signature, first[j].Signature) {
				t.Error("the same request got other bytes")
			}
			other, _ := all[j].renewal(next, 2)
			h.refused(all[j].do(other), "mask.renew.other")
			h.refused(all[j].do(thread("Too late", "Its successor speaks")), "mask.renewed")
			if s := all[j].do(wire.Act{Do: wire.Status}); s.State != "renewed" {
				t.Errorf("it is %s", s.State)
			}
		}
		h.refused(all[20].do(wire.Act{Do: wire.Renew, Epoch: next + 1, Blinded: make([]byte, 256)}), "mask.renew.epoch")
	}
	h.nextBatch()
	if r, n, _ := h.filed(); r != 3 || n != 3 {
		t.Errorf("after the batch %d have renewed and %d are counted", r, n)
	}
	week := epoch.Week(h.now()) - 1
	if n, known, err := h.RenewedIn(h.ctx, h.space.ID, week); err != nil || !known || n != 3 {
		t.Errorf("%d in the week, known %v, %v", n, known, err)
	}
	other, _ := all[0].renewal(next, 2)
	h.refused(all[0].do(other), "mask.renew.other")
	act, _ := all[0].renewal(next, 1)
	if again := h.good(all[0].do(act)); !bytes.Equal(again.Signature, first[0].Signature) {
		t.Error("other bytes after the batch")
	}
}

// A ban between note and batch is a ban; taken back, the mask has still renewed. A mask
// that has renewed is no active one at the next tick, as before.
func TestRenew_betweenNoteAndBatch(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.opened(21)
	next := firstEpoch + 1
	renew := func(p *person) { act, _ := p.renewal(next, 1); h.good(p.do(act)) }
	renew(all[0])
	h.wait(time.Hour)
	if h.bundle().Space.State != "open" {
		t.Error("twenty masks are enough")
	}
	renew(all[1])
	h.wait(time.Hour)
	if h.bundle().Space.State == "open" {
		t.Error("nineteen masks are too few")
	}
	ban := h.banned(all[0].id(), "")
	h.refused(all[0].do(thread("More", "insults")), "mask.banned")
	h.unbanned(ban.ID)
	other, _ := all[0].renewal(next, 2)
	h.refused(all[0].do(other), "mask.renew.other")
	h.banned(all[1].id(), "")
	h.nextBatch()
	h.refused(all[0].do(other), "mask.renew.other")
	if s := all[1].do(wire.Act{Do: wire.Status}); s.State != "banned" {
		t.Errorf("the ban is %s", s.State)
	}
}

// A right that a seat was served is in no table and not handed to the issuer before the
// batch; then with all others, and once more after a crash in between.
func TestServed_isFiledWithTheWeek(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	note := func(n byte) mask.Served {
		s := mask.Served{Mark: token.Encode(bytes.Repeat([]byte{n}, 16)), Space: h.space.ID, Epoch: firstEpoch, Asked: bytes.Repeat([]byte{n}, 32), Seat: bytes.Repeat([]byte{n}, 188)}
		kept, err := h.NoteServed(h.ctx, s)
		h.ok(err)
		if !bytes.Equal(kept.Asked, s.Asked) {
			t.Error("another request was noted")
		}
		return s
	}
	for n := range byte(4) {
		note(n)
		h.wait(24 * time.Hour)
		h.reopen()
		if _, _, served := h.filed(); served != 0 {
			t.Fatalf("%d rows in the night", served)
		}
		otherwise := note(n)
		otherwise.Asked = make([]byte, 31)
		if kept, err := h.NoteServed(h.ctx, otherwise); err != nil || len(kept.Asked) != 32 {
			t.Errorf("a second request took the place of the first: %v", err)
		}
	}
	h.ok(h.BlurServed(h.ctx, note(3).Mark)) // somebody left
	if _, found, err := h.ServedTo(h.ctx, note(2).Mark); !found || err != nil {
		t.Error("a note is lost", err)
	}
	down := errors.New("the hall's database is away")
	h.Seated = func(context.Context, func(context.Context) ([]mask.Served, error)) error { return down }
	h.mu.Lock()
	h.at = epoch.StartOfTick(epoch.NextBatchTick(epoch.Tick(h.at))).Add(time.Minute)
	h.mu.Unlock()
	if err := h.TestOnlyTick(h.ctx); !errors.Is(err, down) {
		t.Errorf("the tick went on without the issuer: %v", err)
	}
	list := h.handed()
	h.ok(h.TestOnlyTick(h.ctx))
	h.ok(h.TestOnlyTick(h.ctx))
	if len(*list) != 1 || len((*list)[0]) != 3 {
		t.Errorf("handed over: %v", *list)
	}
	if _, _, served := h.filed(); served != 4 {
		t.Errorf("%d rows after the batch", served)
	}
	note(1) // the issuer's database was restored, and does not know it any more
	h.nextBatch()
	if _, _, served := h.filed(); served != 4 || len(*list) != 2 || len((*list)[1]) != 1 {
		t.Errorf("%d rows, handed over: %v", served, *list)
	}
}

// A stop in order files what was noted, since a machine that is shut down loses the key.
// FileNoted does the same to a file that goes elsewhere.
func TestRest_filesWhatWasNoted(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.opened(20)
	next := firstEpoch + 1
	act, _ := all[0].renewal(next, 1)
	h.good(all[0].do(act))
	_, err := h.NoteServed(h.ctx, mask.Served{Mark: "mark", Space: h.space.ID, Epoch: next, Asked: make([]byte, 32), Seat: make([]byte, 9)})
	h.ok(err)
	dir := t.TempDir()
	_, err = safedb.Copy(h.ctx, h.dir, filepath.Join(dir, safedb.File))
	h.ok(err)
	copied, err := safedb.Open(h.ctx, safedb.Config{Dir: dir, Now: h.now, Key: make([]byte, safedb.KeySize)})
	h.ok(err)
	h.ok(mask.FileNoted(h.ctx, copied))
	h.ok(copied.Close())
	list := h.handed()
	h.ok(h.Rest(h.ctx))
	h.ok(h.Rest(h.ctx))
	if len(*list) != 1 {
		t.Errorf("handed over %d times", len(*list))
	}
	other, _ := all[0].renewal(next, 2)
	for name, at := range map[string]string{"stopped": h.dir, "copied": dir} {
		h.ok(h.db.Close())
		h.dir = at
		key := make([]byte, safedb.KeySize)
		key[0] = 1 // the machine was shut down
		h.openWith(key)
		if r, _, served := h.filed(); r != 1 || served != 21 {
			t.Errorf("%s: %d renewals, %d rights of seats", name, r, served)
		}
		h.refused(all[0].do(other), "mask.renew.other")
	}
}
