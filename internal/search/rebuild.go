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

// underway is the version of an index that is being made anew.
const underway = -1

// Rebuild makes the index anew, in many transactions: meanwhile less is found.
// Begun again after a crash it begins at the beginning.
func (r *Room) Rebuild(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "search.Rebuild")
	if err = r.db.Tx(ctx, r.emptyTx); err != nil {
		return err
	}
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
		for _, q := range []*db.Query{qSorted, qAnalyze} {
			if _, err := r.db.Exec(ctx, q); err != nil {
				return err
			}
		}
		_, err = r.db.Exec(ctx, qVersion, version, s.docs)
		return err
	})
}

// emptyTx clears the index. What has happened until now need not be read any
// more: all is about to be read as it stands.
func (r *Room) emptyTx(ctx context.Context) error {
	if err := r.events.Skip(ctx, consumer); err != nil {
		return err
	}
	for _, q := range []*db.Query{qLock, qWordsOut, qDocsOut, qTermsOut, qUnsorted} {
		if _, err := r.db.Exec(ctx, q); err != nil {
			return err
		}
	}
	_, err := r.db.Exec(ctx, qVersion, underway, 0)
	return err
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
