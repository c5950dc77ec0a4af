//go:build long

package e2e

import (
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"guildhall/internal/db"
)

// verdict hears how a script ends, without failing the test it runs in.
type verdict struct{ failed bool }

func (v *verdict) Skip(...any)                        { runtime.Goexit() }
func (v *verdict) Fatal(...any)                       { v.FailNow() }
func (v *verdict) FailNow()                           { v.failed = true; runtime.Goexit() }
func (v *verdict) Parallel()                          {}
func (v *verdict) Log(...any)                         {}
func (v *verdict) Run(_ string, f func(testscript.T)) { f(v) }
func (v *verdict) Verbose() bool                      { return false }

// fails tells whether a story fails when a route's handler does nothing.
func fails(t *testing.T, story, emptied string) (failed bool, visited map[string]int) {
	w := newWorld(t, db.SQLite, emptied)
	v := &verdict{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		play(w, story, v)
	}()
	<-done
	w.close()
	return v.failed, w.visited
}

// TestEmptied empties each handler in turn, which some story must notice.
func TestEmptied(t *testing.T) {
	files := stories(t)
	var mu sync.Mutex
	took := map[string]time.Duration{}
	through := map[string][]string{} // by route, the stories that go there
	var patterns []string
	t.Run("all", func(t *testing.T) {
		for _, f := range files {
			t.Run(filepath.Base(f), func(t *testing.T) {
				t.Parallel()
				begun := time.Now()
				failed, visited := fails(t, f, "")
				if failed {
					t.Fatal("fails with all handlers in place")
				}
				mu.Lock()
				defer mu.Unlock()
				took[f] = time.Since(begun)
				for p := range visited {
					through[p] = append(through[p], f)
				}
			})
		}
	})
	for p := range through {
		patterns = append(patterns, p)
	}
	sort.Strings(patterns)
	t.Run("emptied", func(t *testing.T) {
		for _, p := range patterns {
			if p == "GET /offline" || !strings.Contains(p, " /") {
				continue // what emptied pages show; what no route answers
			}
			t.Run(p, func(t *testing.T) {
				t.Parallel()
				fs := through[p]
				sort.Slice(fs, func(i, j int) bool { return took[fs[i]] < took[fs[j]] })
				for _, f := range fs {
					if failed, _ := fails(t, f, p); failed {
						return
					}
				}
				t.Errorf("%s may be empty and no story notices; these go there: %v", p, fs)
			})
		}
	})
}
