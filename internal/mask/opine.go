package mask

import (
	"context"
	"maps"
	"slices"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/lang"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
	"guildhall/internal/safedb"
)

// Opinion is what came with a pass to a consultation and is released: all answers, or
// a statement.
type Opinion struct {
	Consultation string
	Pass         string // its spend
	Count        int    // of answers: the highest holds
	Answers      string
	Text         string // of a statement
}

// paper is the pass of a visit to a consultation.
type paper struct {
	Asked
	spend   string
	count   int    // of the answers that were released
	answers string // those
	refused map[string]error
}

// opinionActs are what can be done with a pass to a consultation.
var opinionActs = map[string]func(*deed, wire.Act, *wire.Result) error{wire.Opine: (*deed).opine, wire.Say: (*deed).say}

// consult does a visit that is signed by the key of a pass to a consultation. No mask
// is in it. Faults: NotFound for no such consultation, Forbidden for no good pass.
func (r *Room) consult(ctx context.Context, v *wire.Visit, day int) (out Outcome, err error) {
	d := deed{room: r, visit: v, day: day, lang: lang.Match(v.Lang)}
	if d.paper, err = r.paperOf(ctx, v); err != nil {
		return out, err
	}
	if d.space, err = r.space(ctx, d.paper.Space); err != nil {
		return out, err
	}
	err = r.DB.Write(ctx, func(tx *safedb.Tx) error {
		d.tx = tx
		out.Results = make([]wire.Result, len(v.Acts))
		for i, a := range v.Acts {
			if out.Results[i], err = d.do(a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Outcome{}, err
	}
	return out, nil
}

// paperOf checks the pass of a visit, and looks up what its acts need to know.
func (r *Room) paperOf(ctx context.Context, v *wire.Visit) (p *paper, err error) {
	pass := v.Token()
	p = &paper{spend: pass.Spend(), refused: map[string]error{}}
	if p.Asked, err = r.Asked(ctx, v.Space); err != nil {
		return nil, err
	}
	if pass.Epoch != p.epoch() {
		return nil, fault.New(fault.Forbidden, "pass.broken")
	}
	k, err := r.issuer(ctx, pass.Slot)
	if err != nil {
		return nil, err
	}
	if err := pass.Verify(k); err != nil {
		return nil, err
	}
	if p.count, p.answers, err = r.Holds(ctx, p.ID, p.spend); err != nil {
		return nil, err
	}
	for _, a := range v.Acts {
		if a.Do != wire.Say || a.Check() != nil {
			continue
		}
		err := r.MaySay(ctx, p.ID, p.spend, a.Text)
		if f := fault.From(err); err != nil && (f.Kind == fault.Internal || f.Kind == fault.Unavailable) {
			return nil, err
		}
		p.refused[a.ID] = err
	}
	return p, nil
}

// opine takes all answers of a person, of which the highest count holds.
func (d *deed) opine(a wire.Act, res *wire.Result) error {
	p, key := d.paper, opinionKey(d.paper.ID, d.paper.spend)
	if err := MayOpine(p.Asked, d.room.Now()); err != nil {
		return err
	}
	if len(a.Answers) > p.Statements {
		return fault.New(fault.NotFound, "consultation.no_statement")
	}
	rec := d.room.pool.opinions[key]
	if rec != nil && rec.Epoch > p.count {
		p.count, p.answers = rec.Epoch, rec.Text
	}
	if a.Count > p.count {
		next := record{Kind: opinion, Space: p.ID, Pass: p.spend, Epoch: a.Count, Text: a.Answers}
		if err := d.instead(rec, &next); err != nil {
			return err
		}
		p.count, p.answers = a.Count, a.Answers
	}
	res.Count, res.Answers, res.State = p.count, p.answers, "counted"
	if d.room.pool.opinions[key] != nil {
		d.waitsToClose(res)
	}
	return nil
}

// instead puts a record that takes the place of another, with its moment, if there is
// one: whoever changes her mind does not begin to wait anew.
func (d *deed) instead(had, next *record) (err error) {
	if had == nil {
		next.Due, err = d.due()
	} else {
		next.Due = had.Due
		err = d.room.pool.drop(d.tx, had)
	}
	if err != nil {
		return err
	}
	return d.room.put(d.tx, *next)
}

// waitsToClose says between which days something comes out: all of it does at closing.
func (d *deed) waitsToClose(res *wire.Result) {
	d.waits(res)
	res.To = min(res.To, epoch.Day(d.paper.Closes)-1)
}

// say takes a statement in.
func (d *deed) say(a wire.Act, res *wire.Result) error {
	p, at := d.paper, place{d.paper.ID, a.ID}
	if rec := d.room.pool.sayings[at]; rec != nil {
		if rec.Pass != p.spend {
			return fault.New(fault.Conflict, "mask.post.taken")
		}
		d.waitsToClose(res)
		return nil
	}
	if err := MayOpine(p.Asked, d.room.Now()); err != nil {
		return err
	}
	if err := p.refused[a.ID]; err != nil {
		return err
	}
	waiting := 0
	for _, rec := range d.room.pool.sayings {
		if rec.Space == p.ID && rec.Pass == p.spend {
			waiting++
		}
	}
	if waiting >= mostSayings {
		return fault.New(fault.TooMany, "consultation.own_many", mostSayings)
	}
	due, err := d.due()
	if err != nil {
		return err
	}
	d.waitsToClose(res)
	return d.room.put(d.tx, record{Kind: saying, Space: p.ID, Pass: p.spend, Post: a.ID, Text: a.Text, Due: due})
}

// handOver gives away opinions that wait, in an order drawn by chance, and forgets them
// then. After a crash between the two they are given once more, which changes nothing.
func (r *Room) handOver(ctx context.Context, is func(*record) bool) error {
	var recs []*record
	err := r.DB.Read(ctx, func(*safedb.Tx) error {
		recs = slices.AppendSeq(slices.Collect(maps.Values(r.pool.opinions)), maps.Values(r.pool.sayings))
		recs = slices.DeleteFunc(recs, func(rec *record) bool { return !is(rec) })
		return nil
	})
	if err != nil || len(recs) == 0 {
		return err
	}
	list := make([]Opinion, len(recs))
	for i, rec := range recs {
		list[i] = Opinion{Consultation: rec.Space, Pass: rec.Pass}
		if rec.Kind == opinion {
			list[i].Count, list[i].Answers = rec.Epoch, rec.Text
		} else {
			list[i].Text = rec.Text
		}
	}
	if err := r.Opinions(ctx, list); err != nil {
		return err
	}
	return r.DB.Write(ctx, func(tx *safedb.Tx) error {
		// What was replaced meanwhile is another record, and stays.
		recs = slices.DeleteFunc(recs, func(rec *record) bool {
			return r.pool.opinions[opinionKey(rec.Space, rec.Pass)] != rec && r.pool.sayings[place{rec.Space, rec.Post}] != rec
		})
		return r.pool.drop(tx, recs...)
	})
}

// Concluding lets out all that waits for a consultation whose hour has come, and tells how
// many passes to it were given. Done again, it tells the same until Concluded.
func (r *Room) Concluding(ctx context.Context, consultation string) (passes int, err error) {
	defer fault.Wrap(&err, "mask.Concluding")
	if err := r.handOver(ctx, func(rec *record) bool { return rec.Space == consultation }); err != nil {
		return 0, err
	}
	return passes, r.DB.Read(ctx, func(tx *safedb.Tx) error {
		if _, err := tx.Row(qAdmittedMany, []any{consultation}, &passes); err != nil {
			return err
		}
		for at := range r.pool.admitted {
			if at.space == consultation {
				passes++
			}
		}
		return nil
	})
}

// Concluded wipes what was noted of the passes to a consultation.
func (r *Room) Concluded(ctx context.Context, consultation string) (err error) {
	defer fault.Wrap(&err, "mask.Concluded")
	return r.DB.Write(ctx, func(tx *safedb.Tx) error {
		tx.AfterCommit(r.changed)
		var left []*record
		for at, rec := range r.pool.admitted {
			if at.space == consultation {
				left = append(left, rec)
			}
		}
		if err := r.pool.drop(tx, left...); err != nil {
			return err
		}
		_, err := tx.Exec(qAdmittedWipe, consultation)
		return err
	})
}

// Speaking tells whether a space has enough masks to be spoken in, and how many masks
// were born in the running epoch.
func (r *Room) Speaking(ctx context.Context, space string) (speaking bool, born int, err error) {
	defer fault.Wrap(&err, "mask.Speaking")
	return speaking, born, r.DB.Read(ctx, func(tx *safedb.Tx) error {
		if speaking, _, err = standing(tx, space); err != nil {
			return err
		}
		renewals := 0
		_, err = tx.Row(qTotal, []any{space, epoch.OfDay(r.day())}, &renewals, &born)
		return err
	})
}

// asks lists the open consultations of a space as a bundle says them.
func (r *Room) asks(ctx context.Context, space string) ([]wire.Asked, error) {
	list, err := r.AskedIn(ctx, space)
	for i, a := range list {
		list[i].Until = Asked{Opened: epoch.Start(a.Epoch), Closes: epoch.StartOfDay(a.Closes + 1)}.until()
	}
	return list, err
}

func opinionKey(consultation, spend string) string { return consultation + "/" + spend }

// isOpinion tells whether the pass of a visit is one to a consultation.
func isOpinion(v *wire.Visit) bool { return v.Pass != nil && v.Pass.Purpose == token.Consultation }
