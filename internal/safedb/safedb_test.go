package safedb_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"guildhall/internal/safedb"
)

var noon = time.Date(2026, 3, 2, 12, 17, 43, 0, time.UTC)

func open(t testing.TB, dir string) *safedb.DB {
	t.Helper()
	return openWith(t, dir, make([]byte, safedb.KeySize))
}

func openWith(t testing.TB, dir string, key []byte) *safedb.DB {
	t.Helper()
	d, err := safedb.Open(context.Background(), safedb.Config{Dir: dir, Now: func() time.Time { return noon }, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func write(t testing.TB, d *safedb.DB, f func(*safedb.Tx) error) {
	t.Helper()
	if err := d.Write(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

// files gives the bytes of everything in the directory.
func files(t testing.TB, dir string) (all []byte) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) == 0 {
		t.Fatal("no files", err)
	}
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

// tau is Kendall's: 1 when places grow with the order, 0 when they say nothing.
func tau(places []int) float64 {
	sum, n := 0, len(places)
	for i := range n {
		for j := range i {
			if places[j] < places[i] {
				sum++
			} else {
				sum--
			}
		}
	}
	return float64(sum) / float64(n*(n-1)/2)
}

func canary(i int) []byte { return fmt.Appendf(nil, "canary-%06d-of-a-mask", i) }

func TestSmooth_deletedRowsAreGoneAndOrderToo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := open(t, dir)
	const n = 1000
	key := func(i int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(i)*0x9E3779B97F4A7C15) }
	write(t, d, func(tx *safedb.Tx) error {
		_, err := tx.Exec("CREATE TABLE shown (id BLOB PRIMARY KEY, text BLOB) WITHOUT ROWID, STRICT")
		return err
	})
	for from := 0; from < 2*n; from += 10 {
		write(t, d, func(tx *safedb.Tx) error {
			for i := from; i < from+10; i++ {
				if _, err := tx.Exec("INSERT INTO shown VALUES ($1, $2)", key(i), append(canary(i), make([]byte, 100*(i%80))...)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	write(t, d, func(tx *safedb.Tx) error {
		_, err := tx.Exec("DELETE FROM shown WHERE text < $1", canary(n))
		return err
	})
	if err := d.Smooth(context.Background()); err != nil {
		t.Fatal(err)
	}
	b := files(t, dir)
	places := make([]int, n)
	for i := range 2 * n {
		at := bytes.Index(b, canary(i))
		if i < n && at >= 0 {
			t.Fatalf("deleted row %d is in the files", i)
		}
		if i >= n {
			places[i-n] = at
		}
	}
	if v := tau(places); math.Abs(v) >= 0.1 {
		t.Errorf("tau of place and order is %.3f", v)
	}
	t.Logf("tau %.3f over %d rows", tau(places), n)
}

func TestFiles_carryTheTimeOfTheTick(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := open(t, dir)
	write(t, d, func(tx *safedb.Tx) error { _, err := d.Box().Put(tx, canary(1)); return err })
	names, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, n := range names {
		info, err := os.Stat(n)
		if err != nil {
			t.Fatal(err)
		}
		if want := noon.Truncate(time.Hour); !info.ModTime().Equal(want) {
			t.Errorf("%s was changed at %v, want %v", filepath.Base(n), info.ModTime().UTC(), want)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v", filepath.Base(n), info.Mode())
		}
	}
}

func TestOpen_settings(t *testing.T) {
	t.Parallel()
	d := open(t, t.TempDir())
	for pragma, want := range map[string]int{"auto_vacuum": 1, "secure_delete": 1, "synchronous": 2} {
		var got int
		err := d.Read(context.Background(), func(tx *safedb.Tx) error { _, err := tx.Row("PRAGMA "+pragma, nil, &got); return err })
		if err != nil || got != want {
			t.Errorf("%s is %d, want %d (%v)", pragma, got, want, err)
		}
	}
	if err := d.Check(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestCopy(t *testing.T) {
	t.Parallel()
	dir, to := t.TempDir(), t.TempDir()
	if found, err := safedb.Copy(context.Background(), dir, filepath.Join(to, "none.db")); found || err != nil {
		t.Error("a copy of nothing", err)
	}
	d := open(t, dir)
	write(t, d, func(tx *safedb.Tx) error { _, err := d.Box().Put(tx, canary(7)); return err })
	if found, err := safedb.Copy(context.Background(), dir, filepath.Join(to, safedb.File)); !found || err != nil {
		t.Fatal(found, err)
	}
	second := open(t, to)
	if second.Box().Len() != 1 {
		t.Error("the copy lacks a record")
	}
}
