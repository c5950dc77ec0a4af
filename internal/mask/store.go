package mask

import (
	"guildhall/internal/safedb"
)

// State is what became of a mask.
type State int

// The states of a mask, as stored.
const (
	Active State = iota
	Renewed
	Banned
)

// Mask is a name in a space, as of the last tick.
type Mask struct {
	Space, ID  string
	Key        []byte
	Epoch      int
	State      State
	Renewed    int    // epoch of the right it asked for
	Asked      []byte // hash of that request
	LastDay    int    // on which a post of it came out last; 0: never
	MutedUntil int    // last day of a mute
	Reports    int    // open ones against its posts
	Reason     string // of a mute or ban
}

const (
	maskColumns = `space, id, key, epoch, state, renewed, asked, last_day, muted_until, reports, reason`

	qMask     = `SELECT ` + maskColumns + ` FROM mask WHERE space = $1 AND id = $2`
	qMaskMake = `INSERT INTO mask (` + maskColumns + `) VALUES `
	qMaskRow  = `(?, ?, ?, ?, 0, 0, x'', 0, 0, 0, '')`
	qSpeaker  = `UPDATE mask SET last_day = $3 WHERE space = $1 AND id = $2`
	qRenewed  = `UPDATE mask SET state = max(state, 1), renewed = $3, asked = $4 WHERE space = $1 AND id = $2`
	qBan      = `UPDATE mask SET state = 2, reason = $3 WHERE space = $1 AND id = $2`
	qUnban    = `UPDATE mask SET state = CASE WHEN renewed > 0 THEN 1 ELSE 0 END, reason = '' WHERE space = $1 AND id = $2`
	qMute     = `UPDATE mask SET muted_until = $3, reason = $4 WHERE space = $1 AND id = $2`
	qActive   = `SELECT space, COUNT(*) FROM mask WHERE state = 0 AND epoch >= $1 GROUP BY space`
	qSpeakers = `SELECT ` + maskColumns + ` FROM mask WHERE space = $1 AND last_day > 0 ORDER BY id`
	qMaskIDs  = `SELECT space, id FROM mask`
	qInUse    = `SELECT (SELECT COUNT(*) FROM mask) + (SELECT COUNT(*) FROM served)`

	qPostMake = `INSERT INTO post (space, thread, id, mask, day, reply, title, lang, html, state, recommended)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)`
	qPost        = `SELECT thread, mask, day, state FROM post WHERE space = $1 AND id = $2`
	qPostWipe    = `UPDATE post SET html = '', title = '', state = 1 WHERE space = $1 AND id = $2`
	qPosts       = `SELECT thread, id, mask, day, reply, title, lang, html, state, recommended FROM post WHERE space = $1`
	qRecount     = `UPDATE post SET recommended = (SELECT COUNT(*) FROM recommendation r WHERE r.space = $1 AND r.post = $2) WHERE space = $1 AND id = $2`
	qRecommended = `SELECT COUNT(*) FROM recommendation WHERE space = $1 AND post = $2 AND mark = $3`
	qRecommend   = `INSERT OR IGNORE INTO recommendation (space, post, mark) VALUES ($1, $2, $3)`
	qUnrecom     = `DELETE FROM recommendation WHERE space = $1 AND post = $2 AND mark = $3`

	qSpend      = `INSERT OR IGNORE INTO spent (space, epoch, pass, day) VALUES ($1, $2, $3, $4)`
	qSpent      = `SELECT day FROM spent WHERE space = $1 AND epoch = $2 AND pass = $3`
	qSpentPurge = `DELETE FROM spent WHERE epoch < $1`

	qTotalAdd = `INSERT INTO total (space, epoch, renewals, masks) VALUES ($1, $2, $3, $4)
		ON CONFLICT (space, epoch) DO UPDATE SET renewals = renewals + excluded.renewals, masks = masks + excluded.masks`
	qRenewing = `INSERT INTO renewing (space, week, renewals, total) SELECT space, $1, SUM(renewals), SUM(renewals) FROM total WHERE true GROUP BY space
		ON CONFLICT (space) DO UPDATE SET week = excluded.week, renewals = excluded.total - renewing.total, total = excluded.total`
	qRenewedIn = `SELECT renewals FROM renewing WHERE space = $1 AND week = $2`
	qTotal     = `SELECT renewals, masks FROM total WHERE space = $1 AND epoch = $2`

	qStanding    = `SELECT masks, speaking FROM standing WHERE space = $1`
	qStandingSet = `INSERT INTO standing (space, masks, speaking) VALUES ($1, $2, $3)
		ON CONFLICT (space) DO UPDATE SET masks = excluded.masks, speaking = excluded.speaking`
	qStandings = `SELECT space FROM standing`

	qFact    = `SELECT value FROM fact WHERE name = $1`
	qFactSet = `INSERT INTO fact (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
)

// Facts of the hall.
const (
	factBatch   = "batch week"   // the last week at whose beginning masks were born
	factCounted = "counted week" // the last one whose totals are in the log
	factVoid    = "void epoch"   // rights up to this epoch register no mask
	factKey     = "key"          // the key of the box under which marks were made, hashed
	factLost    = "key lost"     // when another one was found last, s since 1970
)

func scanMask(scan func(...any) error) (m Mask, err error) {
	err = scan(&m.Space, &m.ID, &m.Key, &m.Epoch, &m.State, &m.Renewed, &m.Asked, &m.LastDay, &m.MutedUntil, &m.Reports, &m.Reason)
	return m, err
}

func maskAt(tx *safedb.Tx, at place) (m Mask, found bool, err error) {
	found, err = tx.Row(qMask, []any{at.space, at.id},
		&m.Space, &m.ID, &m.Key, &m.Epoch, &m.State, &m.Renewed, &m.Asked, &m.LastDay, &m.MutedUntil, &m.Reports, &m.Reason)
	return m, found, err
}

// fact reads one; 0 when it was never set.
func fact(tx *safedb.Tx, name string) (v int, err error) {
	_, err = tx.Row(qFact, []any{name}, &v)
	return v, err
}

// shown is a post that has come out, as far as acts look at it.
type shown struct {
	thread, mask string
	day, state   int
}

// States of posts, as stored.
const (
	postShown = iota
	postDeleted
	postHidden
	postRemoved // by moderators, for good
	postHeld    // came out of a new mask and waits to be let in
	postRefused // held, and not let in
)

// stateWords are how acts name the states of posts.
var stateWords = [...]string{
	postShown: "shown", postDeleted: "deleted", postHidden: "hidden", postRemoved: "removed", postHeld: "held", postRefused: "refused",
}

func postAt(tx *safedb.Tx, at place) (p shown, found bool, err error) {
	found, err = tx.Row(qPost, []any{at.space, at.id}, &p.thread, &p.mask, &p.day, &p.state)
	return p, found, err
}

// standing tells whether a space can be spoken in, and how many active masks it had
// at the last batch.
func standing(tx *safedb.Tx, space string) (speaking bool, masks int, err error) {
	var n int
	_, err = tx.Row(qStanding, []any{space}, &masks, &n)
	return n == 1, masks, err
}
