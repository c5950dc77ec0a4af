package forum

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Standing is how long and how much somebody has spoken here, all of it public.
type Standing struct {
	Posts int       // shown posts; counted up to 50
	Since time.Time // moment of the first; zero when there is none
}

var qStanding = db.SQL("forum.standing", `SELECT count(*), COALESCE(min(at), 0) FROM
	(SELECT at FROM forum_post WHERE face_id = $1 AND state = 0 ORDER BY at LIMIT 50) AS first`)

// Standing tells how long and how much a face has spoken here.
func (r *Room) Standing(ctx context.Context, id face.ID) (s Standing, err error) {
	defer fault.Wrap(&err, "forum.Standing")
	var at int64
	if _, err = r.db.Row(ctx, qStanding, []any{string(id)}, &s.Posts, &at); err == nil && s.Posts > 0 {
		s.Since = db.Time(at)
	}
	return s, err
}
