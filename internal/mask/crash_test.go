package mask_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
	"guildhall/internal/safedb"
)

// TestMain is also the program that TestCrash kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv("MASK_CRASH_DIR"); dir != "" {
		speakOn(dir)
	}
	os.Exit(m.Run())
}

// speakOn posts under the masks in dir and lets ticks pass, and says on stdout what
// it will do and what was acknowledged, until it is killed.
func speakOn(dir string) {
	at, _ := time.Parse(time.RFC3339, os.Getenv("MASK_CRASH_AT"))
	t := &testing.T{} // fails by panic; there is nobody to report to
	h := &hall{t: t, ctx: context.Background(), dir: dir, at: at, space: crashSpace}
	h.open()
	for i := 0; ; i++ {
		p := h.numbered(i % 20)
		a := thread("Said", fmt.Sprintf("Number %d. %s", i, strings.Repeat("words ", i%200)))
		fmt.Println("sent", a.ID)
		if res := p.do(a); !res.OK {
			fmt.Println("refused", res.Error)
			continue
		}
		fmt.Println("ok", a.ID)
		if i%7 == 3 {
			fmt.Println("back", a.ID)
			if p.do(wire.Act{Do: wire.Withdraw, ID: a.ID}).OK {
				fmt.Println("gone", a.ID)
			}
		}
		if i%9 == 8 {
			h.mu.Lock()
			h.at = h.at.Add(time.Hour)
			h.mu.Unlock()
			fmt.Println("tick", h.at.Format(time.RFC3339))
			h.ok(h.TestOnlyTick(h.ctx))
		}
	}
}

var crashSpace = mask.Space{ID: "designers", Name: "Designers", Pace: mask.Hourly}

// numbered is a person whose root is her number, so that two processes know her.
func (h *hall) numbered(i int) *person {
	p := &person{h: h}
	binary.BigEndian.PutUint32(p.root[:], uint32(i+1))
	p.key = p.root.MaskKey(h.space.ID, 0)
	return p
}

// Whatever was acknowledged is there after a kill at any moment, in a visit or in a
// release; nothing comes out twice, and nothing that was taken back.
func TestCrash_losesNothing(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	for i := range 20 {
		p := h.numbered(i)
		h.good(p.take(p.right(firstEpoch, 0)))
	}
	h.nextBatch()
	h.ok(h.db.Close())
	kills := 25
	if testing.Short() {
		kills = 8
	}
	said := map[string]string{} // post → the last word about it
	at := h.now()
	for range kills {
		at = killed(t, h.dir, at, said)
	}
	h.mu.Lock()
	h.at = at.Add(80 * time.Hour)
	h.mu.Unlock()
	h.open()
	h.ok(h.TestOnlyTick(h.ctx))
	shown := map[string]int{}
	for _, th := range h.bundle().Threads {
		shown[th.ID]++
	}
	acknowledged := 0
	for id, word := range said {
		switch n := shown[id]; {
		case word == "ok" && n != 1:
			t.Errorf("an acknowledged post is there %d times", n)
		case word == "gone" && n != 0:
			t.Errorf("a post that was taken back is there %d times", n)
		case n > 1:
			t.Errorf("a post is there %d times", n)
		case word == "ok":
			acknowledged++
		}
	}
	h.ok(h.db.Check(h.ctx))
	if acknowledged < kills {
		t.Errorf("only %d posts were acknowledged in %d lives", acknowledged, kills)
	}
	t.Logf("%d kills, %d posts, %d acknowledged", kills, len(said), acknowledged)
}

// killed runs the program until it has said some lines, kills it, and gives the
// time it had reached.
func killed(t *testing.T, dir string, at time.Time, said map[string]string) time.Time {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "MASK_CRASH_DIR="+dir, "MASK_CRASH_AT="+at.Format(time.RFC3339))
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := 1 + rand.IntN(80)
	time.AfterFunc(30*time.Second, func() { _ = c.Process.Kill() }) // patience
	s := bufio.NewScanner(out)
	for n := 0; s.Scan(); n++ {
		if n == lines {
			<-time.After(rand.N(3 * time.Millisecond)) // not a wait: the moment is what is tried
			_ = c.Process.Kill()
		}
		word, what, _ := strings.Cut(s.Text(), " ")
		switch word {
		case "tick":
			at, _ = time.Parse(time.RFC3339, what)
		case "refused":
			if what != "mask.waiting" {
				t.Errorf("refused: %s", what)
			}
		default:
			said[what] = word
		}
	}
	_ = c.Wait()
	return at
}

// The place of what has come out, and of masks, says nothing of the order in which
// it arrived: the bytes of the file are searched for each id.
func TestFiles_tellNoOrder(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	const n = 300
	all := h.crowd(n)
	order := map[string][]string{}
	for _, p := range all {
		order["masks"] = append(order["masks"], p.id())
	}
	for i := range 4 * n {
		a := thread("T", strings.Repeat("w ", 10+i*7%300))
		order["posts"] = append(order["posts"], a.ID)
		h.good(all[i%n].do(a))
	}
	b := string(readFile(t, h.db.Path()))
	for i, id := range order["posts"] {
		if strings.Contains(b, id) {
			t.Fatalf("post %d waits, and its id is in the file", i)
		}
	}
	h.wait(time.Hour)
	places := map[string][]int{}
	for name, ids := range order {
		places[name] = h.places(ids)
	}
	for name, at := range places {
		// Chance alone reaches five deviations once in a million runs.
		many := float64(len(at))
		most := max(0.1, 5*math.Sqrt(2*(2*many+5)/(9*many*(many-1))))
		if v := tau(at); math.Abs(v) >= most {
			t.Errorf("%s: tau of place and order is %.3f", name, v)
		} else {
			t.Logf("%s: tau %.3f", name, v)
		}
	}
}

// places finds where each id stands in the file for the first time.
func (h *hall) places(ids []string) []int {
	h.t.Helper()
	b := string(readFile(h.t, h.db.Path()))
	at := make([]int, len(ids))
	for i, id := range ids {
		if at[i] = strings.Index(b, id); at[i] < 0 {
			h.t.Fatalf("id %d is not in the file", i)
		}
	}
	return at
}

// tau is Kendall's.
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

// schemaOf lists the statements that made the tables.
func schemaOf(texts *[]string) func(*safedb.Tx) error {
	return func(tx *safedb.Tx) error {
		return tx.Rows("SELECT sql FROM sqlite_schema WHERE type = 'table'", func(scan func(...any) error) error {
			var s string
			err := scan(&s)
			*texts = append(*texts, s)
			return err
		})
	}
}

// Rows 1 and 5 of the table of leaks: no rowids, nothing that counts up, no time.
func TestTables(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	var texts []string
	h.ok(h.db.Read(h.ctx, schemaOf(&texts)))
	if len(texts) < 8 {
		t.Fatalf("only %d tables", len(texts))
	}
	for _, s := range texts {
		low := strings.ToLower(s)
		if !strings.Contains(s, "WITHOUT ROWID, STRICT") {
			t.Errorf("a table with rowids, or not strict: %.60s", s)
		}
		for _, bad := range []string{"autoincrement", " at integer", "_at ", "time", "tick", "account", "member", "face", "session"} {
			if strings.Contains(low, bad) {
				t.Errorf("%q in %.80s", bad, s)
			}
		}
	}
}

// Row 4: a thousand posts that were shown and deleted are nowhere in the files.
func TestDeleted_isGone(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(100)
	var ids [][]wire.Act
	for i, p := range all {
		var acts []wire.Act
		for j := range 10 {
			acts = append(acts, thread("Canary", fmt.Sprintf("canary%03dx%d", i, j)))
		}
		p.visit(acts...)
		ids = append(ids, acts)
	}
	h.wait(time.Hour)
	if !hasBytes(t, h.dir, "canary050x5") {
		t.Fatal("not there before")
	}
	for i, p := range all {
		var acts []wire.Act
		for _, a := range ids[i] {
			acts = append(acts, wire.Act{Do: wire.Delete, ID: a.ID})
		}
		for _, res := range p.visit(acts...) {
			h.good(res)
		}
	}
	h.wait(time.Hour)
	found := 0
	for i := range all {
		for j := range 10 {
			if hasBytes(t, h.dir, fmt.Sprintf("canary%03dx%d", i, j)) {
				found++
			}
		}
	}
	if found != 0 {
		t.Errorf("%d of 1000 deleted texts are in the files", found)
	}
}

// After a long absence everything that became due comes out at one tick.
func TestTick_afterAnAbsence(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	h.space.Pace = "careful"
	h.wait(time.Hour)
	for _, p := range all {
		h.good(p.do(thread("Waits", "long")))
	}
	h.reopen()
	h.leap(epoch.StartOfTick(epoch.Tick(h.now()) + 200))
	if n := len(h.bundle().Threads); n != 20 {
		t.Errorf("%d of 20 came out", n)
	}
	if left, _ := filepath.Glob(filepath.Join(h.dir, "*-wal")); len(left) > 0 {
		if info, err := os.Stat(left[0]); err == nil && info.Size() != 0 {
			t.Errorf("the log holds %d bytes", info.Size())
		}
	}
}
