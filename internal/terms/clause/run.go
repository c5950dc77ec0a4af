package clause

import (
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// run is one place where two clauses differ: words that stood there, and words
// that stand there now. lead and tail are the words around it.
type run struct {
	old, new         []word
	lead, tail       []word
	oldSpot, newSpot spot
}

func (r run) size() int { return len(r.old) + len(r.new) }

// leadWords and tailWords are how many words around a place are looked at.
const (
	leadWords = 20
	tailWords = 3
)

// longest is the length in words from which on two clauses are not compared
// word by word: no clause is as long, only a text without paragraphs.
const longest = 6000

// step is a piece of the comparison of two rows of words.
type step struct {
	kind     diffmatchpatch.Operation
	from, to int // in the old row for deletions, in the new one otherwise
}

// steps compares two rows of words, each word as one letter.
func steps(old, now []word) (out []step) {
	letters := map[uint64]rune{}
	d := diffmatchpatch.New()
	d.DiffTimeout = 0 // the same result on every machine
	o, n := 0, 0
	for _, df := range d.DiffMainRunes(asRunes(old, letters), asRunes(now, letters), false) {
		k := len([]rune(df.Text))
		switch df.Type {
		case diffmatchpatch.DiffDelete:
			out = append(out, step{df.Type, o, o + k})
			o += k
		case diffmatchpatch.DiffInsert:
			out = append(out, step{df.Type, n, n + k})
			n += k
		default:
			out = append(out, step{df.Type, n, n + k})
			o, n = o+k, n+k
		}
	}
	return out
}

func asRunes(ws []word, known map[uint64]rune) []rune {
	out := make([]rune, len(ws))
	for i, w := range ws {
		r, ok := known[w.hash]
		if !ok {
			if r = rune(len(known) + 1); r >= 0xd800 { // letters that are half letters
				r += 0x800
			}
			known[w.hash] = r
		}
		out[i] = r
	}
	return out
}

// runs are the places where a pair differs, as far as the words are not said
// elsewhere in the other text.
func (j *judge) runs(p pair) []run {
	switch {
	case p.old == nil:
		return loose(p.new, j.after, func(r *run, at int) {
			r.new = append(r.new, p.new.words[at])
			r.newSpot.add(p.new.words, at, at+1)
		})
	case p.new == nil:
		return loose(p.old, j.before, func(r *run, at int) {
			r.old = append(r.old, p.old.words[at])
			r.oldSpot.add(p.old.words, at, at+1)
		})
	case len(p.old.words) > longest || len(p.new.words) > longest:
		return append(j.runs(pair{old: p.old, sort: Removed}), j.runs(pair{new: p.new, sort: New})...)
	}
	var out []run
	var r run
	flush := func() {
		if r.size() > 0 {
			out = append(out, r)
		}
		r = run{}
	}
	for _, s := range steps(p.old.words, p.new.words) {
		switch s.kind {
		case diffmatchpatch.DiffDelete:
			r.lead = lead(p.old.words, s.from, r.lead)
			r.oldSpot.add(p.old.words, s.from, s.to)
			for i := s.from; i < s.to; i++ {
				if j.before.fresh[p.old.from+i] {
					r.old = append(r.old, p.old.words[i])
				}
			}
		case diffmatchpatch.DiffInsert:
			r.lead = lead(p.new.words, s.from, r.lead)
			r.newSpot.add(p.new.words, s.from, s.to)
			for i := s.from; i < s.to; i++ {
				if j.after.fresh[p.new.from+i] {
					r.new = append(r.new, p.new.words[i])
				}
			}
		default:
			r.tail = p.new.words[s.from:min(s.to, s.from+tailWords)]
			flush()
		}
	}
	flush()
	return out
}

// loose gathers the new words of a clause without a partner.
func loose(c *Clause, a aligned, put func(*run, int)) (out []run) {
	var r run
	for i := range c.words {
		if a.fresh[c.from+i] {
			r.lead = lead(c.words, i, r.lead)
			put(&r, i)
		} else if r.size() > 0 {
			r.tail = c.words[i:min(len(c.words), i+tailWords)]
			out, r = append(out, r), run{}
		}
	}
	if r.size() > 0 {
		out = append(out, r)
	}
	return out
}

// lead is what stands before place at; the first answer for a run counts.
func lead(ws []word, at int, known []word) []word {
	if known != nil {
		return known
	}
	return ws[max(0, at-leadWords):at:at]
}

func joined(ws []word) string {
	var b strings.Builder
	for _, w := range ws {
		b.WriteString(w.text)
	}
	return b.String()
}
