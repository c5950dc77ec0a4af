package db

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"guildhall/internal/fault"
)

// writer is SQLite's only writer. Transactions take turns in the order in which
// they came. What takes time is waiting for the disk at the end, so those who
// wait for their turn at that moment go first, as guests of the same transaction
// of SQLite, each in a savepoint of its own; one commit then makes them all
// durable, and only after it does any of them return.
type writer struct {
	open   func() (*lite, error)
	within time.Duration // how long a group takes others in
	due    chan struct{} // says that the log is long; nil when SQLite moves it by itself

	mu     sync.Mutex
	taken  bool            // somebody has the turn
	queue  []chan struct{} // those who wait for it
	closed bool

	// Only who has the turn touches these.
	conn  *lite
	group *group
	pages int // written since the log was said to be long
}

// group are those who share a commit.
type group struct {
	members int
	begun   time.Time
	broken  error         // what made all of it void before the commit
	done    chan struct{} // closed after the commit
	err     error         // of the commit
}

// The bounds of a group: the first of it must not wait long for the last.
const (
	groupMost = 64
	groupTime = 10 * time.Millisecond
	hastyTime = 250 * time.Millisecond // where nobody waits for the first
)

var errClosed = errors.New("db: the database is closed")

// take waits for the turn.
func (w *writer) take(ctx context.Context) error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return errClosed
	}
	if !w.taken {
		w.taken = true
		w.mu.Unlock()
		return nil
	}
	mine := make(chan struct{}, 1)
	w.queue = append(w.queue, mine)
	w.mu.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
	}
	w.mu.Lock()
	for i, c := range w.queue {
		if c == mine {
			w.queue = append(w.queue[:i], w.queue[i+1:]...)
			w.mu.Unlock()
			return ctx.Err()
		}
	}
	w.mu.Unlock()
	<-mine // the turn came at the same moment
	w.pass()
	return ctx.Err()
}

// pass ends a turn: the next one joins the group, or the group ends here.
func (w *writer) pass() {
	for {
		w.mu.Lock()
		awaited := len(w.queue) > 0
		if w.group == nil || awaited && w.takesMore() {
			if w.taken = awaited; awaited {
				w.queue[0] <- struct{}{}
				w.queue = w.queue[1:]
			}
			w.mu.Unlock()
			return
		}
		w.mu.Unlock()
		w.settle()
	}
}

// takesMore tells whether one more may join the group.
func (w *writer) takesMore() bool {
	g := w.group
	return g.broken == nil && g.members < groupMost && time.Since(g.begun) < w.within
}

// settle commits what the group has written, or undoes it when it is broken.
func (w *writer) settle() {
	g := w.group
	if g == nil {
		return
	}
	w.group = nil
	if g.err = g.broken; g.err == nil {
		_, g.err = w.conn.exec(context.Background(), qCommit, nil)
	}
	if g.err != nil {
		w.undo()
	}
	close(g.done)
	if g.err == nil && w.due != nil {
		w.count()
	}
}

// count says when the log is long. A mover that does not keep up is helped.
func (w *writer) count() {
	w.pages += w.conn.written()
	if w.pages < logDue {
		return
	}
	select {
	case w.due <- struct{}{}:
		w.pages = 0
	default:
		if w.pages < logMost {
			return
		}
		w.pages = 0
		if _, err := w.conn.moveLog(); err != nil {
			slog.Error("database log", "cause", fault.Cause(err))
		}
	}
}

// undo takes back everything since the group began. SQLite may have done so by
// itself, so that an error says nothing; a connection that is in doubt goes.
func (w *writer) undo() {
	if _, err := w.conn.exec(context.Background(), qRollback, nil); err != nil || !w.conn.sound() {
		w.conn.close()
		w.conn = nil
	}
}

// join begins a group, or is one more in it: a guest.
func (w *writer) join() (g *group, guest bool, err error) {
	if w.group != nil {
		if _, err := w.conn.exec(context.Background(), qSave, nil); err != nil {
			return nil, false, fmt.Errorf("begin: %w", err)
		}
		w.group.members++
		return w.group, true, nil
	}
	if err := w.connect(); err != nil {
		return nil, false, err
	}
	if _, err := w.conn.exec(context.Background(), qBeginWrite, nil); err != nil {
		return nil, false, fmt.Errorf("begin: %w", err)
	}
	w.group = &group{members: 1, begun: time.Now(), done: make(chan struct{})}
	return w.group, false, nil
}

// connect opens the connection when there is none.
func (w *writer) connect() (err error) {
	if w.conn == nil {
		w.conn, err = w.open()
	}
	return err
}

// write runs f in a transaction of its own and returns when it is durable.
func (w *writer) write(ctx context.Context, f func(*lite) error) error {
	if err := w.take(ctx); err != nil {
		return err
	}
	g, err := w.turn(ctx, f)
	if err != nil {
		return err
	}
	<-g.done
	if g.err != nil {
		return translate(fmt.Errorf("commit: %w", g.err))
	}
	return nil
}

// turn runs f as the next in the group. Without an error f has done its part of
// it, and the group's commit decides.
func (w *writer) turn(ctx context.Context, f func(*lite) error) (g *group, err error) {
	defer w.pass()
	g, guest, err := w.join()
	if err != nil {
		return nil, translate(err)
	}
	finished := false
	defer func() {
		if !finished { // f refused or panicked
			w.leave(g, guest)
		}
	}()
	if err = f(w.conn); err == nil {
		err = ctx.Err() // who has gone away was told nothing
	}
	if err != nil {
		return nil, err
	}
	if guest {
		if _, err = w.conn.exec(context.Background(), qKeep, nil); err != nil {
			return nil, err
		}
	}
	finished = true
	return g, nil
}

// leave takes back what one transaction of the group has done.
func (w *writer) leave(g *group, guest bool) {
	if !guest {
		w.group = nil
		w.undo()
		return
	}
	_, err := w.conn.exec(context.Background(), qUndo, nil)
	if err == nil {
		_, err = w.conn.exec(context.Background(), qKeep, nil)
	}
	if err != nil { // SQLite has given up the whole transaction, as when the disk is full
		g.broken = err
	}
}

// alone runs f outside any transaction, while nobody else writes.
func (w *writer) alone(ctx context.Context, f func(*lite) error) error {
	if err := w.take(ctx); err != nil {
		return err
	}
	defer w.pass()
	w.settle()
	if err := w.connect(); err != nil {
		return err
	}
	return f(w.conn)
}

// close waits for who writes and lets the connection go.
func (w *writer) close() error {
	if err := w.take(context.Background()); err != nil {
		return nil
	}
	w.settle()
	w.mu.Lock()
	w.closed = true
	for _, c := range w.queue {
		c <- struct{}{}
	}
	w.queue = nil
	w.mu.Unlock()
	if w.conn == nil {
		return nil
	}
	return w.conn.close()
}
