package main

import (
	"math"
	"slices"
)

// step is how finely hours are looked at.
const step hours = 1

// zones are the evenings that people may have; see drawHabits.
const zones = mostZone*2 + 1

// evening is how likely it is that somebody of a zone comes at an hour of the day,
// 1 on average over a day.
func evening(zone int, hour float64) float64 {
	off := math.Mod(hour-(eveningHour-float64(zone-mostZone))+3*hoursOfDay, hoursOfDay)
	sum := 0.
	for _, k := range []float64{0, -hoursOfDay} {
		sum += math.Exp(-(off + k) * (off + k) / (2 * eveningSpread * eveningSpread))
	}
	return hoursOfDay * sum / (eveningSpread * math.Sqrt(2*math.Pi))
}

// manners are how devices hold back, as an adversary learns it elsewhere: how often
// something leaves in the hours after open words, by how often it otherwise does, and
// how much more at the very moment of open words.
type manners struct{ hushed, beside float64 }

// rhythm is when a resident's masks can have done something.
type rhythm struct {
	zone [zones]float64   // log of the chance of each zone
	sum  [zones][]float64 // of what is expected up to a step
}

// rhythmOf reads a resident. With calls, every one of them tells the zone.
func (r resident) rhythmOf(m manners, rate float64, watched bool) *rhythm {
	n := int(liveDays*hoursOfDay/step) + 1
	often := make([]float64, n)
	for i := range often {
		often[i] = 1
	}
	more := make([]float64, n)
	for _, at := range r.said() {
		first := max(0, int(at/step))
		for i := first; i < min(n, int((at+quietHours)/step)+1); i++ {
			often[i] = m.hushed
		}
		if first < n {
			more[first] += m.beside / rate * hoursOfDay
		}
	}
	seen := r.said()
	if watched {
		seen = r.calls
	}
	y := new(rhythm)
	for z := range zones {
		var day [int(hoursOfDay / step)]float64
		for i := range day {
			day[i] = evening(z, (float64(i)+0.5)*step) * step
		}
		sum := make([]float64, n+1)
		for i := range n {
			sum[i+1] = sum[i] + often[i]*day[i%len(day)] + more[i]
		}
		y.sum[z] = sum
		for _, at := range seen {
			y.zone[z] += math.Log(0.97*evening(z, math.Mod(at, hoursOfDay)) + 0.03)
		}
	}
	normalise(y.zone[:])
	return y
}

// likely is by how much likelier it is in a zone that something was done in a span
// than in others of that length.
func (y *rhythm) likely(z int, t trace) float64 {
	sum := y.sum[z]
	from := min(max(0, int(math.Floor(t.from/step))), len(sum)-2)
	to := min(max(from+1, int(math.Ceil(t.to/step))), len(sum)-1)
	usual := sum[len(sum)-1] * float64(to-from) / float64(len(sum)-1)
	return 0.97*(sum[to]-sum[from])/usual + 0.03
}

// normalise makes logarithms of chances of any.
func normalise(logs []float64) {
	all := total(logs)
	for i := range logs {
		logs[i] -= all
	}
}

// total is the logarithm of the sum of what logarithms stand for.
func total(logs []float64) float64 {
	most, sum := slices.Max(logs), 0.
	if math.IsInf(most, -1) {
		return most
	}
	for _, x := range logs {
		sum += math.Exp(x - most)
	}
	return most + math.Log(sum)
}

// logPoisson is the logarithm of the chance of n when so many are expected.
func logPoisson(n int, expected float64) float64 {
	g, _ := math.Lgamma(float64(n) + 1)
	return float64(n)*math.Log(expected+1e-9) - expected - g
}

// grid is a habit in a few values, with the logarithm of the chance of each.
type grid struct{ value, chance []float64 }

func (h habit) grid(n int) (g grid) {
	for i := range n {
		x := -2.4 + 4.8*float64(i)/float64(n-1)
		g.value, g.chance = append(g.value, h.at(x)), append(g.chance, -x*x/2)
	}
	normalise(g.chance)
	return g
}

var rates, openShares, maskShares = visitsADay.grid(11), openShare.grid(7), maskShare.grid(7)
