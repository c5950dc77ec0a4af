package terms

import (
	"context"
	"slices"

	"guildhall/internal/terms/clause"
	"guildhall/internal/terms/watch"
	"guildhall/internal/typed"
)

// lay gives addresses to the clauses of the records that are settled, in the
// order of their times, and writes their histories. It stops at the first change
// that has not lasted yet. laid is the last record it has taken.
func (r *Room) lay(ctx context.Context, j judged) (laid int, err error) {
	laid = j.document.laid
	order := j.settledAfter(laid)
	if len(order) == 0 {
		return laid, nil
	}
	var before *clause.Doc
	if laid >= 0 {
		if before, err = clause.Parse(j.records[laid].Text); err != nil {
			return laid, err
		}
	}
	byKey, err := r.clausesBy(ctx, j.document.ID)
	if err != nil {
		return laid, err
	}
	l := layer{room: r, doc: j.document.ID, byKey: byKey}
	for _, n := range order {
		now, err := clause.Parse(j.records[n].Text)
		if err != nil {
			return laid, err
		}
		if err := l.record(ctx, n, before, now); err != nil {
			return laid, err
		}
		before, laid = now, n
	}
	return laid, l.place(ctx, before)
}

// settledAfter lists the records to be laid after record laid: neither flaps nor
// blocked, up to a change that waits. A text that came again right away is laid
// once.
func (j judged) settledAfter(laid int) (out []int) {
	order := make([]int, len(j.records))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return j.records[a].At.Compare(j.records[b].At) })
	alarmed := map[int]bool{}
	for _, a := range j.alarms {
		alarmed[a.Record] = true
	}
	from := slices.Index(order, laid) + 1
	last := ""
	if laid >= 0 {
		last = j.records[laid].Text
	}
	for k, n := range order[from:] {
		v := &j.verdicts[n]
		if v.Class == watch.Substantive && !alarmed[n] {
			break // it waits
		}
		if v.Class == watch.Blocked || v.Class == watch.Flap && !j.stays(v, order, k+from) || j.records[n].Text == last {
			continue
		}
		out, last = append(out, n), j.records[n].Text
	}
	return out
}

// stays tells of a flap whether its words are nevertheless the ones that stand:
// an earlier text came again, nothing of substance was in between, and nothing
// else came for a while.
func (j judged) stays(v *watch.Verdict, order []int, at int) bool {
	if clause.ClassOf(v.Changes) == clause.Substantive {
		return false
	}
	return at+1 == len(order) || j.records[order[at+1]].At.Sub(j.records[order[at]].At) >= watch.Lasts
}

// layer writes clauses of one document.
type layer struct {
	room  *Room
	doc   DocumentID
	byKey map[string]known
}

// record lays one version; before is nil for the first.
func (l *layer) record(ctx context.Context, n int, before, now *clause.Doc) error {
	if before == nil {
		for i := range now.Clauses {
			if err := l.begin(ctx, n, &now.Clauses[i], "first", "", ""); err != nil {
				return err
			}
		}
		return nil
	}
	changes := clause.Compare(before, now)
	for i := range changes {
		c := &changes[i]
		class, why := c.Class.String(), string(c.Why)
		var err error
		switch {
		case c.Class == clause.Moved && c.Sort == clause.Changed && c.Old.Key == c.New.Key: // has only moved
		case c.Sort == clause.New:
			err = l.begin(ctx, n, c.New, "new", class, why)
		case c.Sort == clause.Removed:
			err = l.end(ctx, n, c.Old, class, why)
		default:
			err = l.say(ctx, n, c.Old, c.New, class, why)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// begin gives a clause an address: the one it had when it stood here before.
func (l *layer) begin(ctx context.Context, n int, c *clause.Clause, sort, class, why string) error {
	k := key(c)
	if has, ok := l.byKey[k]; ok && !has.gone {
		return nil // said twice in one text
	}
	r := l.room
	id := l.byKey[k].id
	if id == "" && sort != "first" {
		if _, err := r.db.Row(ctx, qClauseOnceBy, []any{l.doc, k}, &id); err != nil {
			return err
		}
	}
	if id == "" {
		id = ClauseID(r.ids.New())
		if _, err := r.db.Exec(ctx, qClauseMake, id, l.doc, k, typed.OneLine(c.Name()), c.Place()); err != nil {
			return err
		}
	} else if _, err := r.db.Exec(ctx, qClauseSays, id, k, typed.OneLine(c.Name()), c.Place(), 0); err != nil {
		return err
	}
	l.byKey[k] = known{id: id}
	return r.makeState(ctx, l.doc, id, stateOf(n, c, sort, class, why), k)
}

// say writes a new wording of a clause.
func (l *layer) say(ctx context.Context, n int, old, now *clause.Clause, class, why string) error {
	before, k := key(old), key(now)
	has, ok := l.byKey[before]
	if !ok {
		return l.begin(ctx, n, now, "new", class, why)
	}
	delete(l.byKey, before)
	l.byKey[k] = known{id: has.id}
	if _, err := l.room.db.Exec(ctx, qClauseSays, has.id, k, typed.OneLine(now.Name()), now.Place(), 0); err != nil {
		return err
	}
	return l.room.makeState(ctx, l.doc, has.id, stateOf(n, now, "changed", class, why), k)
}

// end writes that a clause is gone; its address stays.
func (l *layer) end(ctx context.Context, n int, c *clause.Clause, class, why string) error {
	k := key(c)
	has, ok := l.byKey[k]
	if !ok || has.gone {
		return nil
	}
	l.byKey[k] = known{id: has.id, gone: true}
	if _, err := l.room.db.Exec(ctx, qClauseSays, has.id, k, typed.OneLine(c.Name()), c.Place(), 1); err != nil {
		return err
	}
	s := stateOf(n, c, "removed", class, why)
	s.Text = ""
	return l.room.makeState(ctx, l.doc, has.id, s, k)
}

// place writes where the clauses stand in the newest text, and under which
// numbers.
func (l *layer) place(ctx context.Context, d *clause.Doc) error {
	done := map[string]bool{}
	for i := range d.Clauses {
		c := &d.Clauses[i]
		k := key(c)
		if has, ok := l.byKey[k]; ok && !done[k] {
			done[k] = true
			if _, err := l.room.db.Exec(ctx, qClauseSays, has.id, k, typed.OneLine(c.Name()), c.Place(), 0); err != nil {
				return err
			}
		}
	}
	return nil
}

func stateOf(n int, c *clause.Clause, sort, class, why string) State {
	s := State{Record: n, Sort: sort, Class: class, Why: why, Label: typed.OneLine(c.Label), Text: c.Text}
	for _, h := range c.Trail {
		s.Trail = append(s.Trail, typed.OneLine(h))
	}
	return s
}
