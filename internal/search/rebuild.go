package search

import (
	"context"
	"slices"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// Stale tells that the index was made by another version of this room, or never.
func (r *Room) Stale(ctx context.Context) (stale bool, err error) {
	defer fault.Wrap(&err, "search.Stale")
	s, err := r.state(ctx)
	return s.version != version, err
}

// Rebuild makes the index anew, in many transactions: meanwhile less is found.
// Begun again after a crash it begins at the beginning.
func (r *Room) Rebuild(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "search.Rebuild")
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		for _, q := range []*db.Query{qWordsOut, qDocsOut, qTermsOut} {
			if _, err := r.db.Exec(ctx, q); err != nil {
				return err
			}
		}
		_, err := r.db.Exec(ctx, qVersion, 0, 0)
		return err
	})
	after := ""
	for more := true; more && err == nil; more = after != "" {
		after, err = r.rebuildFrom(ctx, after)
	}
	if err != nil {
		return err
	}
	r.forget()
	return r.db.Tx(ctx, func(ctx context.Context) error {
		s, err := r.state(ctx)
		if err != nil {
			return err
		}
		if _, err = r.db.Exec(ctx, qVersion, version, s.docs); err != nil {
			return err
		}
		_, err = r.db.Exec(ctx, qAnalyze)
		return err
	})
}

// rebuildFrom indexes one portion and tells where the next begins.
func (r *Room) rebuildFrom(ctx context.Context, after string) (next string, err error) {
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		// Whoever handles an event meanwhile waits, and then reads what is newer.
		if _, err := r.db.Exec(ctx, qLock); err != nil {
			return err
		}
		var docs []Document
		if docs, next, err = r.source.All(ctx, after, heldAtOnce); err != nil {
			return err
		}
		return r.putTx(ctx, slices.DeleteFunc(docs, func(d Document) bool { return !d.Shown }))
	})
	return next, err
}
