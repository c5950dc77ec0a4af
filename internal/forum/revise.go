package forum

import (
	"context"
	"errors"
	"fmt"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/markdown"
)

// Clash is the cause of a Conflict of two who edited one text. errors.As finds
// it; the second then sees both, and sends again with the newer base.
type Clash struct {
	Base    int      // what the second began from
	Current Revision // what the first made of it
}

// Error names numbers only: the texts are for the page, not for the log.
func (c *Clash) Error() string {
	return fmt.Sprintf("revision %d is newer than %d", c.Current.N, c.Base)
}

// clashTx refuses an edit that began from an older revision.
func (r *Room) clashTx(ctx context.Context, t Thing, base, current int) error {
	if base == current {
		return nil
	}
	v, found, err := r.revisionRow(ctx, t, current)
	if err != nil {
		return err
	}
	if !found || base > current || base < 0 {
		return fault.On("base", fault.Invalid, "forum.edit.base")
	}
	if err := r.named(ctx, &v.By); err != nil {
		return err
	}
	return fault.New(fault.Conflict, "forum.edit.clash").Because(&Clash{Base: base, Current: v})
}

// nextTx writes the revision after v.N, unless it would be equal to it; it tells
// the number that is current now.
func (r *Room) nextTx(ctx context.Context, v Revision) (int, error) {
	now, found, err := r.revisionRow(ctx, v.Thing, v.N)
	if err != nil {
		return 0, err
	}
	if found && now.Source == v.Source && now.Title == v.Title {
		return v.N, nil
	}
	v.N++
	err = r.revisionMakeTx(ctx, v)
	if db.IsUnique(err) { // two at the same moment, on PostgreSQL
		return 0, fault.New(fault.Conflict, "forum.edit.clash").Because(errRaced)
	}
	return v.N, err
}

// errRaced says that another edit was written while this one was.
var errRaced = errors.New("another revision was written at the same moment")

// editing runs an edit in a transaction; one that lost a race runs again, and
// then sees what won it.
func (r *Room) editing(ctx context.Context, f func(context.Context) error) error {
	err := r.db.Tx(ctx, f)
	if errors.Is(err, errRaced) && !db.InTx(ctx) {
		err = r.db.Tx(ctx, f)
	}
	return err
}

// mayHistory tells whether an actor may see the revisions of a thing.
func (r *Room) mayHistory(ctx context.Context, a Actor, t Thing) error {
	switch t.Kind {
	case KindPost:
		p, err := r.postTxMay(ctx, a, PostID(t.ID))
		if err != nil {
			return err
		}
		return MaySeePost(a, p)
	case KindArticle:
		_, err := r.Article(ctx, a, ArticleID(t.ID))
		return err
	case KindDiscussion, KindSummary:
		_, err := r.discussionTx(ctx, a, DiscussionID(t.ID))
		return err
	}
	return fault.New(fault.NotFound, "fault.not_found")
}

// Revisions lists the states of a text, newest first, with their sources. A
// discussion has the revisions of its title; DiscussionID.Summary names its
// summary. Faults: NotFound.
func (r *Room) Revisions(ctx context.Context, a Actor, t Thing) (list []Revision, err error) {
	defer fault.Wrap(&err, "forum.Revisions(%s %s)", t.Kind, t.ID)
	if err = r.mayHistory(ctx, a, t); err != nil {
		return nil, err
	}
	err = r.db.Rows(ctx, qRevisions, func(scan func(...any) error) error {
		v, err := scanRevision(scan, t)
		list = append(list, v)
		return err
	}, string(t.Kind), t.ID)
	if err != nil {
		return nil, err
	}
	return list, r.named(ctx, authors(list, func(v *Revision) *face.Face { return &v.By })...)
}

// Revision reads one state of a text by its number; 0 means the current one.
// Faults: NotFound.
func (r *Room) Revision(ctx context.Context, a Actor, t Thing, n int) (v Revision, err error) {
	defer fault.Wrap(&err, "forum.Revision(%s %s)", t.Kind, t.ID)
	if err = r.mayHistory(ctx, a, t); err != nil {
		return Revision{}, err
	}
	if n == 0 {
		if n, err = r.current(ctx, t); err != nil {
			return Revision{}, err
		}
	}
	v, found, err := r.revisionRow(ctx, t, n)
	if err != nil {
		return Revision{}, err
	}
	if !found {
		return Revision{}, fault.New(fault.NotFound, "forum.revision.none")
	}
	return v, r.named(ctx, &v.By)
}

// current tells the number of a thing's newest revision; 0 when it has none.
func (r *Room) current(ctx context.Context, t Thing) (n int, err error) {
	switch t.Kind {
	case KindPost:
		p, _, err := r.postRow(ctx, PostID(t.ID))
		return p.Revision, err
	case KindArticle:
		a, _, err := r.articleRow(ctx, ArticleID(t.ID))
		return a.Revision, err
	case KindDiscussion:
		d, _, err := r.discussionRow(ctx, DiscussionID(t.ID))
		return d.Revision, err
	}
	s, _, err := r.summaryRow(ctx, DiscussionID(t.ID))
	return s.Revision, err
}

// Restore undoes: it adds a revision equal to number n. base is the newest
// revision the actor saw. Faults: as editing the thing.
func (r *Room) Restore(ctx context.Context, by Actor, t Thing, base, n int) (err error) {
	defer fault.Wrap(&err, "forum.Restore(%s %s)", t.Kind, t.ID)
	if err = MayWrite(by); err != nil {
		return err
	}
	v, err := r.Revision(ctx, by, t, n)
	if err != nil {
		return err
	}
	switch t.Kind {
	case KindPost:
		_, err = r.Edit(ctx, by, PostID(t.ID), base, v.Source)
	case KindArticle:
		a, found := Article{}, false
		if a, found, err = r.articleRow(ctx, ArticleID(t.ID)); err == nil && found {
			e := ArticleEdit{Title: v.Title, Topics: a.Topics, Platform: a.Platform, Text: v.Source}
			_, err = r.EditArticle(ctx, by, a.ID, base, e)
		}
	case KindDiscussion:
		d, found := Discussion{}, false
		if d, found, err = r.discussionRow(ctx, DiscussionID(t.ID)); err == nil && found {
			_, err = r.Retitle(ctx, by, d.ID, base, v.Title, d.Topics)
		}
	default:
		_, err = r.Summarise(ctx, by, DiscussionID(t.ID), base, v.Source)
	}
	return err
}

// Summarise writes the living summary at the head of a discussion; an empty text
// takes it away. base is the Revision the steward saw, 0 for the first. It gives
// nil for a summary taken away. Faults: SignIn, Forbidden, NotFound; Invalid on
// "text"; Conflict with a Clash.
func (r *Room) Summarise(ctx context.Context, by Actor, id DiscussionID, base int, text string) (s *Summary, err error) {
	defer fault.Wrap(&err, "forum.Summarise(%s)", id)
	if err = MaySteward(by); err != nil {
		return nil, err
	}
	var t markdown.Text
	if text != "" {
		if t, err = r.render(text, KindSummary, 0); err != nil {
			return nil, err
		}
	}
	err = r.editing(ctx, func(ctx context.Context) error { return r.summariseTx(ctx, by, id, base, text, t) })
	if err != nil || text == "" {
		return nil, err
	}
	d, err := r.Discussion(ctx, by, id)
	return d.Summary, err
}

func (r *Room) summariseTx(ctx context.Context, by Actor, id DiscussionID, base int, text string, t markdown.Text) error {
	d, err := r.discussionTx(ctx, by, id)
	if err != nil {
		return err
	}
	old, _, err := r.summaryRow(ctx, id)
	if err != nil {
		return err
	}
	if err := r.clashTx(ctx, id.Summary(), base, old.Revision); err != nil {
		return err
	}
	now := r.moment()
	n, err := r.nextTx(ctx, Revision{Thing: id.Summary(), N: old.Revision, By: face.Face{ID: by.Face}, At: now, Source: text})
	if err != nil || n == old.Revision {
		return err
	}
	if _, err := r.db.Exec(ctx, qSummarySave, string(id), string(by.Face), db.Micros(now), n, string(t.HTML)); err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qDiscussionSummary, string(id), bit(text != "")); err != nil {
		return err
	}
	r.touchedDiscussion(ctx, d)
	return r.happened(ctx, EventSummarised, string(id), nil)
}
