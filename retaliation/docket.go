package main

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"slices"
	"strings"
)

// truth is what the adversary does not have: whose mask is whose. With it goes what
// names each of them in files.
type truth struct {
	Suspects []names    `json:"suspects"`
	Culprits []maskName `json:"culprits"`
}

type names struct {
	Face   string  `json:"face"`
	Handle string  `json:"handle"`
	Late   bool    `json:"late"` // came when the first window had closed
	Open   []hours `json:"open"` // when she spoke openly; every reader sees it
}

type maskName struct {
	ID    string   `json:"id"`
	Key   string   `json:"key"`
	Posts []string `json:"posts"`
	Owner int      `json:"owner"`
}

// book finds out of whom a record speaks.
type book struct {
	suspect, culprit map[string]int
}

func newBook(t truth) book {
	b := book{map[string]int{}, map[string]int{}}
	for i, s := range t.Suspects {
		b.suspect[s.Face], b.suspect[s.Handle] = i, i
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
	for _, w := range r.words {
		if i, ok := b.suspect[w]; ok {
			suspect = i
		}
		if i, ok := b.culprit[w]; ok {
			culprit = i
		}
		if r.where == "box" {
			culprit = max(culprit, b.inside(w))
		}
	}
	return suspect, culprit
}

// inside looks for the names of masks in what waits, as text and as bytes.
func (b book) inside(w string) int {
	for name, i := range b.culprit {
		raw, err := base64.RawURLEncoding.DecodeString(name)
		if strings.Contains(w, name) || err == nil && len(raw) >= 16 && strings.Contains(w, string(raw)) {
			return i
		}
	}
	return -1
}

// accounts learns under which other names files speak of a suspect: the words of
// rows that join a face and one unique id, such as an account's.
func (b book) accounts(f files) {
	uses := map[string]map[int]bool{}
	for _, r := range f.records {
		if s, c := b.who(r); s >= 0 && c < 0 {
			for _, w := range r.words {
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

const (
	minToken = 7
	maxToken = 512
)

// docketOf reads evidence into what the adversary weighs. nights are the files of
// each night, and may be none.
func docketOf(t truth, last files, nights []night, seen map[string][]trace, live *traffic) docket {
	d := docket{}
	for _, s := range t.Suspects {
		d.suspects = append(d.suspects, suspect{id: s.Face, present: map[string][]hours{"open": s.Open}, ranks: map[string]float64{}, tokens: map[string]bool{}})
	}
	for _, c := range t.Culprits {
		d.culprits = append(d.culprits, culprit{id: c.ID, traces: map[string][]trace{}, ranks: map[string]float64{}, tokens: map[string]bool{}, truth: c.Owner})
	}
	b := newBook(t)
	b.accounts(last)
	for _, c := range t.Culprits {
		for _, p := range c.Posts {
			d.add("E1 appeared", b.culprit[p], seen[p]...)
		}
	}
	for _, r := range last.records {
		d.weigh("E2 ", b, r)
	}
	d.nightly(b, nights)
	if live != nil {
		d.watch(b, live)
	}
	d.order(b, last)
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

// weigh reads one record of the files.
func (d docket) weigh(level string, b book, r record) {
	s, c := b.who(r)
	if s < 0 && c < 0 {
		return
	}
	for _, n := range r.nums {
		at, ok := moment(n.value)
		if !ok {
			continue
		}
		if c >= 0 {
			d.add(level+r.where+"."+n.column, c, at)
		}
		if s >= 0 && r.where != "forum_post" { // its times are those that all readers see
			p := d.suspects[s].present
			p[level+"rows"] = append(p[level+"rows"], at.from)
		}
	}
	if s >= 0 && c >= 0 { // a record that names both
		d.suspects[s].tokens["joined "+d.culprits[c].id] = true
		d.culprits[c].tokens["joined "+d.culprits[c].id] = true
		return
	}
	for _, w := range r.words {
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

// night is what changed in the files from one night to the next.
type night struct {
	at  hours
	new files // records that were not there the night before
}

// nightly dates records by the night in which they were there first.
func (d docket) nightly(b book, nights []night) {
	for _, n := range nights {
		for _, r := range n.new.records {
			s, c := b.who(r)
			if c >= 0 && r.where != "post" { // when a post appeared everybody saw
				d.add("E2r "+r.where, c, trace{n.at - hoursOfDay, n.at})
			}
			if s >= 0 && c < 0 && r.where != "forum_post" {
				p := d.suspects[s].present
				p["E2r rows"] = append(p["E2r rows"], n.at-hoursOfDay/2)
			}
		}
	}
}

// order notes where in each table and file each of them stands first, in the order
// of the bytes, as a part of its length.
func (d docket) order(b book, last files) {
	at, length := map[string]int{}, map[string]int{}
	for _, r := range last.records {
		length[r.where]++
	}
	note := func(ranks map[string]float64, r record) {
		if _, known := ranks[r.where]; !known {
			ranks[r.where] = float64(at[r.where]) / float64(length[r.where])
		}
	}
	for _, r := range last.records {
		switch s, c := b.who(r); {
		case c >= 0:
			note(d.culprits[c].ranks, r)
		case s >= 0:
			note(d.suspects[s].ranks, r)
		}
		at[r.where]++
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
func (d docket) watch(b book, live *traffic) {
	for _, a := range live.account {
		if s, ok := b.suspect[a.who]; ok {
			p := d.suspects[s].present
			p["E3 requests"] = append(p["E3 requests"], a.at)
		}
	}
	for _, m := range live.mask {
		if c, ok := b.culprit[m.who]; ok {
			d.add("E3 visit", c, trace{m.at, m.at})
		}
	}
}

// traffic is the record of requests: of those with a cookie whose it is, of the
// others which key signed. The address of the latter is hidden.
type traffic struct{ account, mask []request }

type request struct {
	who string
	at  hours
}

// sheet is a docket as it is kept, so that another attack can be tried on it.
type sheet struct {
	Suspects []sheetSuspect `json:"suspects"`
	Culprits []sheetCulprit `json:"culprits"`
	Truth    truth          `json:"truth"`
}

type sheetSuspect struct {
	ID      string             `json:"id"`
	Present map[string][]hours `json:"present"`
	Ranks   map[string]float64 `json:"ranks"`
	Tokens  map[string]bool    `json:"tokens"`
}

type sheetCulprit struct {
	ID     string                  `json:"id"`
	Traces map[string][][2]float64 `json:"traces"`
	Ranks  map[string]float64      `json:"ranks"`
	Tokens map[string]bool         `json:"tokens"`
	Owner  int                     `json:"owner"`
}

// keep writes a docket.
func (d docket) keep(path string, t truth) error {
	s := sheet{Truth: t}
	for _, x := range d.suspects {
		s.Suspects = append(s.Suspects, sheetSuspect{x.id, x.present, x.ranks, x.tokens})
	}
	for _, c := range d.culprits {
		k := sheetCulprit{c.id, map[string][][2]float64{}, c.ranks, c.tokens, c.truth}
		for kind, ts := range c.traces {
			for _, t := range ts {
				k.Traces[kind] = append(k.Traces[kind], [2]float64{t.from, t.to})
			}
		}
		s.Culprits = append(s.Culprits, k)
	}
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o600)
}

// readDocket reads what keep wrote; fs.ErrNotExist when there is none.
func readDocket(path string) (d docket, t truth, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return d, t, err
	}
	var s sheet
	if err := json.Unmarshal(b, &s); err != nil {
		return d, t, err
	}
	for _, x := range s.Suspects {
		d.suspects = append(d.suspects, suspect{x.ID, x.Present, x.Ranks, x.Tokens})
	}
	for _, k := range s.Culprits {
		c := culprit{k.ID, map[string][]trace{}, k.Ranks, k.Tokens, k.Owner}
		for kind, ts := range k.Traces {
			for _, t := range ts {
				c.traces[kind] = append(c.traces[kind], trace{t[0], t[1]})
			}
		}
		d.culprits = append(d.culprits, c)
	}
	return d, s.Truth, nil
}
