package moderation

import "guildhall/internal/db"

const (
	decisionColumns = `SELECT id, kind, thing_kind, thing_id, reason, by_face, at, undoes, undone_by FROM moderation_decision `
	motionColumns   = `SELECT m.id, m.kind, m.face_id, m.reason, m.answer, m.by_face, m.at, m.closes_at, m.needed, m.founded_at, m.outcome,
		COALESCE((SELECT v.side FROM moderation_voice v WHERE v.motion_id = m.id AND v.face_id = $1), '')
		FROM moderation_motion m `
)

var (
	qReport = db.SQL("moderation.report", `INSERT INTO moderation_report (id, thing_kind, thing_id, cause, words, by_face, day, outcome)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '')`)
	qReportReplace = db.SQL("moderation.reportReplace", `DELETE FROM moderation_report WHERE thing_kind = $1 AND thing_id = $2 AND by_face = $3 AND outcome = ''`)
	qReportOpen    = db.SQL("moderation.reportOpen", `SELECT thing_kind, thing_id, cause, words, by_face FROM moderation_report
		WHERE outcome = '' ORDER BY CASE WHEN by_face = '' THEN 1 ELSE 0 END, day DESC, id LIMIT 500`)
	qReportTrust = db.SQL("moderation.reportTrust", `SELECT
		COALESCE(SUM(CASE WHEN outcome = 'right' THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN outcome = 'wrong' THEN 1 ELSE 0 END), 0)
		FROM moderation_report WHERE by_face = $1`)
	// The words of a settled report have done their work.
	qReportSettle = db.SQL("moderation.reportSettle", `UPDATE moderation_report SET outcome = $3, words = '' WHERE thing_kind = $1 AND thing_id = $2 AND outcome = ''`)
	qReportSent   = db.SQL("moderation.reportSent", `SELECT thing_kind, thing_id, cause, words, day, outcome FROM moderation_report WHERE by_face = $1 ORDER BY day, id`)
	qReportForget = db.SQL("moderation.reportForget", `UPDATE moderation_report SET by_face = '' WHERE by_face = $1`)

	qDecide = db.SQL("moderation.decide", `INSERT INTO moderation_decision (id, kind, thing_kind, thing_id, reason, by_face, at, undoes, undone_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '')`)
	qReverse        = db.SQL("moderation.reverse", `UPDATE moderation_decision SET undone_by = $2 WHERE id = $1 AND undone_by = ''`)
	qDecision       = db.SQL("moderation.decision", decisionColumns+`WHERE id = $1`)
	qDecisions      = db.SQL("moderation.decisions", decisionColumns+`WHERE at < $1 ORDER BY at DESC, id DESC LIMIT $2`)
	qDecisionsAbout = db.SQL("moderation.decisionsAbout", decisionColumns+`WHERE thing_kind = $1 AND thing_id = $2 ORDER BY at DESC, id DESC LIMIT 100`)

	qStewards      = db.SQL("moderation.stewards", `SELECT face_id, appointed_by, at, active_day FROM moderation_steward ORDER BY at, face_id`)
	qStewardActive = db.SQL("moderation.stewardActive", `UPDATE moderation_steward SET active_day = $2 WHERE face_id = $1`)
	qSeat          = db.SQL("moderation.seat", `INSERT INTO moderation_steward (face_id, appointed_by, at, active_day) VALUES ($1, $2, $3, $4)
		ON CONFLICT (face_id) DO NOTHING`)
	qUnseat      = db.SQL("moderation.unseat", `DELETE FROM moderation_steward WHERE face_id = $1`)
	qInvite      = db.SQL("moderation.invite", `INSERT INTO moderation_invitation (token_hash, made_by) VALUES ($1, $2)`)
	qInviteClear = db.SQL("moderation.inviteClear", `DELETE FROM moderation_invitation WHERE made_by = $1`)
	qInviteSpend = db.SQL("moderation.inviteSpend", `DELETE FROM moderation_invitation WHERE token_hash = $1 RETURNING made_by`)
	qInvited     = db.SQL("moderation.invited", `SELECT made_by FROM moderation_invitation WHERE token_hash = $1`)

	qMove = db.SQL("moderation.move", `INSERT INTO moderation_motion (id, kind, face_id, reason, answer, by_face, at, closes_at, needed, founded_at, outcome)
		VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8, $9, '')`)
	qMotionAnswer   = db.SQL("moderation.motionAnswer", `UPDATE moderation_motion SET answer = $2 WHERE id = $1`)
	qMotionsPending = db.SQL("moderation.motionsPending", `SELECT count(*) FROM moderation_motion WHERE outcome = '' AND closes_at > $1`)
	qMotion         = db.SQL("moderation.motion", motionColumns+`WHERE m.id = $2`)
	qMotions        = db.SQL("moderation.motions", motionColumns+`ORDER BY CASE WHEN m.outcome = '' THEN 0 ELSE 1 END, m.at DESC LIMIT 50`)
	qMotionsOpen    = db.SQL("moderation.motionsOpen", motionColumns+`WHERE m.outcome = '' ORDER BY m.at`)
	qMotionEnd      = db.SQL("moderation.motionEnd", `UPDATE moderation_motion SET outcome = $2 WHERE id = $1 AND outcome = ''`)
	qVoice          = db.SQL("moderation.voice", `INSERT INTO moderation_voice (motion_id, face_id, side, wave) VALUES ($1, $2, $3, $4)
		ON CONFLICT (motion_id, face_id) DO UPDATE SET side = excluded.side`)
	qVoices = db.SQL("moderation.voices", `SELECT face_id, side, wave FROM moderation_voice WHERE motion_id = $1`)

	qBlock       = db.SQL("moderation.block", `INSERT INTO moderation_block (by_face, blocked_face) VALUES ($1, $2) ON CONFLICT (by_face, blocked_face) DO NOTHING`)
	qUnblock     = db.SQL("moderation.unblock", `DELETE FROM moderation_block WHERE by_face = $1 AND blocked_face = $2`)
	qBlocked     = db.SQL("moderation.blocked", `SELECT blocked_face FROM moderation_block WHERE by_face = $1 ORDER BY blocked_face`)
	qHasBlocked  = db.SQL("moderation.hasBlocked", `SELECT 1 FROM moderation_block WHERE by_face = $1 AND blocked_face = $2`)
	qBlockForget = db.SQL("moderation.blockForget", `DELETE FROM moderation_block WHERE by_face = $1 OR blocked_face = $1`)
)
