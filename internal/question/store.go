package question

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/markdown"
)

const (
	questionColumns = `SELECT q.id, q.title, q.lang, q.platform_id, q.asked_of, q.face_id, q.at, q.asked_day, q.variants, q.faces, q.entries,
		q.merged_into, q.hushed, q.state, q.owes, q.since_day, q.stop_day, q.paused_days, q.paused_from, q.promised_day, q.clause_id, q.source, q.html, q.masks FROM question q `
	variantColumns = `SELECT v.question_id, v.id, v.face_id, v.at, v.origin, v.post_id, v.hushed, v.source, v.html,
		v.space_id, v.mask_id, v.taken_at FROM question_variant v `
	moveColumns = `SELECT m.id, m.kind, m.from_id, m.into_id, m.by_face, m.at, m.reason, m.undone_at,
		(SELECT count(*) FROM question_moved x WHERE x.move_id = m.id) FROM question_move m `
	notRecused = `NOT IN (SELECT x.face_id FROM question_recused x JOIN question y ON y.platform_id = x.platform_id WHERE y.id = $1)`
)

var (
	qOne  = db.SQL("question.one", questionColumns+`WHERE q.id = $1`)
	qLock = db.SQL("question.lock", `UPDATE question SET entries = entries WHERE id = $1`)
	qMake = db.SQL("question.make", `INSERT INTO question (id, title, lang, platform_id, asked_of, owes, face_id, at, asked_day, variants, faces,
		entries, merged_into, hushed, listed, state, since_day, stop_day, paused_days, paused_from, promised_day, source, html, clause_id)
		VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, 0, 0, 0, '', 0, 0, $9, $10, 0, 0, 0, 0, $11, $12, $13)`)
	qReword = db.SQL("question.reword", `UPDATE question SET title = $2, source = $3, html = $4 WHERE id = $1`)
	qSettle = db.SQL("question.settle", `UPDATE question SET variants = $2, faces = $3, entries = $4, listed = $5, state = $6, owes = $7,
		since_day = $8, stop_day = $9, paused_days = $10, paused_from = $11, promised_day = $12, masks = $13 WHERE id = $1`)
	qMergedInto = db.SQL("question.mergedInto", `UPDATE question SET merged_into = $2 WHERE id = $1`)

	qOldest = db.SQL("question.oldest", questionColumns+`WHERE q.listed = $1 AND (q.since_day > $2 OR q.since_day = $2 AND q.id > $3)
		AND ($4 = '' OR q.platform_id = $4) AND ($5 = '' OR q.owes = $5) ORDER BY q.since_day, q.id LIMIT $6`)
	qLatest = db.SQL("question.latest", questionColumns+`WHERE q.listed = $1 AND (q.stop_day < $2 OR q.stop_day = $2 AND q.id > $3)
		AND ($4 = '' OR q.platform_id = $4) AND ($5 = '' OR q.owes = $5) ORDER BY q.stop_day DESC, q.id LIMIT $6`)
	qCounts = db.SQL("question.counts", `SELECT listed, count(*) FROM question
		WHERE listed > 0 AND ($1 = '' OR platform_id = $1) AND ($2 = '' OR owes = $2) GROUP BY listed`)
	qDelays = db.SQL("question.delays", `SELECT stop_day - since_day - paused_days FROM question
		WHERE listed = 2 AND owes = 'platform' AND ($1 = '' OR platform_id = $1)`)
	qWaiting  = db.SQL("question.waiting", questionColumns+`WHERE q.id IN (SELECT question_id FROM question_hush WHERE by_face = '') ORDER BY q.id`)
	qOfClause = db.SQL("question.ofClause", questionColumns+`WHERE q.clause_id = $1 AND q.clause_id <> '' AND q.listed > 0 ORDER BY q.since_day, q.id LIMIT 100`)
	qAfter    = db.SQL("question.after", questionColumns+`WHERE q.id > $1 AND q.listed > 0 ORDER BY q.id LIMIT $2`)
	qMine     = db.SQL("question.mine", questionColumns+`WHERE q.id IN (SELECT question_id FROM question_variant WHERE face_id = $1) ORDER BY q.id DESC`)

	qVariantMake = db.SQL("question.variantMake", `INSERT INTO question_variant (question_id, id, face_id, at, origin, post_id, hushed, source, html,
		space_id, mask_id, taken_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11)`)
	qVariants      = db.SQL("question.variants", variantColumns+`WHERE v.question_id = $1 AND v.id > $2 ORDER BY v.id LIMIT $3`)
	qVariantOne    = db.SQL("question.variantOne", variantColumns+`WHERE v.id = $1`)
	qVariantIDs    = db.SQL("question.variantIDs", `SELECT id FROM question_variant WHERE question_id = $1 ORDER BY id`)
	qVariantMove   = db.SQL("question.variantMove", `UPDATE question_variant SET question_id = $2 WHERE id = $1`)
	qMyVariants    = db.SQL("question.myVariants", variantColumns+`WHERE v.face_id = $1 AND v.question_id = $2 ORDER BY v.id`)
	qCountVariants = db.SQL("question.countVariants", `SELECT count(*), count(DISTINCT CASE WHEN face_id <> '' AND face_id `+notRecused+` THEN face_id END),
		count(DISTINCT CASE WHEN mask_id <> '' THEN mask_id END)
		FROM question_variant WHERE question_id = $1 AND hushed = 0`)
	qAsked      = db.SQL("question.asked", `SELECT at FROM question_variant WHERE face_id = $1 AND question_id = $2 ORDER BY at LIMIT 1`)
	qAskedSince = db.SQL("question.askedSince", `SELECT count(*) FROM question WHERE face_id = $1 AND at >= $2`)
	qAskers     = db.SQL("question.askers", `SELECT DISTINCT face_id FROM question_variant WHERE question_id = $1 AND hushed = 0 AND face_id <> '' ORDER BY face_id`)
	qOfSpace    = db.SQL("question.ofSpace", variantColumns+`WHERE v.space_id = $1 AND v.space_id <> '' AND v.hushed = 0 ORDER BY v.id`)
	qTurns      = db.SQL("question.turns", `SELECT m.from_id, m.into_id, m.at, m.undone_at FROM question_move m JOIN question_moved x ON x.move_id = m.id
		WHERE x.variant_id = $1 ORDER BY m.id`)
	qPostThere = db.SQL("question.postThere", `SELECT 1 FROM question_variant WHERE question_id = $1 AND post_id = $2 AND post_id <> '' LIMIT 1`)
	qOfPost    = db.SQL("question.ofPost", `SELECT q.id, q.title FROM question_variant v JOIN question q ON q.id = v.question_id
		WHERE v.post_id = $1 AND v.post_id <> '' AND q.hushed = 0 ORDER BY q.id`)

	qEntryMake = db.SQL("question.entryMake", `INSERT INTO question_entry (question_id, n, kind, by_face, at, day, until_day, code, owes, link, undoes, source, html, mandate_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`)
	qBook = db.SQL("question.book", `SELECT question_id, n, kind, by_face, at, day, until_day, code, owes, link, undoes, source, html, mandate_id
		FROM question_entry WHERE question_id = $1 ORDER BY n`)

	qJudgementErase = db.SQL("question.judgementErase", `DELETE FROM question_judgement WHERE question_id = $1 AND n = $2 AND face_id = $3`)
	qJudgementMake  = db.SQL("question.judgementMake", `INSERT INTO question_judgement (question_id, n, face_id, verdict, words) VALUES ($1, $2, $3, $4, $5)`)
	qJudgements     = db.SQL("question.judgements", `SELECT n, face_id, verdict, words FROM question_judgement WHERE question_id = $1 AND face_id `+notRecused+` ORDER BY n, face_id`)
	qJudged         = db.SQL("question.judged", `SELECT n, verdict, count(*) FROM question_judgement WHERE question_id = $1 AND face_id `+notRecused+` GROUP BY n, verdict`)

	qRecused    = db.SQL("question.recused", `SELECT 1 FROM question_recused WHERE platform_id = $1 AND face_id = $2`)
	qRecuse     = db.SQL("question.recuse", `INSERT INTO question_recused (platform_id, face_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`)
	qRecusedOff = db.SQL("question.recusedOff", `DELETE FROM question_recused WHERE face_id = $1`)

	qWithdrawalMake  = db.SQL("question.withdrawalMake", `INSERT INTO question_withdrawal (question_id, n, mandate_id, face_id, at, reason) VALUES ($1, $2, $3, $4, $5, $6)`)
	qWithdrawals     = db.SQL("question.withdrawals", `SELECT n, mandate_id, face_id, at, reason FROM question_withdrawal WHERE question_id = $1`)
	qWithdrawalErase = db.SQL("question.withdrawalErase", `DELETE FROM question_withdrawal WHERE question_id = $1 AND n = $2`)
	qWithdrawalsOff  = db.SQL("question.withdrawalsOff", `DELETE FROM question_withdrawal WHERE face_id = $1`)

	qMoveMake = db.SQL("question.moveMake", `INSERT INTO question_move (id, kind, from_id, into_id, by_face, at, reason, undone_by, undone_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '', 0)`)
	qMoveOne = db.SQL("question.moveOne", moveColumns+`WHERE m.id = $1`)
	qMoves   = db.SQL("question.moves", moveColumns+`WHERE m.from_id = $1 OR m.into_id = $1 ORDER BY m.id DESC`)
	qMyMoves = db.SQL("question.myMoves", moveColumns+`WHERE m.into_id = $2 AND m.undone_at = 0 AND m.id IN
		(SELECT x.move_id FROM question_moved x JOIN question_variant v ON v.id = x.variant_id WHERE v.face_id = $1 AND v.question_id = $2) ORDER BY m.id DESC`)
	qMoveUndo   = db.SQL("question.moveUndo", `UPDATE question_move SET undone_by = $2, undone_at = $3 WHERE id = $1 AND undone_at = 0`)
	qMovedMake  = db.SQL("question.movedMake", `INSERT INTO question_moved (move_id, variant_id) VALUES ($1, $2)`)
	qMovedIDs   = db.SQL("question.movedIDs", `SELECT x.variant_id FROM question_moved x JOIN question_variant v ON v.id = x.variant_id WHERE x.move_id = $1 AND v.question_id = $2`)
	qMovedFaces = db.SQL("question.movedFaces", `SELECT DISTINCT v.face_id FROM question_moved x JOIN question_variant v ON v.id = x.variant_id WHERE x.move_id = $1 AND v.face_id <> '' ORDER BY v.face_id`)

	qRevisionMake = db.SQL("question.revisionMake", `INSERT INTO question_revision (question_id, n, face_id, at, title, source, reason, restores)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qRevisions = db.SQL("question.revisions", `SELECT n, face_id, at, title, source, reason, restores FROM question_revision WHERE question_id = $1 ORDER BY n`)

	qHushMake     = db.SQL("question.hushMake", `INSERT INTO question_hush (thing_id, question_id, by_face, at, reason) VALUES ($1, $2, $3, $4, $5)`)
	qHushErase    = db.SQL("question.hushErase", `DELETE FROM question_hush WHERE thing_id = $1`)
	qHushOne      = db.SQL("question.hushOne", `SELECT by_face, at, reason FROM question_hush WHERE thing_id = $1`)
	qHushesOf     = db.SQL("question.hushesOf", `SELECT thing_id, by_face, at, reason FROM question_hush WHERE question_id = $1`)
	qHushQuestion = db.SQL("question.hushQuestion", `UPDATE question SET hushed = $2 WHERE id = $1`)
	qHushVariant  = db.SQL("question.hushVariant", `UPDATE question_variant SET hushed = $2 WHERE id = $1`)

	qTerms     = db.SQL("question.terms", `SELECT word, n FROM question_term WHERE word IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`)
	qPostings  = db.SQL("question.postings", `SELECT question_id FROM question_word WHERE word = $1 ORDER BY question_id LIMIT $2`)
	qWordsOf   = db.SQL("question.wordsOf", `SELECT word FROM question_word WHERE question_id = $1`)
	qWordMake  = db.SQL("question.wordMake", `INSERT INTO question_word (word, question_id) VALUES ($1, $2)`)
	qWordErase = db.SQL("question.wordErase", `DELETE FROM question_word WHERE word = $1 AND question_id = $2`)
	qTermMore  = db.SQL("question.termMore", `INSERT INTO question_term (word, n) VALUES ($1, 1) ON CONFLICT (word) DO UPDATE SET n = question_term.n + 1`)
	qTermGone  = db.SQL("question.termGone", `DELETE FROM question_term WHERE word = $1 AND n <= 0`)
	qTermLess  = db.SQL("question.termLess", `UPDATE question_term SET n = n - 1 WHERE word = $1`)

	qEraseTouched = db.SQL("question.eraseTouched", questionColumns+`WHERE q.face_id = $1 OR q.id IN
		(SELECT question_id FROM question_variant WHERE face_id = $1 UNION SELECT question_id FROM question_judgement WHERE face_id = $1)`)
	qEraseJudgements = db.SQL("question.eraseJudgements", `DELETE FROM question_judgement WHERE face_id = $1`)
	qEraseVariants   = db.SQL("question.eraseVariants", `UPDATE question_variant SET source = '', html = '' WHERE face_id = $1`)
	qEraseQuestions  = db.SQL("question.eraseQuestions", `UPDATE question SET source = '', html = '' WHERE face_id = $1`)
	qEraseRevisions  = db.SQL("question.eraseRevisions", `UPDATE question_revision SET title = '', source = '', reason = ''
		WHERE question_id IN (SELECT id FROM question WHERE face_id = $1)`)
	qEraseReasons = db.SQL("question.eraseReasons", `UPDATE question_entry SET source = '', html = '' WHERE kind = 'correction' AND code = 'worded'
		AND (by_face = $1 OR question_id IN (SELECT id FROM question WHERE face_id = $1))`)
	// Books of older halls quote her title in a shape of its own.
	qEraseQuotes = db.SQL("question.eraseQuotes", `UPDATE question_entry SET source = '', html = '' WHERE kind = 'correction' AND day = 0
		AND source LIKE '“%”: %' AND question_id IN (SELECT id FROM question WHERE face_id = $1)`)
	qEraseTitles = db.SQL("question.eraseTitles", `UPDATE question SET title = '' WHERE face_id = $1 AND NOT EXISTS
		(SELECT 1 FROM question_variant v WHERE v.question_id = question.id AND v.face_id <> $1)`)
)

func (r *Room) questionRows(ctx context.Context, q *db.Query, args ...any) (list []Question, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var x Question
		var at int64
		var hushed int
		var html string
		t := &x.Tally
		err := scan(&x.ID, &x.Title, &x.Lang, &x.Platform, &x.Owes, &x.Asker.ID, &at, &x.Asked, &x.Variants, &x.Faces, &x.Entries,
			&x.MergedInto, &hushed, &t.State, &t.Owes, &t.Since, &t.Stop, &t.PausedDays, &t.PausedFrom, &t.Promised, &x.Clause, &x.Source, &html, &x.Masks)
		x.At, x.Hushed, x.HTML = db.Time(at), hushed != 0, markdown.HTML(html)
		list = append(list, x)
		return err
	}, args...)
	return list, err
}

func (r *Room) variantMakeTx(ctx context.Context, v Variant) (int64, error) {
	return r.DB.Exec(ctx, qVariantMake, string(v.Question), string(v.ID), string(v.Asker.ID), db.Micros(v.At), string(v.Origin), v.Post, v.Source, string(v.HTML),
		v.Space, v.Mask, takenMicros(v.Taken))
}

// takenMicros is when a case was taken up, as the database keeps it; 0 for one that its
// asker added.
func takenMicros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return db.Micros(t)
}

func (r *Room) variantRows(ctx context.Context, q *db.Query, args ...any) (list []Variant, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var v Variant
		var at int64
		var hushed int
		var html string
		var taken int64
		err := scan(&v.Question, &v.ID, &v.Asker.ID, &at, &v.Origin, &v.Post, &hushed, &v.Source, &html, &v.Space, &v.Mask, &taken)
		v.At, v.Hushed, v.HTML = db.Time(at), hushed != 0, markdown.HTML(html)
		if taken != 0 {
			v.Taken = db.Time(taken)
		}
		list = append(list, v)
		return err
	}, args...)
	return list, err
}

func (r *Room) variantRow(ctx context.Context, id VariantID) (v Variant, found bool, err error) {
	list, err := r.variantRows(ctx, qVariantOne, string(id))
	if err != nil || len(list) == 0 {
		return v, false, err
	}
	return list[0], true, nil
}

// bookRows reads a book with what takes what back, and how answers were judged.
func (r *Room) bookRows(ctx context.Context, id ID) (list []Entry, err error) {
	err = r.DB.Rows(ctx, qBook, func(scan func(...any) error) error {
		var e Entry
		var at int64
		var html string
		err := scan(&e.Question, &e.N, &e.Kind, &e.By.ID, &at, &e.Day, &e.Until, &e.Code, &e.Owes, &e.Link, &e.Undoes, &e.Source, &html, &e.Mandate)
		e.At, e.HTML = db.Time(at), markdown.HTML(html)
		list = append(list, e)
		if e.Undoes > 0 && e.Undoes <= len(list) {
			list[e.Undoes-1].UndoneBy = e.N
		}
		return err
	}, string(id))
	if err != nil || len(list) == 0 {
		return list, err
	}
	return list, r.DB.Rows(ctx, qJudged, func(scan func(...any) error) error {
		var n, count int
		var v Verdict
		err := scan(&n, &v, &count)
		if err == nil && n > 0 && n <= len(list) {
			j := &list[n-1].Judged
			switch v {
			case Full:
				j.Full = count
			case InPart:
				j.Partly = count
			case Not:
				j.Not = count
			}
		}
		return err
	}, string(id))
}

func (r *Room) judgementRows(ctx context.Context, id ID) (list []Judgement, err error) {
	err = r.DB.Rows(ctx, qJudgements, func(scan func(...any) error) error {
		var j Judgement
		err := scan(&j.N, &j.Asker.ID, &j.Verdict, &j.Words)
		list = append(list, j)
		return err
	}, string(id))
	return list, err
}

func (r *Room) moveRows(ctx context.Context, q *db.Query, args ...any) (list []Move, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var m Move
		var at, undone int64
		err := scan(&m.ID, &m.Kind, &m.From, &m.Into, &m.By, &at, &m.Reason, &undone, &m.Variants)
		if m.At = db.Time(at); undone != 0 {
			m.Undone, m.UndoneAt = true, db.Time(undone)
		}
		list = append(list, m)
		return err
	}, args...)
	return list, err
}

func (r *Room) moveRow(ctx context.Context, id MoveID) (m Move, found bool, err error) {
	list, err := r.moveRows(ctx, qMoveOne, string(id))
	if err != nil || len(list) == 0 {
		return m, false, err
	}
	return list[0], true, nil
}

func (r *Room) hushRow(ctx context.Context, thing string) (*Hush, error) {
	var h Hush
	var by string
	var at int64
	found, err := r.DB.Row(ctx, qHushOne, []any{thing}, &by, &at, &h.Reason)
	if err != nil || !found {
		return nil, err
	}
	h.By, h.At = face.ID(by), db.Time(at)
	return &h, nil
}

// textsRows reads rows of one text.
func (r *Room) textsRows(ctx context.Context, q *db.Query, args ...any) (list []string, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var s string
		err := scan(&s)
		list = append(list, s)
		return err
	}, args...)
	return list, err
}

func (r *Room) withdrawalRows(ctx context.Context, id ID) (m map[int]Withdrawal, err error) {
	m = map[int]Withdrawal{}
	err = r.DB.Rows(ctx, qWithdrawals, func(scan func(...any) error) error {
		w := Withdrawal{Question: id}
		var at int64
		err := scan(&w.N, &w.Mandate, &w.face, &at, &w.Reason)
		w.At = db.Time(at)
		m[w.N] = w
		return err
	}, string(id))
	return m, err
}
