package pass_test

import (
	"math/rand/v2"
	"testing"

	"guildhall/internal/db"
	"guildhall/internal/pass"
)

var qAsTheyLie = db.SQL("passtest.asTheyLie", `SELECT face_id FROM pass_seat`)

// Neither file nor table tells who was served after whom.
func TestServe_leavesNoOrder(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		const n = 120
		turn := map[string]int{}
		for i, p := range rand.Perm(n) {
			who := h.person(p)
			turn[who.face] = i
			// Everybody's blinded message differs; it need not finalize here.
			r := pass.Request{Space: space, Epoch: 742, Right: append(make([]byte, 254), byte(p>>7), byte(p))}
			r.Signature = who.root.SignServe(space, 742, r.Right, nil)
			_, err := who.serve(r)
			h.must(err)
		}
		h.batch()
		h.must(h.Keep(ctx))
		var lie []int
		h.must(h.db.Rows(ctx, qAsTheyLie, func(scan func(...any) error) error {
			var f string
			err := scan(&f)
			lie = append(lie, turn[f])
			return err
		}))
		if tau := kendall(lie); len(lie) != n || tau > 0.25 || tau < -0.25 { // 4 sigma of chance at 120
			t.Errorf("%d rows, tau = %.3f", len(lie), tau)
		}
	})
}

// kendall is the rank correlation of a list with its own order.
func kendall(list []int) float64 {
	sum := 0
	for i := range list {
		for j := range i {
			if list[j] < list[i] {
				sum++
			} else {
				sum--
			}
		}
	}
	return float64(sum) / float64(len(list)*(len(list)-1)/2)
}
