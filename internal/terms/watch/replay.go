package watch

import (
	"path/filepath"
	"time"
)

// Replay is what a history says when it is looked at again, as `guildhall terms
// replay` prints it. Records are named by their place in history.json, from 0.
type Replay struct {
	Document       string      `json:"document"`
	Records        int         `json:"records"`
	Returns        int         `json:"returns"`         // records whose text stood in an earlier place
	ReturnsAlarmed int         `json:"returns_alarmed"` // of these, those an alarm names
	Alarms         []Announced `json:"alarms"`
}

// Announced is an alarm as it is printed.
type Announced struct {
	Record  int      `json:"record"`
	Class   string   `json:"class"`
	Clauses []string `json:"clauses"` // their names, in the order of the text
}

// ReplayDir replays the history in a directory.
func ReplayDir(dir string) (Replay, error) {
	records, err := ReadDir(dir)
	if err != nil {
		return Replay{}, err
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return Replay{}, err
	}
	return Summarise(filepath.Base(abs), records), nil
}

// Summarise replays a history that has been read.
func Summarise(document string, records []Record) Replay {
	_, alarms := Judge(records, time.Time{})
	out := Replay{Document: document, Records: len(records), Alarms: []Announced{}}
	returns := Returns(records)
	for i := range returns {
		if returns[i] {
			out.Returns++
		}
	}
	for _, a := range alarms {
		if returns[a.Record] {
			out.ReturnsAlarmed++
		}
		said := Announced{Record: a.Record, Class: Substantive.String(), Clauses: []string{}}
		for i := range a.Changes {
			said.Clauses = append(said.Clauses, a.Changes[i].Clause().Name())
		}
		out.Alarms = append(out.Alarms, said)
	}
	return out
}

// Returns tells of each record whether its text stood in an earlier place.
func Returns(records []Record) []bool {
	out, seen := make([]bool, len(records)), make(map[string]bool)
	for i := range records {
		out[i] = seen[records[i].Text]
		seen[records[i].Text] = true
	}
	return out
}
