package space

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/markdown"
)

const (
	spaceColumns = `SELECT s.id, s.kind, s.topic, s.lang, s.opened_by, s.opened_at, r.n, r.by_face, r.at, r.reason, r.name, r.purpose, r.rules, r.rules_html,
		r.entry, r.pace, r.label, COALESCE(c.by_face, ''), COALESCE(c.at, 0), COALESCE(c.reason, '')
		FROM space s JOIN space_revision r ON r.space_id = s.id AND r.n = s.revision LEFT JOIN space_closure c ON c.space_id = s.id `
	revisionColumns = `SELECT n, by_face, at, reason, name, purpose, rules, rules_html, entry, pace, label FROM space_revision `
)

var (
	qSpaceMake = db.SQL("space.make", `INSERT INTO space (id, kind, topic, lang, revision, opened_by, opened_at)
		VALUES ($1, $2, $3, $4, 1, $5, $6)`)
	qSpace    = db.SQL("space.one", spaceColumns+`WHERE s.id = $1`)
	qSpaces   = db.SQL("space.all", spaceColumns+`ORDER BY s.opened_at, s.id`)
	qOfTopic  = db.SQL("space.ofTopic", spaceColumns+`WHERE s.topic = $1 AND s.kind = 'open'`)
	qRevise   = db.SQL("space.revise", `UPDATE space SET revision = $3 WHERE id = $1 AND revision = $2`)
	qRevision = db.SQL("space.revision", `INSERT INTO space_revision
		(space_id, n, by_face, at, reason, name, purpose, rules, rules_html, entry, pace, label)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qRevisions = db.SQL("space.revisions", revisionColumns+`WHERE space_id = $1 ORDER BY n DESC`)
	qClose     = db.SQL("space.close", `INSERT INTO space_closure (space_id, by_face, at, reason) VALUES ($1, $2, $3, $4)
		ON CONFLICT (space_id) DO NOTHING`)
	qReopen = db.SQL("space.reopen", `DELETE FROM space_closure WHERE space_id = $1`)

	qSeatTake   = db.SQL("space.seatTake", `INSERT INTO space_seat (space_id, face_id) VALUES ($1, $2) ON CONFLICT (space_id, face_id) DO NOTHING`)
	qSeatLeave  = db.SQL("space.seatLeave", `DELETE FROM space_seat WHERE space_id = $1 AND face_id = $2`)
	qSeat       = db.SQL("space.seat", `SELECT 1 FROM space_seat WHERE space_id = $1 AND face_id = $2`)
	qSeatsOf    = db.SQL("space.seatsOf", `SELECT space_id FROM space_seat WHERE face_id = $1 ORDER BY space_id`)
	qSeatForget = db.SQL("space.seatForget", `DELETE FROM space_seat WHERE face_id = $1`)

	qCount = db.SQL("space.count", `INSERT INTO space_count (space_id, epoch, seats)
		SELECT s.id, $1, (SELECT count(*) FROM space_seat t WHERE t.space_id = s.id) FROM space s WHERE s.opened_at < $2
		ON CONFLICT (space_id, epoch) DO NOTHING`)
	qCounted = db.SQL("space.counted", `SELECT space_id, epoch, seats FROM space_count WHERE epoch = $1`)
)

func scanSpace(scan func(...any) error) (s Space, err error) {
	var opened, at, closed int64
	var html string
	var c Closure
	x := &s.Revision
	err = scan(&s.ID, &s.Kind, &s.Topic, &s.Lang, &s.OpenedBy, &opened, &x.N, &x.By, &at, &x.Reason, &x.Name, &x.Purpose, &x.Rules, &html,
		&x.Entry, &x.Pace, &x.Label, &c.By, &closed, &c.Reason)
	s.OpenedAt, x.At, x.HTML = db.Time(opened), db.Time(at), markdown.HTML(html)
	if closed != 0 {
		c.At = db.Time(closed)
		s.Closure = &c
	}
	return s, err
}

func (r *Room) spaceRows(ctx context.Context, q *db.Query, args ...any) (list []Space, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		s, err := scanSpace(scan)
		list = append(list, s)
		return err
	}, args...)
	return list, err
}

func (r *Room) revisionRows(ctx context.Context, id ID) (list []Revision, err error) {
	err = r.DB.Rows(ctx, qRevisions, func(scan func(...any) error) error {
		var x Revision
		var at int64
		var html string
		err := scan(&x.N, &x.By, &at, &x.Reason, &x.Name, &x.Purpose, &x.Rules, &html, &x.Entry, &x.Pace, &x.Label)
		x.At, x.HTML = db.Time(at), markdown.HTML(html)
		list = append(list, x)
		return err
	}, string(id))
	return list, err
}
