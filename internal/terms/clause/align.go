package clause

import "sort"

// gram is how many words in a row must be the same for a place in one text to
// count as said in the other. Five are enough that boilerplate seldom meets by
// chance, and few enough that the words around a change are still found.
const gram = 5

// aligned is one text seen from another: which of its words the other does not
// have, wherever they stand there.
type aligned struct {
	doc   *Doc
	fresh []bool // by word: said here and nowhere in the other text
}

// against looks for every word of d in other: a clause the other has as well is
// known, and so is each row of five words. What remains is new wherever clauses
// have moved to, and however they were split and joined.
func (d *Doc) against(other *Doc) aligned {
	a := aligned{doc: d, fresh: make([]bool, len(d.words))}
	for i := range a.fresh {
		a.fresh[i] = true
	}
	for i := range d.Clauses {
		if c := &d.Clauses[i]; other.Has(c.Key) {
			clear(a.fresh[c.from : c.from+len(c.words)])
		}
	}
	for i := 0; i+gram <= len(d.words); i++ {
		if _, ok := other.grams[mix(d.words[i:i+gram])]; ok {
			clear(a.fresh[i : i+gram])
		}
	}
	return a
}

// freshIn counts the new words of a clause.
func (a aligned) freshIn(c *Clause) (n int) {
	for _, f := range a.fresh[c.from : c.from+len(c.words)] {
		if f {
			n++
		}
	}
	return n
}

// Known is the part of the text's words, from 0 to 1, that other says as well.
func (d *Doc) Known(other *Doc) float64 {
	if len(d.words) == 0 {
		return 0
	}
	n := 0
	for _, f := range d.against(other).fresh {
		if !f {
			n++
		}
	}
	return float64(n) / float64(len(d.words))
}

// pair is a clause of the old text and what became of it; one side may be nil.
type pair struct {
	old, new *Clause
	like     float64
	sort     Sort // New and Removed ones may have a partner all the same, a twin that stands in both texts
}

// likeEnough is the share of common pairs of words from which on two clauses
// are taken for one that was changed.
const likeEnough = 0.3

// pairs finds for each clause of either text that the other does not have word
// for word what it was or has become. Clauses with a partner come first, in the
// order of the new text, then new ones, then those that are gone.
func pairs(old, now aligned) []pair {
	gone, come := left(old, now.doc), left(now, old.doc)
	found := likest(gone, come)
	byNew, byOld := map[*Clause]pair{}, map[*Clause]bool{}
	for _, p := range found {
		byNew[p.new], byOld[p.old] = p, true
	}
	var out []pair
	for _, c := range come {
		if p, ok := byNew[c]; ok {
			out = append(out, p)
		} else {
			out = append(out, pair{new: c, sort: New})
		}
	}
	for _, c := range gone {
		if !byOld[c] {
			out = append(out, pair{old: c, sort: Removed})
		}
	}
	addTwins(out, old, now)
	return out
}

// addTwins finds, for clauses without a partner that say little which the other
// text does not say, the clause they are almost the same as. It stands in both
// texts, but shows what little is new.
func addTwins(ps []pair, old, now aligned) {
	var come, gone []*Clause
	for _, p := range ps {
		if p.old == nil && mostlyKnown(p.new, now) {
			come = append(come, p.new)
		}
		if p.new == nil && mostlyKnown(p.old, old) {
			gone = append(gone, p.old)
		}
	}
	twins := map[*Clause]*Clause{}
	if len(come) > 0 {
		for _, p := range likest(every(old.doc), come) {
			twins[p.new] = p.old
		}
	}
	if len(gone) > 0 {
		for _, p := range likest(gone, every(now.doc)) {
			twins[p.old] = p.new
		}
	}
	for i := range ps {
		p := &ps[i]
		if p.old == nil && twins[p.new] != nil {
			p.old = twins[p.new]
		} else if p.new == nil && twins[p.old] != nil {
			p.new = twins[p.old]
		}
	}
}

func mostlyKnown(c *Clause, a aligned) bool {
	n := a.freshIn(c)
	return n > 0 && 2*n < len(c.words)
}

func every(d *Doc) (out []*Clause) {
	for i := range d.Clauses {
		out = append(out, &d.Clauses[i])
	}
	return out
}

// left are the clauses that the other text does not have word for word.
func left(a aligned, other *Doc) (out []*Clause) {
	for i := range a.doc.Clauses {
		if c := &a.doc.Clauses[i]; !other.Has(c.Key) {
			out = append(out, c)
		}
	}
	return out
}

// commonest is how many clauses may hold a pair of words before it says nothing
// any more about which clause it is.
const commonest = 60

// likest pairs clauses by the pairs of words they share, the likest first, each
// clause once.
func likest(gone, come []*Clause) []pair {
	holds := map[uint64][]int{}
	size := make([]int, len(gone))
	for i, c := range gone {
		seen := bigrams(c)
		size[i] = len(seen)
		for g := range seen {
			holds[g] = append(holds[g], i)
		}
	}
	var all []pair
	at := map[*Clause]int{}
	for n, c := range come {
		at[c] = n
		seen, common := bigrams(c), map[int]int{}
		for g := range seen {
			if is := holds[g]; len(is) <= commonest {
				for _, i := range is {
					common[i]++
				}
			}
		}
		for i, k := range common {
			if like := 2 * float64(k) / float64(size[i]+len(seen)); like >= likeEnough {
				all = append(all, pair{old: gone[i], new: c, like: like})
			}
		}
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if a.like != b.like {
			return a.like > b.like
		}
		if at[a.new] != at[b.new] {
			return at[a.new] < at[b.new]
		}
		return a.old.from < b.old.from
	})
	usedOld, usedNew := map[*Clause]bool{}, map[*Clause]bool{}
	var out []pair
	for _, p := range all {
		if !usedOld[p.old] && !usedNew[p.new] {
			usedOld[p.old], usedNew[p.new] = true, true
			out = append(out, p)
		}
	}
	return out
}

// bigrams are the pairs of neighbouring words, with the ends as neighbours of
// nothing, so that a clause of one word has two.
func bigrams(c *Clause) map[uint64]bool {
	m := make(map[uint64]bool, len(c.words)+1)
	last := uint64(1)
	for _, w := range c.words {
		m[(last^w.hash)*fnvPrime+last] = true
		last = w.hash
	}
	m[last*fnvPrime] = true
	return m
}
