package search

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"guildhall/internal/db"
)

// wordsOf is a text as the index sees it, the same for both engines: its tags;
// the words of its title, marked as such; and, so that they are found like any
// other, the words of title and text. see is told what belongs to the vocabulary:
// words with the way they are written, and the tags that many texts share.
func wordsOf(d Document, see func(fold, written string)) []string {
	words := make([]string, 0, 16+len(d.Text)/6)
	words = append(words, tag(ofAuthor, string(d.Author)))
	words = append(words, tag(ofKind, d.Kind.String()))
	if d.Lang != "" {
		words = append(words, langTag(d.Lang))
	}
	for _, t := range d.Topics {
		words = append(words, tag(ofTopic, t))
	}
	for _, w := range words[1:] {
		see(w, "")
	}
	size := 0
	add := func(text, sign string) {
		words = append(words, seam)
		scan(text, func(w word) bool {
			words = append(words, sign+w.fold)
			if sign == "" {
				see(w.fold, text[w.from:w.to])
			}
			size += len(w.fold)
			return len(words) < maxWords && size < maxBytes
		})
	}
	if d.Kind != Post {
		add(d.Title, titleSign)
		add(d.Title, "")
	}
	add(d.Text, "")
	return words
}

// langTag leaves the region out: who looks for Spanish means any.
func langTag(lang string) string {
	base, _, _ := strings.Cut(lang, "-")
	return tag(ofLang, strings.ToLower(base))
}

// vector writes words as a tsvector: each with the places where it stands.
func vector(words []string) string {
	at := make(map[string][]int, len(words))
	for i, w := range words {
		if p := at[w]; len(p) < 255 { // PostgreSQL keeps no more
			at[w] = append(p, i+1)
		}
	}
	b := make([]byte, 0, 16*len(words))
	for w, places := range at {
		b = append(append(append(b, '\''), w...), '\'')
		for i, p := range places {
			sep := byte(',')
			if i == 0 {
				sep = ':'
			}
			b = strconv.AppendInt(append(b, sep), int64(p), 10)
		}
		b = append(b, ' ')
	}
	return string(b)
}

// cutting is texts with the words that the index is given of each.
type cutting struct {
	docs  []Document
	words []string // of each text, as the engine takes them
	terms *terms
}

func (c cutting) refs() []Ref {
	refs := make([]Ref, len(c.docs))
	for i, d := range c.docs {
		refs[i] = d.Ref
	}
	return refs
}

// cutUp cuts texts into words, on all cores when they are many.
func cutUp(docs []Document, engine db.Engine) cutting {
	workers := min(runtime.NumCPU(), 1+len(docs)/200)
	c := cutting{docs: docs, words: make([]string, len(docs))}
	counted := make([]*terms, workers)
	var wg sync.WaitGroup
	for w := range workers {
		from, to := w*len(docs)/workers, (w+1)*len(docs)/workers
		wg.Go(func() {
			counted[w] = newTerms()
			for i := from; i < to; i++ {
				c.words[i] = counted[w].cut(docs[i], engine)
			}
		})
	}
	wg.Wait()
	for _, more := range counted[1:] {
		counted[0].add(more)
	}
	c.terms = counted[0]
	return c
}

// cut is one text as the engine takes it. Words hold nothing that JSON would have
// to quote.
func (t *terms) cut(d Document, engine db.Engine) string {
	t.texts++
	words := wordsOf(d, t.see)
	if engine == db.Postgres {
		return vector(words)
	}
	return strings.Join(words, " ")
}

// row is what the index is given of one text, as JSON.
func (e entry) row() string { return "[" + strconv.FormatInt(e.num, 10) + `,"` + e.words + `"]` }

// terms counts in how many of the texts on their way into the index a word is.
type terms struct {
	texts int
	words map[string]*term
}

type term struct {
	shape string
	n     int64
	last  int // the text that was counted last
}

func newTerms() *terms { return &terms{words: map[string]*term{}} }

func (t *terms) see(fold, written string) {
	c := t.words[fold]
	if c == nil {
		c = &term{shape: shape(fold, written)}
		t.words[fold] = c
	}
	if c.last != t.texts {
		c.last = t.texts
		c.n++
	}
}

// add joins what was counted of other texts.
func (t *terms) add(more *terms) {
	for w, m := range more.words {
		if c := t.words[w]; c != nil {
			c.n += m.n
		} else {
			t.words[w] = m
		}
	}
}

// shape is how a word of the vocabulary is shown: as it was first written, but
// small and without the marks of Arabic vowels.
func shape(fold, written string) string {
	s := strings.Map(func(r rune) rune {
		if r == tatweel || r >= 0x064B && r <= 0x065F || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, written)
	if len(s) > 2*maxWord {
		return fold
	}
	return s
}

func (r *Room) termsTx(ctx context.Context, t *terms) error {
	words := slices.Sorted(maps.Keys(t.words)) // neighbours together, and in one order for all
	return forEach(words, 2000, func(part []string) error {
		rows := make([][3]any, len(part))
		for i, w := range part {
			rows[i] = [3]any{w, t.words[w].shape, t.words[w].n}
		}
		_, err := r.db.Exec(ctx, qTermAdd, list(rows))
		return err
	})
}
