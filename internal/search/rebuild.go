package search

import (
	"context"
	"slices"
	"sync"

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
// Begun again after a crash it begins at the beginning. While one portion is
// written, the next is read and cut into words.
func (r *Room) Rebuild(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "search.Rebuild")
	if err = r.db.Tx(ctx, r.emptyTx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	ahead := make(chan portion)
	var reading sync.WaitGroup
	defer reading.Wait()
	defer cancel()
	reading.Go(func() { r.readAll(ctx, ahead) })
	all := newTerms()
	for p := range ahead {
		if err = r.putPortion(ctx, p, all); err != nil {
			return err
		}
	}
	if err = r.db.Tx(ctx, func(ctx context.Context) error { return r.termsTx(ctx, all) }); err != nil {
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

// portion is some texts that were read and cut ahead of being written.
type portion struct {
	cutting
	next    string // the mark of the one after it
	handled int64  // what Room.handled said before they were read
	err     error
}

// readAll sends everything, a portion at a time, until the end, an error or the
// end of ctx.
func (r *Room) readAll(ctx context.Context, to chan<- portion) {
	defer close(to)
	for next, more := "", true; more; more = next != "" {
		p := r.read(ctx, next)
		select {
		case to <- p:
		case <-ctx.Done():
			return
		}
		if p.err != nil {
			return
		}
		next = p.next
	}
}

// read reads one portion as it stands now.
func (r *Room) read(ctx context.Context, after string) (p portion) {
	p.handled = r.handled.Load()
	p.err = r.db.View(ctx, func(ctx context.Context) (err error) {
		p.docs, p.next, err = r.source.All(ctx, after, heldAtOnce)
		return err
	})
	p.cutting = cutUp(slices.DeleteFunc(p.docs, func(d Document) bool { return !d.Shown }), r.db.Engine())
	return p
}

// mostTerms is how many words wait to be written into the vocabulary: most stand in
// every portion, and to add to each of them every time took a third of the whole.
const mostTerms = 100_000

// putPortion indexes a portion. Its words wait in all.
func (r *Room) putPortion(ctx context.Context, p portion, all *terms) error {
	if p.err != nil {
		return p.err
	}
	err := r.db.Tx(ctx, func(ctx context.Context) error {
		// Whoever handles an event meanwhile waits, and then reads what is newer.
		if _, err := r.db.Exec(ctx, qLock); err != nil {
			return err
		}
		if r.handled.Load() != p.handled { // and whoever did since it was read has written what is newer
			p.terms = newTerms() // each goes with its text
			return r.refreshTx(ctx, p.refs())
		}
		return r.putWordsTx(ctx, p.cutting)
	})
	if err != nil {
		return err
	}
	all.add(p.terms)
	if len(all.words) < mostTerms {
		return nil
	}
	err = r.db.Tx(ctx, func(ctx context.Context) error { return r.termsTx(ctx, all) })
	clear(all.words)
	return err
}
