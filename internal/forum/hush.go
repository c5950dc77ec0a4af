package forum

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Hush hides a post or an article with a reason that everybody sees; its author
// and stewards still see the text. Faults: SignIn, Forbidden, NotFound; Invalid
// on "reason"; Conflict when it is not shown.
func (r *Room) Hush(ctx context.Context, by Actor, t Thing, why string) (err error) {
	defer fault.Wrap(&err, "forum.Hush(%s %s)", t.Kind, t.ID)
	return r.hush(ctx, by, t, why, Shown)
}

// Refuse hides a held text instead of releasing it. Faults: as Hush; Conflict
// when it is not held.
func (r *Room) Refuse(ctx context.Context, by Actor, t Thing, why string) (err error) {
	defer fault.Wrap(&err, "forum.Refuse(%s %s)", t.Kind, t.ID)
	return r.hush(ctx, by, t, why, Waits)
}

func (r *Room) hush(ctx context.Context, by Actor, t Thing, why string, from State) error {
	if err := MaySteward(by); err != nil {
		return err
	}
	why, err := reason(why)
	if err != nil {
		return err
	}
	return r.db.Tx(ctx, func(ctx context.Context) error {
		if from == Waits {
			if _, err := r.db.Exec(ctx, qHoldErase, t.ID); err != nil {
				return err
			}
		}
		if err := r.stateTx(ctx, t, from, Hushed); err != nil {
			return err
		}
		if _, err := r.db.Exec(ctx, qHushMake, t.ID, string(t.Kind), string(by.Face), db.Micros(r.moment()), why); err != nil {
			return raced(err)
		}
		return r.happened(ctx, EventHushed, t.ID, Of{t.Kind})
	})
}

// Unhush shows a hidden text again. Faults: SignIn, Forbidden, NotFound;
// Conflict when it is not hidden.
func (r *Room) Unhush(ctx context.Context, by Actor, t Thing) (err error) {
	defer fault.Wrap(&err, "forum.Unhush(%s %s)", t.Kind, t.ID)
	if err = MaySteward(by); err != nil {
		return err
	}
	return r.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.db.Exec(ctx, qHushErase, t.ID); err != nil {
			return err
		}
		if err := r.stateTx(ctx, t, Hushed, Shown); err != nil {
			return err
		}
		return r.happened(ctx, EventUnhushed, t.ID, Of{t.Kind})
	})
}

// holdTx keeps a text back.
func (r *Room) holdTx(ctx context.Context, t Thing, why string, at time.Time) error {
	if _, err := r.db.Exec(ctx, qHoldMake, t.ID, string(t.Kind), db.Micros(at), why); err != nil {
		return err
	}
	return r.happened(ctx, EventHeld, t.ID, Of{t.Kind})
}

// holdChangedTx keeps back what a newcomer has changed: what was let in is no
// word for what stands there now.
func (r *Room) holdChangedTx(ctx context.Context, by Actor, t Thing, was State, at time.Time) error {
	if by.Held == "" || was != Shown {
		return nil
	}
	if err := r.stateTx(ctx, t, Shown, Waits); err != nil {
		return err
	}
	return r.holdTx(ctx, t, by.Held, at)
}

// Release shows a held text in the revision that the steward has seen. Faults:
// SignIn, Forbidden, NotFound; Conflict when it is not held, or was changed since.
func (r *Room) Release(ctx context.Context, by Actor, t Thing, seen int) (err error) {
	defer fault.Wrap(&err, "forum.Release(%s %s)", t.Kind, t.ID)
	if err = MaySteward(by); err != nil {
		return err
	}
	return r.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.db.Exec(ctx, qHoldErase, t.ID); err != nil {
			return err
		}
		if err := r.stateTx(ctx, t, Waits, Shown); err != nil {
			return err
		}
		if now, err := r.current(ctx, t); err != nil {
			return err
		} else if now != seen {
			return fault.New(fault.Conflict, "forum.release.changed")
		}
		if t.Kind == KindArticle {
			return r.happened(ctx, EventPublished, t.ID, nil)
		}
		at, _, err := r.place(ctx, PostID(t.ID))
		if err != nil {
			return err
		}
		return r.happened(ctx, EventPosted, t.ID, at)
	})
}

// Held lists what waits for a steward, oldest first, at most 200. Faults:
// SignIn, Forbidden.
func (r *Room) Held(ctx context.Context, a Actor) (list []Waiting, err error) {
	defer fault.Wrap(&err, "forum.Held")
	if err = MaySteward(a); err != nil {
		return nil, err
	}
	err = r.db.Rows(ctx, qHeld, func(scan func(...any) error) error {
		w, err := scanWaiting(scan)
		list = append(list, w)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, r.named(ctx, authors(list, func(w *Waiting) *face.Face { return &w.Author })...)
}

// stateTx takes a text from one state to another, with all counts.
func (r *Room) stateTx(ctx context.Context, t Thing, from, to State) error {
	switch t.Kind {
	case KindPost:
		return r.postStateTx(ctx, PostID(t.ID), from, to)
	case KindArticle:
		return r.articleStateTx(ctx, ArticleID(t.ID), from, to)
	}
	return fault.New(fault.NotFound, "fault.not_found")
}

func otherState() error { return fault.New(fault.Conflict, "forum.state.other") }

// raced reads a row that is there already as two stewards at the same moment.
func raced(err error) error {
	if db.IsUnique(err) {
		return otherState()
	}
	return err
}

func (r *Room) postStateTx(ctx context.Context, id PostID, from, to State) error {
	p, found, err := r.postRow(ctx, id)
	if err != nil {
		return err
	}
	if !found {
		return fault.New(fault.NotFound, "forum.post.none")
	}
	if p.State != from {
		return otherState()
	}
	if _, err := r.db.Exec(ctx, qPostState, string(id), int64(to)); err != nil {
		return err
	}
	d, _, err := r.discussionRow(ctx, p.Discussion)
	if err != nil {
		return err
	}
	if d.Held && d.Article == "" && p.Seq == 1 && to == Shown { // the discussion waited for it
		if _, err := r.db.Exec(ctx, qDiscussionHeld, string(d.ID), 0); err != nil {
			return err
		}
	}
	r.touchedDiscussion(ctx, d, p.Author.ID)
	return r.recountTx(ctx, d.ID)
}

func (r *Room) articleStateTx(ctx context.Context, id ArticleID, from, to State) error {
	a, found, err := r.articleRow(ctx, id)
	if err != nil {
		return err
	}
	if !found {
		return fault.New(fault.NotFound, "forum.article.none")
	}
	if a.State != from {
		return otherState()
	}
	if _, err := r.db.Exec(ctx, qArticleState, string(id), int64(to)); err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qDiscussionHeld, string(a.Discussion), bit(to != Shown)); err != nil {
		return err
	}
	r.touchedArticle(ctx, id, a.Discussion, a.Author.ID, a.Topics)
	if err := r.recountTopicsTx(ctx, a.Topics); err != nil {
		return err
	}
	return r.recountTx(ctx, a.Discussion)
}

// Close ends a discussion with a reason: it can be read, not answered. Faults:
// SignIn, Forbidden, NotFound; Invalid on "reason"; Conflict when it is closed.
func (r *Room) Close(ctx context.Context, by Actor, id DiscussionID, why string) (err error) {
	defer fault.Wrap(&err, "forum.Close(%s)", id)
	if err = MaySteward(by); err != nil {
		return err
	}
	if why, err = reason(why); err != nil {
		return err
	}
	return r.db.Tx(ctx, func(ctx context.Context) error {
		return r.closedTx(ctx, by, id, true, func(ctx context.Context) error {
			_, err := r.db.Exec(ctx, qClosureMake, string(id), string(by.Face), db.Micros(r.moment()), why)
			return raced(err)
		})
	})
}

// Reopen undoes Close. Faults: SignIn, Forbidden, NotFound; Conflict when it is
// open.
func (r *Room) Reopen(ctx context.Context, by Actor, id DiscussionID) (err error) {
	defer fault.Wrap(&err, "forum.Reopen(%s)", id)
	if err = MaySteward(by); err != nil {
		return err
	}
	return r.db.Tx(ctx, func(ctx context.Context) error {
		return r.closedTx(ctx, by, id, false, func(ctx context.Context) error {
			_, err := r.db.Exec(ctx, qClosureErase, string(id))
			return err
		})
	})
}

func (r *Room) closedTx(ctx context.Context, by Actor, id DiscussionID, closed bool, write func(context.Context) error) error {
	d, err := r.discussionTx(ctx, by, id)
	if err != nil {
		return err
	}
	if d.Closed == closed {
		return otherState()
	}
	if err := write(ctx); err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qDiscussionClosed, string(id), bit(closed)); err != nil {
		return err
	}
	r.touchedDiscussion(ctx, d)
	kind := EventReopened
	if closed {
		kind = EventClosed
	}
	return r.happened(ctx, kind, string(id), nil)
}
