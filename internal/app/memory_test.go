package app

import (
	"slices"
	"testing"
)

// A hall that begins to work is given room at once, and asked for it back when it
// has rested for a while, once.
func TestPace_turns(t *testing.T) {
	t.Parallel()
	var turns []int
	p := pace{set: func(percent int) { turns = append(turns, percent) }}
	made := uint64(1 << 30) // what starting took is no work
	next := func(seconds int, each uint64) {
		for range seconds {
			made += each
			p.second(made)
		}
	}
	next(1, 0)
	next(30, busy-1)
	if len(turns) != 0 {
		t.Fatal("a quiet hall was taken for a busy one:", turns)
	}
	for range 3 { // work with short breaths between
		next(2, busy)
		next(pause-1, 0)
	}
	if !slices.Equal(turns, []int{atWork}) {
		t.Fatal(turns)
	}
	next(3*pause, 0)
	next(1, busy)
	if !slices.Equal(turns, []int{atWork, atRest, atWork}) {
		t.Fatal(turns)
	}
}
