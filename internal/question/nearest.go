package question

import (
	"context"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"guildhall/internal/fault"
	"guildhall/internal/markdown"
)

// Near is a question like the one being typed.
type Near struct {
	Question Question
	Score    float64 // share of the weight of the typed words that it holds, 0 to 1
}

const (
	nearest   = 3    // how many are shown
	likely    = 0.34 // less is no likeness
	postings  = 1500 // questions looked at for the words of one title, the rarest words first
	resembles = 8    // of which the best are read
)

// Nearest finds at most three canonical questions most like a title being typed.
// Words count by how rare they are (inverse document frequency, Spärck Jones
// 1972); a question about the same platform counts a fifth more. The cost is
// bounded: the rarest words are looked up first, until 1,500 rows were read.
// Merged questions lead to the one that stands. Faults: none but Unavailable.
func (r *Room) Nearest(ctx context.Context, title, platform string) (list []Near, err error) {
	defer fault.Wrap(&err, "question.Nearest")
	ws := words(title, askWords)
	if len(ws) == 0 || len(ws) == 1 && utf8.RuneCountInString(ws[0]) == shortest {
		return nil, nil // "the": whoever types has only begun
	}
	scores, whole, err := r.weigh(ctx, ws)
	if err != nil {
		return nil, err
	}
	ids := make([]ID, 0, len(scores))
	for id := range scores {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b ID) int {
		if scores[a] != scores[b] {
			if scores[a] > scores[b] {
				return -1
			}
			return 1
		}
		return strings.Compare(string(a), string(b))
	})
	seen := map[ID]bool{}
	for _, id := range ids[:min(len(ids), resembles)] {
		near, err := r.near(ctx, id, scores[id]/whole, platform)
		if err != nil {
			return nil, err
		}
		if near.Score >= likely && !seen[near.Question.ID] {
			seen[near.Question.ID] = true
			list = append(list, near)
		}
	}
	slices.SortStableFunc(list, func(a, b Near) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	return list[:min(len(list), nearest)], nil
}

// near reads a candidate where it stands; its score is 0 when it is not shown.
func (r *Room) near(ctx context.Context, id ID, score float64, platform string) (n Near, err error) {
	for range maxChain {
		if n.Question, err = r.questionTx(ctx, id); err != nil || n.Question.Hushed {
			return n, err
		}
		if id = n.Question.MergedInto; id == "" {
			break
		}
	}
	if n.Score = score; platform != "" && n.Question.Platform == platform {
		n.Score *= 1.2
	}
	return n, nil
}

// weigh adds up, for each question that holds some of the words, how much they
// weigh; whole is the weight of all words.
func (r *Room) weigh(ctx context.Context, ws []string) (scores map[ID]float64, whole float64, err error) {
	counts, all, err := r.terms(ctx, ws)
	if err != nil {
		return nil, 0, err
	}
	slices.SortFunc(ws, func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[a] - counts[b]
		}
		return strings.Compare(a, b)
	})
	scores = map[ID]float64{}
	left := postings
	for _, w := range ws {
		weight := math.Log(1 + float64(all+1)/float64(counts[w]+1))
		whole += weight
		if counts[w] == 0 || left == 0 {
			continue
		}
		ids, err := r.textsRows(ctx, qPostings, w, left)
		if err != nil {
			return nil, 0, err
		}
		for _, id := range ids {
			scores[ID(id)] += weight
		}
		left -= len(ids)
	}
	return scores, whole, nil
}

// terms counts in how many questions each word stands, and how many there are.
func (r *Room) terms(ctx context.Context, ws []string) (counts map[string]int, all int, err error) {
	args := make([]any, askWords+1) // the last one, '', is the count of all
	for i := range args {
		args[i] = ""
		if i < len(ws) {
			args[i] = ws[i]
		}
	}
	counts = map[string]int{}
	err = r.DB.Rows(ctx, qTerms, func(scan func(...any) error) error {
		var w string
		var n int
		err := scan(&w, &n)
		if w == "" {
			all = n
		} else {
			counts[w] = n
		}
		return err
	}, args...)
	return counts, all, err
}

// indexTx keeps the words of a question as they are now; a hidden one has none.
func (r *Room) indexTx(ctx context.Context, id ID) error {
	q, err := r.questionTx(ctx, id)
	if err != nil {
		return err
	}
	var now []string
	if !q.Hushed {
		if now = words(q.Title+"\n"+markdown.Plain(q.Source), keptMost); len(now) > 0 {
			now = append(now, "")
		}
	}
	before, err := r.textsRows(ctx, qWordsOf, string(id))
	if err != nil {
		return err
	}
	if len(before) > 0 {
		before = append(before, "")
	}
	slices.Sort(now) // always in one order, so that two transactions wait and do not lock
	slices.Sort(before)
	for _, w := range before {
		if slices.Contains(now, w) {
			continue
		}
		if err := r.unwordTx(ctx, w, id); err != nil {
			return err
		}
	}
	for _, w := range now {
		if slices.Contains(before, w) {
			continue
		}
		if err := r.wordTx(ctx, w, id); err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) wordTx(ctx context.Context, w string, id ID) error {
	if _, err := r.DB.Exec(ctx, qTermMore, w); err != nil || w == "" {
		return err
	}
	_, err := r.DB.Exec(ctx, qWordMake, w, string(id))
	return err
}

func (r *Room) unwordTx(ctx context.Context, w string, id ID) error {
	if _, err := r.DB.Exec(ctx, qTermLess, w); err != nil || w == "" {
		return err
	}
	if _, err := r.DB.Exec(ctx, qTermGone, w); err != nil { // a rare word would say what stood here
		return err
	}
	_, err := r.DB.Exec(ctx, qWordErase, w, string(id))
	return err
}
