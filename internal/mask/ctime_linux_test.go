package mask_test

import (
	"os"
	"syscall"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/mask/wire"
)

func changed(t *testing.T, path string) (modified, inode time.Time) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	c := info.Sys().(*syscall.Stat_t).Ctim
	return info.ModTime(), time.Unix(c.Unix())
}

// Neither time of the file tells when somebody came: its own is that of the tick, and
// the inode's that of the last look at the clock, also when nobody came and nothing
// was due; and each tick writes the file anew, whether or not there was anything.
func TestFiles_timesTellNoVisit(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	look := func() (modified, inode time.Time) {
		before := time.Now().Add(-20 * time.Millisecond) // the file system's clock is coarse
		done, err := h.Tick(h.ctx)
		h.ok(err)
		modified, inode = changed(t, h.db.Path())
		if inode.Before(before) {
			t.Errorf("done %v: the inode keeps the time of %v, from before the look", done, inode)
		}
		if tick := epoch.StartOfTick(epoch.Tick(h.now())); !modified.Equal(tick) {
			t.Errorf("done %v: the file has the time %v, the tick is %v", done, modified, tick)
		}
		return modified, inode
	}
	look()
	h.good(all[0].do(thread("Now", "somebody comes")))
	look() // nothing is due
	look() // nobody came
	h.visitless(time.Hour)
	look()
	if res := all[1].do(wire.Act{Do: wire.Status}); !res.OK {
		t.Error(res)
	}
	look()
}

// visitless moves the clock without a tick.
func (h *hall) visitless(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}
