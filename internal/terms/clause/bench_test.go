package clause

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// babble writes terms of service of about size bytes that mean nothing.
func babble(seed uint64, size int) string {
	r := rand.New(rand.NewPCG(seed, 7))
	words := make([]string, 900)
	for i := range words {
		words[i] = strings.Repeat(string(rune('a'+i%26)), 1+i%3) + fmt.Sprintf("%c%c%c", 'a'+i/26%26, 'e'+i%7, 'a'+i%19)
	}
	var b strings.Builder
	for section := 1; b.Len() < size; section++ {
		fmt.Fprintf(&b, "## %d. Section %s\n\n", section, words[r.IntN(len(words))])
		for p := 1; p <= 6; p++ {
			fmt.Fprintf(&b, "%d.%d ", section, p)
			for range 30 + r.IntN(60) {
				b.WriteString(words[r.IntN(len(words))] + " ")
			}
			b.WriteString("\n\n")
		}
	}
	return b.String()
}

// BenchmarkCompare reads and compares two versions of 100 kB in which every
// tenth clause has changed. The aim is 200 ms on a slow core.
func BenchmarkCompare(b *testing.B) {
	old := babble(1, 100_000)
	paragraphs := strings.Split(old, "\n\n")
	for i := 0; i < len(paragraphs); i += 10 {
		paragraphs[i] = strings.Replace(paragraphs[i], " a", " not a", 1) + " within 30 days of the notice"
	}
	now := strings.Join(paragraphs, "\n\n")
	b.SetBytes(int64(len(old)))
	for b.Loop() {
		x, err := Parse(old)
		if err != nil {
			b.Fatal(err)
		}
		y, err := Parse(now)
		if err != nil {
			b.Fatal(err)
		}
		if len(Compare(x, y)) == 0 {
			b.Fatal("no change found")
		}
	}
}

// BenchmarkCompareRewritten compares two texts of 100 kB of which nothing is
// the same: the worst that an honest page can do.
func BenchmarkCompareRewritten(b *testing.B) {
	x, err := Parse(babble(1, 100_000))
	if err != nil {
		b.Fatal(err)
	}
	y, err := Parse(babble(2, 100_000))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Compare(x, y)
	}
}
