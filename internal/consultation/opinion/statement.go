package opinion

import (
	"math"
	"slices"
)

// sure is the value a test must pass to be believed with 90 % confidence, one-sided
// (Polis: z-sig-90?).
const sure = 1.2816

// spokesmen is how many statements speak for a group at most.
const spokesmen = 5

// Count is how many answered what.
type Count struct{ Agree, Disagree, Pass int }

// Answers is how many answered.
func (c Count) Answers() int { return c.Agree + c.Disagree + c.Pass }

// plus adds two counts up.
func (c Count) plus(d Count) Count {
	return Count{c.Agree + d.Agree, c.Disagree + d.Disagree, c.Pass + d.Pass}
}

// share is the chance that the next one agrees, counting one that did and one that
// did not on top, so that few answers say little.
func (c Count) share() float64 { return float64(c.Agree+1) / float64(c.Answers()+2) }

// against is share for disagreeing.
func (c Count) against() float64 { return float64(c.Disagree+1) / float64(c.Answers()+2) }

// Tally is what was said to one statement.
type Tally struct {
	ID     string
	All    Count   // everybody, on the map or not
	Groups []Count // those on the map, by group
	// Consensus is the group-informed consensus: the product, over groups, of
	// (agree+1)/(answers+2). A majority of one group cannot outvote another (Small et
	// al. 2021; Polis: group-aware-consensus). Nought where there is no group.
	Consensus float64
	// Divide is how much more of one group than of another agrees, from 0 to 1;
	// nought where chance may have done it.
	Divide float64
}

// tallies counts every statement that was not taken out.
func (v *Votes) tallies(of []int, groups int) []Tally {
	all := make([]Tally, len(v.statements))
	for i, s := range v.statements {
		all[i] = Tally{ID: s.ID, Groups: make([]Count, groups)}
	}
	for i, row := range v.rows {
		for _, c := range row {
			all[c.at].All.add(c.choice)
			if of[i] != Nobody {
				all[c.at].Groups[of[i]].add(c.choice)
			}
		}
	}
	kept := all[:0]
	for i, t := range all {
		if v.statements[i].Out {
			continue
		}
		t.Consensus, t.Divide = consensus(t.Groups), divide(t.Groups)
		kept = append(kept, t)
	}
	return kept
}

// add counts one answer.
func (c *Count) add(choice Choice) {
	switch choice {
	case Agree:
		c.Agree++
	case Disagree:
		c.Disagree++
	default:
		c.Pass++
	}
}

func consensus(groups []Count) float64 {
	if len(groups) == 0 {
		return 0
	}
	product := 1.0
	for _, g := range groups {
		product *= g.share()
	}
	return round(product)
}

// divide looks for the two groups that differ most, of those that differ for sure.
func divide(groups []Count) float64 {
	widest := 0.0
	for i, a := range groups {
		for _, b := range groups[i+1:] {
			more, less := a, b
			if less.share() > more.share() {
				more, less = less, more
			}
			if differ(more.Agree, less.Agree, more.Answers(), less.Answers()) > sure {
				widest = max(widest, round(more.share()-less.share()))
			}
		}
	}
	return widest
}

// Voice is a statement that speaks for a group: it agrees, or disagrees, more than
// the others do.
type Voice struct {
	Statement string
	Agree     bool  // whether it is agreeing that sets the group apart
	Own, Rest Count // what the group said, and what all others on the map said
	weight    float64
	certain   bool
}

// voices picks what speaks for a group (Polis: repness). A statement does when the
// group is for it, or against it, for sure, and more than the others for sure; the
// strongest come first. Where none does, the one that comes nearest is better than
// silence.
func voices(tallies []Tally, group int) []Voice {
	var certain, any []Voice
	for _, t := range tallies {
		own, rest := t.Groups[group], Count{}
		for g, c := range t.Groups {
			if g != group {
				rest = rest.plus(c)
			}
		}
		if own.Agree+own.Disagree == 0 {
			continue
		}
		v := voice(t.ID, own, rest)
		any = append(any, v)
		if v.certain {
			certain = append(certain, v)
		}
	}
	heaviest := func(a, b Voice) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return byID(a.Statement, b.Statement)
	}
	slices.SortFunc(certain, heaviest)
	slices.SortFunc(any, heaviest)
	if len(certain) > 0 {
		return certain[:min(spokesmen, len(certain))]
	}
	return any[:min(1, len(any))]
}

// voice weighs one statement for one group, on the side on which it differs more.
func voice(id string, own, rest Count) Voice {
	pro := differ(own.Agree, rest.Agree, own.Answers(), rest.Answers())
	against := differ(own.Disagree, rest.Disagree, own.Answers(), rest.Answers())
	v := Voice{Statement: id, Agree: round(pro) > round(against), Own: own, Rest: rest}
	more, mine, theirs, held := pro, own.share(), rest.share(), most(own.Agree, own.Answers())
	if !v.Agree {
		more, mine, theirs, held = against, own.against(), rest.against(), most(own.Disagree, own.Answers())
	}
	v.certain = round(more) > sure && round(held) > sure
	v.weight = round(mine / theirs * more * mine * held)
	if !v.certain {
		v.weight = round(more)
	}
	return v
}

// most tests whether more than half of n did (Polis: prop-test).
func most(did, n int) float64 {
	return 2 * math.Sqrt(float64(n+1)) * (float64(did+1)/float64(n+1) - 0.5)
}

// differ tests whether a share of one group is greater than that of another (Polis:
// two-prop-test).
func differ(did, others, n, m int) float64 {
	a, b := float64(did+1)/float64(n+1), float64(others+1)/float64(m+1)
	both := float64(did+others+2) / float64(n+m+2)
	if both >= 1 {
		return 0
	}
	return (a - b) / math.Sqrt(both*(1-both)*(1/float64(n+1)+1/float64(m+1)))
}
