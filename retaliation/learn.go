package main

import (
	"math"
	"sort"
)

// lore is what an adversary has learnt from halls of which he knows the truth: how
// often the author was there in each bin around traces of each pair of kinds. Kinds
// of one class (of the same level and grain, beside the same presence) lend each
// other what they have learnt, so that one that is seldom seen is not believed.
type lore struct {
	v     *vocabulary
	level func(kind string) bool
	files bool
	near  map[uint16]*[bins]float64 // logit of the author's presence
	more  map[uint16]*[bins]float64 // and by how much it is above everybody's
	rows  []order                   // pairs of tables whose orders may have to do with each other
	lives *customs
}

// caution is how many traces of a kind weigh as much as its class.
const caution = 20

// With heard, how devices hold back is taken from there.
func learn(v *vocabulary, halls []sheet, level func(kind string) bool, files bool, heard *lore) *lore {
	l := &lore{v: v, level: level, files: files, near: map[uint16]*[bins]float64{}, more: map[uint16]*[bins]float64{}}
	kinds, classes := map[uint16]*[bins]sum{}, map[string]*[bins]sum{}
	for _, h := range halls {
		for n, s := range h.sums {
			if !l.reads(n) {
				continue
			}
			class := v.pairs[n].class
			if kinds[n] == nil {
				kinds[n] = new([bins]sum)
			}
			if classes[class] == nil {
				classes[class] = new([bins]sum)
			}
			for b := range bins {
				kinds[n][b].add(s[b])
				classes[class][b].add(s[b])
			}
		}
	}
	for n, s := range kinds {
		l.near[n], l.more[n] = new([bins]float64), new([bins]float64)
		for b := range bins {
			all := s[b].all / s[b].traces
			class := classes[v.pairs[n].class][b]
			usual := class.all / class.traces
			likely := logit((class.author+2*usual)/(class.traces+2)) - logit(usual) + logit(all)
			l.near[n][b] = logit((s[b].author + caution/(1+math.Exp(-likely))) / (s[b].traces + caution))
			l.more[n][b] = l.near[n][b] - logit(all)
		}
	}
	if files {
		l.rows = promisingOrders(halls)
	}
	var towns []*town
	for _, h := range halls {
		if h.town != nil {
			towns = append(towns, h.town)
		}
	}
	if len(towns) > 0 {
		var known *manners
		if heard != nil {
			known = &heard.lives.manners
		}
		l.lives = study(towns, level, known)
	}
	return l
}

func (s *sum) add(o sum) {
	s.author, s.all, s.traces = s.author+o.author, s.all+o.all, s.traces+o.traces
}

// reads tells whether this adversary has what a pair is made of.
func (l *lore) reads(n uint16) bool {
	return l.level(l.v.pairs[n].trace) && l.level(l.v.pairs[n].presence)
}

// lineup is one mask beside all suspects: what each feature says of each of them.
type lineup struct {
	truth int
	epoch int64
	says  map[string][]float32
}

// lineups reads all masks of a hall.
func (l *lore) lineups(s sheet) []lineup {
	all := make([]lineup, len(s.masks))
	for i, m := range s.masks {
		all[i] = l.lineup(s, m)
	}
	if l.lives != nil && s.town != nil {
		for i, says := range l.lives.asPeopleLive(s.town) {
			all[i].says["as people live"] = says
		}
	}
	return all
}

// lineup reads one mask of a hall.
func (l *lore) lineup(s sheet, m beside) lineup {
	u := lineup{m.truth, m.epoch, map[string][]float32{"as much": m.volume}}
	say := func(name string, i int, x float64) {
		if u.says[name] == nil {
			u.says[name] = make([]float32, len(m.clues))
		}
		u.says[name][i] += float32(x)
	}
	names := map[uint16]string{}
	for i, clues := range m.clues {
		for _, c := range clues {
			near := l.near[c.pair]
			if near == nil {
				continue
			}
			name, ok := names[c.pair]
			if !ok {
				name = l.v.pairs[c.pair].name()
				names[c.pair] = name
			}
			x := float64(c.n)*near[c.bin] + float64(c.odds)
			if c.bin == within {
				say("at once: "+name, i, x)
			} else {
				say("around: "+name, i, x)
			}
			say("oftener: "+name, i, float64(c.n)*l.more[c.pair][c.bin])
		}
	}
	if l.files {
		u.says["in common"] = m.shared
		for _, o := range l.rows {
			if xs := o.says(s, m); xs != nil {
				u.says[o.name()] = xs
			}
		}
	}
	return u
}

// promise is how much a feature promises by itself: the slope of the likelihood at
// no trust in anything, in standard errors.
type promise struct {
	name  string
	z, sd float64
}

// promising gives the features that promise most, the best first.
func promising(cases []lineup, most int) []promise {
	seen := map[string]*evidenceOf{}
	for _, u := range cases {
		for name, xs := range u.says {
			if seen[name] == nil {
				seen[name] = new(evidenceOf)
			}
			seen[name].add(xs, u.truth)
		}
	}
	var all []promise
	for name, e := range seen {
		if z := e.z(); z > 1.5 && e.cases >= 5 {
			all = append(all, promise{name, z, math.Sqrt(e.spread / float64(len(cases)))})
		}
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].z != all[j].z {
			return all[i].z > all[j].z
		}
		return all[i].name < all[j].name
	})
	return all[:min(len(all), most)]
}

// evidenceOf adds up what a feature says of authors beside what it says of everybody.
type evidenceOf struct {
	slope, spread float64
	cases         int
}

func (e *evidenceOf) add(xs []float32, truth int) {
	mean, square := 0., 0.
	for _, x := range xs {
		mean += float64(x) / float64(len(xs))
		square += float64(x) * float64(x) / float64(len(xs))
	}
	e.slope += float64(xs[truth]) - mean
	e.spread += max(0, square-mean*mean)
	e.cases++
}

func (e *evidenceOf) z() float64 {
	if e.spread < 1e-9 {
		return 0
	}
	return e.slope / math.Sqrt(e.spread)
}
