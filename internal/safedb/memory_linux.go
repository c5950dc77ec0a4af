package safedb

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// The magic numbers of file systems of memory, as statfs(2) gives them.
const (
	tmpfs = 0x01021994
	ramfs = 0x858458f6
)

// memories keeps those of some directories that lie in memory.
func memories(dirs []string) (kept []string) {
	for _, dir := range dirs {
		var s syscall.Statfs_t
		if dir != "" && syscall.Statfs(dir, &s) == nil && (uint32(s.Type) == tmpfs || uint32(s.Type) == ramfs) {
			kept = append(kept, dir)
		}
	}
	return kept
}

// readKey reads a key that nobody else can have laid there, nor read; nil when there
// is none. It follows no link, and looks at the very file that it reads.
func readKey(path string) []byte {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Mode().Perm() != 0o600 {
		return nil
	}
	if s, ok := info.Sys().(*syscall.Stat_t); !ok || int(s.Uid) != os.Geteuid() && !owns(path) {
		return nil
	}
	key := make([]byte, KeySize)
	if _, err := io.ReadFull(f, key); err != nil {
		return nil
	}
	return key
}

// owns tells whether root works on a service's directory, into which nobody but the
// service and root can write.
func owns(path string) bool {
	info, err := os.Stat(filepath.Dir(path))
	return err == nil && os.Geteuid() == 0 && info.Mode().Perm()&0o022 == 0
}
