package search

import (
	"context"
	"testing"
)

// Parts of the room that only tests reach.
var (
	Mark    = mark
	Snippet = snippet
	Fold    = fold
)

// Terms counts the vocabulary.
func Terms(t testing.TB, r *Room) int {
	t.Helper()
	words, err := r.strings(context.Background(), qAfter, "", 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	return len(words)
}
