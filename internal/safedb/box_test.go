package safedb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/safedb"
)

func TestBox_placeSaysNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := open(t, dir)
	const n = 200 // fewer than there are cells
	var places []int
	for i := range n { // one visit each, never a tick between
		before, _ := os.ReadFile(d.Path())
		write(t, d, func(tx *safedb.Tx) error { _, err := d.Box().Put(tx, canary(i)); return err })
		if info, err := os.Stat(d.Path() + "-wal"); err != nil || info.Size() != 0 {
			t.Fatalf("after write %d the log holds %d bytes, %v", i, info.Size(), err)
		}
		after, _ := os.ReadFile(d.Path())
		places = append(places, changed(before, after)[0])
	}
	if b := files(t, dir); bytes.Contains(b, []byte("canary-")) {
		t.Error("what waits can be read in the files")
	}
	if v := tau(places); math.Abs(v) >= 0.25 { // five deviations
		t.Errorf("tau of place and order is %.3f", v)
	}
	// Nor does the place tell the newest: the last ones lie among the others.
	newest := slices.Clone(places[n-50:])
	slices.Sort(newest)
	all := slices.Sorted(slices.Values(places))
	if middle := newest[25]; middle < all[n/4] || middle > all[3*n/4] {
		t.Errorf("the newest lie around byte %d of %d to %d", middle, all[0], all[n-1])
	}
	t.Logf("tau %.3f over %d records", tau(places), n)
}

// changed gives where two files differ, at most once for each cell, behind the head
// of the file.
func changed(a, b []byte) (at []int) {
	const page, cell = 4096, 256
	for i := page; i < min(len(a), len(b)); i++ {
		if a[i] != b[i] && (len(at) == 0 || i-at[len(at)-1] >= cell) {
			at = append(at, i)
		}
	}
	return at
}

// Two copies of the file differ everywhere when a tick lies between them, whether or
// not something came or went.
func TestBox_aTickLeavesNoDifference(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := open(t, dir)
	var tag safedb.Tag
	write(t, d, func(tx *safedb.Tx) (err error) { tag, err = d.Box().Put(tx, canary(0)); return err })
	const cells = 256
	for name, act := range map[string]func(*safedb.Tx) error{
		"nothing":  func(*safedb.Tx) error { return nil },
		"one came": func(tx *safedb.Tx) error { _, err := d.Box().Put(tx, canary(1)); return err },
		"one went": func(tx *safedb.Tx) error { return d.Box().Drop(tx, tag) },
	} {
		before, _ := os.ReadFile(d.Path())
		write(t, d, act)
		write(t, d, func(tx *safedb.Tx) error { return d.Box().Settle(tx) })
		after, _ := os.ReadFile(d.Path())
		if n := len(changed(before, after)); n < cells || len(before) != len(after) {
			t.Errorf("%s: %d cells of %d have changed, and %d bytes became %d", name, n, cells, len(before), len(after))
		}
	}
}

func TestBox_opensWithItsKeyOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := open(t, dir)
	write(t, d, func(tx *safedb.Tx) error { _, err := d.Box().Put(tx, canary(3)); return err })
	d.Close()
	if without := openWith(t, dir, nil); without.Box() != nil {
		t.Error("a box that was opened without its key")
	} else {
		without.Close()
	}
	if d = open(t, dir); d.Box().Len() != 1 || d.Box().Lost() {
		t.Fatalf("there are %d records, lost %v", d.Box().Len(), d.Box().Lost())
	}
	d.Close()
	other := bytes.Repeat([]byte{1}, safedb.KeySize)
	if d = openWith(t, dir, other); d.Box().Len() != 0 || !d.Box().Lost() {
		t.Errorf("under another key there are %d records, lost %v", d.Box().Len(), d.Box().Lost())
	}
	write(t, d, func(tx *safedb.Tx) error { _, err := d.Box().Put(tx, canary(4)); return err })
	if _, err := safedb.Open(context.Background(), safedb.Config{Dir: t.TempDir(), Now: time.Now, Key: []byte("short")}); err == nil {
		t.Error("a short key")
	}
}

func TestBox_cellsAreWrittenInPlace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := open(t, dir)
	write(t, d, func(tx *safedb.Tx) error { _, err := d.Box().Put(tx, canary(0)); return err })
	before := files(t, dir)
	write(t, d, func(tx *safedb.Tx) error { _, err := d.Box().Put(tx, canary(1)); return err })
	after := files(t, dir)
	if len(before) != len(after) {
		t.Fatalf("the files grew from %d to %d bytes", len(before), len(after))
	}
	differ := 0
	for i := range before {
		if before[i] != after[i] {
			differ++
		}
	}
	if differ > 256+64 { // the cell, and counters in the file's head
		t.Errorf("one more record changed %d bytes", differ)
	}
}

func TestBox_whatIsDroppedIsGone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := open(t, dir)
	var tags []safedb.Tag
	for from := 0; from < 1000; from += 20 {
		write(t, d, func(tx *safedb.Tx) error {
			for i := from; i < from+20; i++ {
				tag, err := d.Box().Put(tx, append(canary(i), make([]byte, 300)...))
				if err != nil {
					return err
				}
				tags = append(tags, tag)
			}
			return nil
		})
	}
	for i, tag := range tags[:200] {
		write(t, d, func(tx *safedb.Tx) error { return d.Box().Drop(tx, tag) })
		if i%50 == 0 && d.Box().Len() != 999-i {
			t.Fatalf("there are %d records after %d have gone", d.Box().Len(), i+1)
		}
	}
	write(t, d, func(tx *safedb.Tx) error { return d.Box().Drop(tx, tags[200:]...) })
	err := d.Read(context.Background(), func(tx *safedb.Tx) error {
		return tx.Rows("SELECT cell FROM box", func(scan func(...any) error) error {
			var cell []byte
			err := scan(&cell)
			if n := safedb.PartsOf(d, cell); n != 0 {
				t.Errorf("a cell still holds a part of %d", n)
			}
			return err
		})
	})
	if err != nil {
		t.Error(err)
	}
}

// A box is a map, whatever happens to the transactions it is used in.
func TestBox_isAMap(t *testing.T) {
	t.Parallel()
	dir, round := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		place := filepath.Join(dir, fmt.Sprint(round))
		d := open(t, place)
		want := map[safedb.Tag]string{}
		taken := errors.New("taken back")
		for range rapid.IntRange(1, 12).Draw(rt, "transactions") {
			next := map[safedb.Tag]string{}
			for k, v := range want {
				next[k] = v
			}
			undo := rapid.Bool().Draw(rt, "undo")
			err := d.Write(context.Background(), func(tx *safedb.Tx) error {
				for range rapid.IntRange(0, 12).Draw(rt, "acts") {
					if len(next) > 0 && rapid.Bool().Draw(rt, "drop") {
						var some []safedb.Tag
						for k := range next {
							if some = append(some, k); len(some) == 3 {
								break
							}
						}
						if err := d.Box().Drop(tx, some...); err != nil {
							return err
						}
						for _, k := range some {
							delete(next, k)
						}
						continue
					}
					v := make([]byte, rapid.SampledFrom([]int{0, 1, 214, 215, 5000, 40_000}).Draw(rt, "size"))
					copy(v, "x")
					tag, err := d.Box().Put(tx, v)
					if err != nil {
						return err
					}
					next[tag] = string(v)
				}
				if undo {
					return taken
				}
				return d.Box().Settle(tx)
			})
			if !undo {
				want = next
			}
			if (err != nil) != undo || err != nil && !errors.Is(err, taken) {
				rt.Fatal(err)
			}
			if rapid.Bool().Draw(rt, "reopen") {
				d.Close()
				d = open(t, place)
			}
			same(rt, d, want)
		}
		d.Close()
	})
}

func same(t *rapid.T, d *safedb.DB, want map[safedb.Tag]string) {
	got := map[safedb.Tag]string{}
	err := d.Read(context.Background(), func(tx *safedb.Tx) error {
		return d.Box().Records(tx, func(tag safedb.Tag, b []byte) error { got[tag] = string(b); return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) || d.Box().Len() != len(want) {
		t.Fatalf("%d records, want %d", len(got), len(want))
	}
	for k, v := range want {
		if got[k] != v {
			t.Fatalf("a record of %d bytes came back with %d", len(v), len(got[k]))
		}
	}
}
