package terms

import (
	"context"
	"fmt"
	"strings"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/terms/clause"
	"guildhall/internal/terms/watch"
	"guildhall/internal/typed"
)

// recently is how old a change may be when it is found and still be news:
// histories that are imported tell nobody of what is long past.
const recently = 30 * 24 * time.Hour

// judged is what is found out about a document outside a transaction.
type judged struct {
	document Document
	rows     []Record // as they were judged before, by number
	records  []watch.Record
	verdicts []watch.Verdict
	alarms   []watch.Alarm
}

// Judge looks at all versions of a document anew: it raises alarms for what has
// lasted by now and gives addresses to clauses.
func (r *Room) Judge(ctx context.Context, id DocumentID) (err error) {
	defer fault.Wrap(&err, "terms.Judge(%s)", id)
	for range 3 { // a version may come in between
		j, err := r.look(ctx, id)
		if err != nil {
			return err
		}
		done := false
		err = r.db.Tx(ctx, func(ctx context.Context) error {
			d, err := r.Document(ctx, id)
			if err != nil || d.Records != j.document.Records || d.laid != j.document.laid {
				return err
			}
			done = true
			return r.judgeTx(ctx, j)
		})
		if err != nil || done {
			return err
		}
	}
	return fault.New(fault.Conflict, "terms.busy")
}

// look reads a document's versions and judges them. It takes a while for long
// rows, and so holds no transaction but a reader's.
func (r *Room) look(ctx context.Context, id DocumentID) (j judged, err error) {
	err = r.db.View(ctx, func(ctx context.Context) error {
		if j.document, err = r.Document(ctx, id); err != nil {
			return err
		}
		texts := map[string]string{}
		if err := r.db.Rows(ctx, qTexts, func(scan func(...any) error) error {
			var hash, text string
			err := scan(&hash, &text)
			texts[hash] = text
			return err
		}, id); err != nil {
			return err
		}
		rows, err := list(ctx, r.db, qRecords, scanRecord, id, j.document.Records, j.document.Records)
		j.records, j.rows = make([]watch.Record, len(rows)), make([]Record, len(rows))
		for _, v := range rows {
			j.rows[v.N] = v
			j.records[v.N] = watch.Record{At: v.At, Note: v.Note, Text: texts[v.Hash]}
		}
		return err
	})
	if err != nil {
		return j, err
	}
	j.verdicts, j.alarms = watch.Judge(j.records, r.moment())
	return j, nil
}

func (r *Room) judgeTx(ctx context.Context, j judged) error {
	id := j.document.ID
	flaps, blocked := 0, 0
	for n := range j.verdicts {
		v := &j.verdicts[n]
		switch v.Class {
		case watch.Flap:
			flaps++
		case watch.Blocked:
			blocked++
		}
		if was := j.rows[n]; was.Class == v.Class.String() && was.Trouble == string(v.Trouble) && was.Against == v.Against && was.Changes == len(v.Changes) {
			continue
		}
		if _, err := r.db.Exec(ctx, qRecordJudged, id, n, v.Class.String(), string(v.Trouble), v.Against, len(v.Changes)); err != nil {
			return err
		}
	}
	newest, err := r.raise(ctx, j)
	if err != nil {
		return err
	}
	laid, err := r.lay(ctx, j)
	if err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qDocumentJudged, id, laid, newest, flaps, blocked); err != nil {
		return err
	}
	r.touched(ctx, id)
	return nil
}

// namesKept is how many clauses an alarm names.
const namesKept = 5

// raise writes the alarms that are new and withdraws those that have turned out
// not to last; newest is when the newest that stands was raised.
func (r *Room) raise(ctx context.Context, j judged) (newest int64, err error) {
	now, id := r.moment(), j.document.ID
	there := map[int]bool{}
	if err := r.db.Rows(ctx, qAlarmsOf, func(scan func(...any) error) error {
		var n int
		var withdrawn int64
		err := scan(&n, &withdrawn)
		there[n] = withdrawn == 0
		return err
	}, id); err != nil {
		return 0, err
	}
	stands := map[int]bool{}
	for _, a := range j.alarms {
		stands[a.Record] = true
		raised := j.records[a.Record].At.Add(watch.Lasts)
		if now.Sub(raised) < recently {
			raised = now
		}
		newest = max(newest, db.Micros(raised))
		if _, known := there[a.Record]; known {
			continue
		}
		if _, err := r.db.Exec(ctx, qAlarmMake, id, a.Record, db.Micros(raised), len(a.Changes), names(a.Changes)); err != nil {
			return 0, err
		}
		if raised.Equal(now) {
			if err := r.events.Append(ctx, EventAlarmed, string(id), Alarmed{a.Record}); err != nil {
				return 0, err
			}
		}
	}
	for n, open := range there {
		if open && !stands[n] {
			if _, err := r.db.Exec(ctx, qAlarmWithdraw, id, n, db.Micros(now)); err != nil {
				return 0, err
			}
		}
	}
	return newest, nil
}

func names(changes []clause.Change) string {
	var out []string
	for i := range changes[:min(namesKept, len(changes))] {
		out = append(out, typed.OneLine(changes[i].Clause().Name()))
	}
	return strings.Join(out, "\n")
}

// key writes a clause's key as the database keeps it.
func key(c *clause.Clause) string { return fmt.Sprintf("%016x", c.Key) }
