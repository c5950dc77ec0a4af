package space_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/ident"
	"guildhall/internal/space"
)

var (
	qOrderSQLite = `SELECT face_id FROM space_seat`
	qOrder       = db.SQLFor("spacetest.order", qOrderSQLite, `SELECT face_id FROM space_seat ORDER BY ctid`)
	qBorn        = db.SQLFor("spacetest.born", `SELECT 1`, `SELECT count(DISTINCT xmin::text) FROM space_seat`)
	qColumns     = db.SQLFor("spacetest.columns", `SELECT name FROM pragma_table_info('space_seat')`,
		`SELECT column_name FROM information_schema.columns WHERE table_name = 'space_seat' ORDER BY ordinal_position`)
)

// Rows 1 and 2 of the table of leaks: neither the order of rows in the file nor
// the transactions they remember tell in which order seats were taken.
func TestSeats_tellNoOrder(t *testing.T) {
	each(t, func(h *hall) {
		id := h.open(safe("Designers")).ID
		var took []face.ID
		for range 120 {
			f := face.ID(ident.Random())
			took = append(took, f)
			h.ok(h.Enter(h.ctx, space.Actor{Face: f}, id))
		}
		h.ok(h.Keep(h.ctx))
		lie := h.column(qOrder)
		if len(lie) != len(took) {
			h.t.Fatalf("%d seats in the file, %d were taken", len(lie), len(took))
		}
		if tau := kendall(took, lie); tau > 0.2 || tau < -0.2 { // three deviations at 120 are 0.19
			h.t.Errorf("order in the file and order of coming: tau %.3f", tau)
		}
		var born int
		_, err := h.db.Row(h.ctx, qBorn, nil, &born)
		h.ok(err)
		if born != 1 {
			h.t.Errorf("seats remember %d transactions, want 1", born)
		}
	})
}

// Row 5: nothing beside the two ids.
func TestSeats_holdNoTime(t *testing.T) {
	each(t, func(h *hall) {
		if cols := h.column(qColumns); !slices.Equal(cols, []face.ID{"space_id", "face_id"}) {
			h.t.Errorf("columns of a seat: %v", cols)
		}
	})
}

// What shuffling does it does while others come and go.
func TestKeep_losesNoSeat(t *testing.T) {
	each(t, func(h *hall) {
		id := h.open(safe("Designers")).ID
		done := make(chan error)
		go func() {
			for i := range 60 {
				if err := h.Enter(context.Background(), space.Actor{Face: face.ID(fmt.Sprint("face", i))}, id); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
		for range 10 {
			h.ok(h.Keep(h.ctx))
		}
		h.ok(<-done)
		h.ok(h.Keep(h.ctx))
		if n := len(h.column(qOrder)); n != 60 {
			h.t.Errorf("%d seats of 60 are left", n)
		}
	})
}

func (h *hall) column(q *db.Query) (list []face.ID) {
	h.t.Helper()
	h.ok(h.db.Rows(h.ctx, q, func(scan func(...any) error) error {
		var f face.ID
		err := scan(&f)
		list = append(list, f)
		return err
	}))
	return list
}

// kendall compares two orders of the same things: 1 the same, -1 reversed.
func kendall(a, b []face.ID) float64 {
	at := map[face.ID]int{}
	for i, x := range b {
		at[x] = i
	}
	sum, n := 0, len(a)
	for i := range n {
		for j := i + 1; j < n; j++ {
			if at[a[i]] < at[a[j]] {
				sum++
			} else {
				sum--
			}
		}
	}
	return float64(sum) / float64(n*(n-1)/2)
}

func TestKendall_sees(t *testing.T) {
	t.Parallel()
	var a []face.ID
	for range 100 {
		a = append(a, face.ID(ident.Random()))
	}
	b := slices.Clone(a)
	if tau := kendall(a, b); tau != 1 {
		t.Errorf("the same order: %.2f", tau)
	}
	rand.Shuffle(len(b), func(i, j int) { b[i], b[j] = b[j], b[i] })
	if tau := kendall(a, b); tau > 0.25 || tau < -0.25 {
		t.Errorf("a shuffled order: %.2f", tau)
	}
}
