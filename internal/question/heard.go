package question

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// Heard is what became of a mask's cases, once for each event.
type Heard struct {
	ID       string // names the event: the same for every mask that it concerns
	Mask     string
	What     Kind // or Taken
	Question ID
	Title    string
	Day      Day
}

// Taken says that a mask's post became a case.
const Taken Kind = "taken"

// heardKinds are the entries of a book of which a mask hears, beside moves of her own case.
var heardKinds = []Kind{Answer, Promise, Closure, Reopening}

// mostHeard is how many lines a space is told of at most, the newest.
const mostHeard = 200

// Heard lists what became of the cases of a space's masks since a day and before a moment,
// in an order that says nothing: the same for everybody who asks. Faults: none but Unavailable.
func (r *Room) Heard(ctx context.Context, space string, since Day, before time.Time) (list []Heard, err error) {
	defer fault.Wrap(&err, "question.Heard")
	err = r.DB.View(ctx, func(ctx context.Context) error {
		vs, err := r.variantRows(ctx, qOfSpace, space)
		if err != nil {
			return err
		}
		of := hearing{room: r, books: map[ID][]Entry{}, questions: map[ID]Question{}, known: map[[2]string]bool{}, since: since, before: before}
		for _, v := range vs {
			if err := of.follow(ctx, v); err != nil {
				return err
			}
		}
		list = of.list
		return nil
	})
	slices.SortFunc(list, func(a, b Heard) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Mask, b.Mask))
	})
	return list[max(0, len(list)-mostHeard):], err
}

// hearing collects what became of cases.
type hearing struct {
	room      *Room
	books     map[ID][]Entry
	questions map[ID]Question
	since     Day
	before    time.Time
	known     map[[2]string]bool // events and masks
	list      []Heard
}

// stay is a time that a case spent under one question.
type stay struct {
	at       ID
	from, to time.Time // to: zero while it lasts
	came     ID        // from which question it was moved here; empty: it was taken up here
}

// follow tells one case's story: where it was taken up, and what happened wherever it
// stood.
func (h *hearing) follow(ctx context.Context, v Variant) error {
	stays, err := h.room.stays(ctx, v)
	if err != nil {
		return err
	}
	for i, s := range stays {
		q, book, err := h.book(ctx, s.at)
		if err != nil {
			return err
		}
		if q.Hushed {
			continue
		}
		if i == 0 {
			h.tell(q, v, Taken, string(v.ID), v.Taken)
		}
		moved := s.came == ""
		for _, e := range book {
			if e.At.Before(s.from) || !s.to.IsZero() && !e.At.Before(s.to) {
				continue
			}
			what := told(book, e, s.came, &moved)
			if what != "" {
				h.tell(q, v, what, string(q.ID)+"."+strconv.Itoa(e.N), e.At)
			}
		}
	}
	return nil
}

// told says as what an entry of a book is heard of; empty: not at all. A case hears of the
// one move that brought it, not of those of others.
func told(book []Entry, e Entry, came ID, moved *bool) Kind {
	of := e
	if e.Kind == Undoing {
		of = book[e.Undoes-1]
	}
	if of.Kind == Merge || of.Kind == Split {
		if *moved || of.Link != string(came) || e.Kind != Undoing && e.Code != "here" {
			return ""
		}
		*moved = true
		return e.Kind
	}
	if !slices.Contains(heardKinds, of.Kind) {
		return ""
	}
	return e.Kind
}

func (h *hearing) tell(q Question, v Variant, what Kind, id string, at time.Time) {
	once := [2]string{id, v.Mask}
	if day := DayOf(at); day >= h.since && at.Before(h.before) && !h.known[once] {
		h.known[once] = true
		h.list = append(h.list, Heard{ID: id, Mask: v.Mask, What: what, Question: q.ID, Title: q.Title, Day: day})
	}
}

// book reads a question and its book, once.
func (h *hearing) book(ctx context.Context, id ID) (q Question, book []Entry, err error) {
	if q, ok := h.questions[id]; ok {
		return q, h.books[id], nil
	}
	if q, err = h.room.questionTx(ctx, id); err != nil {
		return q, nil, err
	}
	if book, err = h.room.bookRows(ctx, id); err != nil {
		return q, nil, err
	}
	h.questions[id], h.books[id] = q, book
	return q, book, nil
}

// stays reads where a case stood, one time after another.
func (r *Room) stays(ctx context.Context, v Variant) ([]stay, error) {
	list := []stay{{at: v.Origin, from: v.Taken}}
	type turn struct {
		at       time.Time
		from, to ID
	}
	var turns []turn
	err := r.DB.Rows(ctx, qTurns, func(scan func(...any) error) error {
		var from, into ID
		var at, undone int64
		err := scan(&from, &into, &at, &undone)
		turns = append(turns, turn{db.Time(at), from, into})
		if undone != 0 {
			turns = append(turns, turn{db.Time(undone), into, from})
		}
		return err
	}, string(v.ID))
	slices.SortStableFunc(turns, func(a, b turn) int { return a.at.Compare(b.at) })
	for _, t := range turns {
		last := &list[len(list)-1]
		if last.at != t.from { // it had gone elsewhere before that was undone
			continue
		}
		last.to = t.at
		list = append(list, stay{at: t.to, from: t.at, came: t.from})
	}
	return list, err
}
