package opinion

import (
	"math"
	"slices"
)

// Reliable is how many people must be on the map before its groups mean anything:
// with fewer, one person more or less makes other groups.
const Reliable = 30

const (
	// enough answers put somebody on the map: this many, or all there are to give.
	enough = 7
	// atLeast are put on the map in any case, those who answered most first.
	atLeast = 15
	// small is how many small clusters groups are built from.
	small = 100
	// mostGroups and perGroup bound the number of groups: 2, and one more for each
	// perGroup small clusters, up to mostGroups.
	mostGroups, perGroup = 5, 12
	// worth is by how much another group must better the silhouette. Polis lets a
	// number of groups win only when it has won several times in a row while votes
	// come in; here all have come in, and what would have wavered stays with fewer.
	worth = 0.02
)

// Nobody is the group of people who are on no map: they answered too little.
const Nobody = -1

// Person is where somebody stands.
type Person struct {
	ID    string
	Group int // from 0, the largest first; Nobody when too little was answered
	X, Y  float64
}

// group finds the groups of those who answered enough, and returns how many.
func (v *Votes) group(places []point) (of []int, groups int) {
	of = make([]int, len(places))
	for i := range of {
		of[i] = Nobody
	}
	on := v.onTheMap()
	if len(on) == 0 {
		return of, 0
	}
	points, once := make([]point, len(on)), make([]float64, len(on))
	for j, i := range on {
		points[j], once[j] = places[i], 1
	}
	in, centres := gather(points, once, small, 1)
	weights := make([]float64, len(centres))
	for _, c := range in {
		weights[c]++
	}
	big := choose(centres, weights)
	for j, i := range on {
		of[i] = big[in[j]]
	}
	return of, bySize(of)
}

// onTheMap lists those who answered enough (Polis: in-conv). Answers on statements
// that were taken out later count.
func (v *Votes) onTheMap() []int {
	var in, rest []int
	for i, n := range v.cast {
		if n >= min(enough, len(v.statements)) {
			in = append(in, i)
		} else {
			rest = append(rest, i)
		}
	}
	slices.SortStableFunc(rest, func(a, b int) int { return v.cast[b] - v.cast[a] })
	if missing := atLeast - len(in); missing > 0 {
		in = append(in, rest[:min(missing, len(rest))]...)
	}
	slices.Sort(in)
	return in
}

// choose gathers small clusters into the number of groups that separates them best.
func choose(points []point, weights []float64) clusters {
	best, _ := gather(points, weights, 2, starts)
	height := silhouette(points, best)
	for k := 3; k <= min(mostGroups, 2+len(points)/perGroup); k++ {
		of, _ := gather(points, weights, k, starts)
		if h := silhouette(points, of); h > round(height+worth) {
			best, height = of, h
		}
	}
	return best
}

// silhouette tells how well clusters are separated, from -1 to 1: the mean, over all
// points, of how much nearer a point's own cluster is than the next one (Rousseeuw
// 1987). Small clusters count once each, as in Polis, however many people they hold.
func silhouette(points []point, of clusters) float64 {
	sizes := make([]int, slices.Max(of)+1)
	for _, c := range of {
		sizes[c]++
	}
	sum, far := 0.0, make([]float64, len(sizes))
	for i, p := range points {
		clear(far)
		for j, q := range points {
			far[of[j]] += math.Sqrt(apart(p, q))
		}
		if sizes[of[i]] == 1 {
			continue // alone: neither near nor far
		}
		own, next := far[of[i]]/float64(sizes[of[i]]-1), math.Inf(1)
		for c := range far {
			if c != of[i] {
				next = min(next, far[c]/float64(sizes[c]))
			}
		}
		if wider := max(own, next); wider > 0 && !math.IsInf(next, 1) {
			sum += (next - own) / wider
		}
	}
	return round(sum / float64(len(points)))
}

// bySize renumbers groups, the largest first, equally large ones by their first
// person, and returns how many there are.
func bySize(of []int) int {
	type seen struct{ old, size, first int }
	var groups []seen
	for i, g := range of {
		if g == Nobody {
			continue
		}
		at := slices.IndexFunc(groups, func(s seen) bool { return s.old == g })
		if at < 0 {
			at, groups = len(groups), append(groups, seen{g, 0, i})
		}
		groups[at].size++
	}
	slices.SortFunc(groups, func(a, b seen) int {
		if a.size != b.size {
			return b.size - a.size
		}
		return a.first - b.first
	})
	for i, g := range of {
		if g != Nobody {
			of[i] = slices.IndexFunc(groups, func(s seen) bool { return s.old == g })
		}
	}
	return len(groups)
}
