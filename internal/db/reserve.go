package db

import (
	"crypto/rand"
	"os"
)

// reserve is the suffix of a file that does nothing but take a little room. To
// open its file SQLite needs some, even for reading; on a disk that is full the
// reserve gives way, so that the hall opens and lets read.
const reserve = "-reserve"

// reserveSize is in bytes: SQLite's shared memory, and its log for some writes.
const reserveSize = 256 << 10

// setAside makes the reserve, if there is none and there is room. Its bytes are
// random because some disks would make nothing of zeros.
func setAside(path string) {
	if _, err := os.Stat(path); err == nil {
		return
	}
	b := make([]byte, reserveSize)
	_, _ = rand.Read(b)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		_ = os.Remove(path) // half a reserve is none
	}
}
