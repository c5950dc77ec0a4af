package question

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/guard"
	"guildhall/internal/lang"
	"guildhall/internal/typed"
)

// Question reads one; one that was merged away says where in MergedInto. Faults:
// NotFound.
func (r *Room) Question(ctx context.Context, a Actor, id ID) (q Question, err error) {
	defer fault.Wrap(&err, "question.Question(%s)", id)
	if q, err = r.questionTx(ctx, id); err != nil {
		return q, err
	}
	if err = MayRead(a, q); err != nil {
		return Question{}, err
	}
	if q.Hushed {
		if q.Hush, err = r.hushRow(ctx, string(id)); err != nil {
			return q, err
		}
	}
	return q, r.Faces.Fill(ctx, &q.Asker)
}

func (r *Room) questionTx(ctx context.Context, id ID) (Question, error) {
	list, err := r.questionRows(ctx, qOne, string(id))
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "question.none")
	}
	if err != nil {
		return Question{}, err
	}
	return list[0], nil
}

// Stands follows merges to the question that stands. Faults: NotFound.
func (r *Room) Stands(ctx context.Context, id ID) (_ ID, err error) {
	defer fault.Wrap(&err, "question.Stands(%s)", id)
	for range maxChain {
		q, err := r.questionTx(ctx, id)
		if err != nil || q.MergedInto == "" {
			return id, err
		}
		id = q.MergedInto
	}
	return id, nil
}

const maxChain = 50 // merges one after another

// Ask opens a question with its first case. Faults: SignIn; Invalid on "title",
// "text", "lang", "owes" or "platform"; TooMany after MaxADay in one day, UTC.
func (r *Room) Ask(ctx context.Context, by Actor, n Asking) (q Question, err error) {
	defer fault.Wrap(&err, "question.Ask")
	if err = MayAsk(by); err != nil {
		return q, err
	}
	if q, err = r.Check(ctx, by, n); err != nil {
		return q, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		if err := r.fewTodayTx(ctx, by, q); err != nil {
			return err
		}
		if err := r.openTx(ctx, q, by.Held); err != nil {
			return err
		}
		v := Variant{ID: VariantID(r.ids.New()), Question: q.ID, Asker: q.Asker, At: q.At, Origin: q.ID}
		if _, err := r.variantMakeTx(ctx, v); err != nil {
			return err
		}
		if err := r.recountTx(ctx, q.ID); err != nil {
			return err
		}
		r.touched(ctx, q)
		return r.happened(ctx, EventAsked, q.ID, Opened{by.Held != ""})
	})
	return q, err
}

// fewTodayTx refuses a question after as many as one person may open in a day: what
// everybody has to read stays readable.
func (r *Room) fewTodayTx(ctx context.Context, by Actor, q Question) error {
	most := MaxADay
	if by.Newcomer {
		most = MaxNewADay
	}
	var n int
	if _, err := r.DB.Row(ctx, qAskedSince, []any{string(by.Face), db.Micros(q.Asked.Time())}, &n); err != nil {
		return err
	}
	if n < most {
		return nil
	}
	if by.Newcomer {
		return fault.New(fault.TooMany, "question.too_many.new", most)
	}
	return fault.New(fault.TooMany, "question.too_many", most)
}

// Check reads what would be asked and opens nothing. Faults: as Ask, without SignIn.
func (r *Room) Check(ctx context.Context, by Actor, n Asking) (q Question, err error) {
	defer fault.Wrap(&err, "question.Check")
	q = Question{ID: ID(r.ids.New()), Lang: n.Lang, Platform: n.Platform, Clause: n.Clause, Owes: n.Owes, Asker: face.Face{ID: by.Face}, At: r.moment()}
	q.Asked = DayOf(q.At)
	if q.Title, err = typed.Line("title", n.Title, 8, MaxTitle); err != nil {
		return q, err
	}
	if q.Source, q.HTML, err = r.text("text", n.Text, MaxText, by.MaxLinks); err != nil {
		return q, err
	}
	for _, x := range []struct{ field, text string }{{"title", q.Title}, {"text", q.Source}} {
		if err = guard.Redacted(x.field, x.text); err != nil {
			return q, err
		}
	}
	if l, ok := lang.Parse(n.Lang); !ok || l.String() != n.Lang {
		return q, fault.On("lang", fault.Invalid, "fault.choose")
	}
	if len(n.Clause) > maxClause {
		return q, fault.On("clause", fault.Invalid, "terms.clause.none")
	}
	return q, r.owed(ctx, n.Owes, n.Platform)
}

// maxClause is the length of a clause's id, in bytes; the room knows no more of clauses.
const maxClause = 64

// OfClause lists the questions about a clause that are for everybody: those whose
// clock began first come first, at most 100. Askers are not filled in.
func (r *Room) OfClause(ctx context.Context, clause string) (list []Question, err error) {
	defer fault.Wrap(&err, "question.OfClause")
	return r.questionRows(ctx, qOfClause, clause)
}

// openTx writes a question without cases.
func (r *Room) openTx(ctx context.Context, q Question, held string) error {
	t := Reckon(q.Asked, q.Owes, nil, nil)
	_, err := r.DB.Exec(ctx, qMake, string(q.ID), q.Title, q.Lang, q.Platform, string(q.Owes), string(q.Asker.ID), db.Micros(q.At),
		int(q.Asked), string(t.State), int(t.Since), q.Source, string(q.HTML), q.Clause)
	if err != nil {
		return err
	}
	if held != "" {
		if err := r.hushTx(ctx, q.ID, string(q.ID), Hush{At: q.At, Reason: held}); err != nil {
			return err
		}
	}
	return r.indexTx(ctx, q.ID)
}

// Add adds somebody's case to a question, in her own words or without any. A
// person counts once; without words a second case of hers changes nothing.
// Faults: SignIn, NotFound, Forbidden; Conflict when it was merged; Invalid on "text".
func (r *Room) Add(ctx context.Context, by Actor, id ID, text string) (v Variant, err error) {
	defer fault.Wrap(&err, "question.Add(%s)", id)
	if err = MayAsk(by); err != nil {
		return v, err
	}
	v = Variant{ID: VariantID(r.ids.New()), Question: id, Asker: face.Face{ID: by.Face}, At: r.moment(), Origin: id}
	if v.Source, v.HTML, err = r.text("text", text, MaxText, by.MaxLinks); err != nil {
		return v, err
	}
	if err = guard.Redacted("text", v.Source); err != nil {
		return v, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error { return r.addTx(ctx, by, v) })
	return v, err
}

func (r *Room) addTx(ctx context.Context, by Actor, v Variant) error {
	q, err := r.lockTx(ctx, v.Question)
	if err != nil {
		return err
	}
	if err := MayAdd(by, q); err != nil {
		return err
	}
	if v.Source == "" {
		if since, err := r.askedTx(ctx, q.ID, by.Face); err != nil || !since.IsZero() {
			return err
		}
	}
	if _, err := r.variantMakeTx(ctx, v); err != nil {
		return err
	}
	if by.Held != "" && v.Source != "" {
		if err := r.hushTx(ctx, q.ID, string(v.ID), Hush{At: v.At, Reason: by.Held}); err != nil {
			return err
		}
	}
	if err := r.recountTx(ctx, q.ID); err != nil {
		return err
	}
	r.touched(ctx, q)
	return r.happened(ctx, EventAdded, q.ID, Added{v.ID})
}

// Gather makes posts of a discussion cases of a question, at most MaxBulk, and
// says how many were new; a post is a case of one question once. A person counts
// once. Faults: SignIn, Forbidden, NotFound; Conflict when the question was
// merged; Invalid without posts.
func (r *Room) Gather(ctx context.Context, by Actor, id ID, posts []Said) (made int, err error) {
	defer fault.Wrap(&err, "question.Gather(%s)", id)
	if err = MayKeep(by); err != nil {
		return 0, err
	}
	if err = few(posts); err != nil {
		return 0, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		q, err := r.lockTx(ctx, id)
		if err != nil {
			return err
		}
		if q.MergedInto != "" {
			return fault.New(fault.Conflict, "question.may.merged")
		}
		made = 0
		for _, p := range posts {
			n, err := r.gatherTx(ctx, id, p)
			if err != nil {
				return err
			}
			made += n
		}
		if err := r.recountTx(ctx, id); err != nil {
			return err
		}
		r.touched(ctx, q)
		return r.happened(ctx, EventGathered, id, struct{}{})
	})
	return made, err
}

// few checks that posts were chosen, and not too many at once.
func few(posts []Said) error {
	if len(posts) == 0 || len(posts) > MaxBulk {
		return fault.On("posts", fault.Invalid, "question.choose_posts", MaxBulk)
	}
	return nil
}

func (r *Room) gatherTx(ctx context.Context, id ID, p Said) (int, error) {
	var n int
	if found, err := r.DB.Row(ctx, qPostThere, []any{string(id), p.Post}, &n); err != nil || found {
		return 0, err
	}
	v := Variant{ID: VariantID(r.ids.New()), Question: id, Asker: face.Face{ID: p.Face}, At: p.At.UTC().Truncate(time.Microsecond), Origin: id, Post: p.Post,
		Space: p.Space, Mask: p.Mask}
	if p.Space != "" {
		v.Taken = r.moment()
	}
	n64, err := r.variantMakeTx(ctx, v)
	return int(n64), err
}

// AskFrom opens a question out of posts: they are its cases, the earliest its
// first. by is the steward who found it; the clock begins today. Faults: as Ask
// and Gather.
func (r *Room) AskFrom(ctx context.Context, by Actor, n Asking, posts []Said) (q Question, made int, err error) {
	defer fault.Wrap(&err, "question.AskFrom")
	if err = MayKeep(by); err != nil {
		return q, 0, err
	}
	if err = few(posts); err != nil {
		return q, 0, err
	}
	if q, err = r.Check(ctx, by, n); err != nil {
		return q, 0, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		if err := r.openTx(ctx, q, ""); err != nil {
			return err
		}
		if err := r.happened(ctx, EventAsked, q.ID, Opened{}); err != nil {
			return err
		}
		made, err = r.Gather(ctx, by, q.ID, posts)
		return err
	})
	return q, made, err
}

// plainly keeps Markdown signs in what is quoted from being signs.
func plainly(s string) string {
	b := make([]rune, 0, len(s))
	for _, c := range s {
		switch c {
		case '\\', '`', '*', '_', '{', '}', '[', ']', '<', '>', '#', '!', '|', '~', '&':
			b = append(b, '\\')
		}
		b = append(b, c)
	}
	return string(b)
}
