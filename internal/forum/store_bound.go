package forum

import (
	"context"
	"database/sql"

	"guildhall/internal/db"
)

// PostgreSQL has none of these tables, and is never asked.
var (
	qBound = db.SQLFor("forum.bound", `SELECT posts FROM forum_bound WHERE discussion_id = $1 AND n = $2`, `SELECT ''`)

	// A row that takes the next number would say in which order pages changed last, and
	// so when somebody recommended a post, of which nothing keeps the time.
	qBoundMake = db.SQLFor("forum.boundMake", `
		INSERT INTO forum_bound (num, discussion_id, n, posts) VALUES (random(), $1, $2, $3)
		ON CONFLICT (discussion_id, n) DO UPDATE SET posts = excluded.posts`, `SELECT ''`)
	qUnbound     = db.SQLFor("forum.unbound", `SELECT discussion_id, n FROM forum_unbound ORDER BY discussion_id, n LIMIT $1`, `SELECT ''`)
	qUnboundMake = db.SQLFor("forum.unboundMake", `INSERT INTO forum_unbound (discussion_id, n) VALUES ($1, $2) ON CONFLICT DO NOTHING`, `SELECT ''`)
	// For halls that come from PostgreSQL, or from a time before pages were bound. CROSS JOIN
	// keeps the order: in other halls no discussion is looked at.
	qUnboundAll = db.SQLFor("forum.unboundAll", `
		INSERT INTO forum_unbound (discussion_id, n)
		WITH RECURSIVE page (id, n) AS (
			SELECT id, last_seq / 50 FROM (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM forum_bound)) CROSS JOIN forum_discussion WHERE last_seq >= 50
			UNION ALL SELECT id, n - 1 FROM page WHERE n > 1)
		SELECT id, n FROM page WHERE true ON CONFLICT DO NOTHING`, `SELECT ''`)
	qUnboundErase = db.SQLFor("forum.unboundErase", `DELETE FROM forum_unbound WHERE discussion_id = $1 AND n = $2`, `SELECT ''`)
)

// pageID is one page of a discussion.
type pageID struct {
	discussion DiscussionID
	n          int // from 1
}

// boundRow reads a page that is bound; nil when it is not.
func (r *Room) boundRow(ctx context.Context, p pageID) (posts []Post, err error) {
	err = r.db.Rows(ctx, qBound, func(scan func(...any) error) error {
		var b sql.RawBytes
		err := scan(&b)
		posts = unbind(p, b)
		return err
	}, string(p.discussion), p.n)
	return posts, err
}

func (r *Room) boundMakeTx(ctx context.Context, p pageID, posts []byte) error {
	_, err := r.db.Exec(ctx, qBoundMake, string(p.discussion), p.n, posts)
	return err
}

// unboundMakeTx notes that a page is perhaps full, for Bind.
func (r *Room) unboundMakeTx(ctx context.Context, p pageID) error {
	_, err := r.db.Exec(ctx, qUnboundMake, string(p.discussion), p.n)
	return err
}

// unboundAllTx notes all full pages, if none is bound.
func (r *Room) unboundAllTx(ctx context.Context) error {
	_, err := r.db.Exec(ctx, qUnboundAll)
	return err
}

// unboundRows lists at most limit of the pages that are perhaps full, and not bound.
func (r *Room) unboundRows(ctx context.Context, limit int) (list []pageID, err error) {
	err = r.db.Rows(ctx, qUnbound, func(scan func(...any) error) error {
		var p pageID
		err := scan(&p.discussion, &p.n)
		list = append(list, p)
		return err
	}, limit)
	return list, err
}

func (r *Room) unboundEraseTx(ctx context.Context, p pageID) error {
	_, err := r.db.Exec(ctx, qUnboundErase, string(p.discussion), p.n)
	return err
}
