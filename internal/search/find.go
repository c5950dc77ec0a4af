package search

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/fault"
)

const (
	titlesRanked = 200             // matches in titles that are ranked whatever their age
	continued    = 32              // words that the beginning of a word may stand for
	patience     = 5 * time.Second // how long one query may keep the database busy
	fading       = 365 * 86400     // seconds in which a text loses half of its newness
)

// Find gives a page of what the query asks for. Faults: Unavailable when the
// query keeps the database busy for too long.
func (r *Room) Find(ctx context.Context, q Query) (res Result, err error) {
	defer fault.Wrap(&err, "search.Find")
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	res.Page = max(q.Page, 1)
	s, found, err := r.aim(ctx, q)
	if err != nil || !found {
		return res, err
	}
	var m matches
	err = r.db.View(ctx, func(ctx context.Context) error {
		if m, err = r.gather(ctx, &s); err != nil {
			return err
		}
		r.rank(&s, &m)
		res.Count, res.Estimate = len(m.nums), m.more
		res.Pages = (len(m.nums) + PageSize - 1) / PageSize
		m.page, err = r.pageOf(ctx, m.nums, res.Page)
		if err == nil && m.more {
			res.Count, err = r.estimate(ctx, &s, len(m.nums))
		}
		return err
	})
	if err != nil {
		return res, err
	}
	if res.Hits, err = r.hits(ctx, &s, m.page); err != nil {
		return res, err
	}
	if res.Count <= fewResults {
		res.Meant, err = r.meant(ctx, q, &s, res.Count)
	}
	return res, err
}

// sought is a query made ready for the index.
type sought struct {
	parsed
	tags     []string
	from, to int64
	newest   bool
	more     []string // words that the last one may be the beginning of
}

// aim turns filters into words and numbers; found is false when one of them
// names nobody.
func (r *Room) aim(ctx context.Context, q Query) (s sought, found bool, err error) {
	s = sought{parsed: parse(q.Text), from: 0, to: forever, newest: q.Newest}
	if q.Kind != Any && q.Kind <= Question {
		s.tags = append(s.tags, tag(ofKind, q.Kind.String()))
	}
	if q.Topic != "" {
		s.tags = append(s.tags, tag(ofTopic, cut(q.Topic, MaxQuery)))
	}
	if q.Lang != "" {
		s.tags = append(s.tags, langTag(cut(q.Lang, MaxQuery)))
	}
	if q.Author != "" {
		id, found, err := r.authorOf(ctx, q.Author)
		if err != nil || !found {
			return s, false, err
		}
		s.tags = append(s.tags, tag(ofAuthor, string(id)))
	}
	if !q.Since.IsZero() {
		s.from = max(q.Since.Unix(), 0) << 3
	}
	if !q.Until.IsZero() {
		s.to = max(q.Until.Unix(), 0) << 3
	}
	return s, !q.Empty(), nil
}

// authorOf finds the author of a handle; found is false when nobody has it.
func (r *Room) authorOf(ctx context.Context, handle string) (id face.ID, found bool, err error) {
	f, err := r.faces.ByHandle(ctx, strings.TrimPrefix(handle, "@"))
	if fault.Is(err, fault.NotFound) {
		return "", false, nil
	}
	return f.ID, err == nil, err
}

// expression is what the index is asked for; sign marks words of titles.
func (s *sought) expression(sign string) expression {
	var e expression
	for i, c := range s.clauses {
		words := foldsOf(c.words, sign)
		switch {
		case c.not:
			e.not = append(e.not, foldsOf(c.words, ""))
		case i == len(s.clauses)-1 && len(s.more) > 0:
			or := words
			for _, w := range s.more {
				or = append(or, sign+w)
			}
			e.either(or...)
		default:
			e.row(words...)
		}
	}
	for _, t := range s.tags {
		e.row(t)
	}
	if len(e.must) == 0 { // only what must not be there
		e.either(tag(ofKind, Article.String()), tag(ofKind, Discussion.String()), tag(ofKind, Post.String()), tag(ofKind, Person.String()), tag(ofKind, Question.String()))
	}
	return e
}

// inRow asks for all words one after another. What must not be there need not
// be said again: only what was found is weighed.
func (s *sought) inRow(sign string) (e expression) {
	e.row(foldsOf(s.words, sign)...)
	for _, t := range s.tags {
		e.row(t)
	}
	return e
}

func foldsOf(words []word, sign string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = sign + w.fold
	}
	return out
}

// matches are the numbers found, and what speaks for each.
type matches struct {
	nums   []int64
	more   bool           // there are more than could be ranked
	exact  map[int64]bool // the last word stands there as it is, not only its beginning
	titles map[int64]bool // all words stand in the title
	rows   map[int64]bool // the words stand in a row
	named  map[int64]bool // in a row in the title
	page   []indexed
}

// gather asks the index.
func (r *Room) gather(ctx context.Context, s *sought) (m matches, err error) {
	var plan string
	if _, err = r.db.Row(ctx, qPlan, nil, &plan); err != nil {
		return m, err
	}
	ask := func() error {
		m.nums, err = r.match(ctx, s.expression(""), s.from, s.to, MaxRanked+1)
		return err
	}
	if err = ask(); err != nil {
		return m, err
	}
	if s.prefix && len(m.nums) < PageSize {
		if err = r.continuations(ctx, s); err != nil {
			return m, err
		}
		if len(s.more) > 0 {
			m.exact = set(m.nums)
			if err = ask(); err != nil {
				return m, err
			}
		}
	}
	if m.more = len(m.nums) > MaxRanked; m.more {
		m.nums = m.nums[:MaxRanked]
	}
	if s.newest || len(m.nums) == 0 || len(s.words) == 0 {
		return m, nil
	}
	return m, r.evidence(ctx, s, &m)
}

// continuations looks up which words the last one may be the beginning of.
func (r *Room) continuations(ctx context.Context, s *sought) error {
	w := s.clauses[len(s.clauses)-1].words[0].fold
	words, err := r.strings(ctx, qPrefix, w, w+"\U0010FFFF", continued+1)
	s.more = slices.DeleteFunc(words, func(c string) bool { return c == w })
	return err
}

// evidence asks which matches have the words in their titles, and in a row.
func (r *Room) evidence(ctx context.Context, s *sought, m *matches) error {
	ask := func(e expression, from int64, limit int) (map[int64]bool, []int64, error) {
		nums, err := r.match(ctx, e, from, s.to, limit)
		return set(nums), nums, err
	}
	var titled []int64
	var err error
	if m.titles, titled, err = ask(s.expression(titleSign), s.from, titlesRanked); err != nil {
		return err
	}
	oldest := m.nums[len(m.nums)-1]
	if s.rows() {
		if m.rows, _, err = ask(s.inRow(""), oldest, MaxRanked); err != nil {
			return err
		}
		if m.named, _, err = ask(s.inRow(titleSign), s.from, titlesRanked); err != nil {
			return err
		}
	}
	if m.more {
		for _, n := range titled { // an old title beats a new post
			if n < oldest {
				m.nums = append(m.nums, n)
			}
		}
	}
	return nil
}

func set(nums []int64) map[int64]bool {
	s := make(map[int64]bool, len(nums))
	for _, n := range nums {
		s[n] = true
	}
	return s
}

// rows tells whether the words could stand in a row without being asked to.
func (s *sought) rows() bool { return len(s.words) > 1 && len(s.clauses) > 1 && len(s.more) == 0 }

// rank orders the matches; those of equal weight stay newest first.
func (r *Room) rank(s *sought, m *matches) {
	if s.newest || len(s.words) == 0 {
		return
	}
	now := r.now().Unix()
	weigh := func(n int64) float64 {
		w := kindWeight[kindOf(n)]
		switch {
		case m.named[n]:
			w += 4
		case m.titles[n]:
			w += 2.5
		}
		if m.rows[n] {
			w++
		}
		if m.exact[n] {
			w += 2
		}
		age := float64(max(now-momentOf(n), 0))
		return w + 0.5*math.Exp2(-age/fading)
	}
	weights := make(map[int64]float64, len(m.nums))
	for _, n := range m.nums {
		weights[n] = weigh(n)
	}
	slices.SortStableFunc(m.nums, func(a, b int64) int { return cmp.Compare(weights[b], weights[a]) })
	m.nums = m.nums[:min(len(m.nums), MaxRanked)]
}

// kindWeight: an article is written to be found; a discussion's entry stands for
// all of its posts.
var kindWeight = [8]float64{Article: 0.5, Discussion: 0.3, Person: 0.3}

func (r *Room) pageOf(ctx context.Context, nums []int64, page int) ([]indexed, error) {
	from := min((page-1)*PageSize, len(nums))
	nums = nums[max(from, 0):min(max(from, 0)+PageSize, len(nums))]
	if len(nums) == 0 {
		return nil, nil
	}
	found, err := r.refs(ctx, qRefs, nums)
	place := make(map[int64]int, len(nums))
	for i, n := range nums {
		place[n] = i
	}
	slices.SortFunc(found, func(a, b indexed) int { return cmp.Compare(place[a.num], place[b.num]) })
	return found, err
}

// estimate guesses how many texts there are, as if words had nothing to do with
// one another; it rounds, so that it does not look like more than a guess.
func (r *Room) estimate(ctx context.Context, s *sought, atLeast int) (int, error) {
	st, err := r.state(ctx)
	if err != nil || st.docs == 0 {
		return atLeast, err
	}
	words := append(foldsOf(s.words, ""), s.tags...)
	counts, err := r.counts(ctx, words)
	if err != nil {
		return atLeast, err
	}
	share := float64(st.docs)
	for _, w := range words {
		if n, known := counts[w]; known {
			share *= min(float64(n)/float64(st.docs), 1)
		}
	}
	return roundDown(max(int(share), atLeast)), nil
}

// roundDown keeps two digits.
func roundDown(n int) int {
	unit := 1
	for n/unit >= 100 {
		unit *= 10
	}
	return n / unit * unit
}

// hits reads what was found as it stands now; what may not be seen any more is
// left out.
func (r *Room) hits(ctx context.Context, s *sought, page []indexed) ([]Hit, error) {
	if len(page) == 0 {
		return nil, nil
	}
	refs := make([]Ref, len(page))
	for i, d := range page {
		refs[i] = d.Ref
	}
	docs, err := r.source.Documents(ctx, refs)
	if err != nil {
		return nil, err
	}
	now := make(map[Ref]Document, len(docs))
	var ids []face.ID
	for _, d := range docs {
		if d.Shown {
			now[d.Ref] = d
			ids = append(ids, d.Author)
		}
	}
	faces, err := r.faces.Faces(ctx, ids)
	if err != nil {
		return nil, err
	}
	wanted := s.wanted()
	hits := make([]Hit, 0, len(page))
	for _, ref := range refs {
		d, shown := now[ref]
		if !shown {
			continue
		}
		hits = append(hits, Hit{
			Ref: ref, Author: faces[d.Author], Lang: d.Lang, At: d.At,
			Title: mark(d.Title, wanted), Snippet: snippet(d.Text, wanted),
		})
	}
	return hits, nil
}

// wanted are the folded words to be marked.
func (s *sought) wanted() map[string]bool {
	w := map[string]bool{}
	for _, x := range s.words {
		w[x.fold] = true
	}
	for _, x := range s.more {
		w[x] = true
	}
	return w
}
