package safedb_test

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"guildhall/internal/safedb"
)

// inMemory is a directory of this test's in a file system of memory.
func inMemory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "guildhall-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func TestKeyOf(t *testing.T) {
	base := inMemory(t)
	t.Setenv("RUNTIME_DIRECTORY", base)
	dir := t.TempDir()
	key := func(dir string) []byte {
		k, err := safedb.KeyOf(dir)
		if err != nil || len(k) != safedb.KeySize {
			t.Fatal(k, err)
		}
		return k
	}
	first := key(dir)
	if !bytes.Equal(first, key(dir+"/.")) || bytes.Equal(first, key(t.TempDir())) {
		t.Error("a directory has one key, and no other has it")
	}
	paths, _ := filepath.Glob(filepath.Join(base, "*"))
	for _, p := range paths {
		if info, err := os.Stat(p); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v %v", p, info.Mode(), err)
		}
	}
	old := time.Now().Add(-48 * time.Hour)
	for _, p := range paths {
		os.Chtimes(p, old, old)
	}
	os.Remove(dir)
	key(t.TempDir())
	if again := key(dir); bytes.Equal(first, again) {
		t.Error("the key of a directory that is gone is kept")
	}
	lent := filepath.Join(base, "lent")
	os.Mkdir(lent, 0o700)
	t.Setenv("RUNTIME_DIRECTORY", lent)
	key(dir)
	paths, _ = filepath.Glob(filepath.Join(lent, "*"))
	os.Chmod(paths[0], 0o644) // as somebody else might have laid it there
	kept, _ := os.ReadFile(paths[0])
	if bytes.Equal(key(dir), kept[:safedb.KeySize]) {
		t.Error("a key that others can read is used")
	}
}

func TestKeyOf_liesInMemoryOnlyAndIsFoundWhereverItIs(t *testing.T) {
	dir, disk, first, second := t.TempDir(), t.TempDir(), inMemory(t), inMemory(t)
	t.Setenv("RUNTIME_DIRECTORY", disk+":"+first) // a service may be lent several
	key, err := safedb.KeyOf(dir)
	if err != nil {
		t.Fatal(err)
	}
	if paths, _ := filepath.Glob(filepath.Join(disk, "*")); len(paths) > 0 {
		t.Errorf("a key lies on the disk: %v", paths)
	}
	t.Setenv("RUNTIME_DIRECTORY", second+":"+first)
	if again, err := safedb.KeyOf(dir); err != nil || !bytes.Equal(again, key) {
		t.Error("a key that is there is not found")
	}
	paths, _ := filepath.Glob(filepath.Join(first, "*.key"))
	if len(paths) != 1 {
		t.Fatal(paths)
	}
	if err := os.Rename(paths[0], filepath.Join(first, "kept")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(first, "kept"), paths[0]); err != nil {
		t.Fatal(err)
	}
	if again, err := safedb.KeyOf(dir); err != nil || bytes.Equal(again, key) {
		t.Error("a link was followed")
	}
	pipe := filepath.Join(second, "guildhall-x.key")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-48 * time.Hour)
	os.Chtimes(pipe, old, old)
	if _, err := safedb.KeyOf(t.TempDir()); err != nil { // does not wait for who writes into it
		t.Error(err)
	}
}
