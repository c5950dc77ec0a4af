package web

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/question"
	"guildhall/internal/web/answer"
	consultationpage "guildhall/internal/web/page/consultation"
	forumpage "guildhall/internal/web/page/forum"
	openpage "guildhall/internal/web/page/open"
	questionpage "guildhall/internal/web/page/question"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerOpen(m *answer.Mux) {
	m.Handle("GET /open", d.whatIsOpen)
}

// From how many days on a thing counts as standing still: a question nobody has
// answered and for which no answer is promised, a consultation to which nobody new comes.
const (
	stillAsked     = 14
	stillConsulted = 5
	openListed     = 100
)

// whatIsOpen shows what is open in the hall, with who owes which next step by when.
func (d *Door) whatIsOpen(w *answer.Writer, _ *answer.Request) error {
	return w.Page(things("questions", "clock", "consultations", "restates", "front"), func(ctx context.Context) (templ.Component, error) {
		p, err := d.openThings(ctx)
		return openpage.Open(p), err
	})
}

func (d *Door) openThings(ctx context.Context) (p openpage.Page, err error) {
	err = d.DB.View(ctx, func(ctx context.Context) error {
		if p.Questions, err = d.openQuestions(ctx); err != nil {
			return err
		}
		if p.Restates, err = d.openRestates(ctx); err != nil {
			return err
		}
		p.Consultations, err = d.openConsultations(ctx)
		return err
	})
	return p, err
}

// stillCount is how many things stand still, for the stewards' room.
func (d *Door) stillCount(ctx context.Context) (n int, err error) {
	p, err := d.openThings(ctx)
	for _, rows := range [][]openpage.Row{p.Questions, p.Restates, p.Consultations} {
		for _, r := range rows {
			if r.Still {
				n++
			}
		}
	}
	return n, err
}

// openQuestions are those that the hall or its community owes; what platforms owe has
// a clock of its own.
func (d *Door) openQuestions(ctx context.Context) (rows []openpage.Row, err error) {
	l, today := viewer.From(ctx).Lang, d.Questions.Today()
	for _, o := range []question.Owes{question.BySite, question.ByCommunity} {
		qs, err := d.Questions.Questions(ctx, question.Filter{Shelf: question.OpenShelf, Owes: o, Limit: openListed})
		if err != nil {
			return nil, err
		}
		for _, q := range qs {
			c := q.Tally.On(today)
			r := openpage.Row{Title: questionpage.Title(l, q), Href: questionpage.Href(q.ID), Lang: q.Lang, Next: l.T("open.next.answer"), Since: c.Since.Time(),
				Owner: openpage.Words(l.T("question.owes." + string(o))), Still: c.Waited >= stillAsked && c.Promised == 0 || c.Late > 0}
			if c.Promised != 0 {
				r.By = c.Promised.Time()
			}
			rows = append(rows, r)
		}
	}
	return rows, nil
}

func (d *Door) openRestates(ctx context.Context) (rows []openpage.Row, err error) {
	l := viewer.From(ctx).Lang
	list, err := d.Forum.OpenRestates(ctx, openListed)
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		p, err := d.Forum.Post(ctx, forum.Actor{}, x.Post)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, openpage.Row{Title: x.Proposal, Href: forumpage.PostHref(x.Post), Owner: forumpage.Name(p.Author), Next: l.T("open.next.proposal"),
			Since: p.At.Truncate(24 * time.Hour), By: x.Due, Still: d.today().After(x.Due)})
	}
	return rows, nil
}

// openConsultations are marked as silent to stewards only: when nobody new comes is for
// those who can do something about it.
func (d *Door) openConsultations(ctx context.Context) (rows []openpage.Row, err error) {
	v := viewer.From(ctx)
	list, _, err := d.Consultations.Consultations(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		r := openpage.Row{Title: c.Title, Href: consultationpage.Href(c.ID), Lang: c.Lang, Next: v.Lang.T("open.next.consultation"),
			Since: c.Opened.Truncate(24 * time.Hour), By: c.Closes.Add(-time.Second).Truncate(24 * time.Hour), Owner: forumpage.Name(c.Steward)}
		if v.Steward {
			n, err := d.Consultations.Silence(ctx, c)
			if err != nil {
				return nil, err
			}
			r.Still = n >= stillConsulted
		}
		rows = append(rows, r)
	}
	return rows, nil
}
