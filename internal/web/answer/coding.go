package answer

import (
	"bytes"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/andybalholm/brotli"
	"github.com/andybalholm/brotli/matchfinder"
	"github.com/klauspost/compress/gzip"
)

// coding is a way of compressing an answer.
type coding uint8

const (
	identity coding = iota
	gzipped
	brotlied
)

var codingHeaders = [...][]string{nil, {"gzip"}, {"br"}}

// effort is how much work goes into pressing bytes.
type effort uint8

const (
	quick    effort = iota // some 0.2 ms for 45 kB: for an answer given once
	thorough               // ten times that: for one given again and again
)

// tooSmall is the length under which compressing does not pay.
const tooSmall = 600

// acceptedCoding reads Accept-Encoding: brotli where welcome, else gzip, else
// identity. (An identity that is refused is given nevertheless: the standard
// allows it, and no browser refuses it.)
func acceptedCoding(header []string) coding {
	switch len(header) {
	case 0:
		return identity
	case 1:
		return codings.find(header[0], parseCoding)
	}
	return parseCoding(strings.Join(header, ","))
}

// codings remembers what the few header values that browsers send mean.
var codings memo[coding]

// parseCoding reads the value of one Accept-Encoding header.
func parseCoding(header string) coding {
	const unsaid = -1
	br, gz, any := unsaid, unsaid, unsaid
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		q := quality(params)
		switch name = strings.TrimSpace(name); {
		case strings.EqualFold(name, "br"):
			br = q
		case strings.EqualFold(name, "gzip"), strings.EqualFold(name, "x-gzip"):
			gz = q
		case name == "*":
			any = q
		}
	}
	if br == unsaid {
		br = any
	}
	if gz == unsaid {
		gz = any
	}
	switch {
	case br > 0 && br >= gz:
		return brotlied
	case gz > 0:
		return gzipped
	}
	return identity
}

// quality reads ";q=0.5" in thousandths; what it cannot read counts as 1 if it
// is no q at all and as 0 if it is a broken one.
func quality(params string) int {
	for p := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		f, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || !(f >= 0 && f <= 1) {
			return 0
		}
		return int(f * 1000)
	}
	return 1000
}

// memo remembers the meaning of a few strings. Strangers choose the strings, so
// it keeps at most memoSize of them, none longer than memoLength.
type memo[T any] struct {
	known atomic.Pointer[map[string]T]
	mu    sync.Mutex
}

const (
	memoSize   = 128
	memoLength = 200
)

// find returns what s means, working it out by parse when it is not known.
func (m *memo[T]) find(s string, parse func(string) T) T {
	known := m.known.Load()
	if known != nil {
		if v, ok := (*known)[s]; ok {
			return v
		}
	}
	v := parse(s)
	if len(s) > memoLength || known != nil && len(*known) >= memoSize {
		return v
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	next := make(map[string]T, memoSize)
	if known = m.known.Load(); known != nil {
		for k, old := range *known {
			next[k] = old
		}
	}
	next[strings.Clone(s)] = v
	m.known.Store(&next)
	return v
}

// Compressors hold large tables, so they are lent, not made.
var (
	gzipQuick    = sync.Pool{New: func() any { return newGzip(gzip.BestSpeed) }}
	gzipThorough = sync.Pool{New: func() any { return newGzip(6) }}
	brotliQuick  = sync.Pool{New: func() any { return brotli.NewWriterV2(nil, 1) }}
	brotliSlow   = sync.Pool{New: func() any { return brotli.NewWriterOptions(nil, brotli.WriterOptions{Quality: 6, LGWin: window}) }}

	// pressing is room for as many compressors as can work at once: more would
	// gain nothing, and each needs a megabyte.
	pressing = make(chan struct{}, runtime.GOMAXPROCS(0))
)

// window is how far back brotli looks, as a power of two: 256 kB, more than
// nearly all pages. With its usual 4 MB each compressor would take eight.
const window = 18

func newGzip(level int) *gzip.Writer {
	w, err := gzip.NewWriterLevel(nil, level)
	if err != nil {
		panic(err) // the level is a constant above
	}
	return w
}

// press compresses plain by c, which is not identity. The result is a slice of
// its own.
func press(plain []byte, c coding, e effort) []byte {
	pressing <- struct{}{}
	defer func() { <-pressing }()
	out := buffers.Get().(*bytes.Buffer)
	defer release(out)
	switch {
	case c == gzipped && e == quick:
		pressGzip(out, plain, &gzipQuick)
	case c == gzipped:
		pressGzip(out, plain, &gzipThorough)
	case c == brotlied && e == quick:
		w := brotliQuick.Get().(*matchfinder.Writer)
		w.Reset(out)
		w.Write(plain)
		w.Close()
		brotliQuick.Put(w)
	case c == brotlied:
		w := brotliSlow.Get().(*brotli.Writer)
		w.Reset(out)
		w.Write(plain)
		w.Close()
		brotliSlow.Put(w)
	}
	return bytes.Clone(out.Bytes())
}

func pressGzip(out *bytes.Buffer, plain []byte, pool *sync.Pool) {
	w := pool.Get().(*gzip.Writer)
	w.Reset(out)
	w.Write(plain)
	w.Close()
	pool.Put(w)
}
