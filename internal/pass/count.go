package pass

import (
	"context"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
)

// Served tells how many seats of a space were given their right in an epoch, for
// the public log.
func (r *Room) Served(ctx context.Context, space string, ep int) (n int, err error) {
	defer fault.Wrap(&err, "pass.Served")
	first := epoch.WeekOfDay(epoch.FirstDay(ep))
	_, err = r.DB.Row(ctx, qCountWeeks, []any{space, first, first + epoch.WeeksOfEpoch - 1}, &n)
	return n, err
}

// ServedInWeek tells the same of a week, by branch of vouches, for k: no branch
// counts for more than a third. It is for the batch tick at the week's end; two
// weeks later the branches are added up.
func (r *Room) ServedInWeek(ctx context.Context, space string, week int) (byBranch map[string]int, err error) {
	defer fault.Wrap(&err, "pass.ServedInWeek")
	byBranch = map[string]int{}
	err = r.DB.Rows(ctx, qCountWeek, func(scan func(...any) error) error {
		var branch string
		var n int
		err := scan(&branch, &n)
		byBranch[branch] = n
		return err
	}, space, week)
	return byBranch, err
}

// Keep does the room's nightly work, at any time and any number of times:
// branches of past weeks are added up, keys that sign no more lose their private
// half (a read pass is asked for again during two epochs at most, a right for
// ever), and on PostgreSQL the rows of seats are shuffled.
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

func (r *Room) mergeTx(ctx context.Context, before int) error {
	type sum struct {
		space       string
		week, seats int
	}
	var sums []sum
	err := r.DB.Rows(ctx, qCountMerge, func(scan func(...any) error) error {
		var s sum
		err := scan(&s.space, &s.week, &s.seats)
		sums = append(sums, s)
		return err
	}, before)
	if err != nil {
		return err
	}
	for _, s := range sums {
		if _, err := r.DB.Exec(ctx, qCountAdd, s.space, s.week, s.seats); err != nil {
			return err
		}
	}
	return nil
}
