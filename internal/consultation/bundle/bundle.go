package bundle

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"guildhall/internal/consultation/opinion"
)

// Format is the first line of every file, and of every hash.
const Format = "guildhall/consultation/1"

// The most a bundle holds: what a room lets in, and a little more than anybody has
// the patience for.
const (
	MaxStatements = 500
	MaxPeople     = 100_000
	MaxAnswers    = 10_000_000
)

// Bundle is a closed consultation.
type Bundle struct {
	About      About       `json:"consultation"`
	Statements []Statement `json:"statements"` // numbered from 1, in order
	People     []Person    `json:"participants"`
	Days       []int       `json:"days"` // how many first answered on each day, from the first to the last
	Result     Result      `json:"result"`
}

// About says what was asked, of whom, and when.
type About struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	Text       string `json:"text"` // Markdown, as it was written
	Lang       string `json:"lang"`
	Origin     string `json:"origin,omitempty"` // what it began from: kind/id
	Electorate string `json:"electorate"`
	Space      string `json:"space,omitempty"`     // whose masks were asked, by address
	Epoch      int    `json:"epoch,omitempty"`     // in which those masks were born
	Passes     *int   `json:"passes,omitempty"`    // how many masks were given one; nil for open profiles
	Newcomers  string `json:"newcomers,omitempty"` // who counts as new; empty in older ones: who joined in the 28 days in which it was opened, or later
	Opened     string `json:"opened"`              // RFC 3339, a day
	Closed     string `json:"closed"`              // RFC 3339, a moment
}

// Statement is one of those that people answered.
type Statement struct {
	N    int    `json:"n"`
	Text string `json:"text"`
	Seed bool   `json:"seed"`          // it was there from the beginning
	Out  string `json:"out,omitempty"` // why it was taken out; empty when it was not
}

// Person is what one person answered: a letter for each statement, + agree,
// - disagree, 0 pass, . nothing.
type Person struct {
	N       int    `json:"n"`
	New     bool   `json:"new"` // as About.Newcomers says
	Answers string `json:"answers"`
}

// letters are the answers a person may have.
var letters = map[byte]opinion.Choice{'+': opinion.Agree, '-': opinion.Disagree, '0': opinion.Pass}

// Letter writes one answer.
func Letter(c opinion.Choice) byte {
	switch c {
	case opinion.Agree:
		return '+'
	case opinion.Disagree:
		return '-'
	}
	return '0'
}

// Work works out the result from the answers, as the room does at closing and
// whoever checks it afterwards.
func Work(statements []Statement, people []Person, days []int) Result {
	r := Result{All: mapOf(statements, people, func(Person) bool { return true }), Surge: surge(days)}
	for _, p := range people {
		if p.New {
			r.Newcomers++
		}
	}
	if r.Newcomers > 0 && r.Newcomers < len(people) {
		m := mapOf(statements, people, func(p Person) bool { return !p.New })
		r.Settled = &m
	}
	return r
}

// mapOf maps some of the people.
func mapOf(statements []Statement, people []Person, in func(Person) bool) Map {
	columns := make([]opinion.Statement, len(statements))
	for i, s := range statements {
		columns[i] = opinion.Statement{ID: strconv.Itoa(s.N), Out: s.Out != ""}
	}
	var cast []opinion.Cast
	for _, p := range people {
		if !in(p) {
			continue
		}
		id := strconv.Itoa(p.N)
		for i := range len(p.Answers) {
			if c, given := letters[p.Answers[i]]; given {
				cast = append(cast, opinion.Cast{Person: id, Statement: columns[i].ID, Choice: c})
			}
		}
	}
	return newMap(opinion.Map(opinion.Collect(columns, cast)))
}

// parts are the hashes of the bundle's parts, by the names that Check uses.
var partNames = []string{"consultation", "statements", "participants", "days", "result"}

// parts hashes each part.
func (b Bundle) parts() (map[string]string, error) {
	hashes := make(map[string]string, len(partNames))
	for i, part := range []any{b.About, b.Statements, b.People, b.Days, b.Result} {
		text, err := json.Marshal(part)
		if err != nil {
			return nil, err
		}
		hashes[partNames[i]] = hash(Format, partNames[i], string(text))
	}
	return hashes, nil
}

// sum hashes the hashes of the parts: what stands in the log.
func sum(parts map[string]string) string {
	all := []string{Format}
	for _, name := range partNames {
		all = append(all, parts[name])
	}
	return hash(all...)
}

func hash(said ...string) string {
	h := sha256.Sum256([]byte(strings.Join(said, "\x00")))
	return base64.RawURLEncoding.EncodeToString(h[:])
}

// Sum is the bundle's hash, as it stands in the log.
func (b Bundle) Sum() (string, error) {
	parts, err := b.parts()
	return sum(parts), err
}
