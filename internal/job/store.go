package job

import "guildhall/internal/db"

var (
	qAdd = db.SQL("job.add", `INSERT INTO job (id, kind, unique_key, payload, run_at, lease_until, attempt)
		VALUES ($1, $2, $3, $4, $5, 0, 0) ON CONFLICT (unique_key) DO NOTHING`)
	qDue = db.SQLFor("job.due", due("instr"), due("strpos"))
	// PostgreSQL lets several workers pass one another; SQLite has one writer.
	qClaim = db.SQLFor("job.claim", claim("instr", ""), claim("strpos", "FOR UPDATE SKIP LOCKED"))
	qRenew = db.SQL("job.renew", `UPDATE job SET lease_until = $3 WHERE id = $1 AND attempt = $2`)
	qDone  = db.SQL("job.done", `DELETE FROM job WHERE id = $1 AND attempt = $2`)
	qLater = db.SQL("job.later", `UPDATE job SET run_at = $3, lease_until = 0 WHERE id = $1 AND attempt = $2`)
	qBury  = db.SQL("job.bury", `INSERT INTO job_dead (id, kind, payload, attempt, died_at)
		SELECT id, kind, payload, attempt, $3 FROM job WHERE id = $1 AND attempt = $2`)
	qWaiting  = db.SQL("job.waiting", `SELECT count(*) FROM job`)
	qDead     = db.SQL("job.dead", `SELECT count(*) FROM job_dead`)
	qSlot     = db.SQL("job.slot", `SELECT slot FROM job_schedule WHERE kind = $1`)
	qSlotTake = db.SQL("job.slotTake", `INSERT INTO job_schedule (kind, slot) VALUES ($1, $2)
		ON CONFLICT (kind) DO UPDATE SET slot = excluded.slot
		WHERE job_schedule.slot < excluded.slot OR job_schedule.slot > excluded.slot + 1`)
)

// lane chooses the jobs that are done apart (1), or the others (0); find is what looks
// for a text in a list of kinds, as in ",a,b,".
func lane(find, list, which string) string {
	return `CASE WHEN ` + find + `(` + list + `, ',' || kind || ',') > 0 THEN 1 ELSE 0 END = ` + which
}

func due(find string) string {
	return `SELECT 1 FROM job WHERE run_at <= $1 AND lease_until <= $1 AND ` + lane(find, "$2", "$3") + ` LIMIT 1`
}

func claim(find, lock string) string {
	return `UPDATE job SET attempt = attempt + 1, lease_until = $2 WHERE id = (
		SELECT id FROM job WHERE run_at <= $1 AND lease_until <= $1 AND ` + lane(find, "$3", "$4") + ` ORDER BY run_at, id LIMIT 1 ` + lock + `)
		RETURNING id, kind, payload, attempt`
}
