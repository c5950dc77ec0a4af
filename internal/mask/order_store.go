package mask

const (
	decisionColumns = `space, id, deed, post, mask, until, reason, day, hand, second, undoes, state`

	qDecide          = `INSERT INTO decision (` + decisionColumns + `, logged) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)`
	qDecision        = `SELECT ` + decisionColumns + ` FROM decision WHERE space = $1 AND id = $2`
	qDecisions       = `SELECT ` + decisionColumns + ` FROM decision WHERE space = $1 AND state IN (1, 3) ORDER BY day DESC, id LIMIT $2`
	qProposals       = `SELECT ` + decisionColumns + ` FROM decision WHERE space = $1 AND state = 0 ORDER BY day, id`
	qUnlogged        = `SELECT ` + decisionColumns + ` FROM decision WHERE logged = 0 AND state IN (1, 3) ORDER BY id`
	qLogged          = `UPDATE decision SET logged = 1 WHERE space = $1 AND id = $2`
	qStand           = `UPDATE decision SET state = $3, second = CASE WHEN $4 = '' THEN second ELSE $4 END WHERE space = $1 AND id = $2`
	qConfirm         = `UPDATE decision SET state = 1, second = $3, day = $4 WHERE space = $1 AND id = $2`
	qProposedAlready = `SELECT COUNT(*) FROM decision WHERE space = $1 AND deed = $2 AND post = $3 AND mask = $4 AND state = 0`
	qProposedLately  = `SELECT COUNT(*) FROM decision WHERE space = $1 AND deed = $2 AND mask = $3 AND hand = $4 AND day > $5 AND state = 2`
	qProposalsOld    = `SELECT DISTINCT space, mask FROM decision WHERE state = 0 AND day < $1`
	qProposalsEnd    = `UPDATE decision SET state = 2 WHERE state = 0 AND day < $1`
	qMutedLately     = `SELECT COUNT(*) FROM decision WHERE space = $1 AND mask = $2 AND deed = 'mute' AND day > $3 AND state IN (1, 3)`
	qReasons         = `SELECT post, reason FROM decision WHERE space = $1 AND state = 1 AND deed IN ('hide', 'remove') AND post <> '' ORDER BY day, id`
	qReasonOf        = `SELECT reason FROM decision WHERE space = $1 AND post = $2 AND state = 1 AND deed IN ('hide', 'remove', 'refuse') ORDER BY day DESC, id LIMIT 1`

	// A hiding in haste is the hall's own, with a day by which it is looked at.
	qHasty     = `SELECT until FROM decision WHERE space = $1 AND post = $2 AND deed = 'hide' AND hand = '' AND state = 1`
	qHastyEnd  = `UPDATE decision SET state = 3 WHERE space = $1 AND post = $2 AND deed = 'hide' AND hand = '' AND state = 1`
	qHastyDue  = `SELECT ` + decisionColumns + ` FROM decision WHERE deed = 'hide' AND hand = '' AND state = 1 AND until < $1`
	qHastyMany = `SELECT COUNT(*) FROM decision WHERE space = $1 AND deed = 'hide' AND hand = '' AND state = 1`

	qUndecided = `UPDATE mask SET reports =
		(SELECT COUNT(*) FROM report r WHERE r.space = $1 AND r.mask = $2 AND r.state = 0 AND r.known = 1) +
		(SELECT COUNT(*) FROM decision d WHERE d.space = $1 AND d.mask = $2 AND d.state = 0) +
		(SELECT COUNT(*) FROM held h WHERE h.space = $1 AND h.mask = $2)
		WHERE space = $1 AND id = $2`

	qPostTurn   = `UPDATE post SET state = $4 WHERE space = $1 AND id = $2 AND state = $3`
	qPostRemove = `UPDATE post SET html = '', title = '', state = 3 WHERE space = $1 AND id = $2 AND state IN (0, 2)`
	qPostText   = `SELECT title, html, state FROM post WHERE space = $1 AND id = $2`
	qRelease    = `UPDATE post SET state = 0, day = $3 WHERE space = $1 AND id = $2 AND state = 4`
	qHoldPost   = `INSERT INTO held (space, post, mask) VALUES ($1, $2, $3)`
	qUnhold     = `DELETE FROM held WHERE space = $1 AND post = $2`
	qHeldList   = `SELECT post, mask FROM held WHERE space = $1 ORDER BY post`
	qUnmute     = `UPDATE mask SET muted_until = 0, reason = CASE WHEN state = 2 THEN reason ELSE '' END WHERE space = $1 AND id = $2`
	qBrake      = `SELECT slow, hold FROM brake WHERE space = $1`
	qBrakeSet   = `INSERT INTO brake (space, slow, hold) VALUES ($1, $2, $3) ON CONFLICT (space) DO UPDATE SET slow = excluded.slow, hold = excluded.hold`

	qReport = `INSERT INTO report (space, post, who, mask, cause, words, epoch, known, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)
		ON CONFLICT (space, post, who) DO UPDATE SET cause = excluded.cause, words = excluded.words WHERE state = 0`
	qReportsOpen   = `SELECT post, mask, who, cause, words, known FROM report WHERE space = $1 AND state = 0 ORDER BY post, who LIMIT 2000`
	qReportSettled = `SELECT COUNT(*) FROM report WHERE space = $1 AND post = $2 AND who = $3 AND state <> 0`
	qReportsBy     = `SELECT COUNT(*) FROM report WHERE space = $1 AND who = $2 AND state = 0`
	qTrust         = `SELECT COALESCE(SUM(state = 1), 0), COALESCE(SUM(state = 2), 0) FROM report WHERE space = $1 AND who = $2`
	qSettle        = `UPDATE report SET state = $3, words = '' WHERE space = $1 AND post = $2 AND state = 0`
	qSettleSome    = `UPDATE report SET state = $2, words = '' WHERE space = $1 AND post = '' AND state = 0 AND who IN
		(SELECT who FROM report WHERE space = $1 AND post = '' AND state = 0 ORDER BY who LIMIT $3)`
	qWereWrong  = `UPDATE report SET state = 2 WHERE space = $1 AND post = $2 AND state = 1`
	qReporters  = `SELECT who FROM report WHERE space = $1 AND post = $2`
	qReportWipe = `DELETE FROM report WHERE epoch < $1 AND state <> 0`
	qReportBlur = `UPDATE report SET who = randomblob(16), epoch = $1 WHERE epoch < $1`
	qSecret     = `SELECT key FROM secret WHERE epoch = $1`
	qSecretMake = `INSERT INTO secret (epoch, key) VALUES ($1, $2)`
	qSecretWipe = `DELETE FROM secret WHERE epoch < $1`

	qOpened = `INSERT INTO opened (hand, space, epoch, texts) VALUES ($1, $2, $3, 1)
		ON CONFLICT (hand, space, epoch) DO UPDATE SET texts = texts + 1`
	qOpenedList = `SELECT hand, epoch, texts FROM opened WHERE space = $1 ORDER BY epoch DESC, texts DESC, hand`
)
