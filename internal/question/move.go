package question

import (
	"context"
	"slices"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/markdown"
	"guildhall/internal/typed"
)

// Merge makes two questions one: the cases of from go to into, whose clock began
// when the earlier of both did; days that were not counted in from are not counted now.
// One event names everybody whose case went, once. What waits since before an answer to
// into came does not go there: that answers it no more than it did. Faults: SignIn,
// Forbidden, NotFound; Conflict when either was merged away, or from waits;
// Invalid on "into" for one and the same, on "reason".
func (r *Room) Merge(ctx context.Context, by Actor, from, into ID, reason string) (id MoveID, err error) {
	defer fault.Wrap(&err, "question.Merge(%s, %s)", from, into)
	if reason, err = r.moving(by, reason); err != nil {
		return "", err
	}
	if from == into {
		return "", fault.On("into", fault.Invalid, "question.same")
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		f, t, err := r.lockBothTx(ctx, from, into)
		if err != nil {
			return err
		}
		if f.Tally.State.Waits() && t.Tally.Stop != 0 && f.Tally.Since < t.Tally.Stop {
			return fault.On("into", fault.Conflict, "question.waits_still")
		}
		all, err := r.textsRows(ctx, qVariantIDs, string(from))
		if err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qMergedInto, string(from), string(into)); err != nil {
			return err
		}
		f.MergedInto = into
		id, err = r.moveTx(ctx, by, Move{Kind: Merge, From: from, Into: into, Reason: reason}, f, t, all)
		return err
	})
	return id, err
}

// Split gives some cases of a question one of their own. Its clock begins on the
// day of the earliest of them, but not before the clock they leave; what stands in the
// book they leave about answers, pauses and the like stands in theirs, unjudged. At least
// one case stays. Faults: SignIn, Forbidden, NotFound; Conflict when it was merged
// away; Invalid on "title", "variants" or "reason".
func (r *Room) Split(ctx context.Context, by Actor, from ID, variants []VariantID, title, reason string) (id ID, err error) {
	defer fault.Wrap(&err, "question.Split(%s)", from)
	if reason, err = r.moving(by, reason); err != nil {
		return "", err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		f, err := r.lockTx(ctx, from)
		if err != nil {
			return err
		}
		if f.MergedInto != "" {
			return fault.New(fault.Conflict, "question.may.merged")
		}
		q, err := r.Check(ctx, by, Asking{Title: title, Lang: f.Lang, Platform: f.Platform, Clause: f.Clause, Owes: f.Tally.Owes})
		if err != nil {
			return err
		}
		id = q.ID
		chosen, first, err := r.chosenTx(ctx, f, variants)
		if err != nil {
			return err
		}
		q.Asked = max(first, f.Tally.Since)
		if err := r.openTx(ctx, q, ""); err != nil {
			return err
		}
		if err := r.bringTx(ctx, f, &q); err != nil {
			return err
		}
		_, err = r.moveTx(ctx, by, Move{Kind: Split, From: from, Into: q.ID, Reason: reason}, f, q, chosen)
		return err
	})
	return id, err
}

// along are the entries that go along with a split: without them a platform would be said
// to be silent about what it has answered.
var along = []Kind{Pause, Resumption, Promise, Answer, Closure, Reopening}

// bringTx writes what stands in a book into that of a question split from it. Nobody is
// told: it was said long ago. Words that are hidden stay where they are hidden.
func (r *Room) bringTx(ctx context.Context, from Question, q *Question) error {
	book, err := r.bookRows(ctx, from.ID)
	if err != nil {
		return err
	}
	hidden, err := r.entryHushes(ctx, from.ID)
	if err != nil {
		return err
	}
	for _, e := range book {
		if e.UndoneBy != 0 || !slices.Contains(along, e.Kind) {
			continue
		}
		if _, is := hidden[EntryThing(from.ID, e.N)]; is {
			e.Source, e.HTML = "", ""
		}
		q.Entries++
		if _, err := r.DB.Exec(ctx, qEntryMake, string(q.ID), q.Entries, string(e.Kind), string(e.By.ID), db.Micros(e.At), int(e.Day), int(e.Until), string(e.Code),
			string(e.Owes), e.Link, 0, e.Source, string(e.HTML), e.Mandate); err != nil {
			return err
		}
	}
	return r.recountTx(ctx, q.ID)
}

// began is when the clock of a question began into which another is merged: as much
// earlier as that one had waited by then.
func began(from, into Tally) Day {
	if from.Since >= into.Since {
		return from.Since
	}
	if from.Stop > into.Since {
		from.Stop = into.Since
	}
	return into.Since - Day(from.On(into.Since).Waited)
}

// chosenTx checks which cases go, and finds the day of the earliest.
func (r *Room) chosenTx(ctx context.Context, f Question, variants []VariantID) (ids []string, first Day, err error) {
	for _, id := range variants {
		v, found, err := r.variantRow(ctx, id)
		if err != nil {
			return nil, 0, err
		}
		if !found || v.Question != f.ID || slices.Contains(ids, string(id)) {
			return nil, 0, fault.On("variants", fault.Invalid, "question.choose_variants")
		}
		if d := DayOf(v.At); first == 0 || d < first {
			first = d
		}
		ids = append(ids, string(id))
	}
	all, err := r.textsRows(ctx, qVariantIDs, string(f.ID))
	if err == nil && (len(ids) == 0 || len(ids) >= len(all)) {
		err = fault.On("variants", fault.Invalid, "question.choose_variants")
	}
	return ids, first, err
}

// moving is what every move begins with.
func (r *Room) moving(by Actor, reason string) (string, error) {
	if err := MayKeep(by); err != nil {
		return "", err
	}
	return typed.Line("reason", reason, 3, MaxReason)
}

// lockBothTx holds two questions that stand, in the order of their ids, so that
// two stewards who merge them at once wait for each other.
func (r *Room) lockBothTx(ctx context.Context, from, into ID) (f, t Question, err error) {
	ids := []ID{from, into}
	slices.Sort(ids)
	for _, id := range ids {
		q, err := r.lockTx(ctx, id)
		if err != nil {
			return f, t, err
		}
		if q.MergedInto != "" {
			return f, t, fault.New(fault.Conflict, "question.may.merged")
		}
		if id == from {
			f = q
		} else {
			t = q
		}
	}
	return f, t, nil
}

// lockTx reads a question and lets nobody else change it until the transaction
// ends.
func (r *Room) lockTx(ctx context.Context, id ID) (Question, error) {
	if _, err := r.DB.Exec(ctx, qLock, string(id)); err != nil {
		return Question{}, err
	}
	return r.questionTx(ctx, id)
}

// moveTx takes cases from one question to another, writes it in both books, and
// tells once.
func (r *Room) moveTx(ctx context.Context, by Actor, m Move, from, into Question, variants []string) (MoveID, error) {
	m.ID, m.At = MoveID(r.ids.New()), r.moment()
	if _, err := r.DB.Exec(ctx, qMoveMake, string(m.ID), string(m.Kind), string(m.From), string(m.Into), string(by.Face), db.Micros(m.At), m.Reason); err != nil {
		return "", err
	}
	for _, v := range variants {
		if _, err := r.DB.Exec(ctx, qMovedMake, string(m.ID), v); err != nil {
			return "", err
		}
		if _, err := r.DB.Exec(ctx, qVariantMove, v, string(m.Into)); err != nil {
			return "", err
		}
	}
	e := Entry{Kind: m.Kind, By: face.Face{ID: by.Face}, Source: plainly(m.Reason)}
	var err error
	if e.Source, e.HTML, err = r.text("reason", e.Source, MaxAnswer, 0); err != nil {
		return "", err
	}
	e.Link, e.Code = string(into.ID), "away"
	if _, err := r.fileTx(ctx, from, e); err != nil {
		return "", err
	}
	e.Link, e.Code = string(from.ID), "here"
	if m.Kind == Merge {
		e.Day = began(from.Tally, into.Tally)
	}
	if _, err := r.fileTx(ctx, into, e); err != nil {
		return "", err
	}
	kind := EventMerged
	if m.Kind == Split {
		kind = EventSplit
	}
	return m.ID, r.tellTx(ctx, kind, m)
}

// tellTx appends the one event of a move, with everybody whose case went.
func (r *Room) tellTx(ctx context.Context, kind string, m Move) error {
	ids, err := r.textsRows(ctx, qMovedFaces, string(m.ID))
	if err != nil {
		return err
	}
	faces := make([]face.ID, len(ids))
	for i, f := range ids {
		faces[i] = face.ID(f)
	}
	return r.happened(ctx, kind, m.From, Moved{m.ID, m.Into, faces})
}

// Unmove takes a merge or a split back: exactly the cases that went return, and
// both books say so. What was added meanwhile stays where it was added; a question
// that a split had made is merged away. Faults: SignIn, Forbidden, NotFound;
// Conflict when it is undone already, or when a later move of the same cases must
// be undone first; Invalid on "reason".
func (r *Room) Unmove(ctx context.Context, by Actor, id MoveID, reason string) (m Move, err error) {
	defer fault.Wrap(&err, "question.Unmove(%s)", id)
	if reason, err = r.moving(by, reason); err != nil {
		return m, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		var found bool
		if m, found, err = r.moveRow(ctx, id); err != nil {
			return err
		}
		if !found {
			return fault.New(fault.NotFound, "question.no_move")
		}
		return r.unmoveTx(ctx, by, m, reason)
	})
	return m, err
}

func (r *Room) unmoveTx(ctx context.Context, by Actor, m Move, reason string) error {
	ids := []ID{m.From, m.Into}
	slices.Sort(ids)
	held := map[ID]Question{}
	for _, id := range ids {
		q, err := r.lockTx(ctx, id)
		if err != nil {
			return err
		}
		held[id] = q
	}
	if n, err := r.DB.Exec(ctx, qMoveUndo, string(m.ID), string(by.Face), db.Micros(r.moment())); err != nil {
		return err
	} else if n == 0 {
		return fault.New(fault.Conflict, "question.taken_back")
	}
	from, into := held[m.From], held[m.Into]
	if into.MergedInto != "" || m.Kind == Split && from.MergedInto != "" {
		return fault.New(fault.Conflict, "question.later_first")
	}
	back, err := r.textsRows(ctx, qMovedIDs, string(m.ID), string(m.Into))
	if err != nil {
		return err
	}
	for _, v := range back {
		if _, err := r.DB.Exec(ctx, qVariantMove, v, string(m.From)); err != nil {
			return err
		}
	}
	if err := r.unmergeTx(ctx, m); err != nil {
		return err
	}
	for _, q := range []Question{from, into} {
		n, err := r.moveEntry(ctx, q, m)
		if err != nil {
			return err
		}
		if err := r.undoTx(ctx, q, by, n, plainly(reason)); err != nil {
			return err
		}
	}
	return r.tellTx(ctx, EventUnmoved, m)
}

// unmergeTx lets the question of a merge stand again; the one that a split made
// goes back, when nothing else stays in it.
func (r *Room) unmergeTx(ctx context.Context, m Move) error {
	if m.Kind == Merge {
		_, err := r.DB.Exec(ctx, qMergedInto, string(m.From), "")
		return err
	}
	left, err := r.textsRows(ctx, qVariantIDs, string(m.Into))
	if err != nil || len(left) > 0 {
		return err
	}
	_, err = r.DB.Exec(ctx, qMergedInto, string(m.Into), string(m.From))
	return err
}

// moveEntry finds the entry of a move that still stands in a question's book.
func (r *Room) moveEntry(ctx context.Context, q Question, m Move) (int, error) {
	book, err := r.bookRows(ctx, q.ID)
	if err != nil {
		return 0, err
	}
	other := m.Into
	if q.ID == m.Into {
		other = m.From
	}
	for _, e := range slices.Backward(book) {
		if e.Kind == m.Kind && e.Link == string(other) && e.UndoneBy == 0 {
			return e.N, nil
		}
	}
	return 0, fault.New(fault.Conflict, "question.taken_back")
}

// Moves are the merges and splits of a question, the newest first. Faults: none
// but Unavailable.
func (r *Room) Moves(ctx context.Context, id ID) (list []Move, err error) {
	defer fault.Wrap(&err, "question.Moves(%s)", id)
	return r.moveRows(ctx, qMoves, string(id))
}

// excerpt is the beginning of a rendered text, for lists and feeds.
func excerpt(source string, n int) string { return markdown.Excerpt(markdown.Plain(source), n) }
