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

var (
	speakers  = `SELECT face_id, min(at) FROM forum_post WHERE state = 0 AND imported = 0 AND at <= $1 `
	speaking  = `GROUP BY face_id HAVING count(*) >= $2 AND min(at) <= $3 AND max(at) >= $4`
	qSpeakers = db.SQL("forum.speakers", speakers+speaking)
	qSpeaker  = db.SQL("forum.speaker", speakers+`AND face_id = $5 `+speaking)
	qFounded  = db.SQL("forum.founded", `SELECT at FROM forum_post WHERE imported = 0 ORDER BY at, id LIMIT 1`)
)

// Speaker is somebody who has spoken here.
type Speaker struct {
	Face  face.ID
	Since time.Time // moment of the first shown post
}

// Speakers lists who had written at least so many shown posts by the moment at,
// the first of them before first and the last after last; with a face, that one
// only, if so. What was moved in does not count. It reads all posts: for rare use.
func (r *Room) Speakers(ctx context.Context, posts int, at, first, last time.Time, only face.ID) (list []Speaker, err error) {
	defer fault.Wrap(&err, "forum.Speakers")
	q, args := qSpeakers, []any{db.Micros(at), posts, db.Micros(first), db.Micros(last)}
	if only != "" {
		q, args = qSpeaker, append(args, string(only))
	}
	err = r.db.Rows(ctx, q, func(scan func(...any) error) error {
		var s Speaker
		var µs int64
		err := scan(&s.Face, &µs)
		s.Since = db.Time(µs)
		list = append(list, s)
		return err
	}, args...)
	return list, err
}

// Founded tells when the first post that was not moved in was written; zero
// when there is none.
func (r *Room) Founded(ctx context.Context) (at time.Time, err error) {
	defer fault.Wrap(&err, "forum.Founded")
	var µs int64
	found, err := r.db.Row(ctx, qFounded, nil, &µs)
	if found {
		at = db.Time(µs)
	}
	return at, err
}

// Standing tells how long and how much a face has spoken here.
func (r *Room) Standing(ctx context.Context, id face.ID) (s Standing, err error) {
	defer fault.Wrap(&err, "forum.Standing")
	var at int64
	if _, err = r.db.Row(ctx, qStanding, []any{string(id)}, &s.Posts, &at); err == nil && s.Posts > 0 {
		s.Since = db.Time(at)
	}
	return s, err
}
