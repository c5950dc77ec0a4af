package forum

import (
	"context"

	"guildhall/internal/db"
)

var (
	qMoveMake = db.SQL("forum.moveMake", `
		INSERT INTO forum_move (id, kind, from_id, into_id, face_id, at, reason, posts, undoes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
	qMove = db.SQL("forum.move", `SELECT `+moveColumns+` FROM forum_move m WHERE m.id = $1`)
	// Asked for each page of a discussion, nearly always in vain: two looks into
	// indexes cost less than an OR and a sorter.
	qMoves = db.SQL("forum.moves", `SELECT `+moveColumns+` FROM forum_move m WHERE m.from_id = $1
		UNION ALL SELECT `+moveColumns+` FROM forum_move m WHERE m.into_id = $1 AND m.from_id <> $1`)

	qMovedPostMake = db.SQL("forum.movedPostMake", `INSERT INTO forum_moved_post (move_id, post_id, from_seq, into_seq) VALUES ($1, $2, $3, $4)`)
	qMovedPosts    = db.SQL("forum.movedPosts", `SELECT post_id, from_seq, into_seq FROM forum_moved_post WHERE move_id = $1 ORDER BY into_seq`)
)

const moveColumns = `m.id, m.kind, m.from_id, m.into_id, m.face_id, m.at, m.reason, m.posts, m.undoes,
	(SELECT COUNT(*) FROM forum_move u WHERE u.undoes = m.id AND u.from_id = m.into_id)`

// movedPost is one post of a move.
type movedPost struct {
	post PostID
	from int
	into int
}

func scanMove(scan scanner) (Move, error) {
	var m Move
	var at, undone int64
	err := scan(&m.ID, &m.Kind, &m.From, &m.Into, &m.By.ID, &at, &m.Reason, &m.Posts, &m.Undoes, &undone)
	m.At, m.Undone = db.Time(at), undone > 0
	return m, err
}

func (r *Room) moveMakeTx(ctx context.Context, m Move, posts []movedPost) error {
	if _, err := r.db.Exec(ctx, qMoveMake, string(m.ID), string(m.Kind), string(m.From), string(m.Into), string(m.By.ID),
		db.Micros(m.At), m.Reason, len(posts), string(m.Undoes)); err != nil {
		return err
	}
	for _, p := range posts {
		if _, err := r.db.Exec(ctx, qMovedPostMake, string(m.ID), string(p.post), p.from, p.into); err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) moveRow(ctx context.Context, id MoveID) (m Move, found bool, err error) {
	found, err = r.row(ctx, qMove, func(scan scanner) (err error) {
		m, err = scanMove(scan)
		return err
	}, string(id))
	return m, found, err
}

func (r *Room) movedPosts(ctx context.Context, id MoveID) (list []movedPost, err error) {
	err = r.db.Rows(ctx, qMovedPosts, func(scan func(...any) error) error {
		var p movedPost
		err := scan(&p.post, &p.from, &p.into)
		list = append(list, p)
		return err
	}, string(id))
	return list, err
}

// postIDs lists the posts that stand in a discussion, by number, without stubs.
func (r *Room) postIDs(ctx context.Context, id DiscussionID) (list []movedPost, err error) {
	err = r.db.Rows(ctx, qPostIDs, func(scan func(...any) error) error {
		var p movedPost
		err := scan(&p.post, &p.from)
		list = append(list, p)
		return err
	}, string(id))
	return list, err
}
