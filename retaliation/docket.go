package main

import (
	"fmt"
	"maps"
	"slices"
	"sort"

	"guildhall/internal/safedb"
)

// book finds out of whom a record speaks.
type book struct {
	suspect, culprit map[string]int
	few              map[string][]int // words that join two suspects or a few, such as a conversation's
}

func newBook(t truth) book {
	b := book{map[string]int{}, map[string]int{}, map[string][]int{}}
	for i, s := range t.Suspects {
		b.suspect[s.Face], b.suspect[s.Handle] = i, i
		for _, v := range s.Voters {
			b.suspect[v] = i
		}
	}
	for i, c := range t.Culprits {
		b.culprit[c.ID], b.culprit[c.Key] = i, i
		for _, p := range c.Posts {
			b.culprit[p] = i
		}
	}
	return b
}

// who gives the suspect and the culprit that a record names, or −1.
func (b book) who(r record) (suspect, culprit int) {
	suspect, culprit = -1, -1
	for _, w := range r.Words {
		if i, ok := b.suspect[w]; ok {
			suspect = i
		}
		if i, ok := b.culprit[w]; ok {
			culprit = i
		}
	}
	return suspect, culprit
}

// accounts learns under which other names files speak of a suspect: the words of
// rows that join a face and one unique id, such as an account's.
func (b book) accounts(f files) {
	uses := map[string]map[int]bool{}
	for _, r := range f.Records {
		if s, c := b.who(r); s >= 0 && c < 0 {
			for _, w := range r.Words {
				if len(w) >= minToken && len(w) <= maxToken {
					if uses[w] == nil {
						uses[w] = map[int]bool{}
					}
					uses[w][s] = true
				}
			}
		}
	}
	for w, of := range uses {
		if len(of) == 1 {
			for s := range of {
				b.suspect[w] = s
			}
		}
	}
}

// mostFew is of how many a word may speak to be more than a word.
const mostFew = 5

// pairs learns which words join two suspects or a few, each in rows of its own.
func (b book) pairs(f files) {
	uses := map[string]map[int]bool{}
	for _, r := range f.Records {
		if r.loose() {
			continue
		}
		if s, c := b.who(r); s >= 0 && c < 0 {
			for _, w := range r.Words {
				if _, known := b.suspect[w]; !known && len(w) >= minToken && len(w) <= maxToken {
					if uses[w] == nil {
						uses[w] = map[int]bool{}
					}
					uses[w][s] = true
				}
			}
		}
	}
	for w, of := range uses {
		if len(of) >= 2 && len(of) <= mostFew {
			b.few[w] = slices.Sorted(maps.Keys(of))
		}
	}
}

// party is a suspect of whom a record speaks, and as what: "" when of her alone.
type party struct {
	suspect int
	as      string
}

// parties are all suspects of whom a record speaks: in the order in which it names them,
// or all of whom a word of it joins.
func (b book) parties(r record) (list []party) {
	for _, w := range r.Words {
		if i, ok := b.suspect[w]; ok && !slices.ContainsFunc(list, func(p party) bool { return p.suspect == i }) {
			list = append(list, party{i, ""})
		}
	}
	for i := range list {
		if len(list) > 1 {
			list[i].as = fmt.Sprintf(" %d.", min(i+1, 3))
		}
	}
	for _, w := range r.Words {
		if len(list) > 0 {
			break
		}
		for _, i := range b.few[w] {
			list = append(list, party{i, map[bool]string{true: " of two", false: " of few"}[len(b.few[w]) == 2]})
		}
	}
	return list
}

const (
	minToken = 7
	maxToken = 512
)

// docketOf reads evidence into what the adversary weighs. Of the truth it takes the
// names, and for scoring the owners.
func docketOf(e evidence, t truth, pace string) docket {
	d := docket{town: townOf(e, t, pace)}
	for _, s := range t.Suspects {
		present := map[string][]hours{"open": slices.Clone(s.Open), "open told": slices.Clone(s.Told)}
		d.suspects = append(d.suspects, suspect{id: s.Face, present: present, spots: map[string]spot{}, tokens: map[string]bool{}})
	}
	for _, c := range t.Culprits {
		d.culprits = append(d.culprits, culprit{id: c.ID, epoch: int64(c.Asked), traces: map[string][]trace{}, spots: map[string]spot{}, tokens: map[string]bool{}, truth: c.Owner})
	}
	b := newBook(t)
	b.accounts(e.Last)
	b.pairs(e.Last)
	for _, c := range t.Culprits {
		for _, p := range c.Posts {
			if at, ok := e.Seen[p]; ok {
				d.add("E1 appeared", b.culprit[p], trace{at - 1, at})
			}
			if at, ok := e.Gone[p]; ok {
				d.add("E1 gone", b.culprit[p], trace{at - 1, at})
			}
		}
	}
	for _, r := range e.Last.Records {
		d.weigh("E2 ", b, r)
		if _, c := b.who(r); c >= 0 && r.Where == "mask" {
			for _, n := range r.Nums {
				if n.Column == "epoch" {
					d.culprits[c].epoch = n.Value
				}
			}
		}
	}
	d.nightly(b, e)
	d.watch(b, e, pace)
	d.order(b, e.Last.Records)
	d.order(b, e.Cells)
	d.forget()
	for _, s := range d.suspects {
		for _, p := range s.present {
			slices.Sort(p)
		}
	}
	return d
}

func (d docket) add(kind string, culprit int, ts ...trace) {
	m := d.culprits[culprit].traces
	m[kind] = append(m[kind], ts...)
}

// was notes that something says that a suspect was there.
func (d docket) was(kind string, suspect int, at hours) {
	p := d.suspects[suspect].present
	p[kind] = append(p[kind], at)
}

// known are tables whose times all readers see.
func known(table string) bool {
	return slices.Contains([]string{"forum_post", "forum_revision", "question", "question_variant", "question_judgement"}, table)
}

// weigh reads one record of the files: its times, and what it has in common.
func (d docket) weigh(level string, b book, r record) {
	s, c := b.who(r)
	parties := b.parties(r)
	for _, n := range r.Nums {
		at, ok := moment(n.Value)
		if !ok {
			continue
		}
		if c >= 0 {
			d.add(level+r.Where+"."+n.Column, c, at)
		}
		for _, x := range parties {
			if !known(r.Where) {
				d.was(level+r.Where+grain(at)+x.as, x.suspect, at.from)
			}
		}
	}
	if s < 0 && c < 0 {
		return
	}
	if s >= 0 && c >= 0 { // a record that names both
		d.suspects[s].tokens["joined "+d.culprits[c].id] = true
		d.culprits[c].tokens["joined "+d.culprits[c].id] = true
		return
	}
	for _, w := range r.Words {
		if len(w) < minToken || len(w) > maxToken {
			continue
		}
		if s >= 0 {
			d.suspects[s].tokens[w] = true
		} else {
			d.culprits[c].tokens[w] = true
		}
	}
}

// grain says how fine a time is.
func grain(t trace) string {
	switch width := t.to - t.from; {
	case width < 0.01:
		return " exact"
	case width <= 1:
		return " ticks"
	}
	return " days"
}

// nightly dates records by the night in which they were there first, and reads the
// fine times that only such a record had: of rows, and of bytes that are none.
func (d docket) nightly(b book, e evidence) {
	for _, n := range e.Nights {
		when := e.fileTimes(n)
		for _, r := range n.New.Records {
			if _, c := b.who(r); c >= 0 && r.Where != "post" { // when a post appeared everybody saw
				d.add("E2r "+r.Where, c, trace{n.At - hoursOfDay, n.At})
				for what, at := range when {
					d.add("E2r safe.db "+what, c, at)
				}
			}
			d.wasThere("E2r "+r.Where, b, r, n)
			d.weigh("E2r ", b, r.fine())
		}
		for _, r := range n.Gone {
			if _, c := b.who(r); c >= 0 {
				d.add("E2r gone "+r.Where, c, trace{n.At - hoursOfDay, n.At})
			}
			d.wasThere("E2r gone "+r.Where, b, r, n)
		}
	}
}

// wasThere notes that somebody changed something in a night, unless a mask is in it or
// everybody saw it.
func (d docket) wasThere(kind string, b book, r record, n night) {
	if _, c := b.who(r); c >= 0 || known(r.Where) {
		return
	}
	for _, x := range b.parties(r) {
		d.was(kind+x.as, x.suspect, n.At-hoursOfDay/2)
	}
}

// fine keeps the times of a record that are finer than a day, and its names.
func (r record) fine() record {
	nums := r.Nums
	r.Nums = nil
	for _, n := range nums {
		if t, ok := moment(n.Value); ok && t.to-t.from < hoursOfDay/2 {
			r.Nums = append(r.Nums, n)
		}
	}
	return r
}

// coarse is how far the clock of a file system may lag behind, in µs.
const coarse = 4000

// fileTimes gives when, in the world's time, safe.db and its inode changed last before
// a night.
func (e evidence) fileTimes(n night) map[string]trace {
	ts := n.New.Times[safedb.File]
	return map[string]trace{
		"changed": {e.virtual(ts[0]), e.virtual(ts[0] + coarse)},
		"inode":   {e.virtual(ts[1]), e.virtual(ts[1] + coarse)},
	}
}

// virtual is the world's time at a moment of this machine.
func (e evidence) virtual(real int64) hours {
	i := sort.Search(len(e.Clocks), func(i int) bool { return e.Clocks[i].Real > real })
	if i == 0 {
		return 0
	}
	return e.Clocks[i-1].At
}

// order notes where in each table and file each of them stands first, in the order
// of the bytes, as a part of its length, and in the order of its numbers.
func (d docket) order(b book, rs []record) {
	at, length := map[string]int{}, map[string]int{}
	values := map[string][]int64{}
	for _, r := range rs {
		length[r.Where]++
		for _, n := range r.Nums {
			values[r.Where+"."+n.Column] = append(values[r.Where+"."+n.Column], n.Value)
		}
	}
	for _, vs := range values {
		slices.Sort(vs)
	}
	for _, r := range rs {
		s, c := b.who(r)
		at[r.Where]++
		spots := map[string]spot{}
		switch {
		case c >= 0:
			spots = d.culprits[c].spots
		case s >= 0:
			spots = d.suspects[s].spots
		}
		place(spots, r.Where, at[r.Where]-1, length[r.Where])
		for _, n := range r.Nums {
			vs := values[r.Where+"."+n.Column]
			if vs[0] < vs[len(vs)-1] {
				below, _ := slices.BinarySearch(vs, n.Value)
				place(spots, r.Where+"."+n.Column, below, len(vs))
			}
		}
	}
}

func place(spots map[string]spot, where string, at, of int) {
	if _, known := spots[where]; !known {
		spots[where] = spot{at, of}
	}
}

// forget drops values that so many share that they say nothing.
func (d docket) forget() {
	uses := map[string]int{}
	for _, s := range d.suspects {
		for w := range s.tokens {
			uses[w]++
		}
	}
	for w, n := range uses {
		if n > max(2, len(d.suspects)/8) {
			for _, s := range d.suspects {
				delete(s.tokens, w)
			}
		}
	}
}

// watch adds what somebody sees who watches every request.
func (d docket) watch(b book, e evidence, pace string) {
	for _, a := range slices.Concat(e.Account, e.Mask) { // of masks where it is asked which of them thinks so
		if s, ok := b.suspect[a.Who]; ok {
			d.was("E3 requests", s, a.At)
		}
	}
	for _, o := range e.Opens {
		if s, ok := b.suspect[o.Who]; ok {
			d.was("E3 opens", s, o.At)
		}
	}
	for kind, requests := range map[string][]request{"E3 visit": slices.Concat(e.Mask, e.Voices), "E3 admit": e.Admits} {
		for _, m := range requests {
			if c, ok := b.culprit[m.Who]; ok {
				d.add(kind, c, handedIn(m.At, pace))
			}
		}
	}
}
