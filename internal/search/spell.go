package search

import (
	"context"
	"math/bits"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	fewResults   = 3                // up to so many, a query may have been misspelt
	remembered   = 50_000           // words kept in memory, the most common; about 5 MB
	fresh        = 10 * time.Minute // how long they serve
	freshSmall   = 5 * time.Second  // while the hall is small
	smallHall    = 5_000            // words
	shortWord    = 4                // letters up to which one mistake is allowed, not two
	leastLetters = 3
	farMore      = 20 // so many times more common must a word be to replace a known one
)

// vocabulary is the most common words of the index, in memory.
type vocabulary struct {
	words []known
	made  time.Time
}

type known struct {
	fold, shape string
	n           int64
	letters     int
	signature   uint64 // which letters it has, folded into 64
}

// meant proposes another spelling for a query that found little; empty when
// there is none that finds more.
func (r *Room) meant(ctx context.Context, q Query, s *sought, found int) (string, error) {
	if len(s.words) == 0 {
		return "", nil
	}
	v, err := r.words(ctx)
	if err != nil {
		return "", err
	}
	folds := foldsOf(s.words, "")
	counts, err := r.counts(ctx, folds)
	if err != nil {
		return "", err
	}
	text := s.text
	better := *s
	better.clauses = slices.Clone(s.clauses)
	better.more = nil
	changed := false
	for i := len(s.words) - 1; i >= 0; i-- { // from the end, so that places stay true
		w := s.words[i]
		k, ok := v.nearest(w.fold, counts[w.fold])
		if !ok {
			continue
		}
		changed = true
		text = text[:w.from] + k.shape + text[w.to:]
		better.replace(w, k.fold)
	}
	if !changed || utf8.RuneCountInString(text) > MaxQuery {
		return "", nil
	}
	// The vocabulary may know words of texts that are gone: only what finds
	// something is said.
	nums, err := r.match(ctx, better.expression(""), s.from, s.to, found+1)
	if err != nil || len(nums) <= found {
		return "", err
	}
	return r.stillThere(ctx, nums, text)
}

// stillThere gives text if one of the things may be seen.
func (r *Room) stillThere(ctx context.Context, nums []int64, text string) (string, error) {
	found, err := r.refs(ctx, qRefs, nums)
	if err != nil {
		return "", err
	}
	refs := make([]Ref, len(found))
	for i, d := range found {
		refs[i] = d.Ref
	}
	docs, err := r.source.Documents(ctx, refs)
	if err != nil || !slices.ContainsFunc(docs, func(d Document) bool { return d.Shown }) {
		return "", err
	}
	return text, nil
}

// replace puts another word in the place of w.
func (s *sought) replace(w word, fold string) {
	for i, c := range s.clauses {
		for j, x := range c.words {
			if x == w {
				c.words = slices.Clone(c.words)
				c.words[j].fold = fold
				s.clauses[i] = c
			}
		}
	}
}

// words is the vocabulary, read when it is first needed and again when it may be
// out of date.
func (r *Room) words(ctx context.Context) (*vocabulary, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if v := r.vocabulary; v != nil {
		age := now.Sub(v.made)
		if age >= 0 && (age < freshSmall || age < fresh && len(v.words) >= smallHall) {
			return v, nil
		}
	}
	st, err := r.state(ctx)
	if err != nil {
		return nil, err
	}
	least := 1
	if st.docs > smallHall {
		least = 2 // what stands in one text only is a misspelling as likely as not
	}
	v := &vocabulary{made: now}
	err = r.db.Rows(ctx, qCommon, func(scan func(...any) error) error {
		var k known
		if err := scan(&k.fold, &k.shape, &k.n); err != nil {
			return err
		}
		if k.letters = utf8.RuneCountInString(k.fold); k.letters >= leastLetters && !hasDigit(k.fold) {
			k.signature = signature(k.fold)
			v.words = append(v.words, k)
		}
		return nil
	}, least, tagSign, remembered)
	if err != nil {
		return nil, err
	}
	r.vocabulary = v
	return v, nil
}

// forget drops the vocabulary: the next one who needs it reads it anew.
func (r *Room) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.vocabulary = nil
}

// nearest finds the word that was perhaps meant by fold, which stands in n
// texts: the one with the fewest mistakes, of those the most common.
func (v *vocabulary) nearest(fold string, n int64) (best known, ok bool) {
	letters := []rune(fold)
	if len(letters) < leastLetters || hasDigit(fold) {
		return best, false
	}
	limit := 2
	if len(letters) <= shortWord {
		limit = 1
	}
	sign := signature(fold)
	nearest := limit + 1
	var rows [3][maxWord + 1]int
	for i := range v.words { // the most common first
		k := &v.words[i]
		if k.n < max(1, n*farMore) || k.fold == fold {
			continue
		}
		if d := k.letters - len(letters); d > limit || -d > limit || bits.OnesCount64(k.signature^sign) > 2*limit {
			continue
		}
		if d := distance(letters, []rune(k.fold), nearest-1, &rows); d < nearest {
			best, nearest, ok = *k, d, true
			if d == 1 {
				break
			}
		}
	}
	return best, ok
}

// distance counts the letters to be put in, taken out, changed or swapped with
// their neighbour to make b of a; more than limit is told as limit + 1.
func distance(a, b []rune, limit int, rows *[3][maxWord + 1]int) int {
	if len(b) > maxWord {
		return limit + 1
	}
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j-1]+cost, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit+1)
}

func signature(s string) (sign uint64) {
	for _, r := range s {
		sign |= 1 << (uint32(r) * 2654435761 >> 26)
	}
	return sign
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }
