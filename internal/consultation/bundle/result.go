package bundle

import (
	"strconv"

	"guildhall/internal/consultation/opinion"
)

// Result is what the answers came to.
type Result struct {
	All       Map    `json:"all"`
	Newcomers int    `json:"newcomers"`         // people who are new, as About.Newcomers says
	Settled   *Map   `json:"settled,omitempty"` // without newcomers, where there are some and others
	Surge     *Surge `json:"surge,omitempty"`   // where many came at the very end
}

// Map is who thinks alike, and what unites and divides. With fewer than
// opinion.Reliable people on it there are no groups, only counts.
type Map struct {
	People     int     `json:"people"` // who answered anything at all
	Reliable   bool    `json:"reliable"`
	Places     []Place `json:"places"`
	Groups     []Group `json:"groups"`
	Statements []Tally `json:"statements"` // those that were not taken out
}

// Place is where somebody stands.
type Place struct {
	N     int     `json:"n"`
	Group int     `json:"group"` // from 1
	X     float64 `json:"x"`
	Y     float64 `json:"y"`
}

// Group is people who answer alike.
type Group struct {
	Size   int     `json:"size"`
	Voices []Voice `json:"voices"` // what sets it apart, the strongest first
}

// Voice is a statement that a group is for, or against, more than others.
type Voice struct {
	Statement int  `json:"statement"`
	Agree     bool `json:"agree"`
}

// Tally is what was said to a statement; counts are agree, disagree, pass.
type Tally struct {
	Statement int      `json:"statement"`
	All       [3]int   `json:"all"`
	Groups    [][3]int `json:"groups"`
	Consensus float64  `json:"consensus"` // group-informed; see package opinion
	Divide    float64  `json:"divide"`
}

// newMap writes down what was found.
func newMap(r opinion.Result) Map {
	m := Map{People: len(r.People), Reliable: !r.TooFew(), Places: []Place{}, Groups: []Group{}, Statements: []Tally{}}
	for _, t := range r.Statements {
		w := Tally{Statement: number(t.ID), All: counts(t.All), Groups: [][3]int{}}
		if m.Reliable {
			w.Consensus, w.Divide = t.Consensus, t.Divide
			for _, g := range t.Groups {
				w.Groups = append(w.Groups, counts(g))
			}
		}
		m.Statements = append(m.Statements, w)
	}
	if !m.Reliable {
		return m
	}
	for _, p := range r.People {
		if p.Group != opinion.Nobody {
			m.Places = append(m.Places, Place{number(p.ID), p.Group + 1, p.X, p.Y})
		}
	}
	for _, g := range r.Groups {
		w := Group{Size: g.Size, Voices: []Voice{}}
		for _, v := range g.Voices {
			w.Voices = append(w.Voices, Voice{number(v.Statement), v.Agree})
		}
		m.Groups = append(m.Groups, w)
	}
	return m
}

// number reads back what strconv.Itoa wrote.
func number(id string) int {
	n, _ := strconv.Atoi(id)
	return n
}

func counts(c opinion.Count) [3]int { return [3]int{c.Agree, c.Disagree, c.Pass} }

// Answers is how many answered.
func (t Tally) Answers() int { return t.All[0] + t.All[1] + t.All[2] }

// Share is which part of the answers agrees, from 0 to 1; nought without answers.
func Share(c [3]int) float64 { return part(c[0], c) }

func part(n int, c [3]int) float64 {
	if all := c[0] + c[1] + c[2]; all > 0 {
		return float64(n) / float64(all)
	}
	return 0
}

// Surge says that many came at the very end, as those do who are sent.
type Surge struct {
	Days  int `json:"days"`  // the last ones
	Came  int `json:"came"`  // people who first answered in them
	Total int `json:"total"` // people in all
}

const (
	// tenth of the days are the very end, at least one.
	tenth = 10
	// surgePeople is the fewest that are worth a word.
	surgePeople = 10
)

// surge looks for a rush at the end: of three days or more, the last tenth brought
// two fifths of the people or more.
func surge(days []int) *Surge {
	if len(days) < 3 {
		return nil
	}
	s := Surge{Days: (len(days) + tenth - 1) / tenth}
	for i, n := range days {
		s.Total += n
		if i >= len(days)-s.Days {
			s.Came += n
		}
	}
	if s.Came < surgePeople || 5*s.Came < 2*s.Total {
		return nil
	}
	return &s
}
