package answer

import (
	"fmt"
	"strings"
	"testing"
)

func TestParseCoding(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]coding{
		"":                             identity,
		"gzip":                         gzipped,
		"gzip, deflate, br, zstd":      brotlied,
		"br;q=0, gzip":                 gzipped,
		"gzip;q=1.0, br;q=0.5":         gzipped,
		"br;q=0.5, gzip;q=0.5":         brotlied,
		"*":                            brotlied,
		"*;q=0":                        identity,
		"gzip;q=0, *":                  brotlied,
		"br;q=0, *;q=0.1":              gzipped,
		"GZIP ; Q=0.3":                 gzipped,
		"identity":                     identity,
		"deflate":                      identity,
		"br;q=nan, gzip;q=x":           identity,
		"br;q=-1,gzip;q=2":             identity,
		"x-gzip":                       gzipped,
		"brotli, gzipped":              identity,
		",,;;q=,=,br;;q=0.001;":        brotlied,
		"gzip;level=9;q=0.5, br;q=0.4": gzipped,
	} {
		if got := parseCoding(header); got != want {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
		if got := acceptedCoding([]string{header}); header != "" && got != want {
			t.Errorf("remembered %q: %v, want %v", header, got, want)
		}
	}
	if acceptedCoding([]string{"deflate", "gzip"}) != gzipped {
		t.Error("a header on two lines was not read whole")
	}
}

func FuzzParseCoding(f *testing.F) {
	f.Add("gzip, br;q=0.5")
	f.Add("*;q=0")
	f.Fuzz(func(t *testing.T, header string) {
		c := parseCoding(header)
		lower := strings.ToLower(header)
		any := strings.Contains(header, "*")
		if c == brotlied && !any && !strings.Contains(lower, "br") {
			t.Errorf("%q: brotli was not asked for", header)
		}
		if c == gzipped && !any && !strings.Contains(lower, "gzip") {
			t.Errorf("%q: gzip was not asked for", header)
		}
		if parseCoding(header) != c || acceptedCoding([]string{header}) != c {
			t.Errorf("%q: read twice, meant two things", header)
		}
	})
}

func TestMemo_isBounded(t *testing.T) {
	t.Parallel()
	var m memo[int]
	for i := range 1000 {
		s := fmt.Sprint(i)
		if got := m.find(s, func(s string) int { return len(s) }); got != len(s) {
			t.Fatalf("%s: %d", s, got)
		}
	}
	m.find(strings.Repeat("x", 10_000), func(string) int { return 0 })
	known := *m.known.Load()
	if len(known) > memoSize {
		t.Errorf("%d remembered", len(known))
	}
	if got := m.find("1", func(string) int { return -1 }); got != 1 {
		t.Error("the first was forgotten")
	}
}
