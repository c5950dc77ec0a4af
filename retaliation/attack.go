package main

import (
	"math"
	"slices"
	"strings"
	"sync"
)

// trace is one thing the evidence says of a mask: that something of it happened
// between from and to.
type trace struct{ from, to hours }

// spot is a place in a table or file: the how many-th of how many.
type spot struct{ at, of int }

// suspect is what the evidence says of one account.
type suspect struct {
	id      string
	present map[string][]hours // by the kind of evidence, sorted: when the account was there
	spots   map[string]spot    // where it stands first in each table or file
	tokens  map[string]bool
}

// culprit is what the evidence says of one mask.
type culprit struct {
	id     string
	epoch  int64              // of its birth, which all readers see
	traces map[string][]trace // by the kind of evidence
	spots  map[string]spot
	tokens map[string]bool
	truth  int // index of the suspect; only for scoring and for learning
}

// docket is the evidence of one hall, read.
type docket struct {
	suspects []suspect
	culprits []culprit
	town     *town
}

// Around a trace there are bins: within it, and up to so many hours before and after.
var (
	before = []hours{1, 6, 24, 48, 72, 96, 168}
	after  = []hours{1, 6, 24, 72, 168}
)

const (
	within = 0
	bins   = 13        // 1 + those before and after
	atOnce = 2. / 3600 // hours: two things in so short a time are one
)

// binOf gives the span of a bin around a trace.
func binOf(t trace, bin int) (from, to hours) {
	edge := func(edges []hours, i int) (near, far hours) {
		if i > 0 {
			near = edges[i-1]
		}
		return near, edges[i]
	}
	switch {
	case bin == within:
		return t.from - atOnce, t.to + atOnce
	case bin <= len(before):
		near, far := edge(before, bin-1)
		return t.from - far, t.from - near - atOnce
	}
	near, far := edge(after, bin-1-len(before))
	return t.to + near + atOnce, t.to + far
}

// there tells whether somebody was there in a span.
func there(present []hours, from, to hours) bool {
	i, _ := slices.BinarySearch(present, from)
	return i < len(present) && present[i] <= to
}

// clue is how often a suspect was there in one bin around the traces of one kind, and
// how surprising that is: the sum of −logit of the share of suspects who were there at
// that very time, by how often this one is there at all.
type clue struct {
	pair uint16
	bin  uint8
	n    uint8
	odds float32
}

// beside is one mask beside all suspects.
type beside struct {
	truth  int
	epoch  int64
	clues  [][]clue       // by suspect
	traces map[uint16]int // how many there are, by pair
	shared []float32      // by suspect: how rare the values in common are
	volume []float32      // by suspect: how alike the two are in how much they speak
	spots  map[string]spot
}

// sheet is one hall, read into numbers; what does not depend on what is learnt.
type sheet struct {
	masks  []beside
	names  int               // of suspects
	places map[string][]spot // by table: of suspects; of 0 where one does not stand
	sums   map[uint16]*[bins]sum
	orders map[order]*evidenceOf
	town   *town
}

// sum counts, for one pair and bin, the author's presence, everybody's as a share,
// and traces.
type sum struct{ author, all, traces float64 }

// vocabulary numbers pairs of kinds: of a trace, and of presence. Halls are read at
// the same time.
type vocabulary struct {
	mu     sync.Mutex
	number map[string]uint16
	pairs  []pair
	levels []func(kind string) bool // at which something is attacked
	only   map[string]bool          // names of the pairs that are weighed; nil: all
	counts bool                     // what is read is counted only, not kept suspect by suspect
}

func newVocabulary(levels ...string) *vocabulary {
	v := &vocabulary{number: map[string]uint16{}}
	for _, l := range levels {
		v.levels = append(v.levels, upTo(l))
	}
	return v
}

// wants tells whether there is a level that has both kinds, and whether they are weighed.
func (v *vocabulary) wants(kind, source string) bool {
	return (v.only == nil || v.only[pairName(kind, source)]) && slices.ContainsFunc(v.levels, func(has func(string) bool) bool { return has(kind) && has(source) })
}

type pair struct{ trace, presence, class string }

func (p pair) name() string { return pairName(p.trace, p.presence) }

func pairName(trace, presence string) string { return trace + " / " + presence }

func (v *vocabulary) of(kind, source string, t trace) uint16 {
	k := pairName(kind, source)
	v.mu.Lock()
	defer v.mu.Unlock()
	n, ok := v.number[k]
	if !ok {
		n = uint16(len(v.pairs))
		v.number[k] = n
		level, _, _ := strings.Cut(kind, " ")
		v.pairs = append(v.pairs, pair{kind, source, pairName(level+grain(t), source)})
	}
	return n
}

// read turns a docket into numbers.
func (v *vocabulary) read(d docket) sheet {
	s := sheet{names: len(d.suspects), places: map[string][]spot{}, sums: map[uint16]*[bins]sum{}, town: d.town}
	for i, x := range d.suspects {
		for table, at := range x.spots {
			if s.places[table] == nil {
				s.places[table] = make([]spot, len(d.suspects))
			}
			s.places[table][i] = at
		}
	}
	all, few := sources(d), seldom(d)
	uses := map[string]int{}
	for _, x := range d.suspects {
		for w := range x.tokens {
			uses[w]++
		}
	}
	for _, c := range d.culprits {
		m := beside{truth: c.truth, epoch: c.epoch, traces: map[uint16]int{}, shared: make([]float32, len(d.suspects)), spots: c.spots}
		if !v.counts {
			m.clues = make([][]clue, len(d.suspects))
		}
		for i, x := range d.suspects {
			for w := range c.tokens {
				if x.tokens[w] {
					m.shared[i] += float32(math.Log(float64(len(d.suspects)+1) / float64(uses[w])))
				}
			}
		}
		for kind, ts := range c.traces {
			if few[kind] {
				continue
			}
			for _, source := range all {
				if !v.wants(kind, source) {
					continue
				}
				n := v.of(kind, source, ts[0])
				m.traces[n] = len(ts)
				s.compare(d, &m, n, source, ts)
			}
		}
		s.masks = append(s.masks, m)
	}
	s.weighVolumes(d)
	s.weighOrders()
	return s
}

// sources are the kinds of presence that a docket has, of at least a few suspects.
func sources(d docket) (all []string) {
	having := map[string]int{}
	for _, x := range d.suspects {
		for source := range x.present {
			having[source]++
		}
	}
	for source, n := range having {
		if n > len(d.suspects)/12 {
			all = append(all, source)
		}
	}
	slices.Sort(all)
	return all
}

// seldom are the kinds of traces that hardly any mask has.
func seldom(d docket) map[string]bool {
	having, few := map[string]int{}, map[string]bool{}
	for _, c := range d.culprits {
		for kind := range c.traces {
			having[kind]++
		}
	}
	for kind, n := range having {
		few[kind] = n <= len(d.culprits)/20
	}
	return few
}

// compare holds the traces of one kind against everybody's presence.
func (s *sheet) compare(d docket, m *beside, n uint16, source string, ts []trace) {
	if s.sums[n] == nil {
		s.sums[n] = new([bins]sum)
	}
	present, often := make([][]hours, len(d.suspects)), make([]float64, len(d.suspects))
	mean := 0.
	for i, x := range d.suspects {
		present[i] = x.present[source]
		mean += float64(len(present[i])) / float64(len(d.suspects))
	}
	for i, p := range present {
		often[i] = math.Log((float64(len(p)) + 1) / (mean + 1))
	}
	here := make([]bool, len(d.suspects))
	counts, odds := make([]uint8, len(d.suspects)), make([]float64, len(d.suspects))
	for bin := range bins {
		clear(counts)
		clear(odds)
		total := &s.sums[n][bin]
		for _, t := range ts {
			from, to := binOf(t, bin)
			some := 0.
			for i, p := range present {
				if here[i] = there(p, from, to); here[i] {
					some++
				}
			}
			share := (some + 0.5) / (float64(len(d.suspects)) + 1)
			odd := logit(share)
			for i := range present {
				if here[i] && counts[i] < math.MaxUint8 {
					counts[i]++
					odds[i] -= odd + often[i]
				}
			}
			total.traces++
			total.all += share
			if here[m.truth] {
				total.author++
			}
		}
		for i, k := range counts {
			if k > 0 && m.clues != nil {
				m.clues[i] = append(m.clues[i], clue{n, uint8(bin), k, float32(odds[i])})
			}
		}
	}
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

// weighVolumes compares how much masks and profiles speak, by their ranks.
func (s *sheet) weighVolumes(d docket) {
	posts, words := make([]int, len(d.culprits)), make([]int, len(d.suspects))
	for i, c := range d.culprits {
		posts[i] = len(c.traces["E1 appeared"])
	}
	for i, x := range d.suspects {
		words[i] = len(x.present["open"])
	}
	for i := range s.masks {
		at := rank(posts, posts[i])
		for _, n := range words {
			s.masks[i].volume = append(s.masks[i].volume, float32((at-0.5)*(rank(words, n)-0.5)))
		}
	}
}

// rank is the share of values below one, equal ones counting half.
func rank(all []int, value int) float64 {
	n := 0.
	for _, x := range all {
		switch {
		case x < value:
			n++
		case x == value:
			n += 0.5
		}
	}
	return n / float64(len(all))
}

// upTo gives the evidence of a level and of those before it.
func upTo(level string) func(kind string) bool {
	levels := []string{"E1", "E2", "E2r", "E3"}
	most := slices.Index(levels, level)
	return func(kind string) bool {
		word, _, _ := strings.Cut(kind, " ")
		at := slices.Index(levels, word)
		return word == "open" || at >= 0 && at <= most && (level != "E3" || word != "E2r")
	}
}
