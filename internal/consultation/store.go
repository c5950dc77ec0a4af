package consultation

import (
	"context"
	"time"

	"guildhall/internal/consultation/bundle"
	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// All SQL of the room.
const columns = `c.id, c.title, c.about, c.about_html, c.lang, c.steward_id, c.platform_id, c.mandate_id, c.origin_kind, c.origin_id, c.opened_at, c.closes_at, c.statements, c.secret, c.space,
	COALESCE((SELECT r.logged FROM consultation_result r WHERE r.consultation_id = c.id), -2)`

var (
	qMake = db.SQL("consultation.make", `
		INSERT INTO consultation (id, title, about, about_html, lang, steward_id, origin_kind, origin_id, opened_at, closes_at, statements, secret, space,
			platform_id, mandate_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`)
	qOne      = db.SQL("consultation.one", `SELECT `+columns+` FROM consultation c WHERE c.id = $1`)
	qOpen     = db.SQL("consultation.open", `SELECT `+columns+` FROM consultation c WHERE c.closes_at > $1 ORDER BY c.closes_at, c.id LIMIT 100`)
	qClosed   = db.SQL("consultation.closed", `SELECT `+columns+` FROM consultation c WHERE c.closes_at <= $1 ORDER BY c.closes_at DESC, c.id DESC LIMIT 100`)
	qOfOrigin = db.SQL("consultation.ofOrigin", `SELECT `+columns+` FROM consultation c WHERE c.origin_kind = $1 AND c.origin_id = $2 ORDER BY c.closes_at DESC, c.id LIMIT 20`)
	qOfSpace  = db.SQL("consultation.ofSpace", `SELECT `+columns+` FROM consultation c WHERE c.space = $1 AND c.closes_at > $2 ORDER BY c.closes_at, c.id LIMIT 20`)
	qUndone   = db.SQL("consultation.undone", `SELECT `+columns+` FROM consultation c
		WHERE NOT EXISTS (SELECT 1 FROM consultation_result r WHERE r.consultation_id = c.id)`)
	qOpenBy      = db.SQL("consultation.openBy", `SELECT 1 FROM consultation WHERE steward_id = $1 AND closes_at > $2 LIMIT 1`)
	qOpenFor     = db.SQL("consultation.openFor", `SELECT 1 FROM consultation WHERE platform_id = $1 AND closes_at > $2 LIMIT 1`)
	qCounted     = db.SQL("consultation.counted", `UPDATE consultation SET statements = $2 WHERE id = $1`)
	qLock        = db.SQL("consultation.lock", `UPDATE consultation SET statements = statements WHERE id = $1`)
	qAboutChange = db.SQL("consultation.aboutChange", `UPDATE consultation SET about = $2, about_html = $3 WHERE id = $1`)
	qSecretErase = db.SQL("consultation.secretErase", `UPDATE consultation SET secret = $2 WHERE id = $1`)

	qRevisionMake = db.SQL("consultation.revisionMake", `INSERT INTO consultation_revision (consultation_id, n, face_id, at, source, reason, restores) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qRevisions    = db.SQL("consultation.revisions", `SELECT n, face_id, at, source, reason, restores FROM consultation_revision WHERE consultation_id = $1 ORDER BY n`)

	qStatementMake   = db.SQL("consultation.statementMake", `INSERT INTO consultation_statement (consultation_id, n, text, seed, voter) VALUES ($1, $2, $3, $4, $5)`)
	qStatementForget = db.SQL("consultation.statementForget", `UPDATE consultation_statement SET voter = '' WHERE consultation_id = $1 AND voter = $2`)
	qVoterErase      = db.SQL("consultation.voterErase", `UPDATE consultation_statement SET voter = '' WHERE consultation_id = $1`)
	qStatements      = db.SQL("consultation.statements", `
		SELECT s.n, s.text, s.seed, s.voter, COALESCE(o.face_id, ''), COALESCE(o.at, 0), COALESCE(o.reason, '')
		FROM consultation_statement s LEFT JOIN consultation_removal o ON o.consultation_id = s.consultation_id AND o.n = s.n
		WHERE s.consultation_id = $1 ORDER BY s.n`)

	qLetterMake = db.SQL("consultation.letterMake", `INSERT INTO consultation_letter (consultation_id, article_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`)
	qLetters    = db.SQL("consultation.letters", `SELECT article_id FROM consultation_letter WHERE consultation_id = $1 ORDER BY article_id LIMIT $2`)

	qTakeOut = db.SQL("consultation.takeOut", `INSERT INTO consultation_removal (consultation_id, n, face_id, at, reason) VALUES ($1, $2, $3, $4, $5)`)
	qPutBack = db.SQL("consultation.putBack", `DELETE FROM consultation_removal WHERE consultation_id = $1 AND n = $2`)
	qIsOut   = db.SQL("consultation.isOut", `SELECT 1 FROM consultation_removal WHERE consultation_id = $1 AND n = $2`)

	qAnswers       = db.SQL("consultation.answers", `SELECT answers FROM consultation_answers WHERE consultation_id = $1 AND voter = $2`)
	qAnswersMake   = db.SQL("consultation.answersMake", `INSERT INTO consultation_answers (consultation_id, voter, fresh, answers) VALUES ($1, $2, $3, $4)`)
	qAnswersChange = db.SQL("consultation.answersChange", `UPDATE consultation_answers SET answers = $3 WHERE consultation_id = $1 AND voter = $2`)
	qHeld          = db.SQL("consultation.held", `SELECT counter, answers FROM consultation_answers WHERE consultation_id = $1 AND voter = $2`)
	qHeldMake      = db.SQL("consultation.heldMake", `INSERT INTO consultation_answers (consultation_id, voter, fresh, answers, counter) VALUES ($1, $2, 0, $3, $4)`)
	qHeldChange    = db.SQL("consultation.heldChange", `UPDATE consultation_answers SET answers = $3, counter = $4 WHERE consultation_id = $1 AND voter = $2`)
	qAnswersForget = db.SQL("consultation.answersForget", `DELETE FROM consultation_answers WHERE consultation_id = $1 AND voter = $2`)
	qAnswersErase  = db.SQL("consultation.answersErase", `DELETE FROM consultation_answers WHERE consultation_id = $1`)
	qPeople        = db.SQL("consultation.people", `SELECT fresh, answers FROM consultation_answers WHERE consultation_id = $1`)

	qDayCount = db.SQL("consultation.dayCount", `
		INSERT INTO consultation_day (consultation_id, day, people) VALUES ($1, $2, 1)
		ON CONFLICT (consultation_id, day) DO UPDATE SET people = consultation_day.people + 1`)
	qDays     = db.SQL("consultation.days", `SELECT day, people FROM consultation_day WHERE consultation_id = $1`)
	qTurnout  = db.SQL("consultation.turnout", `SELECT CAST(COALESCE(SUM(people), 0) AS BIGINT) FROM consultation_day WHERE consultation_id = $1 AND day < $2`)
	qLastDay  = db.SQL("consultation.lastDay", `SELECT CAST(COALESCE(MAX(day), 0) AS BIGINT) FROM consultation_day WHERE consultation_id = $1`)
	qDayErase = db.SQL("consultation.dayErase", `DELETE FROM consultation_day WHERE consultation_id = $1`)

	qResultMake = db.SQL("consultation.resultMake", `INSERT INTO consultation_result (consultation_id, hash, logged, bundle) VALUES ($1, $2, -1, $3)`)
	qResult     = db.SQL("consultation.result", `SELECT hash, logged, bundle FROM consultation_result WHERE consultation_id = $1`)
	qLogged     = db.SQL("consultation.logged", `UPDATE consultation_result SET logged = $2 WHERE consultation_id = $1`)
)

func micros(t time.Time) int64 { return db.Micros(t) }

func (r *Room) makeTx(ctx context.Context, by Actor, c Consultation) error {
	steward := string(by.Face)
	if c.Platform != "" {
		steward = ""
	}
	_, err := r.DB.Exec(ctx, qMake, string(c.ID), c.Title, c.About, string(c.HTML), c.Lang, steward, c.Origin.Kind, c.Origin.ID,
		micros(c.Opened), micros(c.Closes), c.Statements, c.secret, c.Space, c.Platform, c.Mandate)
	return err
}

// list reads consultations, with their stewards' faces.
func (r *Room) list(ctx context.Context, q *db.Query, args ...any) (list []Consultation, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var c Consultation
		var opened, closes, logged int64
		if err := scan(&c.ID, &c.Title, &c.About, &c.HTML, &c.Lang, &c.Steward.ID, &c.Platform, &c.Mandate, &c.Origin.Kind, &c.Origin.ID, &opened, &closes,
			&c.Statements, &c.secret, &c.Space, &logged); err != nil {
			return err
		}
		c.Opened, c.Closes = db.Time(opened), db.Time(closes)
		c.Done, c.Logged = logged >= -1, logged >= 0
		list = append(list, c)
		return nil
	}, args...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Platform != "" {
			continue
		}
		if err := r.Faces.Fill(ctx, &list[i].Steward); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Consultation reads one. Faults: NotFound.
func (r *Room) Consultation(ctx context.Context, id ID) (c Consultation, err error) {
	defer fault.Wrap(&err, "consultation.Consultation")
	list, err := r.list(ctx, qOne, string(id))
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "consultation.none")
	}
	if err != nil {
		return c, err
	}
	return list[0], nil
}

// Consultations lists those that are open, the next to close first, and those that
// are over, the latest first; a hundred of each at most.
func (r *Room) Consultations(ctx context.Context) (open, over []Consultation, err error) {
	defer fault.Wrap(&err, "consultation.Consultations")
	now := micros(r.Now())
	if open, err = r.list(ctx, qOpen, now); err == nil {
		over, err = r.list(ctx, qClosed, now)
	}
	return open, over, err
}

// OfOrigin lists the consultations that began from a thing, the latest first.
func (r *Room) OfOrigin(ctx context.Context, o Origin) (list []Consultation, err error) {
	defer fault.Wrap(&err, "consultation.OfOrigin")
	return r.list(ctx, qOfOrigin, o.Kind, o.ID)
}

// Statements lists all statements of a consultation, in the order in which they
// came. Faults: NotFound.
func (r *Room) Statements(ctx context.Context, id ID) (list []Statement, err error) {
	defer fault.Wrap(&err, "consultation.Statements")
	list, err = r.statements(ctx, id)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "consultation.none")
	}
	return list, err
}

func (r *Room) statements(ctx context.Context, id ID) (list []Statement, err error) {
	err = r.DB.Rows(ctx, qStatements, func(scan func(...any) error) error {
		var s Statement
		var o Removal
		var seed, at int64
		if err := scan(&s.N, &s.Text, &seed, &s.voter, &o.By, &at, &o.Reason); err != nil {
			return err
		}
		s.Seed = seed == 1
		if o.By != "" {
			o.At = db.Time(at)
			s.Removal = &o
		}
		list = append(list, s)
		return nil
	}, string(id))
	return list, err
}

func (r *Room) answers(ctx context.Context, id ID, voter string) (row string, found bool, err error) {
	found, err = r.DB.Row(ctx, qAnswers, []any{string(id), voter}, &row)
	return row, found, err
}

// people reads everybody's answers, numbered later.
func (r *Room) people(ctx context.Context, id ID) (list []bundle.Person, err error) {
	list = []bundle.Person{}
	err = r.DB.Rows(ctx, qPeople, func(scan func(...any) error) error {
		var p bundle.Person
		var fresh int64
		err := scan(&fresh, &p.Answers)
		p.New = fresh == 1
		list = append(list, p)
		return err
	}, string(id))
	return list, err
}

// result reads what is kept of a closed one.
func (r *Room) result(ctx context.Context, id ID) (hash string, logged int64, text []byte, err error) {
	_, err = r.DB.Row(ctx, qResult, []any{string(id)}, &hash, &logged, &text)
	return hash, logged, text, err
}
