package pass_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/fault"
)

// What a restore of an older backup takes away of a seat.
var (
	qRestoreSeat  = db.SQL("passtest.restoreSeat", `DELETE FROM pass_seat WHERE face_id = $1`)
	qRestoreCount = db.SQL("passtest.restoreCount", `DELETE FROM pass_count`)
)

func (h *hall) restoreOld(face string) {
	h.t.Helper()
	h.must(h.db.Tx(ctx, func(ctx context.Context) error {
		_, err := h.db.Exec(ctx, qRestoreSeat, face)
		if err == nil {
			_, err = h.db.Exec(ctx, qRestoreCount)
		}
		return err
	}))
}

// However often the database goes back to a backup from before a seat was served,
// whoever asks and in whichever epoch: a seat never gets two different rights, and
// whoever got one gets the same again.
func TestServe_noSecondRightAfterARestore(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		for _, ep := range []int{742, 743} {
			h.at = epoch.Start(ep).Add(1)
			_, err := h.Keys(ctx, space)
			h.must(err)
		}
		seat, refused, again := 0, 0, 0
		rapid.Check(t, func(rt *rapid.T) {
			seat++
			roots := []person{h.person(2 * seat), h.person(2*seat + 1)}
			roots[1].face = roots[0].face
			var first []byte
			for range rapid.IntRange(2, 8).Draw(rt, "steps") {
				if rapid.Bool().Draw(rt, "batch") {
					h.batch()
				}
				if first != nil && rapid.Bool().Draw(rt, "restore") {
					h.restoreOld(roots[0].face)
				}
				ep, n := rapid.IntRange(742, 743).Draw(rt, "epoch"), rapid.IntRange(0, 1).Draw(rt, "root")
				h.at = epoch.Start(rapid.IntRange(742, 743).Draw(rt, "now")).Add(1)
				a, err := roots[n].serve(roots[n].cheap(ep, "right"))
				switch {
				case fault.Is(err, fault.Conflict):
					refused++
				case err != nil:
					rt.Fatal(err)
				case first == nil:
					first = a.Right
				case !bytes.Equal(first, a.Right):
					rt.Fatal("a second right")
				default:
					again++
				}
			}
		})
		if refused < 4 || again < 4 {
			t.Errorf("only %d were refused and %d served again", refused, again)
		}
	})
}

// After a restore she is told what she was served, as before.
func TestState_afterARestore(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ana := h.person(1)
		before, err := ana.serve(ana.cheap(742, "right"))
		h.must(err)
		h.batch()
		h.restoreOld(ana.face)
		s, err := h.State(ctx, space, ana.face)
		h.must(err)
		if s.RightEpoch != 742 {
			t.Errorf("%+v", s)
		}
		after, err := ana.serve(ana.cheap(742, "right"))
		h.must(err)
		if !same(before, after) {
			t.Error("other bytes")
		}
		h.batch()
		if got, err := h.Rights(ctx, ana.face); err != nil || !slices.Equal(got, []int{742}) {
			t.Errorf("her row did not come back: %v, %v", got, err)
		}
		if n := h.counted(); n != 0 { // it was counted when it was served
			t.Errorf("counted %d times more", n)
		}
	})
}
