package forum

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/markdown"
)

// The SQL of what is attached to texts: revisions, summaries, recommendations,
// follows, hushes, holds, closures.
var (
	qRevisionMake = db.SQL("forum.revisionMake", `
		INSERT INTO forum_revision (kind, thing_id, n, face_id, at, title, source) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qRevision = db.SQL("forum.revision", `
		SELECT n, face_id, at, title, source FROM forum_revision WHERE kind = $1 AND thing_id = $2 AND n = $3`)
	qRevisions = db.SQL("forum.revisions", `
		SELECT n, face_id, at, title, source FROM forum_revision WHERE kind = $1 AND thing_id = $2 ORDER BY n DESC`)

	qSummary     = db.SQL("forum.summary", `SELECT html, face_id, at, revision FROM forum_summary WHERE discussion_id = $1`)
	qSummarySave = db.SQL("forum.summarySave", `
		INSERT INTO forum_summary (discussion_id, face_id, at, revision, html) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (discussion_id) DO UPDATE SET face_id = excluded.face_id, at = excluded.at, revision = excluded.revision, html = excluded.html`)

	qRecommend = db.SQL("forum.recommend", `
		INSERT INTO forum_recommendation (thing_id, face_id, kind, within_id) VALUES ($1, $2, $3, $4) ON CONFLICT (thing_id, face_id) DO NOTHING`)
	qWithdraw       = db.SQL("forum.withdraw", `DELETE FROM forum_recommendation WHERE thing_id = $1 AND face_id = $2`)
	qRecommended    = db.SQL("forum.recommended", `SELECT thing_id FROM forum_recommendation WHERE face_id = $1 AND within_id = $2`)
	qRecommendMove  = db.SQL("forum.recommendMove", `UPDATE forum_recommendation SET within_id = $2 WHERE thing_id = $1`)
	qPostRecount    = db.SQL("forum.postRecommended", `UPDATE forum_post SET recommendations = recommendations + $2 WHERE id = $1 RETURNING recommendations`)
	qArticleRecount = db.SQL("forum.articleRecommended", `UPDATE forum_article SET recommendations = recommendations + $2 WHERE id = $1 RETURNING recommendations`)

	qFollow    = db.SQL("forum.follow", `INSERT INTO forum_follow (face_id, kind, thing_id) VALUES ($1, $2, $3) ON CONFLICT (face_id, kind, thing_id) DO NOTHING`)
	qUnfollow  = db.SQL("forum.unfollow", `DELETE FROM forum_follow WHERE face_id = $1 AND kind = $2 AND thing_id = $3`)
	qFollowing = db.SQL("forum.following", `SELECT 1 FROM forum_follow WHERE face_id = $1 AND kind = $2 AND thing_id = $3`)
	qFollows   = db.SQL("forum.follows", `SELECT COUNT(*) FROM forum_follow WHERE face_id = $1`)
	qFollowed  = db.SQL("forum.followed", `
		SELECT f.kind, f.thing_id, d.title, d.slug, d.active_at, d.last_seq
		FROM forum_follow f JOIN forum_discussion d ON d.id = f.thing_id WHERE f.face_id = $1 AND f.kind = 'discussion' AND d.held = 0
		UNION ALL
		SELECT f.kind, f.thing_id, a.title, a.slug, d.active_at, d.last_seq
		FROM forum_follow f JOIN forum_article a ON a.id = f.thing_id JOIN forum_discussion d ON d.id = a.discussion_id
		WHERE f.face_id = $1 AND f.kind = 'article' AND a.state = 0
		UNION ALL
		SELECT f.kind, f.thing_id, '', f.thing_id,
			COALESCE((SELECT MAX(t.active_at) FROM forum_discussion_topic t WHERE t.topic_key = f.thing_id), 0), 0
		FROM forum_follow f WHERE f.face_id = $1 AND f.kind = 'topic'`)

	qHushMake  = db.SQL("forum.hushMake", `INSERT INTO forum_hush (thing_id, kind, face_id, at, reason) VALUES ($1, $2, $3, $4, $5)`)
	qHush      = db.SQL("forum.hush", `SELECT face_id, at, reason FROM forum_hush WHERE thing_id = $1`)
	qHushErase = db.SQL("forum.hushErase", `DELETE FROM forum_hush WHERE thing_id = $1`)
	qHoldMake  = db.SQL("forum.holdMake", `INSERT INTO forum_hold (thing_id, kind, at, reason) VALUES ($1, $2, $3, $4)`)
	qHold      = db.SQL("forum.hold", `SELECT at, reason FROM forum_hold WHERE thing_id = $1`)
	qHoldErase = db.SQL("forum.holdErase", `DELETE FROM forum_hold WHERE thing_id = $1`)
	qHeld      = db.SQL("forum.held", `
		SELECT h.kind, h.thing_id, h.at, h.reason, p.discussion_id, p.seq, p.face_id, p.html, d.title, p.revision
		FROM forum_hold h JOIN forum_post p ON p.id = h.thing_id JOIN forum_discussion d ON d.id = p.discussion_id
		UNION ALL
		SELECT h.kind, h.thing_id, h.at, h.reason, a.discussion_id, 0, a.face_id, a.html, a.title, a.revision
		FROM forum_hold h JOIN forum_article a ON a.id = h.thing_id
		ORDER BY 3 LIMIT 200`)

	qClosureMake  = db.SQL("forum.closureMake", `INSERT INTO forum_closure (discussion_id, face_id, at, reason) VALUES ($1, $2, $3, $4)`)
	qClosure      = db.SQL("forum.closure", `SELECT face_id, at, reason FROM forum_closure WHERE discussion_id = $1`)
	qClosureErase = db.SQL("forum.closureErase", `DELETE FROM forum_closure WHERE discussion_id = $1`)
)

func (r *Room) revisionMakeTx(ctx context.Context, v Revision) error {
	_, err := r.db.Exec(ctx, qRevisionMake, string(v.Thing.Kind), v.Thing.ID, v.N, string(v.By.ID), db.Micros(v.At), v.Title, v.Source)
	return err
}

func scanRevision(scan scanner, t Thing) (Revision, error) {
	v := Revision{Thing: t}
	var at int64
	err := scan(&v.N, &v.By.ID, &at, &v.Title, &v.Source)
	v.At = db.Time(at)
	return v, err
}

func (r *Room) revisionRow(ctx context.Context, t Thing, n int) (v Revision, found bool, err error) {
	found, err = r.row(ctx, qRevision, func(scan scanner) (err error) {
		v, err = scanRevision(scan, t)
		return err
	}, string(t.Kind), t.ID, n)
	return v, found, err
}

func (r *Room) summaryRow(ctx context.Context, id DiscussionID) (s Summary, found bool, err error) {
	var at int64
	var html string
	found, err = r.db.Row(ctx, qSummary, []any{string(id)}, &html, &s.By.ID, &at, &s.Revision)
	s.At, s.HTML = db.Time(at), markdown.HTML(html)
	return s, found, err
}

func (r *Room) hushRow(ctx context.Context, thing string) (*Hush, error) {
	var h Hush
	var at int64
	found, err := r.db.Row(ctx, qHush, []any{thing}, &h.By, &at, &h.Reason)
	if err != nil || !found {
		return nil, err
	}
	h.At = db.Time(at)
	return &h, nil
}

func (r *Room) holdRow(ctx context.Context, thing string) (*Hold, error) {
	var h Hold
	var at int64
	found, err := r.db.Row(ctx, qHold, []any{thing}, &at, &h.Reason)
	if err != nil || !found {
		return nil, err
	}
	h.At = db.Time(at)
	return &h, nil
}

func (r *Room) closureRow(ctx context.Context, id DiscussionID) (*Closure, error) {
	var c Closure
	var at int64
	found, err := r.db.Row(ctx, qClosure, []any{string(id)}, &c.By, &at, &c.Reason)
	if err != nil || !found {
		return nil, err
	}
	c.At = db.Time(at)
	return &c, nil
}

func scanWaiting(scan scanner) (w Waiting, err error) {
	var at int64
	var html string
	var by face.ID
	err = scan(&w.Thing.Kind, &w.Thing.ID, &at, &w.Hold.Reason, &w.Discussion, &w.Seq, &by, &html, &w.Title, &w.Revision)
	w.Hold.At, w.HTML, w.Author.ID = db.Time(at), markdown.HTML(html), by
	return w, err
}
