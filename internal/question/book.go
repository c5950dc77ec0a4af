package question

import (
	"context"
	"slices"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/guard"
	"guildhall/internal/typed"
)

// File writes an entry in a question's book. What stands elsewhere needs its
// link. Faults: SignIn, Forbidden, NotFound; Conflict when the question was merged
// away, or when it is paused, closed or open already; Invalid on "code", "day",
// "until", "owes", "platform", "link" or "words".
func (r *Room) File(ctx context.Context, by Actor, id ID, f Filing) (e Entry, err error) {
	defer fault.Wrap(&err, "question.File(%s)", id)
	if err = MayKeep(by); err != nil {
		return e, err
	}
	if e, err = r.draft(by, f); err != nil {
		return e, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		q, err := r.lockTx(ctx, id)
		if err != nil {
			return err
		}
		if err := fits(q, e); err != nil {
			return err
		}
		if e.Owes != "" {
			if err := r.owed(ctx, e.Owes, q.Platform); err != nil {
				return err
			}
		}
		e, err = r.fileTx(ctx, q, e)
		return err
	})
	return e, err
}

// draft checks an entry by itself.
func (r *Room) draft(by Actor, f Filing) (e Entry, err error) {
	e = Entry{Kind: f.Kind, By: face.Face{ID: by.Face}, Day: r.Today(), Code: f.Code}
	if !slices.Contains(Codes(f.Kind), f.Code) {
		return e, fault.On("code", fault.Invalid, "fault.choose")
	}
	switch f.Kind {
	case Pause, Resumption, Closure, Reopening:
	case Answer:
		if e.Day = f.Day; e.Day < earliest || e.Day > r.Today() {
			return e, fault.On("day", fault.Invalid, "question.day_gone")
		}
		if f.Words == "" {
			return e, fault.On("words", fault.Invalid, "fault.empty")
		}
	case Promise:
		if e.Until = f.Until; e.Until < r.Today() || e.Until > latest {
			return e, fault.On("until", fault.Invalid, "question.day_to_come")
		}
	case Correction:
		e.Day = f.Day
		if e.Code == "wrong_start" && (e.Day < earliest || e.Day > r.Today()) {
			return e, fault.On("day", fault.Invalid, "question.day_gone")
		}
		if e.Code != "wrong_start" {
			e.Day = 0
		}
		if e.Code == "wrong_addressee" {
			if e.Owes = f.Owes; e.Owes == "" {
				return e, fault.On("owes", fault.Invalid, "fault.choose")
			}
		}
		if f.Words == "" {
			return e, fault.On("words", fault.Invalid, "fault.empty")
		}
	default: // the others are written by what they are about
		return e, fault.On("kind", fault.Invalid, "fault.choose")
	}
	if e.Link, err = address("link", f.Link, e.Code == Published || e.Kind == Promise); err != nil {
		return e, err
	}
	e.Source, e.HTML, err = r.text("words", f.Words, MaxAnswer, 0)
	return e, err
}

// fits tells whether an entry can follow upon how things stand.
func fits(q Question, e Entry) error {
	if q.MergedInto != "" {
		return fault.New(fault.Conflict, "question.may.merged")
	}
	closed, paused := q.Tally.State == Closed, q.Tally.PausedFrom != 0
	switch e.Kind {
	case Pause:
		if paused || !q.Tally.State.Waits() {
			return fault.New(fault.Conflict, "question.no_pause_now")
		}
	case Resumption:
		if !paused {
			return fault.New(fault.Conflict, "question.not_paused")
		}
	case Closure:
		if closed {
			return fault.New(fault.Conflict, "question.closed_already")
		}
	case Reopening:
		if !closed {
			return fault.New(fault.Conflict, "question.not_closed")
		}
	}
	return nil
}

// fileTx gives an entry the next number, writes it, and reads the clock anew.
func (r *Room) fileTx(ctx context.Context, q Question, e Entry) (Entry, error) {
	e.Question, e.N, e.At = q.ID, q.Entries+1, r.moment()
	_, err := r.DB.Exec(ctx, qEntryMake, string(q.ID), e.N, string(e.Kind), string(e.By.ID), db.Micros(e.At), int(e.Day), int(e.Until), string(e.Code),
		string(e.Owes), e.Link, e.Undoes, e.Source, string(e.HTML), e.Mandate)
	if err != nil {
		return e, err
	}
	if err := r.recountTx(ctx, q.ID); err != nil {
		return e, err
	}
	r.touched(ctx, q)
	return e, r.happened(ctx, EventFiled, q.ID, Filed{e.N, e.Kind})
}

// Undo takes an entry back by another one that says why: the clock is then read as
// if it had not been. Merges and splits are undone by Unmove,
// other words by Restore. Faults: SignIn,
// Forbidden, NotFound; Conflict when it is taken back already; Invalid on "reason".
func (r *Room) Undo(ctx context.Context, by Actor, id ID, n int, reason string) (err error) {
	defer fault.Wrap(&err, "question.Undo(%s)", id)
	if err = MayKeep(by); err != nil {
		return err
	}
	if reason, err = typed.Line("reason", reason, 3, MaxReason); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		q, err := r.lockTx(ctx, id)
		if err != nil {
			return err
		}
		book, err := r.bookRows(ctx, id)
		if err != nil {
			return err
		}
		if n < 1 || n > len(book) || slices.Contains([]Kind{Undoing, Merge, Split}, book[n-1].Kind) || book[n-1].Kind == Correction && book[n-1].Code == Reworded {
			return fault.New(fault.NotFound, "question.no_entry")
		}
		if book[n-1].UndoneBy != 0 {
			return fault.New(fault.Conflict, "question.taken_back")
		}
		if err := MayUndo(by, book[n-1]); err != nil {
			return err
		}
		return r.undoTx(ctx, q, by, n, plainly(reason))
	})
}

func (r *Room) undoTx(ctx context.Context, q Question, by Actor, n int, reason string) error {
	e := Entry{Kind: Undoing, By: face.Face{ID: by.Face}, Day: r.Today(), Undoes: n}
	if by.Mandate != "" {
		e.By, e.Mandate = face.Face{}, by.Mandate
	}
	var err error
	if e.Source, e.HTML, err = r.text("reason", reason, MaxAnswer, 0); err != nil {
		return err
	}
	_, err = r.fileTx(ctx, q, e)
	return err
}

// Book is all that was written of a question, the oldest first, with what askers
// say to its answers. Words that are hidden are left out for all but stewards. Faults:
// NotFound.
func (r *Room) Book(ctx context.Context, a Actor, id ID) (list []Entry, err error) {
	defer fault.Wrap(&err, "question.Book(%s)", id)
	q, err := r.questionTx(ctx, id)
	if err != nil {
		return nil, err
	}
	if err = MayRead(a, q); err != nil {
		return nil, err
	}
	if list, err = r.bookRows(ctx, id); err != nil {
		return nil, err
	}
	hushes, err := r.entryHushes(ctx, id)
	if err != nil {
		return nil, err
	}
	var people []*face.Face
	for i := range list {
		e := &list[i]
		if e.Hush = hushes[EntryThing(id, e.N)]; e.Hush != nil && !a.Steward {
			e.Source, e.HTML = "", ""
		}
		if e.By.ID != "" {
			people = append(people, &e.By)
		}
	}
	return list, r.Faces.Fill(ctx, people...)
}

// Judge is an asker's word on an answer; the last one counts, Unjudged takes it
// back. Faults: SignIn, NotFound, Forbidden, Conflict; Invalid on "verdict" or
// "words".
func (r *Room) Judge(ctx context.Context, by Actor, id ID, n int, v Verdict, words string) (err error) {
	defer fault.Wrap(&err, "question.Judge(%s)", id)
	if err = MayAsk(by); err != nil {
		return err
	}
	if !slices.Contains([]Verdict{Unjudged, Full, InPart, Not}, v) {
		return fault.On("verdict", fault.Invalid, "fault.choose")
	}
	if words, err = typed.Lines("words", words, 0, MaxWords); err != nil {
		return err
	}
	if err = guard.Redacted("words", words); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		q, err := r.lockTx(ctx, id)
		if err != nil {
			return err
		}
		if err := MayRead(by, q); err != nil {
			return err
		}
		book, err := r.bookRows(ctx, id)
		if err != nil {
			return err
		}
		if n < 1 || n > len(book) {
			return fault.New(fault.NotFound, "question.no_answer")
		}
		s, err := r.standingTx(ctx, q, by.Face)
		if err != nil {
			return err
		}
		if err := MayJudge(by, s, book[n-1]); err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qJudgementErase, string(id), n, string(by.Face)); err != nil {
			return err
		}
		if v != Unjudged {
			if by.Held != "" {
				words = "" // a newcomer's voice counts; her words would have to wait
			}
			if _, err := r.DB.Exec(ctx, qJudgementMake, string(id), n, string(by.Face), string(v), words); err != nil {
				return err
			}
		}
		r.touched(ctx, q)
		return r.recountTx(ctx, id)
	})
}

// Judgements are the askers' words on the answers of a question. Faults: NotFound.
func (r *Room) Judgements(ctx context.Context, a Actor, id ID) (list []Judgement, err error) {
	defer fault.Wrap(&err, "question.Judgements(%s)", id)
	if _, err = r.Question(ctx, a, id); err != nil {
		return nil, err
	}
	if list, err = r.judgementRows(ctx, id); err != nil {
		return nil, err
	}
	people := make([]*face.Face, len(list))
	for i := range list {
		people[i] = &list[i].Asker
	}
	return list, r.Faces.Fill(ctx, people...)
}

// recountTx reads the clock and the counts of a question anew from what stands in
// its tables, and keeps them for lists.
func (r *Room) recountTx(ctx context.Context, id ID) error {
	q, err := r.questionTx(ctx, id)
	if err != nil {
		return err
	}
	book, err := r.bookRows(ctx, id)
	if err != nil {
		return err
	}
	judged := map[int]Verdict{}
	for _, e := range book {
		judged[e.N] = e.Judged.Verdict()
	}
	var variants, faces, masks int
	if _, err := r.DB.Row(ctx, qCountVariants, []any{string(id)}, &variants, &faces, &masks); err != nil {
		return err
	}
	t := Reckon(q.Asked, q.Owes, book, judged)
	_, err = r.DB.Exec(ctx, qSettle, string(id), variants, faces, len(book), int(shelf(q, t)), string(t.State), string(t.Owes), int(t.Since), int(t.Stop),
		t.PausedDays, int(t.PausedFrom), int(t.Promised), masks)
	return err
}

// shelf is where a question is listed.
func shelf(q Question, t Tally) Shelf {
	switch {
	case q.Hushed || q.MergedInto != "":
		return NoShelf
	case t.State.Waits():
		return OpenShelf
	case t.State == Closed:
		return ClosedShelf
	}
	return AnsweredShelf
}
