package pass

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/fault"
)

// ServedInWeek tells how many seats of a space were given their right in a week, by
// branch of vouches, for k: no branch counts for more than a third. It is for the
// running window and the one that closed last; of others nothing is known.
func (r *Room) ServedInWeek(ctx context.Context, space string, week int) (byBranch map[string]int, err error) {
	defer fault.Wrap(&err, "pass.ServedInWeek")
	return r.counted(ctx, qCountWeek, space, week)
}

// ServedEver tells the same of all time.
func (r *Room) ServedEver(ctx context.Context, space string) (byBranch map[string]int, err error) {
	defer fault.Wrap(&err, "pass.ServedEver")
	return r.counted(ctx, qCountEver, space)
}

func (r *Room) counted(ctx context.Context, q *db.Query, args ...any) (byBranch map[string]int, err error) {
	byBranch = map[string]int{}
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var branch string
		var n int
		err := scan(&branch, &n)
		byBranch[branch] = n
		return err
	}, args...)
	return byBranch, err
}

// window is what everybody may know of the week that ended last: how many rights were
// served in it to seats and masks, and for how many that counts (k). Whoever got a
// right in it is one of k. It does not change until the next week has ended, so it
// tells nobody's visit.
type window struct {
	Week   int `json:"week"`
	Rights int `json:"rights"`
	K      int `json:"k"`
}

// Window tells of how many somebody is one who received a right in the week that ended
// last; false while that is not counted yet.
func (r *Room) Window(ctx context.Context, space string) (week, k int, known bool, err error) {
	defer fault.Wrap(&err, "pass.Window")
	w, err := r.lastWindow(ctx, space)
	if err != nil || w == nil {
		return 0, 0, false, err
	}
	return w.Week, w.K, true, nil
}

// lastWindow is nil while that is not counted yet.
func (r *Room) lastWindow(ctx context.Context, space string) (*window, error) {
	w := &window{Week: epoch.Week(r.Now()) - 1}
	renewed, known, err := r.Renewed(ctx, space, w.Week)
	if err != nil || !known {
		return nil, err
	}
	by, err := r.ServedInWeek(ctx, space, w.Week)
	if err != nil {
		return nil, err
	}
	ever, err := r.ServedEver(ctx, space)
	if err != nil {
		return nil, err
	}
	for branch, n := range by {
		w.Rights += n
		ever[branch] -= n // who got the seat's right in it has not renewed in it
	}
	w.Rights += renewed
	w.K = r.Crowd(renewals(by, ever, renewed))
	return w, nil
}

// renewals adds masks that renewed to the seats of a window. Nobody knows of which
// branch a mask is, so the worst is assumed: that all of them are of the largest ones.
func renewals(by, ever map[string]int, renewed int) map[string]int {
	sum := maps.Clone(by)
	largest := slices.SortedFunc(maps.Keys(ever), func(x, y string) int {
		return cmp.Or(cmp.Compare(ever[y], ever[x]), cmp.Compare(x, y))
	})
	for _, branch := range largest {
		n := max(0, min(renewed, ever[branch]))
		sum[branch] += n
		renewed -= n
	}
	return sum
}

// Keep does the room's nightly work, at any time and any number of times:
// weeks before the last one are added up, keys that sign no more lose their private
// half (mail passes and those to consultations are asked for during two epochs at most, a right for ever), and on PostgreSQL the rows of seats are shuffled.
func (r *Room) Keep(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "pass.Keep")
	now := r.Now()
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.DB.Exec(ctx, qIssuerClose, []byte{}, epoch.Of(now)-1); err != nil {
			return err
		}
		return r.mergeTx(ctx, epoch.Week(now)-1)
	})
	if err != nil {
		return err
	}
	r.mu.Lock()
	clear(r.known) // private halves leave memory, too
	r.mu.Unlock()
	return r.DB.Shuffle(ctx, "pass_seat")
}

// mergeTx adds up the weeks before one, so that the table knows of no window but the
// running one and the one of which k is shown.
func (r *Room) mergeTx(ctx context.Context, before int) error {
	type sum struct {
		space, branch string
		seats         int
	}
	var sums []sum
	err := r.DB.Rows(ctx, qCountMerge, func(scan func(...any) error) error {
		var s sum
		err := scan(&s.space, &s.branch, &s.seats)
		sums = append(sums, s)
		return err
	}, before)
	if err != nil {
		return err
	}
	for _, s := range sums {
		if _, err := r.DB.Exec(ctx, qCountAdd, s.space, s.branch, s.seats); err != nil {
			return err
		}
	}
	return nil
}
