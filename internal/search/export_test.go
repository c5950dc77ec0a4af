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

// Analyze does what PostgreSQL does by itself after a while.
func Analyze(t testing.TB, r *Room) {
	t.Helper()
	err := r.db.Tx(context.Background(), func(ctx context.Context) error {
		_, err := r.db.Exec(ctx, qAnalyze)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Terms counts the vocabulary.
func Terms(t testing.TB, r *Room) int {
	t.Helper()
	words, err := r.strings(context.Background(), qAfter, "", 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	return len(words)
}
