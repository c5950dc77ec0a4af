package db

import (
	"context"
	"runtime"
	"time"
)

// AwaitQueue waits until n transactions wait for their turn to write.
func AwaitQueue(d *DB, n int) {
	for {
		d.writer.mu.Lock()
		have := len(d.writer.queue)
		d.writer.mu.Unlock()
		if have == n {
			return
		}
		runtime.Gosched()
	}
}

// Patient lets a group take others in however long it lasts.
func Patient(d *DB) { d.writer.within = time.Hour }

// Settings asks the writer's connection for settings of SQLite.
func Settings(d *DB, names ...string) (values []any, err error) {
	err = d.writer.alone(context.Background(), func(l *lite) error {
		for _, n := range names {
			var v any
			if _, err := l.first(context.Background(), command("PRAGMA "+n), nil, []any{&v}); err != nil {
				return err
			}
			values = append(values, v)
		}
		return nil
	})
	return values, err
}

// Idle counts the readers that are open and not lent.
func Idle(d *DB) int {
	d.readers.mu.Lock()
	defer d.readers.mu.Unlock()
	return len(d.readers.idle)
}

// MoveLog moves SQLite's log beside the writer, as when it is long.
func MoveLog(d *DB) error { return d.mover.move() }
