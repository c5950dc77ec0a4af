package main

import (
	"math"
	"math/rand/v2"
)

// fitting gives masks of a town to residents: each resident has one mask in an epoch
// at most, and what fits is what her evenings, her diligence and the dates of both of
// her masks make likely together.
type fitting struct {
	w      *town
	c      *customs
	zone   [][zones]float64   // of residents
	times  [][][zones]float64 // of personas and residents
	dates  [][]float64        // likewise: what dates of rights say
	openly [][]float64        // of residents, by rate
	speaks [][]float64        // of personas, by rate and share
	silent [2][]float64       // of an epoch without a mask that spoke
	known  map[[3]int]float64
}

// nobody is the mask of whoever has none that spoke.
const nobody = -1

func (c *customs) fitting(w *town) *fitting {
	f := &fitting{w: w, c: c, times: c.times(w), known: map[[3]int]float64{}}
	for _, r := range w.residents {
		f.zone = append(f.zone, r.rhythmOf(c.manners, c.rate(r), c.has("E3")).zone)
		f.openly = append(f.openly, c.openly(r))
	}
	for i, p := range w.personas {
		dates := make([]float64, len(w.residents))
		for j, r := range w.residents {
			if c.has("E2r") {
				dates[j] = c.served[w.servedBin(i, r)]
			}
		}
		f.dates, f.speaks = append(f.dates, dates), append(f.speaks, c.speaks(p, w.second(i)))
	}
	missing := [2]float64{0.05, 0.3} // that there is no mask at all, by epoch
	for e := range f.silent {
		for _, rate := range rates.value {
			for k, share := range maskShares.value {
				few := math.Exp(-rate * share * c.posts * persona{}.lived(e == 1))
				f.silent[e] = append(f.silent[e], maskShares.chance[k]+math.Log(few+missing[e]))
			}
		}
	}
	return f
}

// speaks is how likely it is, by rates and shares, that a persona does as much as it does.
func (c *customs) speaks(p persona, second bool) (logs []float64) {
	days := p.lived(second)
	for _, rate := range rates.value {
		for k, share := range maskShares.value {
			l := maskShares.chance[k] + logPoisson(p.posts, rate*share*c.posts*days)
			if c.has("E2") {
				l += logPoisson(p.praise, rate*oftenCustomary*c.praise*days)
			}
			if c.has("E3") {
				l += logPoisson(len(p.calls), rate*c.visits*days)
			}
			logs = append(logs, l)
		}
	}
	return logs
}

// of is how likely it is that a resident has these masks of the two epochs.
func (f *fitting) of(resident, first, second int) float64 {
	key := [3]int{resident, first, second}
	if l, ok := f.known[key]; ok {
		return l
	}
	zone := f.zone[resident]
	much := [2][]float64{f.silent[0], f.silent[1]}
	l := 0.
	for e, p := range [2]int{first, second} {
		if p == nobody {
			continue
		}
		for z := range zones {
			zone[z] += f.times[p][resident][z]
		}
		much[e] = f.speaks[p]
		l += f.dates[p][resident]
	}
	if first != nobody && second != nobody && f.c.has("E2r") {
		l += f.c.chain[f.w.chainBin(first, second)]
	}
	logs := make([]float64, len(much[0]))
	for i := range logs {
		logs[i] = f.openly[resident][i/len(maskShares.value)] + much[0][i] + much[1][i] - maskShares.chance[i%len(maskShares.value)]
	}
	l += total(zone[:]) + total(logs)
	f.known[key] = l
	return l
}

// rounds of the chain, for each resident.
const roundsEach = 3000

// sample walks through the assignments, each as often as it is likely (Metropolis et
// al. 1953; it begins hot), and tells of each persona how often it was with whom.
func (f *fitting) sample(r *rand.Rand) [][]float64 {
	n := len(f.w.residents)
	has := make([][2]int, n) // by resident, the masks of the two epochs
	for e := range 2 {
		at := r.Perm(n)
		for i := range n {
			has[at[i]][e] = nobody
			if i < min(n, len(f.w.epochs[e])) {
				has[at[i]][e] = f.w.epochs[e][i]
			}
		}
	}
	often := make([][]float64, len(f.w.personas))
	for i := range often {
		often[i] = make([]float64, n)
	}
	rounds := roundsEach * n
	hot := rounds / 3
	for k := range rounds {
		heat := max(1, 1+6*(1-float64(k)/float64(hot)))
		f.swap(has, heat, r)
		if k >= hot && k%(n/2+1) == 0 {
			for i, masks := range has {
				for _, m := range masks {
					if m != nobody {
						often[m][i]++
					}
				}
			}
		}
	}
	return often
}

// swap lets two residents change one mask or both, if that is likely enough.
func (f *fitting) swap(has [][2]int, heat float64, r *rand.Rand) {
	i, j := r.IntN(len(has)), r.IntN(len(has))
	a, b := has[i], has[j]
	which := 1 + r.IntN(3) // the first, the second, both
	for e := range 2 {
		if which&(1<<e) != 0 {
			a[e], b[e] = b[e], a[e]
		}
	}
	if i == j || a == has[i] {
		return
	}
	gain := f.of(i, a[0], a[1]) + f.of(j, b[0], b[1]) - f.of(i, has[i][0], has[i][1]) - f.of(j, has[j][0], has[j][1])
	if gain >= 0 || r.Float64() < math.Exp(gain/heat) {
		has[i], has[j] = a, b
	}
}

// asPeopleLive gives, for each mask, the logarithm of how likely it is whose.
func (c *customs) asPeopleLive(w *town) [][]float32 {
	often := c.fitting(w).sample(rand.New(rand.NewPCG(uint64(len(w.personas)), 11)))
	says := make([][]float32, len(often))
	for i, each := range often {
		all := 0.
		for _, n := range each {
			all += n
		}
		for _, n := range each {
			says[i] = append(says[i], float32(math.Log((n+0.5)/(all+0.5*float64(len(each))))))
		}
	}
	return says
}
