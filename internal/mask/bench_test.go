package mask_test

import (
	"testing"
	"time"
)

// A hundred thousand masks in one space: the batch within five seconds, a post
// within five milliseconds. make bench prints the figures.
func BenchmarkHundredThousand(b *testing.B) {
	h := newHall(b)
	keys, err := h.TestOnlyRegister(h.ctx, h.space.ID, 100_000)
	h.ok(err)
	begun := time.Now()
	h.nextBatch()
	batch := time.Since(begun)
	n := 0
	b.ResetTimer()
	for b.Loop() {
		p := &person{h: h, key: keys[n%len(keys)]}
		n++
		if res := p.do(thread("Rates", "They fell by a third.")); !res.OK {
			b.Fatalf("%+v", res)
		}
	}
	b.ReportMetric(batch.Seconds(), "s/batch")
}
