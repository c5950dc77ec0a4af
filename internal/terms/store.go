package terms

import (
	"context"
	"strings"
	"time"

	"guildhall/internal/db"
)

// All SQL of documents, records and alarms; store_clause.go has that of clauses.
const (
	documentColumns = `id, platform, title, declaration, added_at, checked_at, check_key, records, laid, alarm_at, flaps, blocked, let_go_at`
	recordColumns   = `r.n, r.at, r.note, r.hash, r.class, r.trouble, r.against, r.changes, COALESCE(a.record, -1)`
	recordFrom      = ` FROM terms_record r LEFT JOIN terms_alarm a ON a.document_id = r.document_id AND a.record = r.n AND a.withdrawn_at = 0 `
	alarmColumns    = `a.document_id, d.platform, d.title, a.record, r.at, a.raised_at, a.withdrawn_at, a.clauses, a.names`
	alarmFrom       = ` FROM terms_alarm a JOIN terms_document d ON d.id = a.document_id JOIN terms_record r ON r.document_id = a.document_id AND r.n = a.record `
)

var (
	qDocumentMake = db.SQL("terms.documentMake", `
		INSERT INTO terms_document (id, platform, title, declaration, added_at, checked_at, check_key, next_at, records, laid, alarm_at, flaps, blocked)
		VALUES ($1, $2, $3, $4, $5, 0, '', $5, 0, -1, 0, 0, 0) ON CONFLICT (id) DO NOTHING`)
	qDocumentDeclare = db.SQL("terms.documentDeclare", `UPDATE terms_document SET platform = $2, title = $3, declaration = $4, next_at = $5
		WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM terms_declaration WHERE document_id = $1)`)  // what a steward has said stands
	qDocument        = db.SQL("terms.document", `SELECT `+documentColumns+` FROM terms_document WHERE id = $1`)
	qDocuments       = db.SQL("terms.documents", `SELECT `+documentColumns+` FROM terms_document ORDER BY platform, title, id`)
	qDocumentsDue    = db.SQL("terms.documentsDue", `SELECT id FROM terms_document WHERE next_at <= $1 AND declaration <> '' AND let_go_at = 0 ORDER BY next_at, id LIMIT $2`)
	qDocumentChecked = db.SQL("terms.documentChecked", `UPDATE terms_document SET checked_at = $2, check_key = $3, next_at = $4 WHERE id = $1`)
	qDocumentRecords = db.SQL("terms.documentRecords", `UPDATE terms_document SET records = records + 1 WHERE id = $1 RETURNING records`)
	qDocumentJudged  = db.SQL("terms.documentJudged", `UPDATE terms_document SET laid = $2, alarm_at = $3, flaps = $4, blocked = $5 WHERE id = $1`)

	qDocumentSaid     = db.SQL("terms.documentSaid", `UPDATE terms_document SET title = $2, declaration = $3 WHERE id = $1`)
	qDocumentLetGo    = db.SQL("terms.documentLetGo", `UPDATE terms_document SET let_go_at = $2, next_at = $3 WHERE id = $1`)
	qDocumentPlatform = db.SQL("terms.documentPlatform", `UPDATE terms_document SET platform = $2 WHERE id = $1`)

	qSay = db.SQL("terms.say", `INSERT INTO terms_declaration (document_id, n, deed, title, declaration, by_face, at, reason)
		SELECT d.id, (SELECT COUNT(*) + 1 FROM terms_declaration x WHERE x.document_id = d.id), $2, d.title, d.declaration, $3, $4, $5
		FROM terms_document d WHERE d.id = $1`)
	qSaid = db.SQL("terms.said", `SELECT n, deed, title, declaration, by_face, at, reason FROM terms_declaration WHERE document_id = $1 ORDER BY n DESC`)

	qTextMake = db.SQL("terms.textMake", `INSERT INTO terms_text (hash, text) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`)
	qText     = db.SQL("terms.text", `SELECT t.text FROM terms_record r JOIN terms_text t ON t.hash = r.hash WHERE r.document_id = $1 AND r.n = $2`)
	qTexts    = db.SQL("terms.texts", `SELECT t.hash, t.text FROM terms_text t WHERE t.hash IN (SELECT r.hash FROM terms_record r WHERE r.document_id = $1)`)

	qRecordMake = db.SQL("terms.recordMake", `
		INSERT INTO terms_record (document_id, n, at, note, hash, class, trouble, against, changes) VALUES ($1, $2, $3, $4, $5, 'none', '', -1, 0)`)
	qRecordJudged = db.SQL("terms.recordJudged", `UPDATE terms_record SET class = $3, trouble = $4, against = $5, changes = $6 WHERE document_id = $1 AND n = $2`)
	qRecord       = db.SQL("terms.record", `SELECT `+recordColumns+recordFrom+`WHERE r.document_id = $1 AND r.n = $2`)
	qRecords      = db.SQL("terms.records", `SELECT `+recordColumns+recordFrom+`WHERE r.document_id = $1 AND r.n < $2 ORDER BY r.n DESC LIMIT $3`)
	qRecordSeen   = db.SQL("terms.recordSeen", `SELECT 1 FROM terms_record WHERE document_id = $1 AND hash = $2 LIMIT 1`)

	qAlarmMake = db.SQL("terms.alarmMake", `
		INSERT INTO terms_alarm (document_id, record, raised_at, withdrawn_at, clauses, names) VALUES ($1, $2, $3, 0, $4, $5)
		ON CONFLICT (document_id, record) DO NOTHING`)
	qAlarmWithdraw = db.SQL("terms.alarmWithdraw", `UPDATE terms_alarm SET withdrawn_at = $3 WHERE document_id = $1 AND record = $2`)
	qAlarmsOf      = db.SQL("terms.alarmsOf", `SELECT record, withdrawn_at FROM terms_alarm WHERE document_id = $1`)
	qAlarms        = db.SQL("terms.alarms", `SELECT `+alarmColumns+alarmFrom+`WHERE a.withdrawn_at = 0 ORDER BY a.raised_at DESC, a.document_id, a.record LIMIT $1`)
)

type scanner = func(...any) error

func scanDocument(scan scanner) (d Document, err error) {
	var added, checked, alarm, gone int64
	err = scan(&d.ID, &d.Platform, &d.Title, &d.declaration, &added, &checked, &d.CheckKey, &d.Records, &d.laid, &alarm, &d.Flaps, &d.Blocked, &gone)
	d.AddedAt, d.CheckedAt, d.AlarmAt, d.LetGoAt, d.Fetched = db.Time(added), moment(checked), moment(alarm), moment(gone), d.declaration != ""
	return d, err
}

func scanSaid(scan scanner) (s Said, err error) {
	var at int64
	var said string
	err = scan(&s.N, &s.Deed, &s.Title, &said, &s.By, &at, &s.Reason)
	s.At, s.Declaration = db.Time(at), Document{declaration: said}.Declaration()
	return s, err
}

func scanRecord(scan scanner) (v Record, err error) {
	var at int64
	var alarm int
	err = scan(&v.N, &at, &v.Note, &v.Hash, &v.Class, &v.Trouble, &v.Against, &v.Changes, &alarm)
	v.At, v.Alarm = db.Time(at), alarm >= 0
	return v, err
}

func scanAlarm(scan scanner) (a Alarm, err error) {
	var at, raised, withdrawn int64
	var names string
	err = scan(&a.Document, &a.Platform, &a.Title, &a.Record, &at, &raised, &withdrawn, &a.Clauses, &names)
	a.At, a.RaisedAt, a.Withdrawn, a.Names = db.Time(at), db.Time(raised), withdrawn > 0, lines(names)
	return a, err
}

// moment is a time that may be missing, as 0.
func moment(µs int64) time.Time {
	if µs == 0 {
		return time.Time{}
	}
	return db.Time(µs)
}

func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func list[T any](ctx context.Context, d *db.DB, q *db.Query, read func(scanner) (T, error), args ...any) (out []T, err error) {
	err = d.Rows(ctx, q, func(scan func(...any) error) error {
		v, err := read(scan)
		out = append(out, v)
		return err
	}, args...)
	return out, err
}
