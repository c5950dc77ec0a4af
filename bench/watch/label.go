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
