package ledger_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guildhall/internal/epoch"
	"guildhall/internal/ledger"
)

const today = 20_804 // in epoch 742

// full makes a log with tiles of every sort: full ones, parts, and two levels.
func full(t testing.TB) *ledger.Log {
	t.Helper()
	l := open(t, t.TempDir())
	var list []any
	for i := range 300 {
		list = append(list, deletion(i))
	}
	appendTo(t, l, list...)
	return l
}

func audit(t testing.TB, l *ledger.Log, seen []byte) (ledger.Report, error) {
	t.Helper()
	return ledger.Audit(t.Context(), l.Dir(), ledger.Options{Key: l.Key(), Today: today, Seen: seen})
}

func TestAudit_aWholeLog(t *testing.T) {
	t.Parallel()
	l := full(t)
	before, err := l.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	appendTo(t, l, deletion(1000))
	r, err := audit(t, l, before.Text)
	if err != nil || len(r.Wrong) > 0 || r.Kinds[ledger.KindDeletion] != 301 || r.Checkpoint.Size != 301 {
		t.Errorf("%+v, %v", r, err)
	}
	empty := open(t, t.TempDir())
	if r, err := audit(t, empty, nil); err != nil || r.Checkpoint.Size != 0 {
		t.Errorf("an empty log: %+v, %v", r, err)
	}
}

// One byte changed in any file, at its beginning, in its middle and at its end,
// is found, and so are a file that is missing, cut off or longer than it was.
func TestAudit_everyByteCounts(t *testing.T) {
	t.Parallel()
	l := full(t)
	files := 0
	err := filepath.WalkDir(string(l.Dir()), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Base(path) == ".lock" || filepath.Base(path) == ledger.KeyPath {
			return err
		}
		files++
		whole, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		bad := map[string][]byte{"gone": nil, "cut off": whole[:len(whole)-1], "longer": append(bytes.Clone(whole), 'x')}
		for _, i := range []int{0, len(whole) / 2, len(whole) - 1} {
			flipped := bytes.Clone(whole)
			flipped[i] ^= 1
			bad[fmt.Sprintf("byte %d flipped", i)] = flipped
		}
		for how, b := range bad {
			if err := os.Remove(path); b == nil && err != nil {
				return err
			}
			if b != nil {
				if err := os.WriteFile(path, b, 0o600); err != nil {
					return err
				}
			}
			if r, err := audit(t, l, nil); err == nil {
				t.Errorf("%s, %s: found nothing (%v)", path, how, r.Wrong)
			}
		}
		return os.WriteFile(path, whole, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	if files != 6 { // checkpoint, two bundles, two tiles of leaves, one above
		t.Errorf("looked at %d files", files)
	}
	if _, err := audit(t, l, nil); err != nil {
		t.Errorf("put right again: %v", err)
	}
}

// A proof is not made of tiles that were changed, and nothing is appended to them.
func TestLog_refusesTamperedTiles(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"} {
		l := full(t)
		name := filepath.Join(string(l.Dir()), filepath.FromSlash(path))
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		b[len(b)/2] ^= 1
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		at := uint64(256 + 22) // in the middle of the bundle
		if _, err := l.Proof(t.Context(), at); err == nil {
			t.Errorf("%s: proved entry %d", path, at)
		}
		if strings.Contains(path, "entries") {
			continue // appending reads hashes; the audit finds the entry
		}
		if _, err := l.Append(t.Context(), deletion(5000)); err == nil {
			t.Errorf("%s: appended", path)
		}
	}
}

func TestAudit_rewrittenOrShrunk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	appendTo(t, l, deletion(1), deletion(2))
	kept := t.TempDir()
	if err := os.CopyFS(kept, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	appendTo(t, l, deletion(3))
	seen, err := l.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	fork := open(t, kept) // the same key, another history
	if _, err := audit(t, fork, seen.Text); err == nil || !strings.Contains(err.Error(), "shrunk") {
		t.Errorf("shrunk: %v", err)
	}
	appendTo(t, fork, deletion(4), deletion(5))
	if _, err := audit(t, fork, seen.Text); err == nil || !strings.Contains(err.Error(), "rewritten") {
		t.Errorf("rewritten: %v", err)
	}
	if _, err := audit(t, l, otherHead(t)); err == nil {
		t.Error("took another log's checkpoint for one seen before")
	}
}

func TestAudit_whatALogMustNotSay(t *testing.T) {
	t.Parallel()
	key := func(purpose, space string, e, day int) any {
		return ledger.Issuer{Purpose: purpose, Space: space, Epoch: e, N: modulus(t, 2048), Day: day}
	}
	counts := func(e, day, seats, renewals, masks int) any {
		return ledger.Counts{Space: "s", Epoch: e, Day: day, Seats: seats, Renewals: renewals, Masks: masks}
	}
	first, next := epoch.FirstDay(742), epoch.FirstDay(743)
	tests := []struct {
		name string
		list []any
		rule string // empty: nothing is wrong
	}{
		{"one key for each slot", []any{key("right", "s", 742, first), key("read", "s", 742, first), key("right", "t", 742, first), key("mail", "", 742, first)}, ""},
		{"two keys for a slot", []any{key("right", "s", 742, first), key("read", "s", 742, first), key("right", "s", 742, first)}, ledger.RuleTwoKeys},
		{"a key of the epoch before", []any{key("right", "s", 741, first)}, ledger.RuleOdd},
		{"a key of the epoch after", []any{key("right", "s", 743, first)}, ledger.RuleOdd},
		{"a key on its epoch's last day", []any{key("right", "s", 741, first-1)}, ""},
		{"a key dated back", []any{key("right", "s", 742, first), key("right", "t", 741, first-2)}, ledger.RuleOdd},
		{"a key of tomorrow's tomorrow", []any{key("right", "s", 742, today+2)}, ledger.RuleFuture},
		{"as many masks as rights", []any{counts(741, first, 7, 3, 10)}, ""},
		{"more masks than rights", []any{counts(741, first, 7, 3, 11)}, ledger.RuleTooMany},
		{"a right of the epoch before", []any{counts(741, first, 12, 0, 10), counts(742, first+7, 0, 0, 2)}, ""},
		{"more masks than rights of both", []any{counts(741, first, 12, 0, 10), counts(742, first+7, 0, 0, 3)}, ledger.RuleTooMany},
		{"counts of long ago", []any{counts(740, first, 1, 0, 0)}, ledger.RuleOdd},
		{"a total that fell", []any{counts(742, first+7, 5, 0, 0), counts(742, first+14, 4, 0, 0)}, ledger.RuleFall},
		{"results of two consultations", []any{closed("a", "x", today), closed("b", "y", today)}, ""},
		{"two results of one consultation", []any{closed("a", "x", today), closed("a", "y", today)}, ledger.RuleTwice},
		{"a result of a day to come", []any{closed("a", "x", today+2)}, ledger.RuleFuture},
		{"counts of a day to come", []any{counts(742, next, 5, 0, 0)}, ledger.RuleFuture},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := open(t, t.TempDir())
			appendTo(t, l, tt.list...)
			r, err := audit(t, l, nil)
			if err != nil {
				t.Fatal(err)
			}
			var rules []string
			for _, w := range r.Wrong {
				rules = append(rules, w.Rule)
			}
			if got := strings.Join(rules, " "); got != tt.rule {
				t.Errorf("%q, want %q: %v", got, tt.rule, r.Wrong)
			}
		})
	}
}

func TestRead_goesOnWhereItStood(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	count := func() (n int) {
		err := l.Read(t.Context(), func(b *ledger.Book) { n = b.Kinds[ledger.KindDeletion] })
		if err != nil {
			t.Error(err)
		}
		return n
	}
	for want := range 4 {
		if got := count(); got != want {
			t.Errorf("%d deletions, want %d", got, want)
		}
		appendTo(t, l, deletion(want))
	}
}

func TestFiles_areThoseOfTheCheckpoint(t *testing.T) {
	t.Parallel()
	l := full(t)
	old, err := l.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 { // grows meanwhile
		appendTo(t, l, deletion(1000+i))
	}
	copied := t.TempDir()
	for f, err := range ledger.Files(t.Context(), l.Dir(), old.Text) {
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(copied, filepath.FromSlash(f.Path))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, f.Bytes, 0o600)); err != nil {
			t.Fatal(err)
		}
		if !ledger.IsFile(f.Path) {
			t.Errorf("%s is no file of a log", f.Path)
		}
	}
	r, err := ledger.Audit(t.Context(), ledger.Dir(copied), ledger.Options{Key: l.Key(), Today: today})
	if err != nil || r.Checkpoint.Size != old.Size {
		t.Errorf("%d entries, %v", r.Checkpoint.Size, err)
	}
}

func TestFile_givesNothingElse(t *testing.T) {
	t.Parallel()
	l := full(t)
	for _, path := range []string{"", ".lock", "../" + ledger.KeyFile, "tile", "tile/0/000/", "tile/0/0", "tile/0/000.p/0", "tile/0/000.p/256",
		"tile/0/000.p/07", "tile/00/000", "tile/0/x000/000", "tile/64/000", "tile/0/002", "tile/0/001", "tile/0/001.p/45", "tile/2/000.p/1",
		"tile/entries/001.p/45", "tile/0/999/999", "/tile/0/000", "tile//0/000", strings.Repeat("tile/", 100)} {
		if b, err := l.Dir().File(t.Context(), path, ledger.MaxFile); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %d bytes, %v", path, len(b), err)
		}
	}
	for _, path := range []string{"tile/0/000", "tile/0/000.p/7", "tile/0/001.p/44", "tile/0/001.p/1", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/3"} {
		if _, err := l.Dir().File(t.Context(), path, ledger.MaxFile); err != nil {
			t.Errorf("%q: %v", path, err)
		}
	}
}

func FuzzCheckpoint(f *testing.F) {
	l, err := ledger.Open(ledger.Config{Data: f.TempDir(), Rand: rand.Reader})
	if err != nil {
		f.Fatal(err)
	}
	c, err := l.Checkpoint()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(c.Text)
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := ledger.ParseCheckpoint(b, l.Key())
		if err == nil && (got.Size != 0 || got.Root != c.Root) {
			t.Errorf("%q passes for signed", b)
		}
	})
}

// A hundred thousand entries are checked offline in seconds.
func BenchmarkAudit100000(b *testing.B) {
	l := open(b, b.TempDir())
	list := make([]any, 100_000)
	for i := range list {
		list[i] = deletion(i)
	}
	appendTo(b, l, list...)
	for b.Loop() {
		if r, err := audit(b, l, nil); err != nil || r.Checkpoint.Size != int64(len(list)) {
			b.Fatal(err)
		}
	}
}

// otherHead is the checkpoint of another log.
func otherHead(t *testing.T) []byte {
	t.Helper()
	c, err := open(t, t.TempDir()).Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	return c.Text
}

// closed is the entry of a consultation that came to something.
func closed(id, result string, day int) ledger.Consultation {
	sum := sha256.Sum256([]byte(result))
	return ledger.Consultation{ID: id, Day: day, Hash: base64.RawURLEncoding.EncodeToString(sum[:])}
}

// A proof is checked without the log, and holds for nothing else.
func TestProof_check(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	at := appendTo(t, l, deletion(1), closed("a", "x", 20_000), deletion(2))
	p, err := l.Proof(t.Context(), at[1])
	if err != nil {
		t.Fatal(err)
	}
	if f, err := p.Check(l.Key()); err != nil || f != closed("a", "x", 20_000) {
		t.Errorf("%v, %v", f, err)
	}
	for name, change := range map[string]func(*ledger.Proof){
		"another entry":      func(p *ledger.Proof) { p.Entry = bytes.Replace(p.Entry, []byte(`"a"`), []byte(`"b"`), 1) },
		"another place":      func(p *ledger.Proof) { p.Index = at[0] },
		"beyond the end":     func(p *ledger.Proof) { p.Index = 99 },
		"a shorter path":     func(p *ledger.Proof) { p.Path = p.Path[1:] },
		"another checkpoint": func(p *ledger.Proof) { p.Checkpoint = bytes.Replace(p.Checkpoint, []byte("\n3\n"), []byte("\n4\n"), 1) },
	} {
		q := p
		change(&q)
		if _, err := q.Check(l.Key()); err == nil {
			t.Errorf("%s passes", name)
		}
	}
	if _, err := p.Check(open(t, t.TempDir()).Key()); err == nil {
		t.Error("another log's key passes")
	}
}
