package representative

import (
	"context"
	"time"

	"guildhall/internal/db"
)

const columns = `SELECT id, platform_id, domain, face_id, role, text, made_day, named, badged, way, first_at, found_at, checked_at, dns_fault, file_fault, ended_at,
	COALESCE(s.by_face, ''), COALESCE(s.at, 0), COALESCE(s.reason, ''), COALESCE(s.end_reason, '')
	FROM representative_mandate LEFT JOIN representative_suspension s ON s.mandate_id = id `

var (
	qMake = db.SQL("representative.make", `INSERT INTO representative_mandate (id, platform_id, domain, face_id, role, text, made_day,
		named, badged, way, first_at, found_at, checked_at, dns_fault, file_fault, ended_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, '', 0, 0, 0, '', '', 0)`)
	qOne        = db.SQL("representative.one", columns+`WHERE id = $1`)
	qLive       = db.SQL("representative.live", columns+`WHERE face_id = $1 AND face_id <> '' AND platform_id = $2 AND ended_at = 0`)
	qOfPlatform = db.SQL("representative.ofPlatform", columns+`WHERE platform_id = $1 ORDER BY first_at, id`)
	qOfFace     = db.SQL("representative.ofFace", columns+`WHERE face_id = $1 AND face_id <> '' ORDER BY id`)
	qDue        = db.SQL("representative.due", columns+`WHERE ended_at = 0 AND checked_at <= $1 AND (first_at = 0 OR found_at > $2) 
		ORDER BY CASE WHEN first_at > 0 THEN 0 ELSE 1 END, checked_at, id LIMIT $3`)
	qLapsing = db.SQL("representative.lapsing", columns+`WHERE ended_at = 0 AND first_at > 0 AND found_at > $1 AND found_at <= $2`)
	qChecked = db.SQL("representative.checked", `UPDATE representative_mandate
		SET way = $2, first_at = $3, found_at = $4, checked_at = $5, dns_fault = $6, file_fault = $7 WHERE id = $1 AND ended_at = 0`)
	qShow     = db.SQL("representative.show", `UPDATE representative_mandate SET named = $2, badged = $3 WHERE id = $1`)
	qEnd      = db.SQL("representative.end", `UPDATE representative_mandate SET ended_at = $2 WHERE id = $1`)
	qDrop     = db.SQL("representative.drop", `DELETE FROM representative_mandate WHERE id = $1`)
	qForget   = db.SQL("representative.forget", `DELETE FROM representative_mandate WHERE first_at = 0 AND made_day < $1`)
	qSuspend  = db.SQL("representative.suspend", `INSERT INTO representative_suspension (mandate_id, by_face, at, reason, end_face, end_reason) VALUES ($1, $2, $3, $4, '', '')`)
	qLift     = db.SQL("representative.lift", `DELETE FROM representative_suspension WHERE mandate_id = $1`)
	qDismiss  = db.SQL("representative.dismiss", `UPDATE representative_suspension SET end_face = $2, end_reason = $3 WHERE mandate_id = $1`)
	qFaceless = db.SQL("representative.faceless", `UPDATE representative_mandate SET face_id = '', named = 0, badged = 0 WHERE face_id = $1`)
)

func (r *Room) rows(ctx context.Context, q *db.Query, args ...any) (list []Mandate, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var m Mandate
		var named, badged int
		var first, found, checked, ended, suspended int64
		var s Suspension
		err := scan(&m.ID, &m.Platform, &m.Domain, &m.Face.ID, &m.Role, &m.Text, &m.madeDay, &named, &badged, &m.Way, &first, &found, &checked,
			&m.DNSFault, &m.FileFault, &ended, &s.By, &suspended, &s.Reason, &s.EndReason)
		if suspended > 0 {
			s.At, m.Suspension = moment(suspended), &s
		}
		m.Named, m.Badged = named != 0, badged != 0
		m.First, m.Found, m.Checked, m.Ended = moment(first), moment(found), moment(checked), moment(ended)
		list = append(list, m)
		return err
	}, args...)
	if err != nil {
		return nil, err
	}
	domains := map[string]string{}
	for i := range list {
		m := &list[i]
		domain, known := domains[m.Platform]
		if !known {
			if domain, err = r.Domain(ctx, m.Platform); err != nil {
				return nil, err
			}
			domains[m.Platform] = domain
		}
		m.Fallen = domain != m.Domain
	}
	return list, nil
}

// moment and micros keep "never" as 0.
func moment(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return db.Time(at)
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return db.Micros(t)
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
