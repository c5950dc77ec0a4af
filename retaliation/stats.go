package main

import (
	"math"
	"math/rand/v2"
	"slices"
)

// verdicts are how the adversary fared in one hall.
type verdicts struct {
	hits       []bool // for each mask, whether the first choice was right
	candidates int
	spread     []float64 // for each mask, e to the entropy of the likelihoods
	named      []bool    // for each mask, whether it is named right when nobody is named twice in an epoch
}

// judge attacks one hall.
func (a adversary) judge(s sheet, r *rand.Rand) verdicts {
	v := verdicts{candidates: s.names}
	cases := a.lineups(s)
	beliefs := verdict(rows(cases, a.features), a.trust, a.alone)
	var epochs []int64
	for i, ps := range beliefs {
		v.hits = append(v.hits, first(ps, r) == cases[i].truth)
		v.spread = append(v.spread, spread(ps))
		epochs = append(epochs, s.masks[i].epoch)
	}
	for i, name := range named(beliefs, epochs) {
		v.named = append(v.named, name == cases[i].truth)
	}
	return v
}

// first is the likeliest suspect; among equals one is drawn.
func first(ps []float64, r *rand.Rand) int {
	best := slices.Max(ps)
	var equals []int
	for i, p := range ps {
		if best-p < 1e-12 {
			equals = append(equals, i)
		}
	}
	return equals[r.IntN(len(equals))]
}

// spread is the size of the set in which the adversary still has to look.
func spread(ps []float64) float64 {
	entropy := 0.0
	for _, p := range ps {
		if p > 0 {
			entropy -= p * math.Log(p)
		}
	}
	return math.Exp(entropy)
}

// advantage is (p − b)/(1 − b) over some halls.
func advantage(vs []verdicts) float64 {
	right, masks, base := 0.0, 0.0, 0.0
	for _, v := range vs {
		for _, h := range v.hits {
			if h {
				right++
			}
			masks++
			base += 1 / float64(v.candidates)
		}
	}
	if masks == 0 {
		return math.NaN()
	}
	p, b := right/masks, base/masks
	return (p - b) / (1 - b)
}

// upper is the one-sided 95 % bound of the advantage, by a bootstrap over halls.
func upper(vs []verdicts, r *rand.Rand) float64 {
	const rounds = 2000
	drawn := make([]float64, rounds)
	sample := make([]verdicts, len(vs))
	for i := range drawn {
		for j := range sample {
			sample[j] = vs[r.IntN(len(vs))]
		}
		drawn[i] = advantage(sample)
	}
	slices.Sort(drawn)
	return drawn[rounds*95/100]
}

// effectiveSet is the mean size of the set in which the adversary has to look.
func effectiveSet(vs []verdicts) float64 {
	sum, n := 0.0, 0.0
	for _, v := range vs {
		for _, s := range v.spread {
			sum += s
			n++
		}
	}
	return sum / n
}

func count(bs []bool) (n int) {
	for _, b := range bs {
		if b {
			n++
		}
	}
	return n
}
