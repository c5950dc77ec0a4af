package mask

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"guildhall/internal/epoch"
	"guildhall/internal/safedb"
)

const (
	jurors   = 3 // drawn
	majority = 2 // decide
	// patience is after how many days a juror who has not spoken is replaced.
	patience = 7
)

const (
	qJurorMake  = `INSERT INTO juror (space, id, mask, verdict, words) VALUES ($1, $2, $3, '', '')`
	qJurors     = `SELECT mask, verdict, words FROM juror WHERE space = $1 AND id = $2 ORDER BY mask`
	qJuror      = `SELECT COUNT(*) FROM juror WHERE space = $1 AND id = $2 AND mask = $3 AND verdict <> 'silent'`
	qJudge      = `UPDATE juror SET verdict = $4, words = $5 WHERE space = $1 AND id = $2 AND mask = $3 AND verdict <> 'silent'`
	qSilent     = `UPDATE juror SET verdict = 'silent' WHERE space = $1 AND id = $2 AND verdict = ''`
	qToJudge    = `SELECT j.id FROM juror j JOIN appeal a ON a.space = j.space AND a.id = j.id WHERE j.space = $1 AND j.mask = $2 AND j.verdict = '' AND a.outcome = ''`
	qCandidates = `SELECT id, key FROM mask WHERE space = $1 AND state = 0 AND epoch >= $2 AND muted_until < $3`
)

// seat is a juror of a case.
type seat struct{ mask, verdict, words string }

func jury(tx *safedb.Tx, at place) (list []seat, err error) {
	return list, tx.Rows(qJurors, func(scan func(...any) error) error {
		var j seat
		err := scan(&j.mask, &j.verdict, &j.words)
		list = append(list, j)
		return err
	}, at.space, at.id)
}

// seatJurors draws the jurors of new cases, and others for those who stay silent.
func (r *Room) seatJurors(tx *safedb.Tx, now int, beacon []byte) error {
	type open struct {
		at     place
		beacon []byte
		drawn  int
	}
	var all []open
	err := tx.Rows(qAppealsOpen, func(scan func(...any) error) error {
		var o open
		err := scan(&o.at.space, &o.at.id, &o.beacon, &o.drawn)
		all = append(all, o)
		return err
	})
	if err != nil {
		return err
	}
	today := epoch.DayOfTick(now)
	for _, o := range all {
		if o.drawn > 0 && today < o.drawn+patience {
			continue
		}
		if o.drawn == 0 {
			o.beacon = beacon
		}
		if err := r.draw(tx, o.at, o.beacon, today); err != nil {
			return err
		}
	}
	return nil
}

// draw fills the seats of a case: all active masks but the author, whoever is known
// to have reported the post and those who were drawn before, in the order of
// SHA-256("guildhall/masks/1/juror" ‖ 0 ‖ beacon ‖ case ‖ mask). With too few
// of them the case waits.
func (r *Room) draw(tx *safedb.Tx, at place, beacon []byte, today int) error {
	s, err := decisionAt(tx, at.space, at.id)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(qSilent, at.space, at.id); err != nil {
		return err
	}
	seats, err := jury(tx, at)
	if err != nil {
		return err
	}
	need, past := jurors, map[string]bool{s.Mask: true}
	for _, j := range seats {
		past[j.mask] = true
		if j.verdict != "silent" {
			need--
		}
	}
	list, err := r.candidates(tx, s.Decision, past, today)
	if err != nil || len(list) < need {
		return err
	}
	rank := func(mask string) []byte {
		h := sha256.Sum256(slices.Concat([]byte("guildhall/masks/1/juror\x00"), beacon, []byte(at.id), []byte(mask)))
		return h[:]
	}
	slices.SortFunc(list, func(x, y string) int { return bytes.Compare(rank(x), rank(y)) })
	for _, m := range list[:need] {
		if _, err := tx.Exec(qJurorMake, at.space, at.id, m); err != nil {
			return err
		}
	}
	_, err = tx.Exec(qAppealDrawn, at.space, at.id, beacon, today)
	return err
}

// candidates are the masks that may judge a decision.
func (r *Room) candidates(tx *safedb.Tx, d Decision, past map[string]bool, today int) (list []string, err error) {
	reporters := map[string]bool{}
	err = tx.Rows(qReporters, func(scan func(...any) error) error {
		var who []byte
		err := scan(&who)
		reporters[string(who)] = true
		return err
	}, d.Space, d.Post)
	if err != nil {
		return nil, err
	}
	keys := map[string][]byte{}
	err = tx.Rows(qCandidates, func(scan func(...any) error) error {
		var id string
		var key []byte
		err := scan(&id, &key)
		if !past[id] && r.pool.renewals[place{d.Space, id}] == nil {
			keys[id] = key
		}
		return err
	}, d.Space, epoch.OfDay(today-epoch.DaysOfWeek), today)
	if err != nil {
		return nil, err
	}
	for id, key := range keys {
		if len(reporters) > 0 {
			who, err := r.reporter(tx, d.Space, key, epoch.OfDay(today))
			if err != nil {
				return nil, err
			}
			if reporters[string(who)] {
				continue
			}
		}
		list = append(list, id)
	}
	return list, nil
}
