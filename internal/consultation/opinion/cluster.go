package opinion

import "math"

const (
	// rounds bounds the turns of one search for clusters.
	rounds = 100
	// starts is how many fixed starts are tried for the groups. Polis tries one, and
	// keeps what it found as votes come in.
	starts = 20
)

// clusters says for each point which cluster it is in, from 0; every one is used.
type clusters []int

// gather puts points into at most k clusters by k-means (Lloyd 1982), from as many
// fixed starts as tries says, and returns the tightest clusters found with their
// centres. A point counts by its weight. Among equally near clusters the lower
// number wins, among equally tight clusterings the earlier start.
func gather(points []point, weights []float64, k, tries int) (clusters, []point) {
	var best clusters
	var centres []point
	tightest := math.Inf(1)
	for try := range tries {
		c := spread(points, weights, k, uint64(try))
		of := settle(points, weights, c)
		if w := width(points, weights, of, c); w < tightest {
			tightest, best, centres = w, of, c
		}
	}
	return compact(best, centres)
}

// spread draws first centres far from one another: each point with a chance in
// proportion to its weight and the square of its distance from the centres that are
// there (k-means++, Arthur and Vassilvitskii 2007). Fewer distinct points than k
// give fewer centres.
func spread(points []point, weights []float64, k int, seed uint64) []point {
	chance := append([]float64(nil), weights...)
	var centres []point
	for len(centres) < k {
		at := draw(chance, unit(&seed))
		if at < 0 {
			break
		}
		centres = append(centres, points[at])
		for i, p := range points {
			d := float64(weights[i] * apart(p, points[at]))
			if len(centres) == 1 || d < chance[i] {
				chance[i] = d
			}
		}
	}
	return centres
}

// draw returns the place at which u, from [0, 1), falls among chances; -1 where
// there is none.
func draw(chances []float64, u float64) int {
	sum := 0.0
	for _, c := range chances {
		sum += c
	}
	left, at := float64(u*sum), -1
	for i, c := range chances {
		if c == 0 {
			continue
		}
		at = i
		if left -= c; left < 0 {
			break
		}
	}
	return at
}

// settle moves centres to the middle of those nearest to them until nobody changes,
// and returns who is nearest to which.
func settle(points []point, weights []float64, centres []point) clusters {
	of := make(clusters, len(points))
	for range rounds {
		changed := false
		for i, p := range points {
			if n := nearest(p, centres); n != of[i] {
				of[i], changed = n, true
			}
		}
		middle(points, weights, of, centres)
		if !changed {
			break
		}
	}
	return of
}

// middle moves each centre to the weighted mean of its points.
func middle(points []point, weights []float64, of clusters, centres []point) {
	sums, held := make([]point, len(centres)), make([]float64, len(centres))
	for i, p := range points {
		s := &sums[of[i]]
		s.x += float64(weights[i] * p.x)
		s.y += float64(weights[i] * p.y)
		held[of[i]] += weights[i]
	}
	for c := range centres {
		if held[c] > 0 {
			centres[c] = point{round(sums[c].x / held[c]), round(sums[c].y / held[c])}
		}
	}
}

// nearest returns which centre is nearest to p.
func nearest(p point, centres []point) int {
	best, least := 0, math.Inf(1)
	for i, c := range centres {
		if d := apart(p, c); d < least {
			best, least = i, d
		}
	}
	return best
}

// apart is the square of the distance between a and b.
func apart(a, b point) float64 {
	dx, dy := a.x-b.x, a.y-b.y
	return float64(dx*dx) + float64(dy*dy)
}

// width is how far points are from their centres, all together.
func width(points []point, weights []float64, of clusters, centres []point) float64 {
	sum := 0.0
	for i, p := range points {
		sum += float64(weights[i] * apart(p, centres[of[i]]))
	}
	return round(sum)
}

// compact leaves out clusters that lost all their points.
func compact(of clusters, centres []point) (clusters, []point) {
	to := make([]int, len(centres))
	for i := range to {
		to[i] = -1
	}
	for _, c := range of {
		to[c] = 0
	}
	var kept []point
	for c := range to {
		if to[c] == 0 {
			to[c] = len(kept)
			kept = append(kept, centres[c])
		}
	}
	for i := range of {
		of[i] = to[of[i]]
	}
	return of, kept
}
