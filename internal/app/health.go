package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	healthpage "guildhall/internal/web/page/health"
)

// backupNote is touched by every backup; its time is the last one's.
const backupNote = "backup.at"

// backupOld is after how long a missing backup is worth a warning.
const backupOld = 7 * 24 * time.Hour

// House tells how the house stands, for the steward's page and for metrics.
func (h *Hall) House(ctx context.Context) (s healthpage.House, err error) {
	s.Engine, s.Version, s.Since = h.DB.Engine().String(), version(), h.opened
	if s.Schema, err = h.DB.Version(ctx); err != nil {
		return s, err
	}
	if s.Data, s.WAL, err = h.DB.Size(ctx); err != nil {
		return s, err
	}
	if _, s.Pictures, err = h.Pictures.Size(ctx); err != nil {
		return s, err
	}
	free, all, err := disk(h.Dir)
	if err != nil {
		return s, err
	}
	s.DiskFree, s.DiskLow = free, low(free, all)
	for _, c := range h.consumers() {
		n, err := h.Events.Behind(ctx, c.Name)
		if err != nil {
			return s, err
		}
		s.Readers = append(s.Readers, healthpage.Reader{Name: c.Name, Behind: int(n)})
	}
	waiting, dead, err := h.Jobs.Counts(ctx)
	if err != nil {
		return s, err
	}
	s.Waiting, s.Dead = int(waiting), int(dead)
	if s.Terms, err = h.Terms.Rates(ctx); err != nil {
		return s, err
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s.Memory = int64(m.Sys - m.HeapReleased)
	s.Backup, err = h.lastBackup()
	s.BackupOld = !s.Backup.IsZero() && h.Now().Sub(s.Backup) > backupOld
	return s, err
}

// lastBackup tells when the last backup was made; zero when there was none.
func (h *Hall) lastBackup() (time.Time, error) {
	info, err := os.Stat(filepath.Join(h.Dir, backupNote))
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}

// disk tells the bytes that are free for us, and all bytes, of dir's disk.
func disk(dir string) (free, all int64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), int64(s.Blocks) * int64(s.Bsize), nil
}

// low tells that a disk is nearly full: less than a twentieth of it and less
// than a gigabyte is free, or less than 100 MB in any case.
func low(free, all int64) bool {
	return free < 100<<20 || free < min(all/20, 1<<30)
}

// version names the program's revision.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (v == "" || v == "(devel)") {
			v = s.Value[:min(12, len(s.Value))]
		}
	}
	if v == "" {
		v = "(devel)"
	}
	return v
}
