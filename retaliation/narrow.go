package main

import (
	"math"
	"slices"
)

// looked is in how many halls an adversary looks who cannot weigh everything.
const looked = 5

// narrow keeps to the most pairs of kinds that promise most in the first halls, at each level:
// in halls of 200 all of them beside all suspects are more than a machine holds. It looks at the
// truth of halls that are judged later, which helps him; what is not weighed hurts him.
func (v *vocabulary) narrow(halls []hall, most int) {
	sums := map[uint16]*[bins]sum{}
	v.counts = true
	for _, h := range halls[:min(looked, len(halls))] {
		for n, s := range v.read(h.docket).sums {
			if sums[n] == nil {
				sums[n] = new([bins]sum)
			}
			for b := range bins {
				sums[n][b].add(s[b])
			}
		}
	}
	v.counts = false
	only := map[string]bool{}
	for _, has := range v.levels {
		var all []uint16
		for n := range sums {
			if has(v.pairs[n].trace) && has(v.pairs[n].presence) {
				all = append(all, n)
			}
		}
		slices.SortFunc(all, func(a, b uint16) int {
			switch x, y := surprise(sums[a]), surprise(sums[b]); {
			case x > y:
				return -1
			case x < y:
				return 1
			}
			return int(a) - int(b)
		})
		for _, n := range all[:min(most, len(all))] {
			only[v.pairs[n].name()] = true
		}
	}
	v.only = only
}

// surprise is by how many standard deviations, in the span where that is most, authors were
// there more or less often than everybody.
func surprise(s *[bins]sum) (most float64) {
	for _, b := range s {
		if b.traces > 0 {
			most = max(most, math.Abs(b.author-b.all)/math.Sqrt(b.all*(1-b.all/b.traces)+1))
		}
	}
	return most
}
