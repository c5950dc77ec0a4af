package app

import (
	"bytes"
	"fmt"
	"os"
	"testing"
)

// residentFiles tells how much of files this program has in memory, in kB.
func residentFiles(t *testing.T) (kb int) {
	t.Helper()
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(b, []byte("RssFile:"))
	if _, err := fmt.Sscan(string(rest), &kb); err != nil {
		t.Fatal(err)
	}
	return kb
}

// Not parallel: what other tests need would come back meanwhile.
func TestUnmapProgram_givesBackWhatWasRead(t *testing.T) {
	before := residentFiles(t)
	unmapProgram()
	if after := residentFiles(t); after >= before {
		t.Errorf("of %d kB of the program's file, %d kB are still in memory", before, after)
	}
}
