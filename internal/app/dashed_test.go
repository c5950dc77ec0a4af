package app

import (
	"slices"
	"testing"
)

func TestDashed_idsAreNoFlags(t *testing.T) {
	t.Parallel()
	const id, plain = "-xUE6LzLabBA0xsorNmO0g", "xUE6LzLabBA0xsorNmO0g1"
	for _, tt := range [][2][]string{
		{{"mask", "recommend", id, "--space", "s"}, {"mask", "recommend", "--space", "s", "--", id}},
		{{"mask", "post", "--thread", id, "--reply=" + id, "words.md"}, {"mask", "post", "--thread=" + id, "--reply=" + id, "words.md"}},
		{{"mask", "recommend", plain, "--undo"}, {"mask", "recommend", plain, "--undo"}},
		{{"serve", "--data", "hall"}, {"serve", "--data", "hall"}},
	} {
		if got := dashed(tt[0]); !slices.Equal(got, tt[1]) {
			t.Errorf("%q becomes %q, want %q", tt[0], got, tt[1])
		}
	}
}
