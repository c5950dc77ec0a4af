package ledger_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/fault"
	"guildhall/internal/ledger"
)

func open(t testing.TB, dir string) *ledger.Log {
	t.Helper()
	l, err := ledger.Open(ledger.Config{Data: dir, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// deletion is an entry that is like no other.
func deletion(n int) ledger.Deletion {
	return ledger.Deletion{Thing: "post", ID: fmt.Sprintf("p%d", n), Day: 20_000}
}

// modulus is an odd number of so many bits, as a key has.
func modulus(t testing.TB, bits int) string {
	t.Helper()
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), uint(bits-1)))
	if err != nil {
		t.Fatal(err)
	}
	n.SetBit(n.SetBit(n, bits-1, 1), 0, 1)
	return base64.RawURLEncoding.EncodeToString(n.Bytes())
}

func appendTo(t testing.TB, l *ledger.Log, list ...any) []uint64 {
	t.Helper()
	at, err := l.AppendAll(t.Context(), list...)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// checkProof checks a proof as a stranger would: from its bytes and the key.
func checkProof(t testing.TB, p ledger.Proof, key string) {
	t.Helper()
	c, err := ledger.ParseCheckpoint(p.Checkpoint, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := tlog.CheckRecord(p.Path, c.Size, c.Root, int64(p.Index), tlog.RecordHash(p.Entry)); err != nil {
		t.Errorf("entry %d of %d: %v", p.Index, c.Size, err)
	}
}

func TestAppend_everyEntryIsProvedUnderEveryCheckpoint(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	n := 0
	// Sizes at which tiles begin, fill up and are exactly full.
	for _, grow := range []int{1, 1, 1, 7, 240, 5, 1, 1, 255, 256, 1, 300} {
		var list []any
		for range grow {
			list = append(list, deletion(n+len(list)))
		}
		for i, at := range appendTo(t, l, list...) {
			if at != uint64(n+i) {
				t.Fatalf("entry %d is at %d", n+i, at)
			}
		}
		n += grow
		for _, i := range []int{0, n / 3, n / 2, n - 1} {
			p, err := l.Proof(t.Context(), uint64(i))
			if err != nil {
				t.Fatal(err)
			}
			want, _ := ledger.Line(deletion(i))
			if string(p.Entry) != string(want) {
				t.Errorf("entry %d is %s", i, p.Entry)
			}
			checkProof(t, p, l.Key())
		}
	}
	if _, err := l.Proof(t.Context(), uint64(n)); !fault.Is(err, fault.NotFound) {
		t.Errorf("an entry that is not there: %v", err)
	}
	seen := 0
	for e, err := range open(t, dir).Entries(t.Context(), 0, 1<<62) {
		if err != nil {
			t.Fatal(err)
		}
		want, _ := ledger.Line(deletion(seen))
		if e.Index != uint64(seen) || string(e.Line) != string(want) {
			t.Fatalf("entry %d read again: %d %s", seen, e.Index, e.Line)
		}
		seen++
	}
	if seen != n {
		t.Errorf("read %d entries of %d", seen, n)
	}
}

func TestAppend_sameEntryOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key := ledger.Issuer{Purpose: "right", Space: "s1", Epoch: 741, N: modulus(t, 2048), Day: 20_782}
	l := open(t, dir)
	appendTo(t, l, deletion(1), key, deletion(2))
	again := open(t, dir) // a restart
	if at := appendTo(t, again, deletion(3), key, deletion(1), deletion(3)); fmt.Sprint(at) != "[3 1 0 3]" {
		t.Errorf("indexes %v", at)
	}
	c, err := again.Checkpoint()
	if err != nil || c.Size != 4 {
		t.Errorf("size %d, %v", c.Size, err)
	}
	if again.Key() != l.Key() {
		t.Error("another key after a restart")
	}
	// Whatever encodes to the same JSON is the same entry.
	same := map[string]any{"kind": "deletion", "thing": "post", "id": "p2", "day": 20_000}
	if at := appendTo(t, again, same); at[0] != 2 {
		t.Errorf("the same entry as a map is at %d", at[0])
	}
}

func TestAppend_manyAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	logs := []*ledger.Log{open(t, dir), open(t, dir)} // as two processes would
	var wg sync.WaitGroup
	places := make([]uint64, 24)
	for i := range places {
		wg.Go(func() {
			at, err := logs[i%2].Append(context.Background(), deletion(i))
			if err != nil {
				t.Error(err)
			}
			places[i] = at
			for e, err := range logs[1-i%2].Entries(context.Background(), at, at+1) {
				if want, _ := ledger.Line(deletion(i)); err != nil || string(e.Line) != string(want) {
					t.Errorf("entry %d, once promised: %s, %v", i, e.Line, err)
				}
			}
		})
	}
	wg.Wait()
	taken := map[uint64]bool{}
	for i, at := range places {
		if taken[at] || at >= uint64(len(places)) {
			t.Errorf("entry %d is at %d", i, at)
		}
		taken[at] = true
	}
}

func TestAppend_refuses(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	good := ledger.Issuer{Purpose: "right", Space: "s1", Epoch: 741, N: modulus(t, 2048), Day: 20_782}
	bad := map[string]any{
		"short key":       func(i ledger.Issuer) any { i.N = modulus(t, 2040); return i }(good),
		"even key":        func(i ledger.Issuer) any { i.N = strings.Repeat("A", 341) + "A"; return i }(good),
		"strange purpose": func(i ledger.Issuer) any { i.Purpose = "telling"; return i }(good),
		"words as id":     ledger.Deletion{Thing: "post", ID: "what she said", Day: 1},
		"no hash":         ledger.Decision{ID: "d", Deed: "hush", Day: 1, Hash: "none"},
		"unknown field":   map[string]any{"kind": "deletion", "thing": "post", "id": "p", "day": 1, "by": "m"},
		"missing field":   map[string]any{"kind": "deletion", "thing": "post", "id": "p"},
		"unknown kind":    map[string]any{"kind": "registration", "id": "p"},
		"no object":       []int{1},
	}
	for name, entry := range bad {
		if _, err := l.Append(t.Context(), entry); !fault.Is(err, fault.Internal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c, err := l.Checkpoint(); err != nil || c.Size != 0 {
		t.Errorf("size %d, %v", c.Size, err)
	}
}

// Documents are called by words of any script, and by nothing that could hide more.
func TestAppend_whatDocumentsAreCalled(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	hash := base64.RawURLEncoding.EncodeToString(make([]byte, 32))
	for name, good := range map[string]bool{
		"market-terms-2": true, "شُروط-السوق": true, strings.Repeat("ж", 200): true,
		"": false, strings.Repeat("ж", 201): false, "two words": false, "a/b": false, "a\"b": false, "a\xffb": false, "a\u202eb": false,
	} {
		_, err := l.Append(t.Context(), ledger.Version{Document: name, Record: 1, Day: 20_000, Hash: hash})
		if good != (err == nil) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestAppend_notInsideATransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := open(t, t.TempDir())
		defer func() {
			if recover() == nil {
				t.Error("it appended inside a transaction")
			}
		}()
		_ = d.Tx(t.Context(), func(ctx context.Context) error {
			_, err := l.Append(ctx, deletion(1))
			return err
		})
	})
}

// A crash leaves files of a tree whose checkpoint was never written. They count
// for nothing, also when the next tree has the same size or a larger one.
func TestAppend_afterACrash(t *testing.T) {
	t.Parallel()
	for _, before := range []int{0, 5, 200, 255, 256} {
		dir := t.TempDir()
		l := open(t, dir)
		var list []any
		for i := range before {
			list = append(list, deletion(i))
		}
		appendTo(t, l, list...)
		head := filepath.Join(dir, ledger.DirName, ledger.CheckpointPath)
		old, err := os.ReadFile(head)
		if err != nil {
			t.Fatal(err)
		}
		kept := t.TempDir()
		if err := os.CopyFS(kept, os.DirFS(filepath.Join(dir, ledger.DirName))); err != nil {
			t.Fatal(err)
		}
		lost := list[:0:0]
		for i := range 300 {
			lost = append(lost, deletion(10_000+i))
		}
		appendTo(t, l, lost...)
		// What was swept after the lost checkpoint comes back with it.
		if err := os.WriteFile(head, old, 0o600); err != nil {
			t.Fatal(err)
		}
		restoreMissing(t, kept, filepath.Join(dir, ledger.DirName))
		l = open(t, dir)
		for i := range 12 {
			appendTo(t, l, deletion(before+i))
			for _, at := range []int{0, before + i} {
				p, err := l.Proof(t.Context(), uint64(at))
				if err != nil {
					t.Fatalf("%d before, entry %d: %v", before, at, err)
				}
				if want, _ := ledger.Line(deletion(at)); string(p.Entry) != string(want) {
					t.Fatalf("%d before, entry %d is %s", before, at, p.Entry)
				}
			}
		}
		r, err := ledger.Audit(t.Context(), l.Dir(), ledger.Options{Key: l.Key(), Today: 20_800})
		if err != nil || len(r.Wrong) > 0 {
			t.Errorf("%d before: %v %v", before, r.Wrong, err)
		}
	}
}

func restoreMissing(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(from, path)
		if _, err := os.Stat(filepath.Join(to, rel)); err == nil {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(to, rel)), 0o700); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), b, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpen_refusesAnotherKeysCheckpoint(t *testing.T) {
	t.Parallel()
	one, two := t.TempDir(), t.TempDir()
	open(t, one)
	open(t, two)
	b, err := os.ReadFile(filepath.Join(two, ledger.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(one, ledger.KeyFile), b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Open(ledger.Config{Data: one, Rand: rand.Reader}); err == nil {
		t.Error("opened with a key that did not sign")
	}
}

func TestLine_isOneSpelling(t *testing.T) {
	t.Parallel()
	line, err := ledger.Line(ledger.Counts{Space: "s1", Epoch: 741, Day: 20_783, Seats: 3, Masks: 2})
	if want := `{"day":20783,"epoch":741,"kind":"counts","masks":2,"renewals":0,"seats":3,"space":"s1"}`; err != nil || string(line) != want {
		t.Errorf("%s, %v", line, err)
	}
	for _, other := range []string{
		strings.Replace(string(line), `"day":20783,"epoch":741`, `"epoch":741,"day":20783`, 1),
		strings.Replace(string(line), ":", ": ", 1), string(line) + " ", string(line) + "\n", string(line) + string(line),
		strings.Replace(string(line), "20783", "20783.0", 1), strings.Replace(string(line), "20783", "2.0783e4", 1),
		strings.Replace(string(line), `"day"`, `"day":20783,"day"`, 1),
	} {
		if f, err := ledger.Parse([]byte(other)); err == nil {
			t.Errorf("%s was read as %v", other, f)
		}
	}
	var back map[string]any
	if err := json.Unmarshal(line, &back); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	for _, e := range []any{deletion(1), ledger.Counts{Space: "s"}, ledger.Case{ID: "c", Space: "s", Outcome: "hidden"}} {
		line, err := ledger.Line(e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		fact, err := ledger.Parse(b)
		if err != nil {
			return
		}
		again, err := ledger.Line(fact)
		if err != nil || string(again) != string(b) {
			t.Errorf("%q is read, but written as %q (%v)", b, again, err)
		}
	})
}
