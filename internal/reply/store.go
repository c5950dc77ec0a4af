package reply

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/markdown"
)

const columns = `SELECT r.id, r.platform_id, r.kind, r.thing_id, r.at, r.revisions, COALESCE(v.mandate_id, ''), COALESCE(v.at, 0), COALESCE(v.source, ''), COALESCE(v.html, ''),
	COALESCE(h.by_face, ''), COALESCE(h.at, 0), COALESCE(h.reason, '')
	FROM reply r LEFT JOIN reply_revision v ON v.reply_id = r.id AND v.n = r.revisions LEFT JOIN reply_hush h ON h.reply_id = r.id `

var (
	qOne       = db.SQL("reply.one", columns+`WHERE r.id = $1`)
	qBelow     = db.SQL("reply.below", columns+`WHERE r.kind = $1 AND r.thing_id = $2 AND r.platform_id = $3`)
	qMake      = db.SQL("reply.make", `INSERT INTO reply (id, platform_id, kind, thing_id, at, revisions) VALUES ($1, $2, $3, $4, $5, 1)`)
	qCount     = db.SQL("reply.count", `UPDATE reply SET revisions = revisions + 1 WHERE id = $1`)
	qRevise    = db.SQL("reply.revise", `INSERT INTO reply_revision (reply_id, n, mandate_id, at, source, html) VALUES ($1, $2, $3, $4, $5, $6)`)
	qRevisions = db.SQL("reply.revisions", `SELECT n, mandate_id, at, source, html FROM reply_revision WHERE reply_id = $1 ORDER BY n DESC`)
	qHush      = db.SQL("reply.hush", `INSERT INTO reply_hush (reply_id, by_face, at, reason) VALUES ($1, $2, $3, $4)`)
	qUnhush    = db.SQL("reply.unhush", `DELETE FROM reply_hush WHERE reply_id = $1`)
	qCorrected = db.SQL("reply.corrected", `SELECT count(*) FROM reply_correction WHERE kind = $1 AND thing_id = $2`)
	qCorrect   = db.SQL("reply.correct", `INSERT INTO reply_correction (kind, thing_id, n, by_face, at, source, html) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qNotes     = db.SQL("reply.corrections", `SELECT n, by_face, at, html FROM reply_correction WHERE kind = $1 AND thing_id = $2 ORDER BY n`)
)

// one reads a reply. Faults: NotFound.
func (r *Room) one(ctx context.Context, q *db.Query, args ...any) (x Reply, err error) {
	var at, edited, hushed int64
	var html string
	var h Hush
	found, err := r.DB.Row(ctx, q, args, &x.ID, &x.Platform, &x.Target.Kind, &x.Target.ID, &at, &x.Revisions, &x.Mandate, &edited, &x.Source, &html, &h.By, &hushed, &h.Reason)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "reply.none")
	}
	x.At, x.EditedAt, x.HTML = db.Time(at), db.Time(edited), markdown.HTML(html)
	if hushed != 0 {
		h.At = db.Time(hushed)
		x.Hush = &h
	}
	return x, err
}

func (r *Room) revisionRows(ctx context.Context, id ID) (list []Revision, err error) {
	err = r.DB.Rows(ctx, qRevisions, func(scan func(...any) error) error {
		var v Revision
		var at int64
		var html string
		err := scan(&v.N, &v.Mandate, &at, &v.Source, &html)
		v.At, v.HTML = db.Time(at), markdown.HTML(html)
		list = append(list, v)
		return err
	}, string(id))
	return list, err
}

func (r *Room) correctionRows(ctx context.Context, t Target) (list []Correction, err error) {
	err = r.DB.Rows(ctx, qNotes, func(scan func(...any) error) error {
		var c Correction
		var at int64
		var html string
		err := scan(&c.N, &c.By.ID, &at, &html)
		c.At, c.HTML = db.Time(at), markdown.HTML(html)
		list = append(list, c)
		return err
	}, t.Kind, t.ID)
	return list, err
}
