package search_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/search"
)

// corpus makes posts of about 600 characters, their words drawn from 40,000 by
// Zipf's law.
type corpus struct {
	words []string
	zipf  *rand.Zipf
}

func newCorpus() *corpus {
	c := &corpus{zipf: rand.NewZipf(rand.New(rand.NewPCG(1, 2)), 1.07, 4, 39_999)}
	syllables := []string{"ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo", "qua", "pre", "tion"}
	for i := range 40_000 {
		w := ""
		for n := i + 17; n > 0; n /= 17 {
			w += syllables[n%17]
		}
		c.words = append(c.words, w)
	}
	return c
}

func (c *corpus) text() string {
	var b strings.Builder
	for b.Len() < 600 {
		b.WriteString(c.words[c.zipf.Uint64()])
		b.WriteByte(' ')
	}
	return b.String()
}

func posts() int {
	if n, err := strconv.Atoi(os.Getenv("SEARCH_POSTS")); err == nil {
		return n
	}
	return 20_000
}

// BenchmarkFind measures two words in many posts: SEARCH_POSTS=500000 go test
// -bench Find -benchtime 1x ./internal/search. Figures are medians of 60 pairs.
func BenchmarkFind(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(e.String(), func(b *testing.B) {
			h, c, n := open(b, dbtest.Open(b, e)), newCorpus(), posts()
			if e == db.Postgres {
				n /= 5
			}
			begin, cpu := time.Now(), processor()
			h.fill(c, n)
			rate, dear := float64(n)/time.Since(begin).Seconds(), float64((processor()-cpu).Microseconds())/float64(n)
			search.Analyze(b, h.room)
			for b.Loop() {
				b.ReportMetric(rate, "posts/s")
				b.ReportMetric(dear, "cpu-µs/post")
				for _, band := range []struct {
					name     string
					from, to int
				}{{"commonest", 0, 12}, {"tenth", 60, 120}, {"twentieth", 200, 400}, {"rare", 4000, 8000}} {
					b.ReportMetric(h.median(c, band.from, band.to), band.name+"-ms")
				}
			}
		})
	}
}

// processor is the time this process has had so far.
func processor() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// fill puts n posts into the index through the room's own consumer.
func (h *hall) fill(c *corpus, n int) {
	const portion = 5000
	start := noon.AddDate(-5, 0, 0)
	for i := 0; i < n; i += portion {
		var docs []search.Document
		for j := i; j < i+portion; j++ {
			docs = append(docs, search.Document{
				Ref: search.Ref{Kind: search.Post, ID: fmt.Sprintf("p%08d", j)}, Title: "A discussion", Text: c.text(), Author: h.ana.ID,
				Lang: "en", Topics: []string{"calls"}, At: start.Add(time.Duration(j) * 5 * time.Minute), Shown: true,
			})
		}
		h.shelf.fixed = docs
		h.tell(search.Change{})
		h.index()
	}
	h.shelf.fixed = nil
	h.shelf.made = func(ref search.Ref) search.Document {
		return search.Document{Ref: ref, Title: "A discussion", Text: strings.Repeat(ref.ID+" ", 60), Author: h.ana.ID, At: noon, Shown: true}
	}
}

// median is the time one search takes, in milliseconds, of pairs of words drawn
// from the places from to to of the list of the most common.
func (h *hall) median(c *corpus, from, to int) float64 {
	r := rand.New(rand.NewPCG(uint64(from), 7))
	var took []float64
	for range 60 {
		q := search.Query{Text: c.words[from+r.IntN(to-from)] + " " + c.words[from+r.IntN(to-from)]}
		begin := time.Now()
		if _, err := h.room.Find(context.Background(), q); err != nil {
			h.t.Fatal(err)
		}
		took = append(took, float64(time.Since(begin).Microseconds())/1000)
	}
	slices.Sort(took)
	return took[len(took)/2]
}
