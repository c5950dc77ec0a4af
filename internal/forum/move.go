package forum

import (
	"cmp"
	"context"
	"slices"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Split takes posts out of a discussion into a new one under a title. In their
// places stay stubs that lead to them. Faults: SignIn, Forbidden, NotFound;
// Invalid on "posts", "title" or "reason".
func (r *Room) Split(ctx context.Context, by Actor, from DiscussionID, posts []PostID, to, why string) (d Discussion, err error) {
	defer fault.Wrap(&err, "forum.Split(%s)", from)
	if err = MaySteward(by); err != nil {
		return Discussion{}, err
	}
	if to, err = title(to); err != nil {
		return Discussion{}, err
	}
	if why, err = reason(why); err != nil {
		return Discussion{}, err
	}
	id := DiscussionID(r.ids.New())
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		old, err := r.discussionTx(ctx, by, from)
		if err != nil {
			return err
		}
		chosen, err := r.chosenPostsTx(ctx, from, posts)
		if err != nil {
			return err
		}
		first, _, err := r.postRow(ctx, chosen[0].post)
		if err != nil {
			return err
		}
		o := opening{id: id, title: to, lang: old.Lang, opener: first.Author.ID, topics: old.Topics, at: first.At, imported: first.Imported}
		if err := r.openTx(ctx, o); err != nil {
			return err
		}
		return r.moveTx(ctx, Move{Kind: SplitMove, From: from, Into: id, By: face.Face{ID: by.Face}, Reason: why}, chosen)
	})
	if err != nil {
		return Discussion{}, err
	}
	return r.Discussion(ctx, by, id)
}

// chosenPostsTx checks that posts stand in a discussion, and sorts them by number.
func (r *Room) chosenPostsTx(ctx context.Context, from DiscussionID, posts []PostID) (chosen []movedPost, err error) {
	all, err := r.postIDs(ctx, from)
	if err != nil {
		return nil, err
	}
	wanted := map[PostID]bool{}
	for _, id := range posts {
		wanted[id] = true
	}
	for _, p := range all {
		if wanted[p.post] {
			chosen = append(chosen, p)
		}
	}
	if len(chosen) == 0 || len(chosen) != len(wanted) {
		return nil, fault.On("posts", fault.Invalid, "forum.move.posts")
	}
	if len(chosen) > MaxMove {
		return nil, fault.On("posts", fault.Invalid, "forum.move.large", MaxMove)
	}
	return chosen, nil
}

// Merge appends all posts of one discussion to another, in order. The first one
// keeps its address, which leads to the other. Faults: SignIn, Forbidden,
// NotFound; Invalid on "into" or "reason"; Conflict when one is merged away.
func (r *Room) Merge(ctx context.Context, by Actor, from, into DiscussionID, why string) (err error) {
	defer fault.Wrap(&err, "forum.Merge(%s, %s)", from, into)
	if err = MaySteward(by); err != nil {
		return err
	}
	if why, err = reason(why); err != nil {
		return err
	}
	return r.db.Tx(ctx, func(ctx context.Context) error {
		if err := r.mergeableTx(ctx, by, from, into); err != nil {
			return err
		}
		posts, err := r.postIDs(ctx, from)
		if err != nil {
			return err
		}
		if len(posts) > MaxMove {
			return fault.On("into", fault.Invalid, "forum.move.large", MaxMove)
		}
		if _, err := r.db.Exec(ctx, qDiscussionMerged, string(from), string(into)); err != nil {
			return err
		}
		return r.moveTx(ctx, Move{Kind: MergeMove, From: from, Into: into, By: face.Face{ID: by.Face}, Reason: why}, posts)
	})
}

func (r *Room) mergeableTx(ctx context.Context, by Actor, from, into DiscussionID) error {
	a, err := r.discussionTx(ctx, by, from)
	if err != nil {
		return err
	}
	b, err := r.discussionTx(ctx, by, into)
	if err != nil {
		return err
	}
	switch {
	case from == into:
		return fault.On("into", fault.Invalid, "forum.move.same")
	case a.Article != "":
		return fault.On("into", fault.Invalid, "forum.move.article")
	case a.MergedInto != "" || b.MergedInto != "":
		return fault.New(fault.Conflict, "forum.may.merged")
	case a.Held || b.Held:
		return fault.New(fault.Conflict, "forum.may.held")
	}
	return nil
}

// moveTx takes posts to the end of m.Into and writes the history of both.
func (r *Room) moveTx(ctx context.Context, m Move, posts []movedPost) error {
	m.ID, m.At = MoveID(r.ids.New()), r.moment()
	var last int
	if _, err := r.db.Row(ctx, qDiscussionNext, []any{string(m.Into), len(posts)}, &last); err != nil {
		return err
	}
	for i := range posts {
		posts[i].into = last - len(posts) + 1 + i
		if err := r.movePostTx(ctx, m, posts[i]); err != nil {
			return err
		}
	}
	return r.movedTx(ctx, m, posts)
}

// movePostTx takes one post to its new place; a stub of it that stands there
// goes, and one stays where it was.
func (r *Room) movePostTx(ctx context.Context, m Move, p movedPost) error {
	if _, err := r.db.Exec(ctx, qStubErase, string(m.Into), p.into, string(p.post)); err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qPostMove, string(p.post), string(m.Into), p.into); err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qRecommendMove, string(p.post), string(m.Into)); err != nil {
		return err
	}
	return r.postMakeTx(ctx, newPost{
		discussion: m.From, seq: p.from, id: PostID(r.ids.New()), at: db.Micros(m.At), state: Moved, movedTo: p.post,
	})
}

// movedTx counts both discussions anew, and writes what happened.
func (r *Room) movedTx(ctx context.Context, m Move, posts []movedPost) error {
	if err := r.moveMakeTx(ctx, m, posts); err != nil {
		return err
	}
	ids := make([]PostID, len(posts))
	for i, p := range posts {
		ids[i] = p.post
	}
	if _, err := r.db.Exec(ctx, qRestatedInto, string(m.Into)); err != nil {
		return err
	}
	for _, id := range []DiscussionID{m.From, m.Into} {
		if err := r.recountTx(ctx, id); err != nil {
			return err
		}
		d, _, err := r.discussionRow(ctx, id)
		if err != nil {
			return err
		}
		r.touchedDiscussion(ctx, d)
	}
	return r.happened(ctx, EventMoved, string(m.ID), Transfer{m.From, m.Into, ids})
}

// Move reads one split or merge, or the undoing of one. Faults: NotFound.
func (r *Room) Move(ctx context.Context, id MoveID) (m Move, err error) {
	defer fault.Wrap(&err, "forum.Move(%s)", id)
	m, found, err := r.moveRow(ctx, id)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "forum.move.none")
	}
	return m, err
}

// Unmove undoes a split or a merge: each post goes back to its old number, and
// what was written since stays where it was written. Faults: SignIn, Forbidden,
// NotFound; Conflict when it was undone before, or a post was moved on since.
func (r *Room) Unmove(ctx context.Context, by Actor, id MoveID) (err error) {
	defer fault.Wrap(&err, "forum.Unmove(%s)", id)
	if err = MaySteward(by); err != nil {
		return err
	}
	return r.db.Tx(ctx, func(ctx context.Context) error {
		old, found, err := r.moveRow(ctx, id)
		if err != nil {
			return err
		}
		if !found {
			return fault.New(fault.NotFound, "forum.move.none")
		}
		if old.Kind == UndoMove || old.Undone {
			return otherState()
		}
		return r.unmoveTx(ctx, by, old)
	})
}

func (r *Room) unmoveTx(ctx context.Context, by Actor, old Move) error {
	posts, err := r.movedPosts(ctx, old.ID)
	if err != nil {
		return err
	}
	m := Move{
		ID: MoveID(r.ids.New()), Kind: UndoMove, From: old.Into, Into: old.From, By: face.Face{ID: by.Face}, At: r.moment(), Undoes: old.ID,
	}
	for i, p := range posts {
		at, found, err := r.place(ctx, p.post)
		if err != nil {
			return err
		}
		if !found || at.Discussion != old.Into || at.Seq != p.into {
			return fault.New(fault.Conflict, "forum.move.moved_on")
		}
		posts[i].from, posts[i].into = p.into, p.from
		if err := r.movePostTx(ctx, m, posts[i]); err != nil {
			return err
		}
	}
	if err := r.leadTx(ctx, old); err != nil {
		return err
	}
	return r.movedTx(ctx, m, posts)
}

// leadTx mends where discussions lead to after an undoing: a merged one leads
// nowhere any more; one that was split off, and is empty, leads back.
func (r *Room) leadTx(ctx context.Context, old Move) error {
	if old.Kind == MergeMove {
		_, err := r.db.Exec(ctx, qDiscussionMerged, string(old.From), "")
		return err
	}
	left, err := r.postIDs(ctx, old.Into)
	if err != nil || len(left) > 0 {
		return err
	}
	_, err = r.db.Exec(ctx, qDiscussionMerged, string(old.Into), string(old.From))
	return err
}

// Moves lists the splits, merges and undoings that a discussion took part in,
// newest first.
func (r *Room) Moves(ctx context.Context, id DiscussionID) (list []Move, err error) {
	defer fault.Wrap(&err, "forum.Moves(%s)", id)
	err = r.db.Rows(ctx, qMoves, func(scan func(...any) error) error {
		m, err := scanMove(scan)
		list = append(list, m)
		return err
	}, string(id))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b Move) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return list, r.named(ctx, authors(list, func(m *Move) *face.Face { return &m.By })...)
}
