package question

import (
	"context"
	"slices"
	"strconv"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/guard"
	"guildhall/internal/typed"
)

// Rewording is other words for the same question.
type Rewording struct {
	Base   int // number of the revision that was read
	Title  string
	Text   string // Markdown
	Reason string
}

// Revision is one state of a question's words, numbered from 1.
type Revision struct {
	N        int
	By       face.Face
	At       time.Time
	Title    string
	Source   string
	Reason   string
	Restores int // the state that was taken up again; 0: new words
}

// Reword gives a question other words. What it said before stays, its book says that
// and why it changed, and every case keeps its own words. Words that would have to wait
// for a steward wait again. Faults: SignIn, Forbidden,
// NotFound (see MayReword); Conflict when somebody else was quicker; Invalid on
// "title", "text" or "reason".
func (r *Room) Reword(ctx context.Context, by Actor, id ID, w Rewording) (err error) {
	defer fault.Wrap(&err, "question.Reword(%s)", id)
	v := Revision{By: face.Face{ID: by.Face}, At: r.moment()}
	if v.Title, err = typed.Line("title", w.Title, 8, MaxTitle); err != nil {
		return err
	}
	if v.Source, _, err = r.text("text", w.Text, MaxText, by.MaxLinks); err != nil {
		return err
	}
	for _, x := range []struct{ field, text string }{{"title", v.Title}, {"text", v.Source}} {
		if err = guard.Redacted(x.field, x.text); err != nil {
			return err
		}
	}
	if v.Reason, err = typed.Line("reason", w.Reason, 3, MaxReason); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error { return r.rewordTx(ctx, by, id, w.Base, v) })
}

// Restore takes up an earlier state of a question's words again, in one press. Faults: as
// Reword; NotFound for no such state.
func (r *Room) Restore(ctx context.Context, by Actor, id ID, base, n int) (err error) {
	defer fault.Wrap(&err, "question.Restore(%s)", id)
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		q, err := r.questionTx(ctx, id)
		if err != nil {
			return err
		}
		list, err := r.revisionRows(ctx, q)
		if err != nil {
			return err
		}
		if n < 1 || n > len(list) || list[n-1].Title == "" {
			return fault.New(fault.NotFound, "forum.revision.none")
		}
		v := Revision{By: face.Face{ID: by.Face}, At: r.moment(), Title: list[n-1].Title, Source: list[n-1].Source, Restores: n}
		return r.rewordTx(ctx, by, id, base, v)
	})
}

// rewordTx makes a state the newest one, if it differs.
func (r *Room) rewordTx(ctx context.Context, by Actor, id ID, base int, v Revision) error {
	q, err := r.lockTx(ctx, id)
	if err != nil {
		return err
	}
	if err := MayReword(by, q); err != nil {
		return err
	}
	list, err := r.revisionRows(ctx, q)
	if err != nil {
		return err
	}
	if base != len(list) {
		return fault.New(fault.Conflict, "forum.edit.clash")
	}
	if q.Title == v.Title && q.Source == v.Source {
		return nil
	}
	if len(list) == 1 { // what was asked at first has no row yet
		if err := r.revisionMakeTx(ctx, id, list[0]); err != nil {
			return err
		}
	}
	v.N = len(list) + 1
	if err := r.revisionMakeTx(ctx, id, v); err != nil {
		return err
	}
	_, html, err := r.text("text", v.Source, MaxText, 0)
	if err != nil {
		return err
	}
	if _, err := r.DB.Exec(ctx, qReword, string(id), v.Title, v.Source, string(html)); err != nil {
		return err
	}
	if by.Held != "" { // what was let in may say something else now
		if err := r.hushTx(ctx, id, string(id), Hush{At: v.At, Reason: by.Held}); err != nil {
			return err
		}
	}
	e := Entry{Kind: Correction, Code: Reworded, By: v.By, Link: strconv.Itoa(v.N)}
	if e.Source, e.HTML, err = r.text("reason", plainly(v.Reason), MaxAnswer, 0); err != nil {
		return err
	}
	if _, err := r.fileTx(ctx, q, e); err != nil {
		return err
	}
	return r.indexTx(ctx, id)
}

// Revisions are the states of a question's words, the newest first; one alone when they
// were never changed. Faults: NotFound.
func (r *Room) Revisions(ctx context.Context, a Actor, id ID) (list []Revision, err error) {
	defer fault.Wrap(&err, "question.Revisions(%s)", id)
	q, err := r.Question(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if list, err = r.revisionRows(ctx, q); err != nil {
		return nil, err
	}
	slices.Reverse(list)
	people := make([]*face.Face, len(list))
	for i := range list {
		people[i] = &list[i].By
	}
	return list, r.Faces.Fill(ctx, people...)
}

// revisionRows reads the states, the oldest first.
func (r *Room) revisionRows(ctx context.Context, q Question) (list []Revision, err error) {
	err = r.DB.Rows(ctx, qRevisions, func(scan func(...any) error) error {
		var v Revision
		var at int64
		err := scan(&v.N, &v.By.ID, &at, &v.Title, &v.Source, &v.Reason, &v.Restores)
		v.At = db.Time(at)
		list = append(list, v)
		return err
	}, string(q.ID))
	if err == nil && len(list) == 0 {
		list = []Revision{{N: 1, By: q.Asker, At: q.At, Title: q.Title, Source: q.Source}}
	}
	return list, err
}

func (r *Room) revisionMakeTx(ctx context.Context, id ID, v Revision) error {
	_, err := r.DB.Exec(ctx, qRevisionMake, string(id), v.N, string(v.By.ID), db.Micros(v.At), v.Title, v.Source, v.Reason, v.Restores)
	return err
}
