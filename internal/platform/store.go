package platform

import (
	"context"

	"guildhall/internal/db"
)

const columns = `SELECT p.id, p.name, p.domain, p.about, p.face_id, p.at,
	COALESCE(v.n, 0), COALESCE(v.verdict, ''), COALESCE(v.by_face, ''), COALESCE(v.at, 0), COALESCE(v.reason, '')
	FROM platform p LEFT JOIN platform_verdict v ON v.platform_id = p.id AND v.n = p.verdicts `

var (
	qOne        = db.SQL("platform.one", columns+`WHERE p.id = $1`)
	qAll        = db.SQL("platform.all", columns+`ORDER BY p.name_key`)
	qNamed      = db.SQL("platform.named", columns+`WHERE p.name_key = $1`)
	qProposedBy = db.SQL("platform.proposedBy", columns+`WHERE p.face_id = $1 AND p.face_id <> ''`)
	qErase      = db.SQL("platform.erase", `DELETE FROM platform WHERE id = $1`)
	qEraseAbout = db.SQL("platform.eraseAbout", `UPDATE platform SET about = '' WHERE id = $1`)
	qLikeName   = db.SQL("platform.likeName", `SELECT name FROM platform WHERE name_key = $1`)
	qLikeDomain = db.SQL("platform.likeDomain", `SELECT name FROM platform WHERE look = $1`)
	qTaken      = db.SQL("platform.taken", `SELECT id FROM platform WHERE id = $1`)
	qMake       = db.SQL("platform.make", `INSERT INTO platform (id, name, name_key, domain, look, about, verdicts, face_id, at)
		VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)`)
	qCount   = db.SQL("platform.count", `UPDATE platform SET verdicts = verdicts + 1 WHERE id = $1`)
	qVerdict = db.SQL("platform.verdict", `INSERT INTO platform_verdict (platform_id, n, verdict, by_face, at, reason)
		SELECT id, verdicts, $2, $3, $4, $5 FROM platform WHERE id = $1`)
	qVerdicts = db.SQL("platform.verdicts", `SELECT n, verdict, by_face, at, reason FROM platform_verdict WHERE platform_id = $1 ORDER BY n DESC`)
)

func (r *Room) rows(ctx context.Context, q *db.Query, args ...any) (list []Platform, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var p Platform
		var v Verdict
		var at, said int64
		err := scan(&p.ID, &p.Name, &p.Domain, &p.About, &p.ProposedBy, &at, &v.N, &v.Word, &v.By, &said, &v.Reason)
		p.At = db.Time(at)
		if v.N > 0 {
			v.At = db.Time(said)
			p.Verdict = &v
		}
		list = append(list, p)
		return err
	}, args...)
	return list, err
}

func (r *Room) verdictRows(ctx context.Context, id ID) (list []Verdict, err error) {
	err = r.DB.Rows(ctx, qVerdicts, func(scan func(...any) error) error {
		var v Verdict
		var at int64
		err := scan(&v.N, &v.Word, &v.By, &at, &v.Reason)
		v.At = db.Time(at)
		list = append(list, v)
		return err
	}, string(id))
	return list, err
}
