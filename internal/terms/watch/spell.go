package watch

import (
	"slices"
	"sort"
	"time"

	"guildhall/internal/terms/clause"
)

// spell is a time during which one text stood, as far as is known: from the
// record that shows it until the next one of the same track that shows another.
type spell struct {
	page    *page
	record  int // place of the record in the row that was given
	first   int // the first spell of the track with this page
	at      time.Time
	strange bool            // has next to nothing of the text before
	filter  bool            // the recorder changed its filter here
	changes []clause.Change // from the spell before
}

// track is the row of spells in one language. Pages that switch between
// languages are as many texts.
type track []*spell

// add appends a spell and remembers where its page stood first.
func (t *track) add(s *spell) {
	s.first = slices.IndexFunc(*t, func(earlier *spell) bool { return earlier.page == s.page })
	if s.first < 0 {
		s.first = len(*t)
	}
	if n := len(*t); n > 0 {
		s.strange = s.page.doc.Known((*t)[n-1].page.doc) < stranger
	}
	*t = append(*t, s)
}

// reading is a row of records after their pages have been looked at.
type reading struct {
	pages    map[string]*page
	verdicts []Verdict
	tracks   []*track
	compared map[[2]*page][]clause.Change
	until    time.Time    // see Judge
	pending  map[int]bool // records with a change that has not stood long enough yet
}

// readAll looks at every page, in the order of times, and lays the good ones
// into tracks.
func readAll(records []Record, until time.Time) *reading {
	r := &reading{pages: map[string]*page{}, verdicts: make([]Verdict, len(records)), compared: map[[2]*page][]clause.Change{}, pending: map[int]bool{}, until: until}
	order := make([]int, len(records))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return records[order[a]].At.Before(records[order[b]].At) })
	judged := map[[2]*page]Trouble{}
	var last *page
	for _, i := range order {
		rec := &records[i]
		p := r.page(rec.Text)
		v := &r.verdicts[i]
		v.Against = -1
		v.Filter = rec.Filter()
		trouble, ok := judged[[2]*page{p, last}]
		if rec.Note == DeclaredAnew {
			trouble = p.against(nil)
		} else if !ok {
			trouble = p.against(last)
			judged[[2]*page{p, last}] = trouble
		}
		if trouble != "" {
			v.Class, v.Trouble = Blocked, trouble
			continue
		}
		if last != nil && r.stump(p, last) {
			r.forget(last)
		}
		t := r.trackOf(p)
		if t == nil {
			t = &track{}
			r.tracks = append(r.tracks, t)
			if len(r.tracks) > 1 {
				v.Class, v.Trouble = Blocked, Language
			}
		}
		r.dropStrange(t, p)
		if n := len(*t); n == 0 || (*t)[n-1].page != p {
			t.add(&spell{page: p, record: i, at: rec.At, filter: v.Filter})
		} else {
			v.Against = (*t)[n-1].record
		}
		last = p
	}
	r.believeTail(records, order, until)
	return r
}

func (r *reading) page(text string) *page {
	p, ok := r.pages[text]
	if !ok {
		p = read(text)
		r.pages[text] = p
	}
	return p
}

// A first page that is this many times shorter than the next one, and short,
// was no text.
const (
	stumpTimes = 4
	stumpWords = 600
)

// stump tells whether the only page so far was a stump of p.
func (r *reading) stump(p, last *page) bool {
	return len(r.tracks) == 1 && len(*r.tracks[0]) == 1 && last.doc.Words() <= stumpWords && p.doc.Words() >= stumpTimes*last.doc.Words()
}

// forget takes the only spell so far for trouble.
func (r *reading) forget(last *page) {
	s := (*r.tracks[0])[0]
	r.verdicts[s.record].Class, r.verdicts[s.record].Trouble = Blocked, Cut
	r.tracks = nil
}

// trackOf finds the texts p belongs to; nil when it is the first of its
// language.
func (r *reading) trackOf(p *page) *track {
	for _, t := range r.tracks {
		if !p.translation((*t)[len(*t)-1].page) {
			return t
		}
	}
	return nil
}

// stranger is the share of a page's words below which it has nothing to do with
// the one before.
const stranger = 0.15

// dropStrange looks back when p comes after something strange: if p goes on
// where the text was before, what stood between was another page.
func (r *reading) dropStrange(t *track, p *page) {
	from := len(*t) - 1
	for from > 0 && !(*t)[from].strange {
		from--
	}
	if from <= 0 || p == (*t)[len(*t)-1].page || p.doc.Known((*t)[from-1].page.doc) < known || p.doc.Known((*t)[len(*t)-1].page.doc) >= known {
		return
	}
	for _, s := range (*t)[from:] {
		r.verdicts[s.record].Class, r.verdicts[s.record].Trouble = Blocked, Other
	}
	*t = (*t)[:from]
}

// What stands at the end of a row, is much shorter than the text was, and is
// nevertheless a text: so many words, for so long.
const (
	tailWords = 300
	tailLasts = 30 * 24 * time.Hour
)

// believeTail takes short pages at the end of the row for the text, if nothing
// longer came after them: the platform has cut its terms.
func (r *reading) believeTail(records []Record, order []int, until time.Time) {
	from := len(order)
	for from > 0 {
		v := &r.verdicts[order[from-1]]
		if p := r.page(records[order[from-1]].Text); v.Trouble != Cut && v.Trouble != Other || p.doc.Words() < tailWords || p.doc.Links() > mostly {
			break
		}
		from--
	}
	if from == 0 || from == len(order) || !until.IsZero() && until.Sub(records[order[from]].At) < tailLasts {
		return
	}
	for _, i := range order[from:] {
		p := r.page(records[i].Text)
		if t := r.trackOf(p); t != nil {
			r.verdicts[i].Class, r.verdicts[i].Trouble = None, ""
			if n := len(*t); (*t)[n-1].page != p {
				t.add(&spell{page: p, record: i, at: records[i].At, filter: records[i].Filter()})
			}
		}
	}
}

func (r *reading) compare(old, now *page) []clause.Change {
	key := [2]*page{old, now}
	c, ok := r.compared[key]
	if !ok {
		c = clause.Compare(old.doc, now.doc)
		r.compared[key] = c
	}
	return c
}
