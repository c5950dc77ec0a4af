package face_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"guildhall/internal/face"
)

// Reading and renaming at once never leaves an old name in memory.
func TestFaces_neverStale(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		f := h.named("Ana")
		stop := make(chan struct{})
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						if _, err := h.Faces(ctx, []face.ID{f.ID}); err != nil {
							t.Error(err)
							return
						}
					}
				}
			})
		}
		for i := range 8 {
			name := fmt.Sprintf("Ana %d", i)
			if _, err := h.Rename(ctx, f.ID, name); err != nil {
				t.Error(err)
			}
			if got, err := h.Face(ctx, f.ID); err != nil || got.Name != name {
				t.Errorf("after %q: %+v %v", name, got, err)
			}
		}
		close(stop)
		wg.Wait()
	})
}

// A snapshot from before a renaming still says the old name, and leaves it in
// nobody's memory; one from after it does remember.
func TestFace_oldSnapshotIsNotRemembered(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		f := h.named("Ana")
		h.ok(h.db.View(ctx, func(old context.Context) error {
			if _, err := h.Profile(old, f.ID); err != nil { // from here on the snapshot stands
				return err
			}
			if _, err := h.Rename(ctx, f.ID, "Eva"); err != nil {
				return err
			}
			h.Forgotten(f.ID) // Rename itself has looked
			got, err := h.Face(old, f.ID)
			if got.Name != "Ana" {
				t.Errorf("the old snapshot says %q", got.Name)
			}
			return err
		}))
		if h.Remembers(f.ID) {
			t.Error("the old name is in memory")
		}
		h.ok(h.db.View(ctx, func(ctx context.Context) error {
			got, err := h.Face(ctx, f.ID)
			if got.Name != "Eva" {
				t.Errorf("the new snapshot says %q", got.Name)
			}
			return err
		}))
		if !h.Remembers(f.ID) {
			t.Error("what a snapshot told is not remembered")
		}
	})
}

func TestMemory_isBounded(t *testing.T) {
	t.Parallel()
	if n := face.FillMemory(25_000); n != 20_000 {
		t.Errorf("%d faces are in memory", n)
	}
}
