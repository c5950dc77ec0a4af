package db

import (
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
