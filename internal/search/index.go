package search

import (
	"cmp"
	"context"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"guildhall/internal/db"
	"guildhall/internal/event"
)

const (
	readAtOnce  = 500  // texts read from their room at once
	writeAtOnce = 8000 // texts of one statement; SQLite writes its index to disk after each
	heldAtOnce  = 8000 // texts kept in memory to be written in order, about 15 MB
	eventsBatch = 100
)

const consumer = "search"

// Consumer keeps the index: give it to the log of events.
func (r *Room) Consumer() event.Consumer {
	return event.Consumer{Name: consumer, Handle: r.handle, Batch: eventsBatch}
}

// handle reads anew whatever the events may have changed. What counts is how
// things stand now, so it does not matter how often or in which portions.
func (r *Room) handle(ctx context.Context, batch []event.Event) error {
	// Whoever makes the index anew meanwhile waits, or is waited for.
	if _, err := r.db.Exec(ctx, qLock); err != nil {
		return err
	}
	r.handled.Add(1)
	if batch[0].Seq == 1 { // an index that has seen everything from the first day
		if _, err := r.db.Exec(ctx, qFirst, version); err != nil {
			return err
		}
	}
	todo := &todo{docs: map[Ref]Document{}, seen: map[Ref]bool{}}
	for _, e := range batch {
		c, err := r.source.Changed(ctx, e)
		if err != nil {
			return err
		}
		todo.read(c.Refs...)
		todo.keep(c.Docs)
		wide, err := r.under(ctx, c)
		if err != nil {
			return err
		}
		todo.read(wide...)
		if len(todo.docs) >= heldAtOnce {
			if err := r.putAllTx(ctx, todo); err != nil {
				return err
			}
		}
	}
	if err := r.putAllTx(ctx, todo); err != nil {
		return err
	}
	return forEach(todo.refs, heldAtOnce, func(refs []Ref) error { return r.refreshTx(ctx, refs) })
}

// todo is what a batch of events asks for, each thing once.
type todo struct {
	refs []Ref
	seen map[Ref]bool
	docs map[Ref]Document
}

func (t *todo) read(refs ...Ref) {
	for _, ref := range refs {
		if !t.seen[ref] {
			t.seen[ref] = true
			t.refs = append(t.refs, ref)
		}
	}
}

func (t *todo) keep(docs []Document) {
	for _, d := range docs {
		t.docs[d.Ref] = d
	}
}

// putAllTx brings the documents read already into the index, or takes them out.
func (r *Room) putAllTx(ctx context.Context, t *todo) error {
	var shown []Document
	var drop []Ref
	for ref, d := range t.docs {
		if d.Shown {
			shown = append(shown, d)
		} else {
			drop = append(drop, ref)
		}
	}
	clear(t.docs)
	if err := r.dropTx(ctx, drop); err != nil {
		return err
	}
	return r.putTx(ctx, shown)
}

// under finds what the index holds by the authors and about the topics.
func (r *Room) under(ctx context.Context, c Change) (refs []Ref, err error) {
	var tags []string
	for _, id := range c.Authors {
		tags = append(tags, tag(ofAuthor, string(id)))
	}
	for _, key := range c.Topics {
		tags = append(tags, tag(ofTopic, key))
	}
	for _, t := range tags {
		var e expression
		e.row(t)
		nums, err := r.match(ctx, e, 0, forever, everything)
		if err != nil {
			return nil, err
		}
		err = forEach(nums, readAtOnce, func(nums []int64) error {
			found, err := r.refs(ctx, qRefs, nums)
			for _, d := range found {
				refs = append(refs, d.Ref)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return refs, nil
}

const (
	forever    = int64(1) << 60
	everything = 1 << 30
)

// refreshTx brings the index up to how the things stand now.
func (r *Room) refreshTx(ctx context.Context, refs []Ref) error {
	shown := make([]Document, 0, len(refs))
	gone := make(map[Ref]bool, len(refs))
	for _, ref := range refs {
		gone[ref] = true
	}
	err := forEach(refs, readAtOnce, func(refs []Ref) error {
		docs, err := r.source.Documents(ctx, refs)
		for _, d := range docs {
			if d.Shown && gone[d.Ref] {
				delete(gone, d.Ref)
				shown = append(shown, d)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	var drop []Ref
	for _, ref := range refs {
		if gone[ref] {
			drop = append(drop, ref)
		}
	}
	if err := r.dropTx(ctx, drop); err != nil {
		return err
	}
	return r.putTx(ctx, shown)
}

func (r *Room) dropTx(ctx context.Context, refs []Ref) error {
	have, err := r.haveTx(ctx, refs)
	if err != nil || len(have) == 0 {
		return err
	}
	nums := make([]int64, 0, len(have))
	for _, n := range have {
		nums = append(nums, n)
	}
	slices.Sort(nums)
	for _, q := range []*db.Query{qWordDrop, qDocDrop} {
		if _, err := r.db.Exec(ctx, q, list(nums)); err != nil {
			return err
		}
	}
	_, err = r.db.Exec(ctx, qCounted, -len(nums), len(nums))
	return err
}

// haveTx tells which of the things are in the index, by their numbers.
func (r *Room) haveTx(ctx context.Context, refs []Ref) (map[Ref]int64, error) {
	have := map[Ref]int64{}
	err := forEach(refs, readAtOnce, func(refs []Ref) error {
		keys := make([][2]any, len(refs))
		for i, ref := range refs {
			keys[i] = [2]any{ref.Kind, ref.ID}
		}
		found, err := r.refs(ctx, qNums, keys)
		for _, d := range found {
			have[d.Ref] = d.num
		}
		return err
	})
	return have, err
}

// entry is a text on its way into the index.
type entry struct {
	num   int64
	doc   Document
	words string // as the engine takes them
}

// putTx indexes texts, or indexes them anew.
func (r *Room) putTx(ctx context.Context, docs []Document) error {
	c := cutUp(docs, r.db.Engine())
	if err := r.putWordsTx(ctx, c); err != nil {
		return err
	}
	return r.termsTx(ctx, c.terms)
}

// putWordsTx is putTx without the vocabulary. Texts are written in the order of
// their numbers: SQLite's index writes to disk each time the order breaks.
func (r *Room) putWordsTx(ctx context.Context, c cutting) error {
	have, err := r.haveTx(ctx, c.refs())
	if err != nil {
		return err
	}
	var old []int64
	var fresh, all []entry
	for i, d := range c.docs {
		if n, found := have[d.Ref]; found {
			old = append(old, n)
			all = append(all, entry{n, d, c.words[i]})
		} else {
			fresh = append(fresh, entry{0, d, c.words[i]})
		}
	}
	if err := r.numberTx(ctx, fresh); err != nil {
		return err
	}
	all = append(all, fresh...)
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.num, b.num) })
	if len(old) > 0 {
		slices.Sort(old)
		if _, err := r.db.Exec(ctx, qWordDrop, list(old)); err != nil {
			return err
		}
		// What an edit took out may have been the last of a word.
		if _, err := r.db.Exec(ctx, qCounted, 0, len(old)); err != nil {
			return err
		}
	}
	return forEach(all, writeAtOnce, func(part []entry) error {
		rows := make([]string, len(part))
		for i, e := range part {
			rows[i] = e.row()
		}
		_, err := r.db.Exec(ctx, qWordMake, "["+strings.Join(rows, ",")+"]")
		return err
	})
}

// numberTx gives each text a free number at its moment, and keeps it.
func (r *Room) numberTx(ctx context.Context, fresh []entry) error {
	if len(fresh) == 0 {
		return nil
	}
	mine := make(map[int64]bool, len(fresh))
	todo := make([]*entry, len(fresh))
	for i := range fresh {
		todo[i] = &fresh[i]
	}
	for try := 0; len(todo) > 0; try++ {
		var ask []int64
		for _, e := range todo {
			e.num = number(e.doc, try)
			ask = append(ask, e.num)
		}
		taken := map[int64]bool{}
		err := forEach(ask, readAtOnce, func(ask []int64) error {
			found, err := r.refs(ctx, qRefs, ask)
			for _, d := range found {
				taken[d.num] = true
			}
			return err
		})
		if err != nil {
			return err
		}
		var again []*entry
		for _, e := range todo {
			if taken[e.num] || mine[e.num] {
				again = append(again, e)
			} else {
				mine[e.num] = true
			}
		}
		todo = again
	}
	err := forEach(fresh, writeAtOnce, func(part []entry) error {
		rows := make([][3]any, len(part))
		for i, e := range part {
			rows[i] = [3]any{e.num, e.doc.Kind, e.doc.ID}
		}
		_, err := r.db.Exec(ctx, qDocMake, list(rows))
		return err
	})
	if err != nil {
		return err
	}
	_, err = r.db.Exec(ctx, qCounted, len(fresh), 0)
	return err
}

// number is the moment of a text in seconds, times eight, plus its kind. Where
// that is taken, the id decides how many seconds it moves: the more tries, the
// further, so that a thousand texts of one second find room quickly.
func number(d Document, try int) int64 {
	s := max(d.At.Unix(), 0)
	if try > 0 {
		h := fnv.New64a()
		_, _ = h.Write([]byte(d.ID + strconv.Itoa(try))) // a hash never refuses
		s += int64(h.Sum64() % (uint64(2) << min(2*try, 40)))
	}
	return s<<3 | int64(d.Kind)
}

// momentOf and kindOf read a number.
func momentOf(num int64) int64 { return num >> 3 }
func kindOf(num int64) Kind    { return Kind(num & 7) }
