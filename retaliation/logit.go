package main

import (
	"math"
	"slices"
)

// row is a lineup in numbers: of each suspect, the features that are believed.
type row struct {
	truth int
	epoch int64
	x     [][]float64
}

// rows takes some features of lineups, each in its standard deviations.
func rows(cases []lineup, features []promise) []row {
	all := make([]row, len(cases))
	for i, u := range cases {
		n := 0
		for _, xs := range u.says {
			n = len(xs)
			break
		}
		r := row{u.truth, u.epoch, make([][]float64, n)}
		for j := range r.x {
			r.x[j] = make([]float64, len(features))
			for k, f := range features {
				if xs := u.says[f.name]; xs != nil {
					r.x[j][k] = float64(xs[j]) / f.sd
				}
			}
		}
		all[i] = r
	}
	return all
}

// fit finds how far each feature is to be believed, so that the truth of the rows is as
// likely as can be (conditional logit, McFadden 1974), by gradient ascent (Adagrad)
// with a pull towards no trust at all.
func fit(cases []row, features int, pull float64) []float64 {
	const rounds = 60
	trust, square := make([]float64, features), make([]float64, features)
	slope := make([]float64, features)
	for range rounds {
		clear(slope)
		for _, r := range cases {
			r.climb(trust, slope)
		}
		for k, s := range slope {
			s -= pull * trust[k]
			square[k] += s * s
			trust[k] += 0.2 * s / math.Sqrt(square[k]+1e-9)
		}
	}
	return trust
}

// climb adds one row's slope.
func (r row) climb(trust, slope []float64) {
	for i, p := range chances(r.scores(trust)) {
		want := -p
		if i == r.truth {
			want++
		}
		for k, v := range r.x[i] {
			slope[k] += want * v
		}
	}
}

// scores adds up what a row says, each feature as far as it is believed.
func (r row) scores(trust []float64) []float64 {
	scores := make([]float64, len(r.x))
	for i, x := range r.x {
		for k, v := range x {
			scores[i] += trust[k] * v
		}
	}
	return scores
}

// chances turns log-likelihoods into probabilities.
func chances(scores []float64) []float64 {
	best, sum := slices.Max(scores), 0.0
	ps := make([]float64, len(scores))
	for i, s := range scores {
		ps[i] = math.Exp(s - best)
		sum += ps[i]
	}
	for i := range ps {
		ps[i] /= sum
	}
	return ps
}

// exclude uses that in one epoch an account has one mask: where several masks of an
// epoch point to one account, they share it (iterative proportional fitting).
func exclude(cases []row, ps [][]float64) {
	const rounds = 30
	for range rounds {
		load := map[int64][]float64{}
		for i, r := range cases {
			if load[r.epoch] == nil {
				load[r.epoch] = make([]float64, len(ps[i]))
			}
			for j, p := range ps[i] {
				load[r.epoch][j] += p
			}
		}
		for i, r := range cases {
			sum := 0.
			for j := range ps[i] {
				ps[i][j] /= max(1, load[r.epoch][j])
				sum += ps[i][j]
			}
			for j := range ps[i] {
				ps[i][j] /= sum
			}
		}
	}
}
