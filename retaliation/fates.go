package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
)

// fate is how one member fares over all halls: how many of her masks are told, and how
// likely it is that guessing tells so many or more of them. One who is seldom there has
// few masks, and a high share of few is no more than chance; a lower one of many may be.
type fate struct {
	member, told, masks int
	tail                float64
}

func (f fate) share() float64 { return float64(f.told) / float64(f.masks) }

// guessingRuns is how often guessing is tried.
const guessingRuns = 10_000

// fates gives each member's fate, the unlikeliest first; of each one's masks it is told
// whether they were found.
func fates(found [][]bool, candidates int) (list []fate) {
	for i, f := range found {
		if n := len(f); n > 0 {
			list = append(list, fate{i, count(f), n, tailOf(n, 1/float64(candidates))[count(f)]})
		}
	}
	slices.SortStableFunc(list, func(a, b fate) int { return compare(a.tail, b.tail) })
	return list
}

// tailOf is how likely it is, by the number of hits, to have so many or more in n tries.
func tailOf(n int, chance float64) []float64 {
	tail := make([]float64, n+2)
	for k := n; k >= 0; k-- {
		choose, _ := math.Lgamma(float64(n) + 1)
		hits, _ := math.Lgamma(float64(k) + 1)
		rest, _ := math.Lgamma(float64(n-k) + 1)
		tail[k] = tail[k+1] + math.Exp(choose-hits-rest+float64(k)*math.Log(chance)+float64(n-k)*math.Log1p(-chance))
	}
	return tail
}

// guessed tries guessing on all members at once: in what share of the runs somebody has a
// fate as unlikely as the unlikeliest here, since one has looked at all of them (the
// min-p test of Westfall and Young 1993), and the share of masks that it tells of the
// unluckiest in 99 of 100.
func guessed(list []fate, candidates, runs int, r *rand.Rand) (byChance, share99 float64) {
	tails, chance := map[int][]float64{}, 1/float64(candidates)
	for _, f := range list {
		if tails[f.masks] == nil {
			tails[f.masks] = tailOf(f.masks, chance)
		}
	}
	shares := make([]float64, runs)
	asUnlikely := 0
	for i := range shares {
		least := 1.
		for _, f := range list {
			n := 0
			for range f.masks {
				if r.IntN(candidates) == 0 {
					n++
				}
			}
			least = min(least, tails[f.masks][n])
			shares[i] = max(shares[i], float64(n)/float64(f.masks))
		}
		if least <= list[0].tail*(1+1e-9) {
			asUnlikely++
		}
	}
	slices.Sort(shares)
	return float64(asUnlikely) / float64(runs), shares[runs*99/100]
}

// leastChance is how likely the fate of the worst member must be under guessing.
const leastChance = 0.01

// unlucky prints the worst member among those who are no newcomers, and tells whether she
// fares no worse than guessing would make somebody fare, which is bounded at E2r. It counts
// when nobody is named twice in an epoch; how often one is the first choice is printed beside it.
func unlucky(w world, level string, halls []hall, vs []verdicts, r *rand.Rand, why io.Writer) (ok bool) {
	named, first := make([][]bool, w.members), make([][]bool, w.members) // a member has the same habits in all halls
	for i, h := range halls {
		for j, c := range h.culprits {
			if h.Suspects[c.truth].Late {
				continue
			}
			named[c.truth] = append(named[c.truth], vs[i].named[j])
			first[c.truth] = append(first[c.truth], vs[i].hits[j])
		}
	}
	list := fates(named, w.members)
	byChance, share99 := guessed(list, w.members, guessingRuns, r)
	bounded := level == "E2r" && (w.members == 50 || w.members == 200)
	ok = !bounded || byChance >= leastChance
	said := ""
	if bounded {
		said = map[bool]string{true: " (at least 0.01: holds)", false: " (at least 0.01: DOES NOT HOLD)"}[ok]
	}
	label := w.label() + " " + level
	fmt.Printf("retaliation %s worst_member %d of %d by_chance %.4f%s\n", label, list[0].told, list[0].masks, byChance, said)
	fmt.Printf("retaliation %s worst_member_share %.3f guessing_99 %.3f\n", label, highest(list), share99)
	fmt.Printf("retaliation %s worst_member_first_choice %.3f\n", label, highest(fates(first, w.members)))
	for _, f := range list {
		fmt.Fprintf(why, "member %d: %d of %d masks told, tail %.5f\n", f.member, f.told, f.masks, f.tail)
	}
	return ok
}

// apartFrom lays the masks of newcomers, who came when the first window had closed, apart
// from those of all others. Who came late is known by the week in which masks begin, so
// few can be meant: the bounds are about the others, and newcomers are reported beside.
func apartFrom(halls []hall, vs []verdicts) (settled, newcomers []verdicts) {
	for i, h := range halls {
		var two [2]verdicts
		for j, c := range h.culprits {
			v := &two[0]
			if h.Suspects[c.truth].Late {
				v = &two[1]
			}
			v.hits, v.spread, v.candidates = append(v.hits, vs[i].hits[j]), append(v.spread, vs[i].spread[j]), vs[i].candidates
		}
		settled, newcomers = append(settled, two[0]), append(newcomers, two[1])
	}
	return settled, newcomers
}

// highest is the share of the one of whom the greatest is told.
func highest(list []fate) (most float64) {
	for _, f := range list {
		most = max(most, f.share())
	}
	return most
}
