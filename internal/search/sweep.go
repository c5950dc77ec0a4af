package search

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

const sweptAtOnce = 500

// Sweep forgets the words that no text has any more, after texts were changed
// or taken away, and what the index still holds of those. It does so in small
// transactions; without a cause it does nothing.
func (r *Room) Sweep(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "search.Sweep")
	s, err := r.state(ctx)
	if err != nil || s.removed == 0 {
		return err
	}
	for after, more := "", true; more; {
		err = r.db.Tx(ctx, func(ctx context.Context) error {
			words, err := r.strings(ctx, qAfter, after, sweptAtOnce)
			if more = len(words) == sweptAtOnce; err != nil || len(words) == 0 {
				return err
			}
			if err = r.sweepTx(ctx, words); err == nil {
				after = words[len(words)-1]
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	if err = r.squeeze(ctx); err != nil {
		return err
	}
	r.forget()
	return r.db.Tx(ctx, func(ctx context.Context) error {
		_, err := r.db.Exec(ctx, qSwept)
		return err
	})
}

// sweepTx drops those of the words that stand nowhere.
func (r *Room) sweepTx(ctx context.Context, words []string) error {
	var gone []string
	for _, w := range words {
		var e expression
		e.row(w)
		nums, err := r.match(ctx, e, 0, forever, 1)
		if err != nil {
			return err
		}
		if len(nums) == 0 {
			gone = append(gone, w)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	_, err := r.db.Exec(ctx, qTermDrop, list(gone))
	return err
}

// squeeze takes the words of texts that are gone out of SQLite's index, where
// they wait for the next merge. (PostgreSQL's own cleaning does it there.)
func (r *Room) squeeze(ctx context.Context) error {
	if r.db.Engine() != db.SQLite {
		return nil
	}
	begin := true
	for {
		var done int64
		err := r.db.Tx(ctx, func(ctx context.Context) error {
			var before, after int64
			if _, err := r.db.Row(ctx, qChanges, nil, &before); err != nil {
				return err
			}
			pages := mergedAtOnce
			if begin {
				pages = -mergedAtOnce // all of the index is to become one
			}
			if _, err := r.db.Exec(ctx, qMerge, pages); err != nil {
				return err
			}
			_, err := r.db.Row(ctx, qChanges, nil, &after)
			done = after - before
			return err
		})
		if err != nil || done < 2 { // the statement itself counts for one
			return err
		}
		begin = false
	}
}

const mergedAtOnce = 200 // pages of four kilobytes
