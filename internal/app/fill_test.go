package app

import (
	"slices"
	"testing"
)

func TestSizes_addUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ discussions, posts int }{{1, 50}, {1, 5000}, {40, 89}, {51, 100}, {1000, 50_000}} {
		got := sizes(c.discussions, c.posts, 3)
		total := 0
		for _, n := range got {
			total += n
		}
		if total != c.posts || slices.Min(got) < 1 || got[0] < 50 {
			t.Errorf("%d in %d: %v make %d", c.posts, c.discussions, got[0], total)
		}
	}
}
