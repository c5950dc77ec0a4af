package main

import (
	"math"
	"slices"
)

// attack is one way of weighing: which features are believed, how far, and whether
// an account may be given to several masks of an epoch.
type attack struct {
	features []promise
	trust    []float64
	alone    bool
}

// adversary has learnt on halls of which he knew the truth, and chosen there the
// attack that served him best on halls he had not learnt from.
type adversary struct {
	*lore
	attack
}

// mostFeatures is how many features an attack weighs at most.
const mostFeatures = 60

// school makes an adversary. What signs are worth, which features are believed and
// which attack is the best is all found out on these halls, each step on those that
// the step before had not counted.
func school(v *vocabulary, halls []sheet, level string) adversary {
	open, files := upTo(level), level != "E1"
	a := adversary{lore: learn(v, halls, open, files, nil)}
	var cases []lineup
	var of []int // the hall of a case
	folds := min(4, len(halls))
	for fold := range folds {
		var known []sheet
		for i, h := range halls {
			if i%folds != fold || len(halls) == 1 {
				known = append(known, h)
			}
		}
		l := learn(v, known, open, files, a.lore)
		for i, h := range halls {
			if i%folds != fold {
				continue
			}
			for _, u := range l.lineups(h) {
				cases, of = append(cases, u), append(of, i)
			}
		}
	}
	a.attack = choose(cases, of)
	return a
}

// choose tries attacks on cases: sharp ones, which believe one feature or three, and
// broad ones with more and less caution. Each learns from one half of the halls and is
// judged by the likelihood of the truth in the other.
func choose(cases []lineup, hallOf []int) attack {
	best, bestFit := attack{}, math.Inf(-1)
	halves := halve(cases, hallOf)
	for _, n := range []int{1, 4, 16, mostFeatures} {
		for _, pull := range []float64{3, 30, 300} {
			likely := 0.
			for side := range halves {
				f := promising(halves[side], n)
				trust := fit(rows(halves[side], f), len(f), pull)
				likely += likelihood(rows(halves[1-side], f), trust)
			}
			if likely > bestFit {
				f := promising(cases, n)
				best, bestFit = attack{f, fit(rows(cases, f), len(f), pull), false}, likely
			}
		}
	}
	plain, alone := 0., 0.
	byHall := map[int][]lineup{}
	for i, u := range cases {
		byHall[hallOf[i]] = append(byHall[hallOf[i]], u)
	}
	for _, some := range byHall {
		plain += hits(rows(some, best.features), best.trust, false)
		alone += hits(rows(some, best.features), best.trust, true)
	}
	best.alone = alone > plain
	return best
}

// halve lays cases into two halves, by halls; those of one or two halls by masks, for
// with nothing in one half all attacks would seem equal, and the first of them the best.
func halve(cases []lineup, hallOf []int) (halves [2][]lineup) {
	few := slices.Max(append(hallOf, 0)) < 2
	for i, u := range cases {
		side := hallOf[i] / 2 % 2
		if few {
			side = i % 2
		}
		halves[side] = append(halves[side], u)
	}
	return halves
}

// likelihood is the logarithm of that of the truth.
func likelihood(cases []row, trust []float64) (sum float64) {
	for _, r := range cases {
		sum += math.Log(max(1e-12, chances(r.scores(trust))[r.truth]))
	}
	return sum
}

// hits is what is expected to be right in one hall.
func hits(cases []row, trust []float64, alone bool) (sum float64) {
	for i, ps := range verdict(cases, trust, alone) {
		if _, best := top(ps); ps[cases[i].truth] >= best-1e-12 {
			sum++
		}
	}
	return sum
}

// verdict gives a probability to every suspect for every mask of one hall.
func verdict(cases []row, trust []float64, alone bool) [][]float64 {
	ps := make([][]float64, len(cases))
	for i, r := range cases {
		ps[i] = chances(r.scores(trust))
	}
	if alone {
		exclude(cases, ps)
	}
	return ps
}

func top(ps []float64) (at int, best float64) {
	for i, p := range ps {
		if p > best {
			at, best = i, p
		}
	}
	return at, best
}
