package babble

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWriter_isDeterministic(t *testing.T) {
	t.Parallel()
	a, b, c := New(7, 1), New(7, 1), New(7, 2)
	for range 100 {
		if x, y, z := a.Post(), b.Post(), c.Post(); x != y || x == z {
			t.Fatalf("%q\n%q\n%q", x, y, z)
		}
	}
}

func TestWriter_followsZipf(t *testing.T) {
	t.Parallel()
	w := New(1, 1)
	seen := map[string]int{}
	const n = 2_000_000
	for range n {
		seen[w.Word()]++
	}
	if len(seen) < 40_000 {
		t.Errorf("%d different words", len(seen))
	}
	// The tenth word is said about four times as often as the fiftieth.
	if ratio := float64(seen[w.v.words[9]]) / float64(seen[w.v.words[49]]); ratio < 3 || ratio > 5.5 {
		t.Errorf("ratio %.2f", ratio)
	}
	if rare := seen[w.v.words[30_000]]; rare < 1 || rare > n/10_000 {
		t.Errorf("a rare word was said %d times", rare)
	}
}

func TestWriter_writesAboutSixHundredCharacters(t *testing.T) {
	t.Parallel()
	w := New(1, 1)
	total, kinds := 0, map[string]int{}
	for range 2000 {
		p := w.Post()
		if p == "" || !utf8.ValidString(p) {
			t.Fatalf("%q", p)
		}
		total += len(p)
		for _, mark := range []string{"\n\n", "> ", "- ", "](https://", "*"} {
			if strings.Contains(p, mark) {
				kinds[mark]++
			}
		}
	}
	if mean := total / 2000; mean < 450 || mean > 750 {
		t.Errorf("%d characters a post", mean)
	}
	if len(kinds) != 5 {
		t.Errorf("kinds of Markdown: %v", kinds)
	}
}

func BenchmarkPost(b *testing.B) {
	w := New(1, 1)
	for b.Loop() {
		w.Post()
	}
}
