package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"guildhall/internal/consultation/opinion"
	"guildhall/internal/consultation/polis"
)

// consultationCommand is "guildhall consultation".
type consultationCommand struct {
	Map     *consultationMapCommand     `arg:"subcommand" help:"Find the opinion groups of a consultation exported from Polis."`
	Compare *consultationCompareCommand `arg:"subcommand" help:"Hold the groups found against those that Polis recorded."`
}

// consultationMapCommand is "guildhall consultation map".
type consultationMapCommand struct {
	Dir string `arg:"positional,required" help:"Directory with comments.csv and votes.csv."`
}

// Run prints the map as JSON, and to the other stream what one should know of it.
func (c consultationMapCommand) Run(_ context.Context, s streams) error {
	e, err := readExport(c.Dir)
	if err != nil {
		return err
	}
	r := opinion.Map(opinion.Collect(e.Statements, e.Cast))
	if e.Left > 0 {
		fmt.Fprintf(s.err, "Lines that made no sense and were left out: %d\n", e.Left)
	}
	if r.TooFew() {
		fmt.Fprintf(s.err, "too few: %d people answered enough to be on the map. With fewer than %d, groups are not reliable.\n", r.OnTheMap(), opinion.Reliable)
	}
	return json.NewEncoder(s.out).Encode(mapped(r))
}

// consultationCompareCommand is "guildhall consultation compare".
type consultationCompareCommand struct {
	Dirs []string `arg:"positional,required" placeholder:"DIR" help:"Directories with comments.csv, votes.csv and participants-votes.csv."`
}

// Run prints a line of JSON for each directory.
func (c consultationCompareCommand) Run(_ context.Context, s streams) error {
	for _, dir := range c.Dirs {
		e, err := readExport(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		b, err := os.ReadFile(filepath.Join(dir, "participants-votes.csv"))
		if err != nil {
			return err
		}
		recorded, err := polis.Groups(bytes.NewReader(b))
		if err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		begun := time.Now()
		r := opinion.Map(opinion.Collect(e.Statements, e.Cast))
		took := time.Since(begun)
		err = json.NewEncoder(s.out).Encode(compared(filepath.Base(dir), len(r.Statements), took, polis.Compare(r, recorded)))
		if err != nil {
			return err
		}
	}
	return nil
}

// comparedJSON is one consultation held against its record.
type comparedJSON struct {
	Consultation string  `json:"consultation"`
	Statements   int     `json:"statements"`
	Compared     int     `json:"compared"`
	Groups       int     `json:"groups"`
	Recorded     int     `json:"recorded"`
	Rand         float64 `json:"rand"`
	Seconds      float64 `json:"seconds"`
	Note         string  `json:"note,omitempty"`
}

// compared puts a comparison into words.
func compared(name string, statements int, took time.Duration, c polis.Comparison) comparedJSON {
	j := comparedJSON{name, statements, c.Compared, c.Groups, c.Recorded, math.Round(c.Rand*1000) / 1000, math.Round(took.Seconds()*1000) / 1000, ""}
	switch {
	case c.TooFew:
		j.Note = "too few: groups this small are not reliable, neither ours nor the recorded"
	case c.Sparse*10 > c.Compared+c.Sparse:
		j.Note = fmt.Sprintf("recorded by another method: %d people have a group who answered too little to be on a map", c.Sparse)
	}
	return j
}

// readExport reads an exported consultation from its directory.
func readExport(dir string) (_ polis.Export, err error) {
	comments, err := os.Open(filepath.Join(dir, "comments.csv"))
	if err != nil {
		return polis.Export{}, err
	}
	defer func() { err = errors.Join(err, comments.Close()) }()
	votes, err := os.Open(filepath.Join(dir, "votes.csv"))
	if err != nil {
		return polis.Export{}, err
	}
	defer func() { err = errors.Join(err, votes.Close()) }()
	return polis.Read(comments, votes)
}

// A map as other programs read it. The names of fields are fixed.
type (
	mapJSON struct {
		Participants map[string]personJSON `json:"participants"`
		Groups       int                   `json:"groups"`
		Consensus    []scoreJSON           `json:"consensus"`
		Divisive     []scoreJSON           `json:"divisive"`
	}
	personJSON struct {
		Group *int    `json:"group"` // null when somebody answered too little
		X     float64 `json:"x"`
		Y     float64 `json:"y"`
	}
	scoreJSON struct {
		Statement string  `json:"statement"`
		Score     float64 `json:"score"`
	}
)

// mapped puts a result into words for other programs.
func mapped(r opinion.Result) mapJSON {
	m := mapJSON{Participants: make(map[string]personJSON, len(r.People)), Groups: len(r.Groups), Consensus: []scoreJSON{}, Divisive: []scoreJSON{}}
	for _, p := range r.People {
		j := personJSON{X: p.X, Y: p.Y}
		if p.Group != opinion.Nobody {
			j.Group = &p.Group
		}
		m.Participants[p.ID] = j
	}
	for _, t := range r.Uniting() {
		m.Consensus = append(m.Consensus, scoreJSON{t.ID, t.Consensus})
	}
	for _, t := range r.Dividing() {
		m.Divisive = append(m.Divisive, scoreJSON{t.ID, t.Divide})
	}
	return m
}
