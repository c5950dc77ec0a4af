package terms

import (
	"context"

	"guildhall/internal/fault"
	"guildhall/internal/terms/clause"
)

// Documents lists all watched documents, by platform.
func (r *Room) Documents(ctx context.Context) (ds []Document, err error) {
	defer fault.Wrap(&err, "terms.Documents")
	return list(ctx, r.db, qDocuments, scanDocument)
}

// Document reads one. Faults: NotFound.
func (r *Room) Document(ctx context.Context, id DocumentID) (d Document, err error) {
	defer fault.Wrap(&err, "terms.Document")
	ds, err := list(ctx, r.db, qDocument, scanDocument, id)
	if err == nil && len(ds) == 0 {
		return d, fault.New(fault.NotFound, "terms.document.none")
	}
	if err != nil {
		return d, err
	}
	return ds[0], nil
}

// TimelineLength is how many records a page of a timeline has.
const TimelineLength = 100

// Timeline lists records before number before, the newest first.
func (r *Room) Timeline(ctx context.Context, id DocumentID, before int) (vs []Record, err error) {
	defer fault.Wrap(&err, "terms.Timeline")
	return list(ctx, r.db, qRecords, scanRecord, id, before, TimelineLength)
}

// Record reads one version without its text. Faults: NotFound.
func (r *Room) Record(ctx context.Context, id DocumentID, n int) (v Record, err error) {
	defer fault.Wrap(&err, "terms.Record(%d)", n)
	vs, err := list(ctx, r.db, qRecord, scanRecord, id, n)
	if err == nil && len(vs) == 0 {
		return v, fault.New(fault.NotFound, "terms.record.none")
	}
	if err != nil {
		return v, err
	}
	return vs[0], nil
}

// Text reads the text of one version, as it was found. Faults: NotFound.
func (r *Room) Text(ctx context.Context, id DocumentID, n int) (text string, err error) {
	defer fault.Wrap(&err, "terms.Text(%d)", n)
	found, err := r.db.Row(ctx, qText, []any{id, n}, &text)
	if err == nil && !found {
		return "", fault.New(fault.NotFound, "terms.record.none")
	}
	return text, err
}

// Alarms lists the newest alarms that stand.
func (r *Room) Alarms(ctx context.Context, limit int) (as []Alarm, err error) {
	defer fault.Wrap(&err, "terms.Alarms")
	return list(ctx, r.db, qAlarms, scanAlarm, limit)
}

// Difference puts a version beside the one it was compared with, clause by
// clause; for a version without one, there are no changes. Faults: NotFound.
func (r *Room) Difference(ctx context.Context, id DocumentID, n int) (d Difference, err error) {
	defer fault.Wrap(&err, "terms.Difference(%d)", n)
	if d.Document, err = r.Document(ctx, id); err != nil {
		return d, err
	}
	if d.New, err = r.Record(ctx, id, n); err != nil {
		return d, err
	}
	d.Old.N = -1
	if d.New.Against < 0 || d.New.Against == n {
		return d, nil
	}
	if d.Old, err = r.Record(ctx, id, d.New.Against); err != nil {
		return d, err
	}
	old, err := r.parsed(ctx, id, d.Old.N)
	if err != nil {
		return d, err
	}
	now, err := r.parsed(ctx, id, n)
	if err != nil {
		return d, err
	}
	ids := map[string]ClauseID{}
	if err := r.db.Rows(ctx, qStatesAt, func(scan func(...any) error) error {
		var id ClauseID
		var key string
		err := scan(&id, &key)
		ids[key] = id
		return err
	}, id, n); err != nil {
		return d, err
	}
	for _, c := range clause.Compare(old, now) {
		s := Side{Change: c, ID: ids[key(c.Clause())]}
		s.Left, s.Right = c.Marks()
		d.Changes = append(d.Changes, s)
	}
	return d, nil
}

func (r *Room) parsed(ctx context.Context, id DocumentID, n int) (*clause.Doc, error) {
	text, err := r.Text(ctx, id, n)
	if err != nil {
		return nil, err
	}
	return clause.Parse(text)
}

// statesShown is how many wordings a clause's page shows.
const statesShown = 60

// Clause reads a clause with its history. Faults: NotFound.
func (r *Room) Clause(ctx context.Context, id ClauseID) (c Clause, err error) {
	defer fault.Wrap(&err, "terms.Clause")
	var gone int
	found, err := r.db.Row(ctx, qClause, []any{id}, &c.Document, &c.Name, &gone)
	if err == nil && !found {
		return c, fault.New(fault.NotFound, "terms.clause.none")
	}
	if err != nil {
		return c, err
	}
	c.ID, c.Gone = id, gone == 1
	c.States, err = list(ctx, r.db, qStates, scanState, id, statesShown)
	if err == nil && len(c.States) == 0 {
		return c, fault.New(fault.NotFound, "terms.clause.none")
	}
	for i := range c.States {
		s := &c.States[i]
		if s.Sort == "changed" && i+1 < len(c.States) {
			_, s.Pieces = clause.Compared(c.States[i+1].Text, s.Text)
		} else if s.Text != "" {
			s.Pieces = []clause.Piece{{Text: s.Text}}
		}
	}
	return c, err
}

// Rates are how much of what was recorded was noise, over all documents.
type Rates struct{ Documents, Records, Flaps, Blocked, Failing int }

// Rates sums up the watch for whoever runs the hall.
func (r *Room) Rates(ctx context.Context) (s Rates, err error) {
	ds, err := r.Documents(ctx)
	for _, d := range ds {
		s.Documents++
		s.Records += d.Records
		s.Flaps += d.Flaps
		s.Blocked += d.Blocked
		if d.CheckKey != "" && d.LetGoAt.IsZero() {
			s.Failing++
		}
	}
	return s, err
}
