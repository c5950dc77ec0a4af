package main

import (
	"math"
	"sort"
)

// order is a table in which masks stand and one in which accounts do: perhaps in the
// same order. Share compares places as parts of the length.
type order struct {
	mask, account string
	share         bool
}

func (o order) name() string {
	if o.share {
		return "share: " + o.mask + " / " + o.account
	}
	return "order: " + o.mask + " / " + o.account
}

// says tells how near each suspect stands to the mask; nil when it stands nowhere.
func (o order) says(s sheet, m beside) []float32 {
	at, ok := m.spots[o.mask]
	if !ok {
		return nil
	}
	xs := make([]float32, s.names)
	for i, p := range s.places[o.account] {
		switch {
		case p.of == 0:
			if !o.share {
				xs[i] = -float32(math.Log(1 + float64(s.names)))
			}
		case o.share:
			xs[i] = -float32(math.Log(0.02 + math.Abs(float64(at.at)/float64(at.of)-float64(p.at)/float64(p.of))))
		default:
			xs[i] = -float32(math.Log(1 + math.Abs(float64(at.at-p.at))))
		}
	}
	return xs
}

// weighOrders finds out for all pairs of tables of a hall how much their orders have
// to do with each other.
func (s *sheet) weighOrders() {
	s.orders = map[order]*evidenceOf{}
	for _, m := range s.masks {
		for t := range m.spots {
			for u := range s.places {
				for _, share := range []bool{false, true} {
					o := order{t, u, share}
					if s.orders[o] == nil {
						s.orders[o] = new(evidenceOf)
					}
					s.orders[o].add(o.says(*s, m), m.truth)
				}
			}
		}
	}
}

// mostOrders is how many pairs of tables are weighed with the rest.
const mostOrders = 30

// promisingOrders gives those that promise most.
func promisingOrders(halls []sheet) (all []order) {
	sums := map[order]*evidenceOf{}
	for _, h := range halls {
		for o, e := range h.orders {
			if sums[o] == nil {
				sums[o] = new(evidenceOf)
			}
			sums[o].slope, sums[o].spread, sums[o].cases = sums[o].slope+e.slope, sums[o].spread+e.spread, sums[o].cases+e.cases
		}
	}
	for o, e := range sums {
		if e.z() > 2 {
			all = append(all, o)
		}
	}
	sort.Slice(all, func(i, j int) bool {
		if x, y := sums[all[i]].z(), sums[all[j]].z(); x != y {
			return x > y
		}
		return all[i].name() < all[j].name()
	})
	return all[:min(len(all), mostOrders)]
}
