package polis

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"guildhall/internal/consultation/opinion"
)

// Most is how many lines of a file are read; a file with more is refused.
const Most = 5_000_000

// Export is one consultation as it was exported.
type Export struct {
	Statements []opinion.Statement
	Cast       []opinion.Cast // oldest first
	Flipped    bool           // -1 meant agreeing
	Left       int            // lines that made no sense and were left out
}

// Read reads both files. It fails when one of them is no table, lacks a column or has
// more than Most lines.
func Read(comments, votes io.Reader) (Export, error) {
	var e Export
	said, err := e.comments(comments)
	if err != nil {
		return Export{}, fmt.Errorf("comments.csv: %w", err)
	}
	ballots, err := e.votes(votes)
	if err != nil {
		return Export{}, fmt.Errorf("votes.csv: %w", err)
	}
	e.Flipped = flipped(said, ballots)
	for _, b := range ballots {
		if e.Flipped {
			b.Choice = -b.Choice
		}
		e.Cast = append(e.Cast, b.Cast)
	}
	return e, nil
}

// ballot is a vote with its time.
type ballot struct {
	opinion.Cast
	at int64
}

// counted is what an export says itself about how many agreed and disagreed.
type counted struct{ agrees, disagrees int }

// comments reads the statements, and what is said about each.
func (e *Export) comments(r io.Reader) (map[string]counted, error) {
	said := make(map[string]counted)
	err := e.table(r, []string{"comment-id"}, func(get func(string) string) bool {
		id := get("comment-id")
		if id == "" {
			return false
		}
		moderated, err := number(get("moderated"))
		e.Statements = append(e.Statements, opinion.Statement{ID: id, Out: err == nil && moderated < 0})
		agrees, err1 := number(get("agrees"))
		disagrees, err2 := number(get("disagrees"))
		if err1 == nil && err2 == nil {
			said[id] = counted{int(agrees), int(disagrees)}
		}
		return true
	})
	return said, err
}

// votes reads the votes, in the order in which they were cast. Of two at the same
// moment the one further down is the later.
func (e *Export) votes(r io.Reader) ([]ballot, error) {
	var ballots []ballot
	err := e.table(r, []string{"comment-id", "voter-id", "vote"}, func(get func(string) string) bool {
		statement, person := get("comment-id"), get("voter-id")
		vote, err := number(get("vote"))
		if statement == "" || person == "" || err != nil || vote < -1 || vote > 1 {
			return false
		}
		at, _ := number(get("timestamp")) // without one, where it stands in the file
		ballots = append(ballots, ballot{opinion.Cast{Person: person, Statement: statement, Choice: opinion.Choice(vote)}, at})
		return true
	})
	slices.SortStableFunc(ballots, func(a, b ballot) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return 0
	})
	return ballots, err
}

// flipped finds out which sign means agreeing: the one that comes nearer to how many
// the export says agreed. Where it says nothing, 1 does.
func flipped(said map[string]counted, ballots []ballot) bool {
	last := make(map[[2]string]opinion.Choice)
	for _, b := range ballots {
		last[[2]string{b.Person, b.Statement}] = b.Choice
	}
	plus, minus := make(map[string]int), make(map[string]int)
	for key, c := range last {
		switch c {
		case opinion.Agree:
			plus[key[1]]++
		case opinion.Disagree:
			minus[key[1]]++
		}
	}
	asIs, other := 0, 0
	for id, s := range said {
		asIs += abs(s.agrees-plus[id]) + abs(s.disagrees-minus[id])
		other += abs(s.agrees-minus[id]) + abs(s.disagrees-plus[id])
	}
	return other < asIs
}

func abs(n int) int { return max(n, -n) }

// table reads a file with a line of column names and gives each further line to use,
// which reports whether it made sense. Names are compared without case, and with
// underscores and spaces as hyphens.
func (e *Export) table(r io.Reader, needed []string, use func(get func(string) string) bool) error {
	c := csv.NewReader(r)
	c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = -1, true, true
	head, err := c.Read()
	if err != nil {
		return fmt.Errorf("no table: %w", err)
	}
	at := make(map[string]int)
	for i, name := range head {
		at[column(name)] = i
	}
	for _, name := range needed {
		if _, there := at[name]; !there {
			return fmt.Errorf("there is no column %s", name)
		}
	}
	var record []string
	get := func(name string) string {
		if i, there := at[name]; there && i < len(record) {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	for lines := 0; ; lines++ {
		record, err = c.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !isSyntax(err):
			return err
		case lines == Most:
			return fmt.Errorf("more than %d lines", Most)
		case err != nil || !use(get):
			e.Left++
		}
	}
}

// isSyntax tells a line that cannot be read from a file that cannot.
func isSyntax(err error) bool {
	var p *csv.ParseError
	return errors.As(err, &p)
}

// column folds the name of a column.
func column(name string) string {
	name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
	return strings.NewReplacer("_", "-", " ", "-").Replace(name)
}

// number reads a whole number, also where a spreadsheet made 1.0 of it.
func number(s string) (int64, error) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, fmt.Errorf("%q is no whole number", s)
	}
	return int64(f), nil
}
