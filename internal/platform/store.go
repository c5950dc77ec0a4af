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
	qFormerly   = db.SQL("platform.formerly", columns+`WHERE p.id = (SELECT platform_id FROM platform_correction
		WHERE old_key = $1 AND undone_at = 0 ORDER BY at DESC, platform_id LIMIT 1)`)
	qErase            = db.SQL("platform.erase", `DELETE FROM platform WHERE id = $1`)
	qEraseAbout       = db.SQL("platform.eraseAbout", `UPDATE platform SET about = '' WHERE id = $1`)
	qEraseCorrections = db.SQL("platform.eraseCorrections", `DELETE FROM platform_correction WHERE platform_id = $1`)
	qLikeName         = db.SQL("platform.likeName", `SELECT name FROM platform WHERE name_key = $1 AND id <> $2`)
	qLikeDomain       = db.SQL("platform.likeDomain", `SELECT name FROM platform WHERE look = $1 AND id <> $2`)
	qTaken            = db.SQL("platform.taken", `SELECT id FROM platform WHERE id = $1`)
	qMake             = db.SQL("platform.make", `INSERT INTO platform (id, name, name_key, domain, look, about, verdicts, face_id, at)
		VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)`)
	qSet     = db.SQL("platform.set", `UPDATE platform SET name = $2, name_key = $3, domain = $4, look = $5, about = $6 WHERE id = $1`)
	qCorrect = db.SQL("platform.correct", `INSERT INTO platform_correction (platform_id, n, old_name, old_key, old_domain, old_about,
		new_name, new_domain, new_about, by_face, at, reason, undone_at, undone_by)
		SELECT p.id, (SELECT COUNT(*) + 1 FROM platform_correction c WHERE c.platform_id = p.id), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, '' FROM platform p WHERE p.id = $1`)
	qUncorrect   = db.SQL("platform.uncorrect", `UPDATE platform_correction SET undone_at = $3, undone_by = $4 WHERE platform_id = $1 AND n = $2`)
	qCorrections = db.SQL("platform.corrections", `SELECT n, old_name, old_domain, old_about, new_name, new_domain, new_about, by_face, at, reason, undone_at
		FROM platform_correction WHERE platform_id = $1 ORDER BY n DESC`)
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

func (r *Room) correctionRows(ctx context.Context, id ID) (list []Correction, err error) {
	err = r.DB.Rows(ctx, qCorrections, func(scan func(...any) error) error {
		var c Correction
		var at, undone int64
		err := scan(&c.N, &c.Old.Name, &c.Old.Domain, &c.Old.About, &c.New.Name, &c.New.Domain, &c.New.About, &c.By, &at, &c.Reason, &undone)
		if c.At = db.Time(at); undone > 0 {
			c.Undone = db.Time(undone)
		}
		list = append(list, c)
		return err
	}, string(id))
	return list, err
}
