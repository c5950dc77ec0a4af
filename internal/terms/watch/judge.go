package watch

import (
	"sort"
	"time"

	"guildhall/internal/terms/clause"
)

// Class is what a record is, for the timeline.
type Class uint8

// The classes. The first five are package clause's.
const (
	None        = Class(clause.None)
	Formatting  = Class(clause.Formatting)
	Moved       = Class(clause.Moved)
	Reworded    = Class(clause.Reworded)
	Substantive = Class(clause.Substantive)
	Flap        = Class(clause.Substantive + 1) // a difference that did not last, or an earlier text that came again
	Blocked     = Class(clause.Substantive + 2) // not the text: see Trouble
	Filtered    = Class(clause.Substantive + 3) // the recorder changed its filter
)

var ownNames = map[Class]string{Flap: "flap", Blocked: "blocked", Filtered: "filter"}

// String is the class's name in addresses, reports and the catalogue.
func (c Class) String() string {
	if n, ok := ownNames[c]; ok {
		return n
	}
	return clause.Class(c).String()
}

// Verdict is what is said of one record.
type Verdict struct {
	Class   Class
	Trouble Trouble         // of a blocked page
	Filter  bool            // the recorder's note speaks of its filter
	Against int             // record it was compared with; -1 for none
	Changes []clause.Change // from that record, all of them
}

// Alarm is what somebody should be told of.
type Alarm struct {
	Record  int // at which the text first appeared
	Changes []clause.Change
}

// Judge looks at a row of records. The verdicts stand in the order of the
// records, the alarms in the order of time. until is the moment up to which the
// last text is known to stand; the zero time means that it stood for good, which
// is how a finished history is replayed. A change that has not stood long enough
// by then is no alarm yet, and no flap either.
func Judge(records []Record, until time.Time) ([]Verdict, []Alarm) {
	r := readAll(records, until)
	found := map[int][]clause.Change{}
	for _, t := range r.tracks {
		r.follow(*t, found)
	}
	alarms := make([]Alarm, 0, len(found))
	for record, changes := range found {
		sort.SliceStable(changes, func(i, j int) bool { return earlier(&changes[i], &changes[j]) })
		alarms = append(alarms, Alarm{Record: record, Changes: changes})
	}
	sort.Slice(alarms, func(i, j int) bool {
		a, b := &records[alarms[i].Record], &records[alarms[j].Record]
		if !a.At.Equal(b.At) {
			return a.At.Before(b.At)
		}
		return alarms[i].Record < alarms[j].Record
	})
	for i := range r.verdicts {
		if v := &r.verdicts[i]; v.Class == Substantive && found[i] == nil && !r.pending[i] {
			v.Class = Flap
		}
	}
	return r.verdicts, alarms
}

// earlier orders changes as their clauses stand: new and changed ones by the
// new text, then what is gone.
func earlier(a, b *clause.Change) bool {
	if gone := a.Sort == clause.Removed; gone != (b.Sort == clause.Removed) {
		return !gone
	}
	return a.Clause().Place() < b.Clause().Place()
}

// follow compares the spells of a track, and finds what came to stay.
func (r *reading) follow(t track, found map[int][]clause.Change) {
	changed := make([]map[uint64]bool, len(t)) // by spell: clauses that were worded anew there
	filters := map[identity]time.Time{}        // what filters did
	for i := 1; i < len(t); i++ {
		s := t[i]
		s.changes = r.compare(t[i-1].page, s.page)
		s.filter = s.filter && !redated(s.changes)
		v := &r.verdicts[s.record]
		v.Against, v.Changes, v.Class = t[i-1].record, s.changes, Class(clause.ClassOf(s.changes))
		if len(s.changes) == 0 {
			v.Class = Formatting // the pages are not the same, their words are
		}
		changed[i] = map[uint64]bool{}
		for k := range s.changes {
			c := &s.changes[k]
			if c.Sort == clause.Changed {
				changed[i][c.Old.Key] = true
			}
			if s.filter {
				filters[identify(c)] = s.at
			}
		}
		switch {
		case s.filter:
			v.Class = Filtered
		case s.first < i && v.Class < Substantive:
			v.Class = Flap // an earlier text, and nothing of substance in between
		}
	}
	replaced := func(spell int, key uint64) bool { return changed[spell][key] }
	seen := map[identity]bool{}
	for i := 1; i < len(t); i++ {
		for k := range t[i].changes {
			c := &t[i].changes[k]
			id := identify(c)
			if c.Class != clause.Substantive || seen[id] {
				continue
			}
			seen[id] = true
			ivs := t.intervals(id, replaced)
			at, waits := settled(ivs, r.until)
			if waits >= 0 {
				r.pending[t[waits].record] = true
			}
			for _, at := range at {
				if !t[at].filter && !undoes(filters, id, t[at].at) && r.counts(t, at, at == i, c) {
					found[t[at].record] = append(found[t[at].record], *c)
				}
			}
		}
	}
}

// redated tells whether the text itself names another day of its version: then
// more has changed than the filter, whatever the note says.
func redated(changes []clause.Change) bool {
	for i := range changes {
		if c := &changes[i]; c.Sort == clause.Changed && (c.Why == clause.WhyDate || c.Why == clause.WhyEffect) {
			return true
		}
	}
	return false
}

// undoes tells whether a change only takes back what a filter did: what a
// filter dropped comes back at any time, what it brought goes within a month.
func undoes(filters map[identity]time.Time, id identity, at time.Time) bool {
	when, ok := filters[identity{old: id.new, new: id.old}]
	if !ok || at.Before(when) {
		return false
	}
	return id.old == 0 || at.Sub(when) <= rollout
}

// counts tells whether a change is one also when compared with the text that
// stood last: what came before it may have been a flap itself. seen means that
// the comparison of the spell with the one before has shown it already.
func (r *reading) counts(t track, at int, seen bool, c *clause.Change) bool {
	last := at - 1
	for last > 0 && t[last+1].at.Sub(t[last].at) < Lasts {
		last--
	}
	if seen && last == at-1 {
		return true
	}
	id := identify(c)
	for _, d := range r.compare(t[last].page, t[at].page) {
		other := identify(&d)
		if d.Class == clause.Substantive && (id.new != 0 && id.new == other.new || id.new == 0 && id.old == other.old) {
			return true
		}
	}
	return false
}
