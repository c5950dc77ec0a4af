package polis

import (
	"fmt"
	"io"

	"guildhall/internal/consultation/opinion"
)

// Comparison is how our groups agree with those that were recorded.
type Comparison struct {
	Compared int     // people who have a group both in ours and in theirs
	Groups   int     // how many groups we found
	Recorded int     // how many were recorded
	Rand     float64 // adjusted Rand index
	TooFew   bool    // the groups mean nothing anyway
	// Sparse is how many people have a recorded group although they answered too
	// little for one. Where they are many, the record was made by another method.
	Sparse int
}

// Groups reads participants-votes.csv: who was in which group, those without one
// left out. It fails as Read does.
func Groups(participants io.Reader) (map[string]string, error) {
	groups := make(map[string]string)
	var e Export
	err := e.table(participants, []string{"participant", "group-id"}, func(get func(string) string) bool {
		if g := get("group-id"); g != "" {
			groups[get("participant")] = g
		}
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("participants-votes.csv: %w", err)
	}
	return groups, nil
}

// Compare holds a result against recorded groups.
func Compare(r opinion.Result, recorded map[string]string) Comparison {
	c := Comparison{Groups: len(r.Groups), TooFew: r.TooFew()}
	var ours []int
	var theirs []string
	different := make(map[string]bool)
	for _, g := range recorded {
		different[g] = true
	}
	for _, p := range r.People {
		g, there := recorded[p.ID]
		switch {
		case there && p.Group != opinion.Nobody:
			ours, theirs = append(ours, p.Group), append(theirs, g)
		case there:
			c.Sparse++
		}
	}
	c.Compared, c.Recorded, c.Rand = len(ours), len(different), opinion.Rand(ours, theirs)
	return c
}
