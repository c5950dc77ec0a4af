package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// takeHall makes sure that this process alone changes the hall in dir: pages,
// names and topics are remembered in memory, and what another process wrote
// would be seen late. The system lets go of it when the process ends, however
// it ends. Reading, as a backup does, needs no leave.
func takeHall(dir string) (release func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "open.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		f.Close()
		return nil, fmt.Errorf("%s is open already, in another process; stop that first", dir)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	return func() {
		// Closing alone is not enough: a child that is just being started holds a copy
		// of every open file for a moment. What is left is given up by closing.
		_ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
		f.Close()
	}, nil
}
