package mask

import (
	"context"
	"slices"
	"strings"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/safedb"
)

// How an appeal ends.
const (
	Upheld     = "upheld"
	Overturned = "overturned"
)

// shownCases is how many days a case stays in the bundle.
const shownCases = 2 * epoch.DaysOfWeek * 4

// Ending is how an appeal ended, for the public log.
type Ending struct {
	Space, ID, Outcome string
	Day                int
}

const (
	// A mask appeals with the id of its hidden post, or with its own id.
	qAppealable = `SELECT ` + decisionColumns + ` FROM decision WHERE space = $1 AND mask = $2 AND state = 1
		AND (deed = 'hide' AND post = $3 OR deed IN ('ban', 'mute') AND $3 = $2)
		ORDER BY CASE deed WHEN 'ban' THEN 0 ELSE 1 END, day DESC, id LIMIT 1`
	qAppealMake  = `INSERT OR IGNORE INTO appeal (space, id, words, day, beacon, drawn, outcome, logged) VALUES ($1, $2, $3, $4, x'', 0, '', 0)`
	qAppeal      = `SELECT outcome FROM appeal WHERE space = $1 AND id = $2`
	qAppealEnd   = `UPDATE appeal SET outcome = $3, day = $4 WHERE space = $1 AND id = $2 AND outcome = ''`
	qAppealsOpen = `SELECT space, id, beacon, drawn FROM appeal WHERE outcome = ''`
	qAppealDrawn = `UPDATE appeal SET beacon = $3, drawn = $4 WHERE space = $1 AND id = $2`
	qEndings     = `SELECT space, id, outcome, day FROM appeal WHERE outcome <> '' AND logged = 0 ORDER BY id`
	qEndedLogged = `UPDATE appeal SET logged = 1 WHERE space = $1 AND id = $2`
	qCases       = `SELECT a.id, a.day, d.deed, d.post, d.mask, d.reason, a.words, a.outcome FROM appeal a JOIN decision d ON d.space = a.space AND d.id = a.id
		WHERE a.space = $1 AND (a.outcome = '' OR a.day >= $2) ORDER BY a.day, a.id`
)

// about names what an appeal is about in the bundle.
var about = map[Deed]string{Hide: "hidden", Mute: "muted", Ban: "banned"}

// appeal asks for three members to look at a decision; they are drawn at the next
// tick. Asking again changes nothing.
func (d *deed) appeal(a wire.Act, res *wire.Result) error {
	if err := d.asMask(); err != nil {
		return err
	}
	dec, found, err := d.appealable(a.ID)
	if err != nil {
		return err
	}
	if !found {
		return fault.New(fault.NotFound, "mask.appeal.nothing")
	}
	if err := MayAppeal(d.who.mask, dec); err != nil {
		return err
	}
	outcome := ""
	there, err := d.tx.Row(qAppeal, []any{dec.Space, dec.ID}, &outcome)
	res.State = "open"
	if there {
		if outcome != "" {
			res.State = outcome
		}
		return err
	}
	key := orderKey(appealed, place{dec.Space, dec.ID}, d.who.id)
	if err != nil || d.room.pool.orders[key] != nil {
		return err
	}
	if len(strings.TrimSpace(a.Text)) < 3 {
		return fault.On("text", fault.Invalid, "pass.act.empty")
	}
	return d.room.put(d.tx, record{Kind: appealed, Space: dec.Space, Post: dec.ID, Mask: d.who.id, Text: a.Text})
}

// appealable finds the decision that stands against a mask about one of its posts
// or, with the mask's own id, about itself; a ban before a mute.
func (d *deed) appealable(id string) (dec Decision, found bool, err error) {
	err = d.tx.Rows(qAppealable, func(scan func(...any) error) error {
		s, err := scanDecision(scan)
		dec, found = s.Decision, true
		return err
	}, d.who.space, d.who.id, id)
	return dec, found, err
}

// judge takes a juror's word; it counts at the next tick and may be changed before.
func (d *deed) judge(a wire.Act, _ *wire.Result) error {
	if err := d.asMask(); err != nil {
		return err
	}
	if a.Verdict != Upheld && a.Verdict != Overturned {
		return fault.On("verdict", fault.Invalid, "fault.choose")
	}
	outcome, drawn, at := "", 0, place{d.who.space, a.ID}
	if _, err := d.tx.Row(qAppeal, []any{at.space, at.id}, &outcome); err != nil {
		return err
	}
	if _, err := d.tx.Row(qJuror, []any{at.space, at.id, d.who.id}, &drawn); err != nil {
		return err
	}
	if err := MayJudge(drawn > 0, outcome); err != nil {
		return err
	}
	if before := d.room.pool.orders[orderKey(verdict, at, d.who.id)]; before != nil {
		if err := d.room.pool.drop(d.tx, before); err != nil {
			return err
		}
	}
	return d.room.put(d.tx, record{Kind: verdict, Space: at.space, Post: at.id, Mask: d.who.id, Cause: a.Verdict, Text: a.Text})
}

// briefs are the texts that a juror is to judge; only jurors are given them.
func (d *deed) briefs() (list []wire.Brief, err error) {
	err = d.tx.Rows(qToJudge, func(scan func(...any) error) error {
		var b wire.Brief
		err := scan(&b.Case)
		list = append(list, b)
		return err
	}, d.who.space, d.who.id)
	if err != nil {
		return nil, err
	}
	for i := range list {
		s, err := decisionAt(d.tx, d.who.space, list[i].Case)
		if err != nil {
			return nil, err
		}
		state := 0
		if _, err := d.tx.Row(qPostText, []any{s.Space, s.Post}, &list[i].Title, &list[i].HTML, &state); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// fileAppeals opens the cases of the appeals that came since the last tick.
func (r *Room) fileAppeals(tx *safedb.Tx, now int) error {
	recs := r.pool.of(appealed)
	for _, rec := range recs {
		if _, err := tx.Exec(qAppealMake, rec.Space, rec.Post, rec.Text, epoch.DayOfTick(now)); err != nil {
			return err
		}
	}
	return r.pool.drop(tx, recs...)
}

// of lists the records of one kind.
func (p *pool) of(k kind) (list []*record) {
	for _, rec := range p.orders {
		if rec.Kind == k {
			list = append(list, rec)
		}
	}
	return list
}

// fileVerdicts counts what jurors said, and ends the cases that are decided.
func (r *Room) fileVerdicts(tx *safedb.Tx, now int) error {
	recs := r.pool.of(verdict)
	heard := map[place]bool{}
	for _, rec := range recs {
		if _, err := tx.Exec(qJudge, rec.Space, rec.Post, rec.Mask, rec.Cause, rec.Text); err != nil {
			return err
		}
		heard[place{rec.Space, rec.Post}] = true
	}
	for at := range heard {
		seats, err := jury(tx, at)
		if err != nil {
			return err
		}
		votes := map[string]int{}
		for _, j := range seats {
			votes[j.verdict]++
		}
		for _, outcome := range []string{Upheld, Overturned} {
			if votes[outcome] >= majority {
				if err := r.end(tx, at, outcome, epoch.DayOfTick(now)); err != nil {
					return err
				}
			}
		}
	}
	return r.pool.drop(tx, recs...)
}

// end closes a case. An overturned decision is undone, and the reports that led to
// it were not right.
func (r *Room) end(tx *safedb.Tx, at place, outcome string, day int) error {
	n, err := tx.Exec(qAppealEnd, at.space, at.id, outcome, day)
	if err != nil || n == 0 || outcome == Upheld {
		return err
	}
	s, err := decisionAt(tx, at.space, at.id)
	if err != nil || s.Standing != Stands {
		return err
	}
	if _, err := tx.Exec(qWereWrong, at.space, s.Post); err != nil {
		return err
	}
	_, err = r.undo(tx, s.Decision, Signed{Decision: Decision{Day: day}})
	return err
}

// cases lists what the bundle says of appeals.
func cases(tx *safedb.Tx, space string, today int) ([]wire.Case, error) {
	list := []wire.Case{}
	err := tx.Rows(qCases, func(scan func(...any) error) error {
		var c wire.Case
		var deed Deed
		err := scan(&c.ID, &c.Day, &deed, &c.Post, &c.Mask, &c.Reason, &c.Text, &c.Outcome)
		c.About = about[deed]
		list = append(list, c)
		return err
	}, space, today-shownCases)
	if err != nil {
		return nil, err
	}
	for i := range list {
		c := &list[i]
		seats, err := jury(tx, place{space, c.ID})
		if err != nil {
			return nil, err
		}
		c.Jurors = []string{}
		for _, j := range seats {
			if j.verdict != "silent" {
				c.Jurors = append(c.Jurors, j.mask)
			}
			if c.Outcome != "" && j.words != "" {
				c.Words = append(c.Words, j.words)
			}
		}
		slices.Sort(c.Words) // not whose
	}
	return list, nil
}

// logEndings appends to the public log how appeals ended.
func (r *Room) logEndings(ctx context.Context) error {
	var list []Ending
	err := r.DB.Read(ctx, func(tx *safedb.Tx) error {
		return tx.Rows(qEndings, func(scan func(...any) error) error {
			var e Ending
			err := scan(&e.Space, &e.ID, &e.Outcome, &e.Day)
			list = append(list, e)
			return err
		})
	})
	if err != nil {
		return err
	}
	for _, e := range list {
		if err := r.Ended(ctx, e); err != nil {
			return err
		}
		err := r.DB.Write(ctx, func(tx *safedb.Tx) error { _, err := tx.Exec(qEndedLogged, e.Space, e.ID); return err })
		if err != nil {
			return err
		}
	}
	return nil
}
