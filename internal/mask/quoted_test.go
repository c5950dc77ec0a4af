package mask_test

import (
	"slices"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/mask/wire"
)

// A post can be quoted as long as the space shows it, under its mask's name and by its
// day; whoever quotes it is told when that changes.
func TestQuoted(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.crowd(20)[0]
	act := thread("Paid late", "Mine came after *94* days.")
	h.good(p.do(act))
	if found, err := h.Quoted(h.ctx, h.space.ID, act.ID); err != nil || len(found) != 0 {
		t.Errorf("quoted while it waits: %+v, %v", found, err)
	}
	h.changed = nil
	h.wait(time.Hour)
	found, err := h.Quoted(h.ctx, h.space.ID, act.ID, "nothing")
	h.ok(err)
	if q := found[act.ID]; len(found) != 1 || q.Mask != p.id() || q.Name == "" || q.Day != epoch.Day(h.now()) || q.HTML == "" {
		t.Errorf("%+v", found)
	}
	if found, err := h.Quoted(h.ctx, "elsewhere", act.ID); err != nil || len(found) != 0 {
		t.Errorf("in another space: %+v, %v", found, err)
	}
	if !slices.Contains(h.changed, h.space.ID) {
		t.Error("nobody was told of the tick")
	}
	h.good(p.do(wire.Act{Do: wire.Delete, ID: act.ID}))
	h.wait(48 * time.Hour)
	if found, err := h.Quoted(h.ctx, h.space.ID, act.ID); err != nil || len(found) != 0 {
		t.Errorf("quoted after it was deleted: %+v, %v", found, err)
	}
}

// What became of posts elsewhere stands in the bundle, for eight weeks, from the tick that
// follows, also for a bundle that is made anew within the tick.
func TestBundle_heard(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.crowd(20)
	today := epoch.Day(h.now())
	h.heard = []wire.Heard{{ID: "q.1", To: "m", What: "taken", Day: today}, {ID: "q.2", To: "m", What: "answer", Day: today + 1}, {ID: "q.0", To: "m", Day: today - 57}}
	h.wait(time.Hour)
	if got := h.bundle().Heard; len(got) != 1 || got[0].ID != "q.1" {
		t.Errorf("%+v", got)
	}
	h.reopen()
	if got := h.bundle().Heard; len(got) != 1 || got[0].ID != "q.1" {
		t.Errorf("made anew: %+v", got)
	}
	h.wait(48 * time.Hour)
	if got := h.bundle().Heard; len(got) != 2 {
		t.Errorf("later: %+v", got)
	}
}
