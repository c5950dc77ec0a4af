package db

import (
	"context"
	"log/slog"
	"sync"

	"guildhall/internal/fault"
)

// SQLite writes into a log, and moves what is there into the database file from
// time to time. By itself it does that in the commit that finds the log long,
// and everybody who wants to write waits for it. Here it happens beside the writer.
const (
	logDue  = 1000  // pages after which the log is moved, as SQLite would
	logLong = 4000  // with as many left to read, the rest is moved while nobody writes
	logMost = 16384 // the writer helps: 64 MB
)

var qMoveLog = command("PRAGMA wal_checkpoint(PASSIVE)")

// mover moves the log in its own time.
type mover struct {
	writer *writer
	open   func() (*lite, error)
	due    chan struct{}
	end    chan struct{}
	work   sync.WaitGroup
	// moving is held while the log is moved beside the writer: of two that do so at
	// once SQLite refuses the second, without waiting.
	moving sync.Mutex
}

func newMover(w *writer, open func() (*lite, error)) *mover {
	m := &mover{writer: w, open: open, due: make(chan struct{}, 1), end: make(chan struct{})}
	w.due = m.due
	m.work.Go(m.run)
	return m
}

func (m *mover) run() {
	for {
		select {
		case <-m.due:
		case <-m.end:
			return
		}
		if err := m.move(); err != nil {
			slog.Error("database log", "cause", fault.Cause(err))
		}
	}
}

// move moves what it can while others write; if then much is left behind which
// they would have to go on writing, the rest while they wait.
func (m *mover) move() error {
	l, err := m.open()
	if err != nil {
		return err
	}
	m.moving.Lock()
	pages, err := l.moveLog()
	m.moving.Unlock()
	l.close()
	if err != nil || pages < logLong {
		return err
	}
	return m.writer.alone(context.Background(), func(l *lite) error {
		_, err := l.moveLog()
		return err
	})
}

func (m *mover) close() {
	close(m.end)
	m.work.Wait()
}

// moveLog tells how many pages the log has.
func (l *lite) moveLog() (pages int64, err error) {
	var busy, moved int64
	_, err = l.first(context.Background(), qMoveLog, nil, []any{&busy, &pages, &moved})
	return pages, err
}
