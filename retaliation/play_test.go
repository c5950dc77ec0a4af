package main

import (
	"context"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPlay_aPlantedLeakIsFound plays small halls of three weeks with the real program,
// in which each visit leaves a row with its time. The evidence must be complete, and
// the adversary must find the owners by these rows and not without. With two halls,
// in one run of five he learnt too little of the other one to find half of them.
func TestPlay_aPlantedLeakIsFound(t *testing.T) {
	if testing.Short() {
		t.Skip("plays whole halls")
	}
	t.Parallel()
	dir := inMemory(t)
	bin := filepath.Join(dir, "guildhall")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-tags", "testclock", "-o", bin, "guildhall/cmd/guildhall").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	w := world{members: membersOfControls, pace: "careful", control: "session_rows", short: true}
	base := filepath.Join(dir, "stage")
	if _, err := settle(t.Context(), bin, base, w.members+1, w.pace); err != nil {
		t.Fatal(err)
	}
	halls := playSome(t, options{bin: bin, dir: dir}, w, base)
	if found := attackHalls(halls); found < 0.5 {
		t.Errorf("session rows are in the files, and the adversary has an advantage of %.2f", found)
	}
	for _, h := range halls {
		strip(h.docket, "session")
	}
	if found := attackHalls(halls); found > 0.4 {
		t.Errorf("without the session rows the adversary still has an advantage of %.2f", found)
	}
}

func playSome(t *testing.T, o options, w world, base string) []hall {
	t.Helper()
	type played struct {
		hall
		err error
	}
	done := make(chan played)
	const few = 4
	for seed := range few {
		go func() {
			h, err := one(t.Context(), o, w, base, seed)
			done <- played{h, err}
		}()
	}
	var halls []hall
	for range few {
		p := <-done
		if p.err != nil {
			t.Fatal(p.err)
		}
		if len(p.culprits) < 8 {
			t.Errorf("only %d masks have spoken", len(p.culprits))
		}
		halls = append(halls, p.hall)
	}
	return halls
}

func attackHalls(halls []hall) float64 {
	v := newVocabulary("E2r")
	return advantage(attackAll(v, v.readAll(halls), "E2r", io.Discard))
}

// strip takes out of a docket what came from a table.
func strip(d docket, table string) {
	from := func(kind string) bool { return strings.Contains(kind, table) }
	for _, c := range d.culprits {
		maps.DeleteFunc(c.traces, func(kind string, _ []trace) bool { return from(kind) || strings.Contains(kind, leakFile) })
		maps.DeleteFunc(c.spots, func(where string, _ spot) bool { return from(where) })
	}
	for _, s := range d.suspects {
		maps.DeleteFunc(s.present, func(kind string, _ []hours) bool { return from(kind) || strings.Contains(kind, leakFile) })
		maps.DeleteFunc(s.spots, func(where string, _ spot) bool { return from(where) })
	}
}

// inMemory gives a directory without a disk under it, where there is one: thousands
// of transactions would wait for a disk each.
func inMemory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "retaliation-test-*")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func TestEvidence_isRefusedWhenAPartIsMissing(t *testing.T) {
	t.Parallel()
	if err := (evidence{}).check(truth{}, 25, false); err == nil {
		t.Error("no evidence at all is taken for evidence")
	}
	if _, err := readFiles(context.Background(), t.TempDir(), nil); err == nil {
		t.Error("an empty directory is read as if it held a hall")
	}
}
