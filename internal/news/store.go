package news

import "guildhall/internal/db"

// again is what an event does to a line that is there: it happened once more,
// unless this very event has told her already. Events come in order.
const again = ` ON CONFLICT (face_id, kind, thing_kind, thing_id) DO UPDATE SET n = news.n + 1, day = excluded.day, seq = excluded.seq
	WHERE news.seq < excluded.seq`

// whom gives whom a statement has told, and not those who knew already.
const whom = ` RETURNING face_id`

var (
	qList = db.SQL("news.list", `SELECT kind, thing_kind, thing_id, n, day FROM (
		SELECT * FROM (SELECT kind, thing_kind, thing_id, n, day, seq FROM news
			WHERE face_id = $1 AND kind IN ('asked', 'consulted') ORDER BY seq DESC LIMIT $2) a
		UNION ALL
		SELECT * FROM (SELECT kind, thing_kind, thing_id, n, day, seq FROM news
			WHERE face_id = $1 AND kind NOT IN ('asked', 'consulted') ORDER BY seq DESC LIMIT $3) b
		) x ORDER BY seq DESC`)
	qTell = db.SQL("news.tell", `INSERT INTO news (face_id, kind, thing_kind, thing_id, n, day, seq)
		VALUES ($1, $2, $3, $4, 1, $5, $6)`+again+whom)
	qOld         = db.SQL("news.old", `DELETE FROM news WHERE day < $1`)
	qForgetLines = db.SQL("news.forgetLines", `DELETE FROM news WHERE face_id = $1`)

	qFollow        = db.SQL("news.follow", `INSERT INTO news_follow (thing_kind, thing_id, face_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
	qUnfollow      = db.SQL("news.unfollow", `DELETE FROM news_follow WHERE thing_kind = $1 AND thing_id = $2 AND face_id = $3`)
	qFollowing     = db.SQL("news.following", `SELECT 1 FROM news_follow WHERE thing_kind = $1 AND thing_id = $2 AND face_id = $3`)
	qFollows       = db.SQL("news.follows", `SELECT count(*) FROM news_follow WHERE face_id = $1`)
	qFollowed      = db.SQL("news.followed", `SELECT thing_kind, thing_id FROM news_follow WHERE face_id = $1 ORDER BY thing_kind, thing_id`)
	qForgetFollows = db.SQL("news.forgetFollows", `DELETE FROM news_follow WHERE face_id = $1`)
)
