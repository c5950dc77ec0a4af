package main

import (
	"math"
	"slices"
)

// adversary is what is brought to a hall of which the truth is not known: what signs
// are worth (lore), and how far each kind of them is to be believed.
type adversary struct {
	*lore
	level func(kind string) bool
	files bool
	trust map[string]float64
}

// school makes an adversary from halls of which he knows the truth. What a sign is
// worth he learns from all of them; how far a kind is to be believed only from
// halls whose signs he had not counted.
func school(ds []docket, level func(kind string) bool, files bool) adversary {
	half := len(ds) / 2
	one, two, all := newLore(), newLore(), newLore()
	for i, d := range ds {
		all.learn(d)
		if i < half {
			one.learn(d)
		} else {
			two.learn(d)
		}
	}
	a := adversary{lore: all, level: level, files: files}
	var cases []lineup
	for i, d := range ds {
		l := one
		if i < half {
			l = two
		}
		for _, c := range d.culprits {
			cases = append(cases, l.lineup(d, c, level, files))
		}
	}
	a.trust = fit(cases)
	return a
}

// lineup is one mask beside all suspects: for each of them, what each kind of sign
// says.
type lineup struct {
	truth    int
	features []map[string]float64
}

// lineup reads one.
func (l *lore) lineup(d docket, c culprit, level func(kind string) bool, files bool) lineup {
	u := lineup{truth: c.truth, features: make([]map[string]float64, len(d.suspects))}
	for i, s := range d.suspects {
		f := map[string]float64{}
		for _, g := range signs(c, s, level) {
			f[g.kind] += l.weight(g)
		}
		if files {
			f["shared"] = l.sharedWeight(meet(c.tokens, s.tokens))
			for _, p := range places(c, s) {
				f["places "+p.tables] = l.placeWeight(p)
			}
		}
		u.features[i] = f
	}
	return u
}

// scores adds up what a lineup says, each kind as far as it is believed.
func (u lineup) scores(trust map[string]float64) []float64 {
	scores := make([]float64, len(u.features))
	for i, f := range u.features {
		for kind, x := range f {
			scores[i] += trust[kind] * x
		}
	}
	return scores
}

// fit finds how far each kind is to be believed, so that the truth of the lineups is
// as likely as can be (conditional logit, McFadden 1974), by gradient ascent with a
// pull towards the same moderate trust in all kinds: with few halls to learn from,
// the freedom to believe noise is worth more than what it finds.
func fit(cases []lineup) map[string]float64 {
	const (
		rounds = 100
		pull   = 5
		fair   = 0.5
	)
	kinds := map[string]int{}
	for _, u := range cases {
		for _, f := range u.features {
			for kind := range f {
				if _, known := kinds[kind]; !known {
					kinds[kind] = len(kinds)
				}
			}
		}
	}
	rows := make([]row, len(cases))
	for i, u := range cases {
		rows[i] = u.row(kinds)
	}
	trust, square := make([]float64, len(kinds)), make([]float64, len(kinds))
	for k := range trust {
		trust[k] = fair
	}
	for range rounds {
		slope := make([]float64, len(kinds))
		for _, r := range rows {
			r.climb(trust, slope)
		}
		for k, s := range slope {
			s -= pull * (trust[k] - fair)
			square[k] += s * s // steps of Adagrad: kinds differ widely in size
			trust[k] += 0.3 * s / math.Sqrt(square[k]+1e-9)
		}
	}
	named := make(map[string]float64, len(kinds))
	for kind, k := range kinds {
		named[kind] = trust[k]
	}
	return named
}

// row is a lineup with numbers for kinds.
type row struct {
	truth int
	x     [][]float64
}

func (u lineup) row(kinds map[string]int) row {
	r := row{u.truth, make([][]float64, len(u.features))}
	for i, f := range u.features {
		r.x[i] = make([]float64, len(kinds))
		for kind, x := range f {
			r.x[i][kinds[kind]] = x
		}
	}
	return r
}

// climb adds one lineup's slope.
func (r row) climb(trust, slope []float64) {
	scores := make([]float64, len(r.x))
	for i, x := range r.x {
		for k, v := range x {
			scores[i] += trust[k] * v
		}
	}
	for i, p := range chances(scores) {
		want := -p
		if i == r.truth {
			want++
		}
		for k, v := range r.x[i] {
			slope[k] += want * v
		}
	}
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
