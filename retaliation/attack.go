package main

import (
	"math"
	"slices"
	"strings"
)

// trace is one thing the evidence says of a mask or an account: that something of
// it happened between from and to.
type trace struct{ from, to hours }

// suspect is what the evidence says of one account.
type suspect struct {
	id      string
	present map[string][]hours // by the kind of evidence, sorted: when the account was there
	ranks   map[string]float64 // place among all accounts in each table or file, 0 to 1
	tokens  map[string]bool
}

// culprit is what the evidence says of one mask.
type culprit struct {
	id     string
	traces map[string][]trace // by the kind of evidence
	ranks  map[string]float64 // place among all masks in each table or file
	tokens map[string]bool
	truth  int // index of the suspect; only for scoring and for learning
}

// docket is the evidence of one hall, read.
type docket struct {
	suspects []suspect
	culprits []culprit
}

// edges part gaps in hours into bins; fine where visits are, coarse where paces are.
var edges = []hours{0.02, 0.1, 0.5, 1, 3, 6, 12, 24, 36, 48, 72, 100, 144, 200, 300}

func bin(gap hours) int {
	at, _ := slices.BinarySearch(edges, gap)
	return at
}

// sign is what one trace looks like beside one suspect: the gaps to his nearest
// presence before and after, and how often he is there at all.
type sign struct {
	kind         string // of the trace, and of the presence
	before, late int
	often        int
}

// looks gives the sign of a trace beside the presence of a suspect.
func looks(kind string, present []hours, t trace) sign {
	after, _ := slices.BinarySearch(present, t.to)
	if after < len(present) && present[after] == t.to {
		after++
	}
	before, next := math.Inf(1), math.Inf(1)
	if after > 0 {
		before = max(0, t.to-present[after-1])
	}
	if from, _ := slices.BinarySearch(present, t.from); from < len(present) {
		next = max(0, present[from]-t.from)
	}
	return sign{kind, bin(before), bin(next), often(len(present))}
}

// signs gives all that the traces of one mask look like beside one suspect, of the
// kinds that both an evidence level has.
func signs(c culprit, s suspect, level func(kind string) bool) []sign {
	var all []sign
	for kind, ts := range c.traces {
		if !level(kind) {
			continue
		}
		for source, present := range s.present {
			if source != "open" && !level(source) {
				continue
			}
			for _, t := range ts {
				all = append(all, looks(kind+" / "+source, present, t))
			}
		}
	}
	return all
}

// often parts suspects by how many moments of theirs are known.
func often(n int) int {
	at, _ := slices.BinarySearch([]int{6, 12, 20, 40, 80}, n)
	return at
}

// lore is what an adversary has learnt from halls of which he knows the truth: how
// often a sign is seen beside the author, and how often beside somebody else.
type lore struct {
	author, other   map[sign]float64
	authors, others map[sign]float64         // totals by kind and often
	near            map[nearness]*[2]float64 // how far apart two places are: author, other
	shared          [2]float64               // tokens in common: author, other
	pairs           [2]float64
}

func newLore() *lore {
	return &lore{author: map[sign]float64{}, other: map[sign]float64{}, authors: map[sign]float64{}, others: map[sign]float64{}, near: map[nearness]*[2]float64{}}
}

// learn reads one hall with its truth.
func (l *lore) learn(d docket) {
	for _, c := range d.culprits {
		for i, s := range d.suspects {
			mine := i == c.truth
			for _, g := range signs(c, s, everything) {
				total := sign{kind: g.kind, often: g.often}
				if mine {
					l.author[g]++
					l.authors[total]++
				} else {
					l.other[g]++
					l.others[total]++
				}
			}
			l.learnFiles(c, s, mine)
		}
	}
}

// nearness is how far two places in two tables are apart, by the bins of apart; −1
// stands for all of them together.
type nearness struct {
	tables string
	far    int
}

// apart parts distances of places: fine near by.
var apart = []float64{0.002, 0.02, 0.04, 0.06, 0.1, 0.2, 0.3, 0.5}

// places gives how near a mask and an account stand in each pair of tables.
func places(c culprit, s suspect) (all []nearness) {
	for t, x := range c.ranks {
		for u, y := range s.ranks {
			far, _ := slices.BinarySearch(apart, math.Abs(x-y))
			all = append(all, nearness{t + " / " + u, far})
		}
	}
	return all
}

// learnFiles learns what places in files and values in common are worth.
func (l *lore) learnFiles(c culprit, s suspect, mine bool) {
	which := 1
	if mine {
		which = 0
	}
	for _, p := range places(c, s) {
		for _, k := range []nearness{p, {p.tables, -1}} {
			if l.near[k] == nil {
				l.near[k] = new([2]float64)
			}
			l.near[k][which]++
		}
	}
	l.pairs[which]++
	if meet(c.tokens, s.tokens) {
		l.shared[which]++
	}
}

func meet(a, b map[string]bool) bool {
	for t := range a {
		if b[t] {
			return true
		}
	}
	return false
}

// weight is the logarithm of how much likelier a sign is beside the author. Signs
// that were hardly seen weigh little.
func (l *lore) weight(g sign) float64 {
	const caution = 2
	total := sign{kind: g.kind, often: g.often}
	if l.authors[total] == 0 || l.others[total] == 0 {
		return 0
	}
	base := l.other[g] / l.others[total]
	p := (l.author[g] + caution*base) / (l.authors[total] + caution)
	q := (l.other[g] + caution*base) / (l.others[total] + caution)
	if p == 0 || q == 0 {
		return 0
	}
	return math.Log(p) - math.Log(q)
}

// placeWeight is the same for places in files.
func (l *lore) placeWeight(p nearness) float64 {
	const caution = 10
	all, here := l.near[nearness{p.tables, -1}], l.near[p]
	if all == nil || here == nil || all[0] == 0 || all[1] == 0 {
		return 0
	}
	base := (here[0] + here[1]) / (all[0] + all[1])
	return math.Log((here[0]+caution*base)/(all[0]+caution)) - math.Log((here[1]+caution*base)/(all[1]+caution))
}

// sharedWeight is the same for values in common.
func (l *lore) sharedWeight(yes bool) float64 {
	if !yes || l.pairs[0] == 0 {
		return 0
	}
	return math.Log((l.shared[0]+0.01)/(l.pairs[0]+1)) - math.Log((l.shared[1]+0.01)/(l.pairs[1]+1))
}

func everything(string) bool { return true }

// upTo gives the evidence of a level and of those before it.
func upTo(level string) func(kind string) bool {
	levels := []string{"E1", "E2", "E2r", "E3"}
	most := slices.Index(levels, level)
	return func(kind string) bool {
		word, _, _ := strings.Cut(kind, " ")
		at := slices.Index(levels, word)
		return at >= 0 && at <= most && (level != "E3" || word != "E2r")
	}
}
