package db

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// readers are a few connections that only read. The one used last is lent first,
// so that a quiet hall keeps one cache of the file warm instead of all.
type readers struct {
	open   func() (*lite, error)
	places chan struct{} // one for each that is lent

	mu     sync.Mutex
	idle   []*lite
	closed bool
}

func newReaders(n int, open func() (*lite, error)) *readers {
	return &readers{open: open, places: make(chan struct{}, n)}
}

// take lends a connection; whoever has it gives it back.
func (r *readers) take(ctx context.Context) (*lite, error) {
	select {
	case r.places <- struct{}{}:
	default:
		select {
		case r.places <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	r.mu.Lock()
	var l *lite
	if n := len(r.idle); n > 0 {
		l, r.idle = r.idle[n-1], r.idle[:n-1]
	}
	closed := r.closed
	r.mu.Unlock()
	var err error
	if closed {
		err = errClosed
	} else if l == nil {
		l, err = r.open()
	}
	if err != nil {
		<-r.places
		return nil, err
	}
	return l, nil
}

// give takes a connection back.
func (r *readers) give(l *lite) {
	r.mu.Lock()
	keep := !r.closed && l.sound()
	if keep {
		r.idle = append(r.idle, l)
	}
	r.mu.Unlock()
	if !keep {
		l.close()
	}
	<-r.places
}

// view runs f on one snapshot, which begins with its first query.
func (r *readers) view(ctx context.Context, f func(*lite) error) error {
	l, err := r.take(ctx)
	if err != nil {
		return translate(err)
	}
	defer r.give(l)
	if _, err = l.exec(ctx, qBegin, nil); err != nil {
		return translate(fmt.Errorf("begin: %w", err))
	}
	defer func() { // nothing was written: there is nothing to lose
		if _, err := l.exec(context.Background(), qRollback, nil); err != nil {
			l.broken = true
		}
	}()
	return f(l)
}

// rest lets go of all that are idle but the one used last: each holds a copy of
// the schema and a cache of its own.
func (r *readers) rest() error {
	r.mu.Lock()
	var idle []*lite
	if n := len(r.idle); n > 1 {
		idle = slices.Clone(r.idle[:n-1])
		r.idle = slices.Delete(r.idle, 0, n-1)
	}
	r.mu.Unlock()
	var err error
	for _, l := range idle {
		if cerr := l.close(); err == nil {
			err = cerr
		}
	}
	return err
}

// close waits for what is lent and lets everything go.
func (r *readers) close() error {
	r.mu.Lock()
	idle := r.idle
	r.idle, r.closed = nil, true
	r.mu.Unlock()
	var err error
	for _, l := range idle {
		if cerr := l.close(); err == nil {
			err = cerr
		}
	}
	for range cap(r.places) {
		r.places <- struct{}{}
	}
	for range cap(r.places) {
		<-r.places
	}
	return err
}
