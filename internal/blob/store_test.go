package blob

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"guildhall/internal/fault"
)

func TestStore_getDeleteNames(t *testing.T) {
	t.Parallel()
	s := open(t)
	var want []string
	for range 3 {
		m, _, _ := put(t, s, asPNG(t, quarters(10, 10)))
		want = append(want, m.Name)
	}
	names := func() (got []string) {
		for name, err := range s.Names(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, name)
		}
		slices.Sort(got)
		return got
	}
	slices.Sort(want)
	if got := names(); !slices.Equal(got, want) {
		t.Errorf("names %v, want %v", got, want)
	}
	for range 2 {
		if err := s.Delete(want[0]); err != nil {
			t.Error(err)
		}
	}
	if got := names(); !slices.Equal(got, want[1:]) {
		t.Errorf("after deleting: %v", got)
	}
	for _, name := range []string{want[0], "../secret.png", "", ".new-1", strings.ToUpper(want[1])} {
		_, _, err := s.Get(name)
		refused(t, err, fault.NotFound, "blob.gone")
		if err := s.Delete(name); err != nil {
			t.Errorf("Delete(%q): %v", name, err)
		}
	}
	if w, h := s.Dimensions("x"); w != 0 || h != 0 {
		t.Error("nothing has a size")
	}
}

func TestStore_restoreAndVerify(t *testing.T) {
	t.Parallel()
	s, other := open(t), open(t)
	m, _, stored := put(t, s, asJPEG(t, photograph(30, 20)))
	if err := other.Restore(m.Name, bytes.NewReader(stored)); err != nil {
		t.Fatal(err)
	}
	f, got, err := other.Get(m.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	again, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(again, stored) || got.Bytes != m.Bytes || got.Type != m.Type {
		t.Errorf("restored %+v, %v", got, err)
	}
	refused(t, other.Restore(m.Name, bytes.NewReader(append(stored, 'x'))), fault.Invalid, "blob.broken")
	refused(t, other.Restore("../x.jpg", bytes.NewReader(stored)), fault.Invalid, "blob.broken")
	refused(t, other.Restore(m.Name, bytes.NewReader(make([]byte, maxStored+1))), fault.Invalid, "blob.broken")
	if err := other.Verify(m.Name); err != nil {
		t.Error(err)
	}
	if err := os.Chtimes(filepath.Join(other.dir, m.Name), time.Unix(9, 0), time.Unix(9, 0)); err != nil {
		t.Fatal(err)
	}
	refused(t, other.Verify(m.Name), fault.Invalid, "blob.broken")
	if err := os.WriteFile(filepath.Join(s.dir, m.Name), stored[:40], 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, s.Verify(m.Name), fault.Invalid, "blob.broken")
}

func TestSweep_takesOnlyWhatWasInterrupted(t *testing.T) {
	t.Parallel()
	s := open(t)
	m, _, _ := put(t, s, asPNG(t, quarters(10, 10)))
	left := filepath.Join(s.dir, tempPrefix+"123")
	if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Sweep(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the half file is still there")
	}
	if err := s.Verify(m.Name); err != nil {
		t.Error(err)
	}
}

func TestWriteError_namesAFullDisk(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS} {
		refused(t, writeError(&fs.PathError{Op: "write", Err: cause}), fault.Unavailable, "blob.disk_full")
	}
	refused(t, writeError(syscall.EIO), fault.Internal, "fault.internal")
}
