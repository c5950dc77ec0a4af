package question

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Questions lists a shelf: those that wait by the day their clock began, the
// oldest first; others by the day it stopped, the latest first. Askers are not
// filled in. Faults: none but Unavailable.
func (r *Room) Questions(ctx context.Context, f Filter) (list []Question, err error) {
	defer fault.Wrap(&err, "question.Questions")
	if f.Limit <= 0 {
		f.Limit = 30
	}
	day, id := readMark(f.After)
	args := []any{int(f.Shelf), day, id, f.Platform, string(f.Owes), min(f.Limit, 500)}
	if f.Shelf == OpenShelf {
		return r.questionRows(ctx, qOldest, args...)
	}
	if f.After == "" {
		args[1] = int(latest)
	}
	return r.questionRows(ctx, qLatest, args...)
}

// After lists, by their ids, the questions that are for everybody behind one, at most
// n: for an index of them all. Askers are not filled in.
func (r *Room) After(ctx context.Context, id ID, n int) (list []Question, err error) {
	defer fault.Wrap(&err, "question.After")
	return r.questionRows(ctx, qAfter, string(id), n)
}

// Askers are the faces whose cases stand under a question, each once. Faults: none
// but Unavailable.
func (r *Room) Askers(ctx context.Context, id ID) (list []face.ID, err error) {
	defer fault.Wrap(&err, "question.Askers")
	err = r.DB.Rows(ctx, qAskers, func(scan func(...any) error) error {
		var f face.ID
		err := scan(&f)
		list = append(list, f)
		return err
	}, string(id))
	return list, err
}

// Mark is what Filter.After takes to go on behind a question.
func (q Question) Mark() string {
	day := q.Tally.Stop
	if q.Tally.State.Waits() {
		day = q.Tally.Since
	}
	return strconv.Itoa(int(day)) + "." + string(q.ID)
}

// readMark never fails: a mark that somebody made up leads somewhere.
func readMark(s string) (day int, id string) {
	d, id, _ := strings.Cut(s, ".")
	day, err := strconv.Atoi(d)
	if err != nil || day < 0 || day > int(latest) {
		return 0, ""
	}
	return day, id
}

// Excerpt is the beginning of a question's text, plain.
func (q Question) Excerpt() string { return excerpt(q.Source, 200) }

// Counts is how many questions stand where, of a platform or (empty) of all.
// Faults: none but Unavailable.
func (r *Room) Counts(ctx context.Context, platform string, owes Owes) (c Counts, err error) {
	defer fault.Wrap(&err, "question.Counts")
	err = r.DB.Rows(ctx, qCounts, func(scan func(...any) error) error {
		var s, n int
		err := scan(&s, &n)
		switch Shelf(s) {
		case OpenShelf:
			c.Open = n
		case AnsweredShelf:
			c.Answered = n
		case ClosedShelf:
			c.Closed = n
		}
		return err
	}, platform, string(owes))
	return c, err
}

// variantsLength is how many cases a page shows.
const variantsLength = 50

// Variants lists 50 cases of a question behind the one named after, in the order
// in which they came. The words of hidden ones are left out for who may not see
// them. Faults: NotFound.
func (r *Room) Variants(ctx context.Context, a Actor, id ID, after VariantID) (list []Variant, next VariantID, err error) {
	defer fault.Wrap(&err, "question.Variants(%s)", id)
	if _, err = r.Question(ctx, a, id); err != nil {
		return nil, "", err
	}
	if list, err = r.variantRows(ctx, qVariants, string(id), string(after), variantsLength); err != nil {
		return nil, "", err
	}
	var people []*face.Face
	for i := range list {
		v := &list[i]
		if v.Space == "" {
			people = append(people, &v.Asker)
		}
		if err = r.veilTx(ctx, a, v); err != nil {
			return nil, "", err
		}
	}
	if len(list) == variantsLength {
		next = list[len(list)-1].ID
	}
	return list, next, r.Faces.Fill(ctx, people...)
}

// veilTx adds to a hidden case why it is hidden, or takes away its words.
func (r *Room) veilTx(ctx context.Context, a Actor, v *Variant) (err error) {
	if v.Hushed {
		if v.Hush, err = r.hushRow(ctx, string(v.ID)); err != nil {
			return err
		}
	}
	if MayReadVariant(a, *v) != nil {
		v.Source, v.HTML, v.Post, v.Mask, v.Hush = "", "", "", "", nil
	}
	return nil
}

// Variant reads one case, as Variants shows it. Faults: NotFound, also for one of a
// question that a may not see.
func (r *Room) Variant(ctx context.Context, a Actor, id VariantID) (v Variant, err error) {
	defer fault.Wrap(&err, "question.Variant(%s)", id)
	v, found, err := r.variantRow(ctx, id)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "question.none")
	}
	if err != nil {
		return v, err
	}
	if _, err = r.Question(ctx, a, v.Question); err != nil {
		return v, err
	}
	if err = r.veilTx(ctx, a, &v); err != nil {
		return v, err
	}
	if v.Space != "" {
		return v, nil
	}
	return v, r.Faces.Fill(ctx, &v.Asker)
}

// Mine is what a face has asked.
type Mine struct {
	Question Question
	Cases    []Variant
	From     []Move // standing merges and splits that brought a case of hers here
}

// Mine lists the questions under which a face has cases, the newest first, with
// the moves that brought them there. Faults: SignIn.
func (r *Room) Mine(ctx context.Context, a Actor) (list []Mine, err error) {
	defer fault.Wrap(&err, "question.Mine")
	if err = MayAsk(a); err != nil {
		return nil, err
	}
	qs, err := r.questionRows(ctx, qMine, string(a.Face))
	if err != nil {
		return nil, err
	}
	for _, q := range qs {
		m := Mine{Question: q}
		if m.Cases, err = r.variantRows(ctx, qMyVariants, string(a.Face), string(q.ID)); err != nil {
			return nil, err
		}
		if m.From, err = r.moveRows(ctx, qMyMoves, string(a.Face), string(q.ID)); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// Place is where a post of a discussion became a case.
type Place struct {
	Post     string
	Question ID
	Title    string
}

// OfPosts tells which questions posts became cases of. Faults: none but Unavailable.
func (r *Room) OfPosts(ctx context.Context, posts []string) (list []Place, err error) {
	defer fault.Wrap(&err, "question.OfPosts")
	for _, p := range posts {
		err = r.DB.Rows(ctx, qOfPost, func(scan func(...any) error) error {
			x := Place{Post: p}
			err := scan(&x.Question, &x.Title)
			list = append(list, x)
			return err
		}, p)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Erase takes away what a face leaves behind: its judgements, and with texts the
// words of its cases and of the questions it opened, also where a book quotes them. A
// case stays, without words, and so does the title of a question that others ask too. Faults: none but
// Unavailable.
func (r *Room) Erase(ctx context.Context, f face.ID, texts bool) (err error) {
	defer fault.Wrap(&err, "question.Erase")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		touched, err := r.questionRows(ctx, qEraseTouched, string(f))
		if err != nil {
			return err
		}
		for _, q := range []*db.Query{qEraseJudgements, qWithdrawalsOff, qRecusedOff} {
			if _, err := r.DB.Exec(ctx, q, string(f)); err != nil {
				return err
			}
		}
		if texts {
			for _, q := range []*db.Query{qEraseVariants, qEraseQuestions, qEraseRevisions, qEraseReasons, qEraseQuotes, qEraseTitles} {
				if _, err := r.DB.Exec(ctx, q, string(f)); err != nil {
					return err
				}
			}
		}
		for _, q := range touched {
			if err := r.recountTx(ctx, q.ID); err != nil {
				return err
			}
			if err := r.indexTx(ctx, q.ID); err != nil {
				return err
			}
			if err := r.happened(ctx, EventChanged, q.ID, struct{}{}); err != nil {
				return err
			}
			r.touched(ctx, q)
		}
		return nil
	})
}

// Delays are how many days a platform, or (empty) all took for each answer that stands,
// pauses left out, the shortest first: of those that askers have not sent back. Faults:
// none but Unavailable.
func (r *Room) Delays(ctx context.Context, platform string) (days []int, err error) {
	defer fault.Wrap(&err, "question.Delays")
	err = r.DB.Rows(ctx, qDelays, func(scan func(...any) error) error {
		var n int
		err := scan(&n)
		days = append(days, max(0, n))
		return err
	}, platform)
	slices.Sort(days)
	return days, err
}

// Pace is what delays come to.
type Pace struct {
	Answers int
	Median  int // days; half of the answers came within it
	InAWeek int // answers that came within seven days
}

// PaceOf reads delays that are sorted. The median of an even number is the earlier of
// the middle two, so that half of the answers did come within it.
func PaceOf(days []int) (p Pace) {
	if p.Answers = len(days); p.Answers > 0 {
		p.Median = days[(len(days)-1)/2]
	}
	for _, d := range days {
		if d <= 7 {
			p.InAWeek++
		}
	}
	return p
}
