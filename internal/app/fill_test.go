package app

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"
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

// The same seed gives the same talk, by the same people, at the same moments.
func TestFill_isDeterministic(t *testing.T) {
	t.Parallel()
	if a, b, c := talkOf(t, "3"), talkOf(t, "3"), talkOf(t, "4"); !slices.Equal(a, b) || slices.Equal(a, c) {
		t.Errorf("%d, %d and %d posts; the first is %.80q, %.80q, %.80q", len(a), len(b), len(c), a[0], b[0], c[0])
	}
}

func talkOf(t *testing.T, seed string) (texts []string) {
	t.Helper()
	ctx, dir := context.Background(), t.TempDir()
	if _, stderr, code := run(t, "fill", "--data", dir, "--members", "9", "--discussions", "25", "--posts", "300", "--seed", seed); code != 0 {
		t.Fatal(stderr)
	}
	h, err := Open(ctx, dir, defaults(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for mark := ""; ; {
		docs, next, err := h.Forum.Documents(ctx, mark, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range docs {
			by, err := h.Faces.Face(ctx, d.Author)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, fmt.Sprint(d.At, by.Name, d.Title, d.Text))
		}
		if mark = next; mark == "" {
			slices.Sort(texts)
			return texts
		}
	}
}
