package search

import (
	"strings"
	"unicode/utf8"
)

const maxClauses = 16

// clause is one word, or several in a row, of a query.
type clause struct {
	words []word
	not   bool
	or    []string // other words as good as the only one
}

// parsed is a query's text, understood.
type parsed struct {
	text    string // cut to MaxQuery
	clauses []clause
	words   []word // of all clauses that must be there, in order
	prefix  bool   // the last clause is a plain word still being written
}

// parse understands a query; it never fails.
func parse(s string) parsed {
	p := parsed{text: cut(strings.ToValidUTF8(s, " "), MaxQuery)}
	s = p.text
	for i := 0; i < len(s) && len(p.clauses) < maxClauses; {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case strings.ContainsRune(" \t\n", r):
			i += size
		default:
			i = p.clause(i)
		}
	}
	p.settle()
	return p
}

// clause reads what begins at i and tells where it ends.
func (p *parsed) clause(i int) int {
	s, not := p.text, false
	if r, size := utf8.DecodeRuneInString(s[i:]); r == '-' || r == '−' {
		not = true
		i += size
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	end, phrase := len(s), false
	if q, ok := closing[r]; ok && size > 0 {
		phrase = true
		i += size
		if n := strings.IndexFunc(s[i:], func(c rune) bool { return strings.ContainsRune(q, c) }); n >= 0 {
			end = i + n
		}
	} else if n := strings.IndexAny(s[i:], " \t\n\"“«"); n >= 0 {
		end = i + n
	}
	p.add(i, end, not, phrase)
	if phrase && end < len(s) {
		_, size = utf8.DecodeRuneInString(s[end:])
		end += size
	}
	return end
}

// closing names the signs that end what a sign of quotation began.
var closing = map[rune]string{'"': `"“”`, '“': `”"“`, '”': `”"`, '„': `“”"`, '«': `»"`}

// add keeps the words between from and end. Words glued together by a sign, as
// in e-mail or 2020-06-26, must stand in a row too.
func (p *parsed) add(from, end int, not, phrase bool) {
	c := clause{not: not}
	scan(p.text[from:end], func(w word) bool {
		w.from, w.to = w.from+from, w.to+from
		c.words = append(c.words, w)
		return len(c.words) < maxClauses
	})
	if len(c.words) > 0 {
		p.clauses = append(p.clauses, c)
		p.prefix = !phrase && !not && len(c.words) == 1
	}
}

// settle drops what is said twice and collects the words to be found.
func (p *parsed) settle() {
	if n := len(p.clauses); n > 0 {
		last := p.clauses[n-1].words
		p.prefix = p.prefix && last[len(last)-1].to == len(p.text) && utf8.RuneCountInString(last[0].fold) >= 2
	}
	for _, c := range p.clauses {
		if !c.not {
			p.words = append(p.words, c.words...)
		}
	}
}

// cut gives the first n characters of s, without blanks around them.
func cut(s string, n int) string {
	s = strings.TrimSpace(s)
	for i := range s {
		if n--; n < 0 {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// expression is a query for an engine's index.
type expression struct {
	must [][]string // in a row each; or any of, when it is an or
	any  []bool     // by must: any of the words instead of all in a row
	not  [][]string
}

func (e *expression) row(words ...string) {
	e.must, e.any = append(e.must, words), append(e.any, false)
}

func (e *expression) either(words ...string) {
	e.must, e.any = append(e.must, words), append(e.any, true)
}

// fts5 writes the expression for SQLite. Words hold nothing to be quoted.
func (e expression) fts5() string {
	var b strings.Builder
	for i, words := range e.must {
		if i > 0 {
			b.WriteString(" AND ")
		}
		if e.any[i] {
			b.WriteString(`("` + strings.Join(words, `" OR "`) + `")`)
		} else {
			b.WriteString(`"` + strings.Join(words, " ") + `"`)
		}
	}
	if len(e.not) == 0 {
		return b.String()
	}
	out := "(" + b.String() + ")"
	for _, words := range e.not {
		out += ` NOT "` + strings.Join(words, " ") + `"`
	}
	return out
}

// tsquery writes the expression for PostgreSQL.
func (e expression) tsquery() string {
	var parts []string
	for i, words := range e.must {
		by := " <-> "
		if e.any[i] {
			by = " | "
		}
		parts = append(parts, group(words, by))
	}
	for _, words := range e.not {
		parts = append(parts, "!"+group(words, " <-> "))
	}
	return strings.Join(parts, " & ")
}

func group(words []string, by string) string {
	return "('" + strings.Join(words, "'"+by+"'") + "')"
}
