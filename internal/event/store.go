package event

import "guildhall/internal/db"

var (
	qNext       = db.SQL("event.next", `UPDATE event_head SET seq = seq + 1 WHERE one = 1 RETURNING seq`)
	qHead       = db.SQL("event.head", `SELECT seq FROM event_head WHERE one = 1`)
	qAppend     = db.SQL("event.append", `INSERT INTO event (seq, kind, subject, data) VALUES ($1, $2, $3, $4)`)
	qAfter      = db.SQL("event.after", `SELECT seq, kind, subject, data FROM event WHERE seq > $1 ORDER BY seq LIMIT $2`)
	qCursor     = db.SQL("event.cursor", `SELECT seq FROM event_cursor WHERE name = $1`)
	qCursorMake = db.SQL("event.cursorMake", `INSERT INTO event_cursor (name, seq) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING`)
	// Touching the row takes its lock: two processes never handle one batch.
	qCursorLock = db.SQL("event.cursorLock", `UPDATE event_cursor SET seq = seq WHERE name = $1 RETURNING seq`)
	qCursorLow  = db.SQL("event.cursorLow", `SELECT COALESCE(min(seq), 0) FROM event_cursor`)
	qOldest     = db.SQL("event.oldest", `SELECT COALESCE(min(seq), 0) FROM event`)
	qDrop       = db.SQL("event.drop", `DELETE FROM event WHERE seq <= $1`)
	qCursorMove = db.SQL("event.cursorMove", `UPDATE event_cursor SET seq = $2 WHERE name = $1`)
)
