package opinion

import "slices"

// Group is people who answer alike.
type Group struct {
	Size   int
	Voices []Voice // what sets it apart, the strongest first
}

// Result is what a consultation came to.
type Result struct {
	People     []Person // by id; those too who answered too little for a group
	Groups     []Group  // the largest first
	Statements []Tally  // by id, without those that moderation took out
}

// Map works it out. It never fails: nobody, or people who all say the same, give few
// groups or none.
func Map(v *Votes) Result {
	places := v.project()
	of, n := v.group(places)
	r := Result{People: make([]Person, len(places)), Groups: make([]Group, n), Statements: v.tallies(of, n)}
	for i, p := range places {
		r.People[i] = Person{v.people[i], of[i], p.x, p.y}
		if of[i] != Nobody {
			r.Groups[of[i]].Size++
		}
	}
	for g := range r.Groups {
		r.Groups[g].Voices = voices(r.Statements, g)
	}
	return r
}

// OnTheMap is how many people are in a group.
func (r Result) OnTheMap() int {
	n := 0
	for _, g := range r.Groups {
		n += g.Size
	}
	return n
}

// TooFew tells that the groups mean nothing, because so few people are in them.
func (r Result) TooFew() bool { return r.OnTheMap() < Reliable }

// Uniting lists the statements by consensus across groups, the strongest first.
// Those that nobody answered are left out.
func (r Result) Uniting() []Tally {
	return r.sorted(func(t Tally) bool { return t.All.Answers() > 0 }, func(t Tally) float64 { return t.Consensus })
}

// Dividing lists the statements on which groups differ for sure, the widest first.
func (r Result) Dividing() []Tally {
	return r.sorted(func(t Tally) bool { return t.Divide > 0 }, func(t Tally) float64 { return t.Divide })
}

// sorted lists some statements by a value, the highest first, then by id.
func (r Result) sorted(in func(Tally) bool, by func(Tally) float64) []Tally {
	var list []Tally
	for _, t := range r.Statements {
		if in(t) {
			list = append(list, t)
		}
	}
	slices.SortStableFunc(list, func(a, b Tally) int {
		switch {
		case by(a) > by(b):
			return -1
		case by(a) < by(b):
			return 1
		}
		return 0
	})
	return list
}
