package forum

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/markdown"
)

var (
	qMyRecommendations = db.SQL("forum.myRecommendations", `
		SELECT kind, thing_id FROM forum_recommendation WHERE face_id = $1 ORDER BY kind, thing_id`)
	qMine = db.SQL("forum.mine", `SELECT
		(SELECT COUNT(*) FROM forum_article WHERE face_id = $1 AND state <> 3),
		(SELECT COUNT(*) FROM forum_discussion WHERE face_id = $1 AND article_id = ''),
		(SELECT COUNT(*) FROM forum_post WHERE face_id = $1 AND state < 3),
		(SELECT COUNT(*) FROM forum_recommendation WHERE face_id = $1),
		(SELECT COUNT(*) FROM forum_follow WHERE face_id = $1)`)
)

// Belongings counts what the forum keeps under a face.
type Belongings struct {
	Articles, Discussions, Posts, Recommendations, Follows int
}

// Mine counts what the actor has here, hidden and waiting texts included.
// Faults: SignIn.
func (r *Room) Mine(ctx context.Context, a Actor) (b Belongings, err error) {
	defer fault.Wrap(&err, "forum.Mine")
	if err = MayWrite(a); err != nil {
		return b, err
	}
	_, err = r.db.Row(ctx, qMine, []any{string(a.Face)}, &b.Articles, &b.Discussions, &b.Posts, &b.Recommendations, &b.Follows)
	return b, err
}

// Recommendations lists what the actor has recommended. Nobody else is told.
// Faults: SignIn.
func (r *Room) Recommendations(ctx context.Context, a Actor) (list []Thing, err error) {
	defer fault.Wrap(&err, "forum.Recommendations")
	if err = MayWrite(a); err != nil {
		return nil, err
	}
	err = r.db.Rows(ctx, qMyRecommendations, func(scan func(...any) error) error {
		var t Thing
		err := scan(&t.Kind, &t.ID)
		list = append(list, t)
		return err
	}, string(a.Face))
	return list, err
}

var qShowsPicture = db.SQL("forum.showsPicture", `SELECT 1 FROM forum_revision WHERE source LIKE $1 LIMIT 1`)

// ShowsPicture tells whether any revision of any text shows a stored picture. It
// reads all texts: for when somebody leaves, not for pages.
func (r *Room) ShowsPicture(ctx context.Context, name string) (shown bool, err error) {
	defer fault.Wrap(&err, "forum.ShowsPicture")
	var one int
	return r.db.Row(ctx, qShowsPicture, []any{"%" + markdown.BlobPath + name + "%"}, &one)
}
