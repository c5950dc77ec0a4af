package consultation

import (
	"context"
	"slices"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/markdown"
	"guildhall/internal/typed"
)

// Revision is one state of what a consultation says of itself, numbered from 1.
type Revision struct {
	N        int
	By       face.Face
	At       time.Time
	Source   string
	Reason   string
	Restores int // the state that was taken up again; 0: new words
}

// Reintroduction is another text about a consultation.
type Reintroduction struct {
	Base   int // number of the revision that was read
	About  string
	Reason string
}

// Reintroduce changes what a consultation says of itself. Its title, who is asked, its
// last day and its statements stay as they are, and so does what it said before. Faults:
// SignIn, Forbidden (see MayReintroduce), NotFound; Conflict when somebody else
// was quicker; Invalid on "about" or "reason".
func (r *Room) Reintroduce(ctx context.Context, by Actor, id ID, n Reintroduction) (err error) {
	defer fault.Wrap(&err, "consultation.Reintroduce(%s)", id)
	v := Revision{By: face.Face{ID: by.Face}, At: r.moment()}
	html := markdown.HTML("")
	if v.Source, html, err = r.about(n.About); err != nil {
		return err
	}
	if v.Reason, err = typed.Line("reason", n.Reason, 5, MaxReason); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error { return r.reintroduceTx(ctx, by, id, n.Base, v, html) })
}

// Restore takes up an earlier state again, in one press. Faults: as Reintroduce; NotFound
// for no such state.
func (r *Room) Restore(ctx context.Context, by Actor, id ID, base, n int) (err error) {
	defer fault.Wrap(&err, "consultation.Restore(%s)", id)
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		list, err := r.revisionRows(ctx, id)
		if err != nil {
			return err
		}
		if n < 1 || n > len(list) {
			return fault.New(fault.NotFound, "forum.revision.none")
		}
		v := Revision{By: face.Face{ID: by.Face}, At: r.moment(), Restores: n}
		html := markdown.HTML("")
		if v.Source, html, err = r.about(list[n-1].Source); err != nil {
			return err
		}
		return r.reintroduceTx(ctx, by, id, base, v, html)
	})
}

// reintroduceTx makes a state the newest one, if it differs.
func (r *Room) reintroduceTx(ctx context.Context, by Actor, id ID, base int, v Revision, html markdown.HTML) error {
	if _, err := r.DB.Exec(ctx, qLock, string(id)); err != nil {
		return err
	}
	c, err := r.Consultation(ctx, id)
	if err != nil {
		return err
	}
	if err := MayReintroduce(by, c, r.Now()); err != nil {
		return err
	}
	list, err := r.revisionRows(ctx, id)
	if err != nil {
		return err
	}
	if base != len(list) {
		return fault.New(fault.Conflict, "forum.edit.clash")
	}
	if c.About == v.Source {
		return nil
	}
	if len(list) == 1 { // what it said at first has no row yet
		if err := r.revisionMakeTx(ctx, id, list[0]); err != nil {
			return err
		}
	}
	v.N = len(list) + 1
	if err := r.revisionMakeTx(ctx, id, v); err != nil {
		return err
	}
	r.touched(ctx, id)
	_, err = r.DB.Exec(ctx, qAboutChange, string(id), v.Source, string(html))
	return err
}

// Revisions are the states of what a consultation says of itself, the newest first; one
// alone when that was never changed. Faults: NotFound.
func (r *Room) Revisions(ctx context.Context, id ID) (list []Revision, err error) {
	defer fault.Wrap(&err, "consultation.Revisions(%s)", id)
	if list, err = r.revisionRows(ctx, id); err != nil {
		return nil, err
	}
	slices.Reverse(list)
	for i := range list {
		if list[i].By.ID == "" {
			continue
		}
		if err := r.Faces.Fill(ctx, &list[i].By); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// revisionRows reads the states, the oldest first.
func (r *Room) revisionRows(ctx context.Context, id ID) (list []Revision, err error) {
	err = r.DB.Rows(ctx, qRevisions, func(scan func(...any) error) error {
		var v Revision
		var at int64
		err := scan(&v.N, &v.By.ID, &at, &v.Source, &v.Reason, &v.Restores)
		v.At = db.Time(at)
		list = append(list, v)
		return err
	}, string(id))
	if err != nil || len(list) > 0 {
		return list, err
	}
	c, err := r.Consultation(ctx, id)
	return []Revision{{N: 1, By: face.Face{ID: c.Steward.ID}, At: c.Opened, Source: c.About}}, err
}

func (r *Room) revisionMakeTx(ctx context.Context, id ID, v Revision) error {
	_, err := r.DB.Exec(ctx, qRevisionMake, string(id), v.N, string(v.By.ID), micros(v.At), v.Source, v.Reason, v.Restores)
	return err
}
