package opinion

import (
	"cmp"
	"slices"
)

// Choice is what somebody says to a statement.
type Choice int8

// The three answers. No answer at all is no Cast.
const (
	Disagree Choice = -1
	Pass     Choice = 0
	Agree    Choice = 1
)

// Statement is a column: something one may agree with.
type Statement struct {
	ID string
	// Out tells that moderation took it out: votes on it count as taking part,
	// but move nobody on the map.
	Out bool
}

// Cast is one answer of one person. Of several on the same statement the last counts.
type Cast struct {
	Person, Statement string
	Choice            Choice
}

// Votes is who said what, with most of it missing: nobody answers everything.
// People and statements lie in the order of their ids, so that the same votes in
// another order are the same Votes.
type Votes struct {
	people     []string
	statements []Statement
	rows       [][]cell // one for each person, by statement
	cast       []int    // answers of each person, those on statements taken out with them
}

// cell is one answer, at a column.
type cell struct {
	at     int
	choice Choice
}

// Collect sorts answers into rows. A statement that only an answer names is taken
// in as well; people who answered nothing are nobody here.
func Collect(statements []Statement, cast []Cast) *Votes {
	v := &Votes{statements: distinct(statements, cast)}
	column := make(map[string]int, len(v.statements))
	for i, s := range v.statements {
		column[s.ID] = i
	}
	last := make(map[string]map[int]Choice)
	for _, c := range cast {
		if last[c.Person] == nil {
			last[c.Person] = make(map[int]Choice)
			v.people = append(v.people, c.Person)
		}
		last[c.Person][column[c.Statement]] = c.Choice
	}
	slices.SortFunc(v.people, byID)
	v.rows, v.cast = make([][]cell, len(v.people)), make([]int, len(v.people))
	for i, p := range v.people {
		v.cast[i] = len(last[p])
		for at, choice := range last[p] {
			if !v.statements[at].Out {
				v.rows[i] = append(v.rows[i], cell{at, choice})
			}
		}
		slices.SortFunc(v.rows[i], func(a, b cell) int { return a.at - b.at })
	}
	return v
}

// distinct returns the statements, and those that only answers name, by id.
func distinct(statements []Statement, cast []Cast) []Statement {
	all := make(map[string]Statement, len(statements))
	for _, c := range cast {
		all[c.Statement] = Statement{ID: c.Statement}
	}
	for _, s := range statements {
		all[s.ID] = s
	}
	list := make([]Statement, 0, len(all))
	for _, s := range all {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b Statement) int { return byID(a.ID, b.ID) })
	return list
}

// byID orders numbers as numbers, before everything else, which goes by its bytes.
func byID(a, b string) int {
	an, bn := isNumber(a), isNumber(b)
	switch {
	case an && bn:
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	case an != bn:
		if an {
			return -1
		}
		return 1
	}
	return cmp.Compare(a, b)
}

// isNumber tells a whole number written without leading zeros.
func isNumber(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s == "0" || (s != "" && s[0] != '0')
}
