package forum

import (
	"context"
	"time"
	"unicode"

	"github.com/sergi/go-diff/diffmatchpatch"

	"guildhall/internal/fault"
)

// Diff tells what changed from one revision to another, word by word. Faults:
// NotFound.
func (r *Room) Diff(ctx context.Context, a Actor, t Thing, from, to int) (d Difference, err error) {
	defer fault.Wrap(&err, "forum.Diff(%s %s)", t.Kind, t.ID)
	if d.From, err = r.Revision(ctx, a, t, from); err != nil {
		return Difference{}, err
	}
	if d.To, err = r.Revision(ctx, a, t, to); err != nil {
		return Difference{}, err
	}
	d.Title, d.Text = Compare(d.From.Title, d.To.Title), Compare(d.From.Source, d.To.Source)
	return d, nil
}

// Compare tells what changed from one text to another, word by word: all Same
// and Removed segments together are the old text, all Same and Added the new.
func Compare(old, text string) []Segment {
	if old == "" && text == "" {
		return nil
	}
	book := dictionary{number: map[string]rune{}}
	a, b := book.spell(old), book.spell(text)
	m := diffmatchpatch.New()
	m.DiffTimeout = patience
	var out []Segment
	for _, d := range m.DiffMainRunes(a, b, false) {
		var s []byte
		for _, r := range d.Text {
			s = append(s, book.words[book.index(r)]...)
		}
		out = append(out, Segment{Op(d.Type), string(s)})
	}
	return joined(out)
}

// joined takes single spaces that stayed between two changes into them, so that
// a rewritten sentence reads as one, and puts removals before additions.
func joined(list []Segment) []Segment {
	var out []Segment
	var removed, added string
	flush := func() {
		if removed != "" {
			out = append(out, Segment{Removed, removed})
		}
		if added != "" {
			out = append(out, Segment{Added, added})
		}
		removed, added = "", ""
	}
	for i, s := range list {
		switch {
		case s.Op == Removed:
			removed += s.Text
		case s.Op == Added:
			added += s.Text
		case s.Text == " " && removed != "" && added != "" && i+1 < len(list):
			removed, added = removed+" ", added+" "
		default:
			flush()
			out = append(out, s)
		}
	}
	flush()
	return out
}

// patience is how long the shortest difference is looked for; two long texts
// without a common word get a coarser one.
const patience = 200 * time.Millisecond

// dictionary numbers words, so that a difference of words is one of runes.
type dictionary struct {
	number map[string]rune
	words  []string
}

// first is where the private numbers begin: above all surrogates, so that every
// number is a rune that survives being a string.
const first = 0xE000

func (d *dictionary) index(r rune) int { return int(r - first) }

// spell writes a text with one rune a word, a run of spaces or a sign.
func (d *dictionary) spell(s string) []rune {
	var out []rune
	for _, w := range split(s) {
		n, known := d.number[w]
		if !known {
			n = first + rune(len(d.words))
			if n == unicode.ReplacementChar {
				d.words = append(d.words, "") // this number means something else
				n++
			}
			d.number[w] = n
			d.words = append(d.words, w)
		}
		out = append(out, n)
	}
	return out
}

// split cuts a text into words, runs of spaces, and single signs.
func split(s string) []string {
	var out []string
	start, kind := 0, -1
	for i, r := range s {
		k := 2
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '’', r == '\'':
			k = 0
		case unicode.IsSpace(r):
			k = 1
		}
		if i > start && (k != kind || k == 2) {
			out = append(out, s[start:i])
			start = i
		}
		kind = k
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}
