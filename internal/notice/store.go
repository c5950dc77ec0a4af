package notice

import (
	"context"
	"strconv"
	"strings"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/push"
)

const queuedFrom = `SELECT s.notice_id, s.device_id, n.face_id, n.kind, n.n, d.way, d.endpoint, d.p256dh, d.auth, d.token, d.lang
		FROM notice_step s JOIN notice n ON n.id = s.notice_id JOIN notice_device d ON d.id = s.device_id
		WHERE s.state = 'queued' AND (s.notice_id, s.device_id) > ($1, $2) AND `

// Two queries, since with an OR between them a database gathers and sorts all that is due for
// each batch.
const dueFrom = `SELECT n.id, n.face_id, n.kind, n.n, n.rung, COALESCE(s.zone, ''), COALESCE(s.quiet_from, 0), COALESCE(s.quiet_to, 0), COALESCE(s.wait, 0),
		(SELECT COALESCE(MAX(CASE d.rung WHEN 1 THEN 2 ELSE 0 END) + MAX(CASE d.rung WHEN 2 THEN 4 ELSE 0 END) + MAX(CASE WHEN d.rung > 2 THEN 8 ELSE 0 END), 0) FROM notice_device d WHERE d.face_id = n.face_id AND d.state NOT IN ('dead', 'unproven'))
		FROM notice n LEFT JOIN notice_setting s ON s.face_id = n.face_id WHERE `

// together is how many notices are moved by one statement.
const together = 50

// places are n placeholders of a list.
func places(from, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = "$" + strconv.Itoa(from+i)
	}
	return strings.Join(list, ", ")
}

var (
	qSetting = db.SQL("notice.setting", `SELECT zone, quiet_from, quiet_to, digest_at, wait, until, words, checks, modes FROM notice_setting WHERE face_id = $1`)
	qSave    = db.SQL("notice.save", `INSERT INTO notice_setting (face_id, zone, quiet_from, quiet_to, digest_at, wait, until, words, modes, checks)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (face_id) DO UPDATE SET zone = excluded.zone, quiet_from = excluded.quiet_from,
		quiet_to = excluded.quiet_to, digest_at = excluded.digest_at, wait = excluded.wait, until = excluded.until, words = excluded.words, modes = excluded.modes, checks = excluded.checks`)
	qForgetSetting = db.SQL("notice.forgetSetting", `DELETE FROM notice_setting WHERE face_id = $1`)

	qDevices = db.SQL("notice.devices", `SELECT d.id, d.way, d.session, d.endpoint, d.auth, d.rung, d.state, COALESCE(s.state, ''), COALESCE(s.status, 0) FROM notice_device d
		LEFT JOIN notice n ON n.face_id = d.face_id AND n.kind = 'trial' LEFT JOIN notice_step s ON s.notice_id = n.id AND s.device_id = d.id
		WHERE d.face_id = $1 ORDER BY d.rung, d.id`)
	qAnyDevice = db.SQL("notice.anyDevice", `SELECT 1 FROM notice_device LIMIT 1`)
	qRungs     = db.SQL("notice.rungs", `SELECT id, rung FROM notice_device WHERE face_id = $1 AND state NOT IN ('dead', 'unproven') ORDER BY rung, id`)
	qSubscribe = db.SQL("notice.subscribe", `INSERT INTO notice_device (id, face_id, session, token, endpoint, p256dh, auth, lang, rung, way, state)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'push', 'well')`)
	qReplace    = db.SQL("notice.replace", `DELETE FROM notice_device WHERE way = 'push' AND endpoint = $1`)
	qAddAddress = db.SQL("notice.addAddress", `INSERT INTO notice_device (id, face_id, session, token, endpoint, p256dh, auth, lang, rung, way, state)
		VALUES ($1, $2, '', $3, $4, '', $5, $6, $7, $8, $9)`)
	qReplaceAddress = db.SQL("notice.replaceAddress", `DELETE FROM notice_device WHERE face_id = $1 AND way = $2 AND endpoint = $3`)
	qProve          = db.SQL("notice.prove", `UPDATE notice_device SET state = 'well' WHERE id = $1`)
	qProven         = db.SQL("notice.proven", `DELETE FROM notice_step WHERE device_id = $1 AND notice_id IN (SELECT id FROM notice WHERE face_id = $2 AND kind = 'proof')`)
	qNoProof        = db.SQL("notice.noProof", `DELETE FROM notice WHERE face_id = $1 AND kind = 'proof' AND NOT EXISTS (SELECT 1 FROM notice_step s WHERE s.notice_id = notice.id)`)
	qStop           = db.SQL("notice.stop", `DELETE FROM notice_device WHERE id = $1`)
	qChecked        = db.SQL("notice.checked", `SELECT face_id FROM notice_setting WHERE checks = 1 ORDER BY face_id`)
	qBrowsers       = db.SQL("notice.browsers", `SELECT id FROM notice_device WHERE face_id = $1 AND way = 'push' AND state <> 'dead' ORDER BY id`)
	qMissed         = db.SQL("notice.missed", `SELECT s.device_id FROM notice n JOIN notice_step s ON s.notice_id = n.id JOIN notice_device d ON d.id = s.device_id
		WHERE n.face_id = $1 AND n.kind = 'check' AND s.state = 'handed' AND d.state = 'well' ORDER BY s.device_id`)
	qRungOf  = db.SQL("notice.rungOf", `SELECT rung FROM notice_device WHERE face_id = $1 AND session = $2`)
	qRemove  = db.SQL("notice.remove", `DELETE FROM notice_device WHERE face_id = $1 AND id = $2`)
	qPlace   = db.SQL("notice.place", `UPDATE notice_device SET rung = $3 WHERE face_id = $1 AND id = $2`)
	qLeave   = db.SQL("notice.leave", `DELETE FROM notice_device WHERE face_id = $1 AND session = $2`)
	qLeftAll = db.SQL("notice.leftAll", `DELETE FROM notice_device WHERE face_id = $1`)
	qToken   = db.SQL("notice.token", `SELECT id, face_id, state FROM notice_device WHERE token = $1 AND way = 'push'`)
	qKey     = db.SQL("notice.key", `SELECT token, face_id, state FROM notice_device WHERE id = $1 AND way <> 'push'`)
	qHealth  = db.SQL("notice.health", `UPDATE notice_device SET state = $2 WHERE id = $1 AND state <> $2 RETURNING face_id`)

	qOpen         = db.SQL("notice.open", `SELECT id, n, rung FROM notice WHERE face_id = $1 AND kind = $2`)
	qMake         = db.SQL("notice.make", `INSERT INTO notice (id, face_id, kind, n, rung, due) VALUES ($1, $2, $3, $4, $5, $6)`)
	qMore         = db.SQL("notice.more", `UPDATE notice SET n = n + 1 WHERE id = $1`)
	qLit          = db.SQL("notice.lit", `UPDATE notice SET rung = $2, due = $3 WHERE id = $1`)
	qEnd          = db.SQL("notice.end", `DELETE FROM notice WHERE id = $1`)
	qEndKind      = db.SQL("notice.endKind", `DELETE FROM notice WHERE face_id = $1 AND kind = $2`)
	qHere         = db.SQL("notice.here", `DELETE FROM notice WHERE face_id = $1 AND kind NOT IN ('trial', 'proof', 'check', 'messages', 'call', 'over', 'begins', 'joins')`)
	qHereMessages = db.SQL("notice.hereMessages", `DELETE FROM notice WHERE face_id = $1 AND kind = 'messages'`)
	qTrials       = db.SQL("notice.trials", `DELETE FROM notice WHERE kind IN ('trial', 'call', 'over', 'begins', 'joins') OR kind = 'proof'
		AND NOT EXISTS (SELECT 1 FROM notice_step s WHERE s.notice_id = notice.id AND s.state = 'queued')`)
	qForget = db.SQL("notice.forget", `DELETE FROM notice WHERE face_id = $1`)
	qHeld   = db.SQL("notice.held", `SELECT kind, n FROM notice WHERE face_id = $1 ORDER BY kind`)
	qToldTo = db.SQL("notice.toldTo", `SELECT n.kind, n.n, s.told FROM notice n JOIN notice_step s ON s.notice_id = n.id WHERE n.id = $1 AND s.device_id = $2`)
	qTold   = db.SQL("notice.told", `SELECT COALESCE(MAX(told), 0) FROM notice_step WHERE notice_id = $1`)
	qDue    = db.SQL("notice.due", dueFrom+`n.due > 0 AND n.due <= $1 ORDER BY n.due, n.id LIMIT $2`)
	// What lies too far ahead was timed by a clock that has been set back since.
	qFar   = db.SQL("notice.far", dueFrom+`n.due > $1 ORDER BY n.due, n.id LIMIT $2`)
	qSteps = db.SQL("notice.steps", `INSERT INTO notice_step (notice_id, device_id, state, told, status)
		SELECT n.id, d.id, 'queued', n.n, 0 FROM notice n JOIN notice_device d ON d.face_id = n.face_id AND d.rung = $1 AND d.state NOT IN ('dead', 'unproven')
		WHERE n.id IN (`+places(2, together)+`) ON CONFLICT DO NOTHING`)
	qMoved = db.SQL("notice.moved", `UPDATE notice SET rung = $1, due = $`+strconv.Itoa(together+2)+` WHERE id IN (`+places(2, together)+`)`)

	qStep = db.SQL("notice.step", `INSERT INTO notice_step (notice_id, device_id, state, told, status)
		SELECT id, $2, 'queued', n, 0 FROM notice WHERE id = $1 ON CONFLICT DO NOTHING`)
	qAnyQueue   = db.SQL("notice.anyQueued", `SELECT 1 FROM notice_step WHERE notice_id = $1 AND state = 'queued' LIMIT 1`)
	qQueued     = db.SQL("notice.queued", queuedFrom+`d.way = 'push' ORDER BY s.notice_id, s.device_id LIMIT $3`)
	qQueuedElse = db.SQL("notice.queuedElse", queuedFrom+`s.device_id IN (SELECT id FROM notice_device WHERE way <> 'push') ORDER BY s.notice_id, s.device_id LIMIT $3`)
	qHanded     = db.SQL("notice.handed", `UPDATE notice_step SET state = $3, status = $4, told = $5 WHERE notice_id = $1 AND device_id = $2 AND state = 'queued'`)
	qSeen       = db.SQL("notice.seen", `UPDATE notice_step SET state = $3 WHERE notice_id = $1 AND device_id = $2 AND state <> 'opened'`)
	qUnstep     = db.SQL("notice.unstep", `DELETE FROM notice_step WHERE notice_id = $1 AND device_id = $2`)
	qDropDead   = db.SQL("notice.dropDead", `DELETE FROM notice_step WHERE device_id = $1`)
)

// settings are how a face wishes to be reached; of whoever has never said so the defaults,
// in UTC.
func (r *Room) settings(ctx context.Context, f face.ID) (Settings, error) {
	s, found, err := r.said(ctx, f)
	if !found {
		s = Defaults("UTC")
	}
	return s, err
}

// said reads what a face has said of how she wishes to be reached.
func (r *Room) said(ctx context.Context, f face.ID) (s Settings, found bool, err error) {
	var modes string
	var words, checks int
	found, err = r.DB.Row(ctx, qSetting, []any{string(f)}, &s.Zone, &s.QuietFrom, &s.QuietTo, &s.DigestAt, &s.Wait, &s.Until, &words, &checks, &modes)
	s.Words, s.Checks, s.Modes = words == 1, checks == 1, readModes(modes)
	return s, found, err
}

// rungs are the devices that can be rung, by rung.
func (r *Room) rungs(ctx context.Context, f face.ID) (by map[int][]string, err error) {
	by = map[int][]string{}
	err = r.DB.Rows(ctx, qRungs, func(scan func(...any) error) error {
		var id string
		var rung int
		err := scan(&id, &rung)
		by[rung] = append(by[rung], id)
		return err
	}, string(f))
	return by, err
}

// browsers are devices of a face, by a query that gives their ids.
func (r *Room) browsers(ctx context.Context, q *db.Query, f face.ID) (ids []string, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, string(f))
	return ids, err
}

// queued is one message that waits to be handed over.
type queued struct {
	notice, device string
	face           face.ID
	kind           Kind
	n              int
	way            Way
	to             push.Subscription
	token, lang    string
}

func (r *Room) queued(ctx context.Context, q *db.Query, after queued, most int) (list []queued, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var x queued
		err := scan(&x.notice, &x.device, &x.face, &x.kind, &x.n, &x.way, &x.to.Endpoint, &x.to.Key, &x.to.Auth, &x.token, &x.lang)
		list = append(list, x)
		return err
	}, after.notice, after.device, most)
	return list, err
}
