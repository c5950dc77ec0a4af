package main

import (
	"math"
	"slices"
	"strings"
)

// A town is the evidence of one hall as somebody reads it who knows the program and
// how people live: when each act of a mask can have been done, and how much everybody
// does. Beside the features of attack.go it is a second way of looking, after somebody
// who attacked an earlier hall by hand and got further.
type town struct {
	residents []resident
	personas  []persona
	epochs    [2][]int // personas by their epoch, the first and the second
	looks     []hours  // E3, where masks write by letter: when somebody looked in, in order
}

// resident is what is known of an account. What only files tell is used at levels that
// have files.
type resident struct {
	open   []hours // posts
	told   []hours // questions, cases, and what she said of answers
	deeds  int     // E2: what else is hers: recommendations, what is followed, answers to statements, whom she knows, what was written with her
	served hours   // E2r: the night in which her right was there first, which is that of a batch; 0 when before all
	calls  []hours // E3: requests
}

// said are the moments at which a resident did something that every reader sees.
func (r resident) said() []hours { return slices.Concat(r.open, r.told) }

// persona is what is known of a mask.
type persona struct {
	epoch   int
	posts   int
	praise  int // E2; of answers to a consultation how often they changed
	acts    []act
	born    hours // E2r: the night in which it was there first
	renewed hours // E2r: the night in which it had renewed, which is that of a batch; 0 for never
	calls   []trace
	owner   int // for learning only
}

// act is the span in which something was done, and from which level on that is known.
type act struct {
	level string
	trace
}

// townOf reads evidence. The pace says how long what arrived may wait.
func townOf(e evidence, t truth, pace string) *town {
	w := &town{residents: make([]resident, len(t.Suspects)), personas: make([]persona, len(t.Culprits))}
	b := newBook(t)
	for i, s := range t.Suspects {
		w.residents[i].open, w.residents[i].told = s.Open, s.Told
	}
	for i, c := range t.Culprits {
		p := &w.personas[i]
		p.owner, p.epoch = c.Owner, c.Asked
		for _, id := range c.Posts {
			if at, ok := e.Seen[id]; ok {
				p.posts++
				p.acts = append(p.acts, act{"E1", arrival(trace{at - 1, at}, pace)})
			}
			if at, ok := e.Gone[id]; ok {
				p.acts = append(p.acts, act{"E1", wiped(at, pace)})
			}
		}
	}
	w.count(b, e.Last.Records)
	for _, n := range e.Nights {
		w.night(b, n, pace)
	}
	for _, a := range e.Account {
		if s, ok := b.suspect[a.Who]; ok {
			w.residents[s].calls = append(w.residents[s].calls, a.At)
		}
	}
	for _, m := range slices.Concat(e.Mask, e.Voices) {
		if c, ok := b.culprit[m.Who]; ok {
			w.personas[c].calls = append(w.personas[c].calls, handedIn(m.At, pace))
		}
	}
	for _, l := range e.Looks {
		w.looks = append(w.looks, l.At)
	}
	slices.Sort(w.looks)
	first := math.MaxInt
	for _, p := range w.personas {
		first = min(first, p.epoch)
	}
	for i, p := range w.personas {
		if e := p.epoch - first; e < len(w.epochs) {
			w.epochs[e] = append(w.epochs[e], i)
		}
	}
	return w
}

// count reads the files at the end: whose rows they are.
func (w *town) count(b book, rs []record) {
	known := files{Records: rs}
	b.accounts(known)
	b.pairs(known)
	for _, r := range rs {
		switch s, c := b.who(r); {
		case c >= 0 && r.Where == "mask":
			w.personas[c].epoch = int(r.number("epoch"))
		case c >= 0 && r.Where == "recommendation":
			if m, ok := b.culprit[r.Words[len(r.Words)-1]]; ok { // not the post's author
				w.personas[m].praise++
			}
		case c >= 0 && r.Where == "consultation_answers":
			w.personas[c].praise = int(r.number("counter"))
		case s >= 0 && slices.Contains([]string{"forum_recommendation", "forum_follow", "news_follow"}, r.Where):
			w.residents[s].deeds++
		case slices.Contains([]string{"connection", "connection_ask", "connection_note"}, r.Where):
			if list := b.parties(r); len(list) > 0 {
				w.residents[list[0].suspect].deeds++
			}
		case r.Where == "message_group":
			for _, x := range b.parties(r) {
				w.residents[x.suspect].deeds += int(r.number("n")) / 2
			}
		case s >= 0 && r.Where == "consultation_answers": // a letter for each statement, a point for none
			answers := r.Words[len(r.Words)-1]
			w.residents[s].deeds += len(answers) - strings.Count(answers, ".")
		}
	}
}

// night reads what was new in a night.
func (w *town) night(b book, n night, pace string) {
	for _, r := range n.New.Records {
		s, c := b.who(r)
		if c >= 0 && r.Where == "mask" && w.personas[c].born == 0 {
			w.personas[c].born = n.At
		}
		switch {
		case c >= 0 && r.Where == "mask" && r.number("state") == 1 && w.personas[c].renewed == 0:
			w.personas[c].renewed = n.At
			w.personas[c].acts = append(w.personas[c].acts, act{"E2r", renewal(n.At, pace)})
		case c >= 0 && r.Where == "recommendation":
			if m, ok := b.culprit[r.Words[len(r.Words)-1]]; ok {
				w.personas[m].acts = append(w.personas[m].acts, act{"E2r", arrival(trace{n.At - hoursOfDay, n.At}, pace)})
			}
		case c >= 0 && r.Where == "consultation_answers":
			w.personas[c].acts = append(w.personas[c].acts, act{"E2r", arrival(trace{n.At - hoursOfDay, n.At}, pace)})
		case s >= 0 && r.Where == "pass_seat" && w.residents[s].served == 0:
			w.residents[s].served = n.At
		}
	}
}

// number gives a column of a record; −1 when it has none of that name.
func (r record) number(column string) int64 {
	for _, n := range r.Nums {
		if n.Column == column {
			return n.Value
		}
	}
	return -1
}

// byLetters is the timing of halls with a letterbox.
const byLetters = "letters"

// handedIn is when that can have been done which somebody who watches sees at a moment:
// at that very one, or in the days before a delivery, each of them as likely.
func handedIn(at hours, pace string) trace {
	if pace == byLetters && math.Mod(at, hoursOfDay) == deliveryHour {
		return trace{at - daysInBox*hoursOfDay, at}
	}
	return trace{at, at}
}

// renewal is when that can have been done which was there first in a night: in the week
// before the batch tick at which renewals are filed.
func renewal(night hours, pace string) trace {
	const week = 7 * hoursOfDay
	batch := math.Floor(night/week) * week
	if pace == byLetters {
		return trace{batch - week + deliveryHour - daysInBox*hoursOfDay, batch - hoursOfDay + deliveryHour}
	}
	return trace{batch - week, batch}
}

// arrival is when that can have arrived which came out in a span.
func arrival(out trace, pace string) trace {
	from, to := midnight(out.from), midnight(out.to)
	switch pace {
	case "hourly":
		return trace{out.from - 1, out.to}
	case "daily":
		return trace{from - hoursOfDay, to}
	case byLetters: // brought on one of the three days before
		return trace{max(0, from-(3+daysInBox)*hoursOfDay+deliveryHour), to - hoursOfDay + deliveryHour}
	}
	return trace{max(0, from-3*hoursOfDay), to} // the three days before
}

// wiped is when a deletion can have arrived that was done by a tick.
func wiped(tick hours, pace string) trace {
	switch pace {
	case "hourly":
		return trace{tick - 1, tick}
	case byLetters:
		return handedIn(midnight(tick-1)+deliveryHour, pace)
	}
	return trace{midnight(tick - 1), midnight(tick-1) + hoursOfDay}
}

// midnight is the last one.
func midnight(at hours) hours { return math.Floor(at/hoursOfDay) * hoursOfDay }

// lived is for how many days a persona could act.
func (p persona) lived(second bool) float64 {
	born, end := 2.*7, 5.*7
	if second {
		born, end = 6*7, liveDays
	}
	if p.renewed > 0 {
		end = min(end, p.renewed/hoursOfDay)
	}
	return max(1, end-born)
}
