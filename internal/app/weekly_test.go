package app

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

var qRightsWritten = db.SQL("apptest.rightsWritten", `SELECT COUNT(*) FROM pass_seat`)

func (h *maskHall) rightsWritten() (n int) {
	h.t.Helper()
	_, err := h.DB.Row(h.ctx, qRightsWritten, nil, &n)
	h.ok(err)
	return n
}

// renewed asks for mask n as mask 0, and gives the signature or why not.
func (h *maskHall) renewed(root token.Root, n int) ([]byte, string) {
	h.t.Helper()
	e := epoch.Of(h.now())
	k, err := h.Passes.Issuer(h.ctx, token.Slot{Purpose: token.Right, Space: h.space, Epoch: e})
	h.ok(err)
	q, err := root.Right(h.space, e, n, k)
	h.ok(err)
	_, a, said := h.visit(root.MaskKey(h.space, 0), nil, wire.Act{Do: wire.Renew, Epoch: e, Blinded: q.Blinded})
	if said != "" {
		return nil, said
	}
	return a.Results[0].Signature, a.Results[0].Error
}

// A right and a renewal that were noted since the last batch, and a backup of just then,
// of before and of after. Wherever one goes from there (on, after a kill, back to a
// backup with the masks of the hall that was in use), both are given again and nothing
// else is; then they are written down, once.
func TestRestore_betweenNoteAndBatch(t *testing.T) {
	t.Parallel()
	h := newMaskHall(t)
	h.eligible()
	bo := newRoot()
	pass, err := h.serve("bo", bo)
	h.ok(err)
	h.take(bo, pass)
	h.company()
	h.tick(week)
	h.tick(4*week - 30*time.Hour + 80*time.Hour - week) // renewal is open
	p := &past{maskHall: h}
	_, err = h.Passes.Issuer(h.ctx, token.Slot{Purpose: token.Right, Space: h.space, Epoch: epoch.Of(h.now())})
	h.ok(err)
	p.backup("before")
	ana := newRoot()
	first, err := h.serve("ana", ana)
	h.ok(err)
	successor, why := h.renewed(bo, 1)
	if why != "" || len(successor) == 0 {
		t.Fatal(why)
	}
	p.backup("between note and batch")
	h.tick(time.Hour)
	if n := h.rightsWritten(); n != 1 {
		t.Errorf("%d rows of rights, the one before the week", n)
	}
	if got, err := h.Passes.Rights(h.ctx, "ana"); err != nil || len(got) != 1 {
		t.Errorf("she is told of rights of %v, %v", got, err)
	}
	check := func(name string, h *maskHall) {
		t.Helper()
		h.eligible()
		for range 2 {
			if _, err := h.serve("ana", newRoot()); !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: served with another key: %v", name, err)
			}
			again, err := h.serve("ana", ana)
			if err != nil || !bytes.Equal(again.Signature, first.Signature) {
				t.Errorf("%s: not the same right: %v", name, err)
			}
			if _, why := h.renewed(bo, 2); why != "mask.renew.other" {
				t.Errorf("%s: another successor: %q", name, why)
			}
			if again, why := h.renewed(bo, 1); why != "" || !bytes.Equal(again, successor) {
				t.Errorf("%s: not the same successor: %q", name, why)
			}
			h.tick(time.Hour)
		}
	}
	for i, file := range p.backups {
		check("back to "+p.names[i], p.restored(file, p.dir))
	}
	check("on", h)
	h.web.Close()
	h.ok(h.Close()) // without a word to the rooms: as after a kill
	h.open(h.dir)
	check("after a kill", h)
	h.tick(week)
	check("after the batch", h)
	if n := h.rightsWritten(); n != 2 {
		t.Errorf("%d rows of rights", n)
	}
	p.backup("after the batch")
	last := len(p.backups) - 1
	check("back to "+p.names[last], p.restored(p.backups[last], p.dir))
}

// Nothing about the files tells in which night of a week a seat was served: hall.db has
// no row of it, and safe.db is as long as before and as old as the tick.
func TestServe_leavesTheFilesAlike(t *testing.T) {
	t.Parallel()
	h := newMaskHall(t)
	h.eligible()
	_, err := h.Passes.Issuer(h.ctx, token.Slot{Purpose: token.Right, Space: h.space, Epoch: epoch.Of(h.now())})
	h.ok(err)
	look := func() (size int64) {
		h.tick(time.Hour)
		info, err := os.Stat(filepath.Join(h.dir, safePart))
		h.ok(err)
		if tick := epoch.StartOfTick(epoch.Tick(h.now())); !info.ModTime().Equal(tick) {
			t.Errorf("changed at %v, the tick is %v", info.ModTime(), tick)
		}
		return info.Size()
	}
	was := look()
	for n := range 12 {
		root := newRoot()
		_, err := h.serve(token.Encode(root[:]), root)
		h.ok(err)
		if size := look(); size != was || h.rightsWritten() != 0 {
			t.Errorf("after %d: %d bytes, before %d; %d rows", n+1, size, was, h.rightsWritten())
		}
	}
	h.tick(week)
	if n := h.rightsWritten(); n != 12 {
		t.Errorf("%d rows after the batch", n)
	}
}
