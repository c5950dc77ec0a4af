package main

import (
	"math"
	"slices"
)

// customs are what an adversary learns of a kind of hall from others of which he knows
// the truth, beside how people live.
type customs struct {
	has func(kind string) bool // what he has
	manners
	posts, praise, calls, visits float64         // done a day, by what habits let expect
	told, deeds                  float64         // likewise, by accounts
	served                       map[int]float64 // what the week of a right says for a mask
	chain                        map[int]float64 // what a renewal says for a later mask
}

// oftenCustomary is what is expected a visit of what everybody does equally often; how
// often it is then seen is learnt.
const oftenCustomary = 0.25

// study learns from towns; manners too, unless they are known from others.
func study(towns []*town, has func(string) bool, known *manners) *customs {
	c := &customs{has: has, manners: manners{1, 0}, served: map[int]float64{}, chain: map[int]float64{}}
	var posts, praise, calls, visits, told, deeds, days, people float64
	served, chain := map[int]*tally{}, map[int]*tally{}
	for _, w := range towns {
		for _, r := range w.residents {
			calls += float64(len(r.calls))
			told += float64(len(r.told))
			deeds += float64(r.deeds)
			people++
		}
		for i, p := range w.personas {
			posts += float64(p.posts)
			praise += float64(p.praise)
			visits += float64(len(p.calls))
			days += p.lived(w.second(i))
			for j, r := range w.residents {
				note(served, w.servedBin(i, r), j == p.owner)
			}
		}
		for _, i := range w.epochs[0] {
			for _, j := range w.epochs[1] {
				note(chain, w.chainBin(i, j), w.personas[i].owner == w.personas[j].owner)
			}
		}
	}
	usual := visitsADay.middle * math.Exp(visitsADay.deviation*visitsADay.deviation/2)
	c.posts = posts / (usual * maskShare.middle * math.Exp(maskShare.deviation*maskShare.deviation/2) * days)
	c.praise, c.visits = praise/(usual*oftenCustomary*days), visits/(usual*days)
	c.calls, c.told, c.deeds = calls/(usual*liveDays*people), told/(usual*liveDays*people), deeds/(usual*liveDays*people)
	weigh(served, c.served)
	weigh(chain, c.chain)
	if known != nil {
		c.manners = *known
	} else {
		c.listen(towns)
	}
	return c
}

// tally counts how often something is so of a mask and its owner, and of others.
type tally struct{ own, other float64 }

func note(m map[int]*tally, bin int, own bool) {
	if m[bin] == nil {
		m[bin] = new(tally)
	}
	if own {
		m[bin].own++
	} else {
		m[bin].other++
	}
}

// weigh makes logarithms of likelihood ratios of counts; what was seldom seen says little.
func weigh(m map[int]*tally, to map[int]float64) {
	var all tally
	for _, t := range m {
		all.own, all.other = all.own+t.own, all.other+t.other
	}
	for bin, t := range m {
		usual := 3 * (t.own + t.other) / (all.own + all.other)
		to[bin] = math.Log((t.own+usual)/(all.own+3)) - math.Log((t.other+usual)/(all.other+3))
	}
}

// second tells whether a persona is of the second epoch.
func (w *town) second(i int) bool { return slices.Contains(w.epochs[1], i) }

// servedBin holds the night of a right against the birth of a mask, in weeks.
func (w *town) servedBin(i int, r resident) int {
	p := w.personas[i]
	born, right := int(p.born/hoursOfDay/7), int(r.served/hoursOfDay/7)
	return 16*min(born, 15) + min(right, 15)
}

// chainBin holds the renewal of one mask against the birth of another, in days.
func (w *town) chainBin(i, j int) int {
	p, next := w.personas[i], w.personas[j]
	if p.renewed == 0 {
		return -1
	}
	return max(0, min(30, int((next.born-p.renewed)/hoursOfDay)+1))
}

// listen learns how devices hold back: the manners under which acts fit their owners
// best, held against everybody.
func (c *customs) listen(towns []*town) {
	few := towns[:min(len(towns), mostListened)]
	best := c.fit(few)
	for _, hushed := range []float64{0.1, 0.3, 0.6, 1.5} {
		best = c.try(manners{hushed, c.beside}, few, best)
	}
	for _, beside := range []float64{0.05, 0.15, 0.4, 0.8} {
		best = c.try(manners{c.hushed, beside}, few, best)
	}
}

// try takes manners over that fit better.
func (c *customs) try(m manners, towns []*town, best float64) float64 {
	was := c.manners
	c.manners = m
	if fit := c.fit(towns); fit > best {
		return fit
	}
	c.manners = was
	return best
}

// mostListened is of how many halls manners are learnt; more change little.
const mostListened = 2

// fit is the logarithm of the likelihood of the owners by when something was done.
func (c *customs) fit(towns []*town) (sum float64) {
	for _, w := range towns {
		rows := c.times(w)
		for i, p := range w.personas {
			each := make([]float64, len(w.residents))
			for j := range w.residents {
				each[j] = total(rows[i][j][:])
			}
			sum += each[p.owner] - total(each)
		}
	}
	return sum
}

// times tells for each persona, resident and zone how likely the times of its acts are,
// the zone's own likelihood not counted.
func (c *customs) times(w *town) [][][zones]float64 {
	rows := make([][][zones]float64, len(w.personas))
	for i := range rows {
		rows[i] = make([][zones]float64, len(w.residents))
	}
	looked := make([][zones]float64, len(w.personas))
	for i, p := range w.personas {
		if c.has("E3") {
			looked[i] = w.looked(p)
		}
	}
	for j, r := range w.residents {
		y := r.rhythmOf(c.manners, c.rate(r), c.has("E3"))
		for i, p := range w.personas {
			for z := range zones {
				for _, a := range c.seen(p) {
					rows[i][j][z] += math.Log(y.likely(z, a))
				}
				rows[i][j][z] += looked[i][z]
			}
		}
	}
	return rows
}

// seen are the acts of a persona that he knows of; who watches has its visits instead.
func (c *customs) seen(p persona) (ts []trace) {
	if c.has("E3") {
		return p.calls
	}
	for _, a := range p.acts {
		if c.has(a.level) {
			ts = append(ts, a.trace)
		}
	}
	return ts
}

// rate is how often a resident is likely to come by, in visits a day.
func (c *customs) rate(r resident) float64 {
	logs := c.openly(r)
	normalise(logs)
	mean := 0.
	for i, l := range logs {
		mean += math.Exp(l) * rates.value[i]
	}
	return mean
}

// openly is how likely it is, by each rate of visits, that a resident does as much
// openly as she does.
func (c *customs) openly(r resident) []float64 {
	logs := make([]float64, len(rates.value))
	for i, rate := range rates.value {
		shares := make([]float64, len(openShares.value))
		for k, share := range openShares.value {
			shares[k] = openShares.chance[k] + logPoisson(len(r.open), rate*share*liveDays)
		}
		logs[i] = rates.chance[i] + total(shares) + logPoisson(len(r.told), rate*c.told*liveDays)
		if c.has("E2") {
			logs[i] += logPoisson(r.deeds, rate*c.deeds*liveDays)
		}
		if c.has("E3") {
			logs[i] += logPoisson(len(r.calls), rate*c.calls*liveDays)
		}
	}
	return logs
}
