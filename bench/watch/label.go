package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// labels are what a reader said of one history; see the README beside them.
type labels struct {
	Split   string  `json:"split"`
	Records []label `json:"records"`
}

// label is what a reader said of one record, or of several in a row.
type label struct {
	Record *int   `json:"record"`
	From   int    `json:"from"`
	To     int    `json:"to"`
	Label  string `json:"label"`
	Reason string `json:"reason"`
	Lasts  bool   `json:"lasts"`
	Doubt  string `json:"doubt"`
	First  string `json:"first"` // what the first reader said, where a third one decided
}

// second is what another reader said of a record, without seeing the label.
type second struct {
	Record int    `json:"record"`
	Label  string `json:"label"`
	Lasts  *bool  `json:"lasts"` // nil: true
	Doubt  string `json:"doubt"`
}

// readSeconds reads what the second reader said of a history, by record.
func readSeconds(path string) (map[int]label, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var list []second
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	said := map[int]label{}
	for _, s := range list {
		said[s.Record] = label{Label: s.Label, Lasts: s.Lasts == nil || *s.Lasts, Doubt: s.Doubt}
	}
	return said, nil
}

// agreement is how two readers of the same records agree.
type agreement struct {
	pairs map[[2]string]int
}

func (a *agreement) add(first label, other label) {
	if a.pairs == nil {
		a.pairs = map[[2]string]int{}
	}
	if first.First != "" {
		first.Label = first.First
	}
	a.pairs[[2]string{first.Label, other.Label}]++
}

func (a *agreement) merge(b agreement) {
	if a.pairs == nil {
		a.pairs = map[[2]string]int{}
	}
	for p, times := range b.pairs {
		a.pairs[p] += times
	}
}

// line is the share of labels that are alike, and Cohen's kappa: how much of what chance
// alone would not have made alike is (Cohen, "A coefficient of agreement for nominal
// scales", 1960).
func (a agreement) line() string {
	n, alike := 0, 0
	left, right := map[string]int{}, map[string]int{}
	for p, times := range a.pairs {
		n += times
		left[p[0]] += times
		right[p[1]] += times
		if p[0] == p[1] {
			alike += times
		}
	}
	if n == 0 {
		return ""
	}
	chance := 0.0
	for l, times := range left {
		chance += float64(times) * float64(right[l]) / float64(n*n)
	}
	return fmt.Sprintf("two readers: %d of %d labels alike, kappa %.2f", alike, n, (float64(alike)/float64(n)-chance)/(1-chance))
}

// due tells whether somebody should be told of the record.
func (l label) due() bool { return l.Label == "substantive" && l.Lasts }

func (l label) doubtful() string {
	if l.Doubt == "" {
		return ""
	}
	return "(in doubt: " + l.Doubt + ")"
}

func readLabels(path string) (labels, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return labels{}, err
	}
	var l labels
	if err := json.Unmarshal(raw, &l); err != nil {
		return labels{}, fmt.Errorf("%s: %w", path, err)
	}
	return l, nil
}

// of is the label of a record; the empty one when it has none.
func (l labels) of(record int) label {
	for _, r := range l.Records {
		if r.Record != nil && *r.Record == record || r.Record == nil && r.From <= record && record <= r.To {
			return r
		}
	}
	return label{Label: "none"}
}
