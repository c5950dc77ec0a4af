package main

import (
	"math"
	"slices"
)

// looked is what a persona's letters say of its zone to somebody who watches: whoever
// handed one in had looked in before, at one of the moments at which somebody did in
// the day of that delivery. Nobody knows at which; each is as likely as its hour is in
// the zone, beside all zones.
func (w *town) looked(p persona) (logs [zones]float64) {
	if len(w.looks) == 0 {
		return logs
	}
	for _, t := range p.calls {
		from, _ := slices.BinarySearch(w.looks, t.from)
		to, _ := slices.BinarySearch(w.looks, t.to)
		if t.to == t.from || to == from {
			continue
		}
		for z := range zones {
			sum := 0.
			for _, at := range w.looks[from:to] {
				sum += zoneShare(z, math.Mod(at, hoursOfDay))
			}
			logs[z] += math.Log(0.97*sum/float64(to-from) + 0.03)
		}
	}
	return logs
}

// zoneShare is how much likelier an hour is in a zone than in all of them.
func zoneShare(z int, hour float64) float64 {
	all := 0.
	for other := range zones {
		all += evening(other, hour)
	}
	return evening(z, hour) * zones / all
}
