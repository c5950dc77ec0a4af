package web

import (
	"context"
	"slices"

	"guildhall/internal/consultation"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/question"
	"guildhall/internal/web/answer"
	consultationpage "guildhall/internal/web/page/consultation"
	forumpage "guildhall/internal/web/page/forum"
	questionpage "guildhall/internal/web/page/question"
	"guildhall/internal/web/viewer"
)

// wording is a kind of text that others rely on: it changes with a reason.
type wording struct {
	text
	form func(d *Door, ctx context.Context, r *answer.Request) (forumpage.Wording, error) // as it stands; refuses who may not
	save func(d *Door, ctx context.Context, r *answer.Request, f forumpage.Wording) error
}

func (d *Door) registerRewordings(m *answer.Mux) {
	for _, t := range []wording{
		{text{"/questions/{id}", (*Door).findQuestion}, (*Door).questionWording, (*Door).rewordQuestion},
		{text{"/consultations/{id}", (*Door).findConsultation}, (*Door).consultationWording, (*Door).rewordConsultation},
	} {
		m.Handle("GET "+t.path+"/wording", d.newWording(t))
		m.Handle("POST "+t.path+"/wording", d.reword(t))
	}
}

// newWording shows the form of other words.
func (d *Door) newWording(t wording) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		f, err := t.form(d, r.Context(), r)
		if err != nil {
			return err
		}
		of, err := d.newestOf(r, t)
		if err != nil {
			return err
		}
		f.Base, f.Once = of.N, answer.NewOnce()
		return w.Show(200, forumpage.RewordForm(f))
	}
}

// reword takes other words, or shows the form again: with those of somebody who was
// quicker, so that the next sending is made from there.
func (d *Door) reword(t wording) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		f, err := t.form(d, r.Context(), r)
		if err != nil {
			return err
		}
		f.Title, f.Text, f.Reason, f.Base, f.Once = r.Text("title"), r.Text("text"), r.Text("reason"), number(r.Text("base")), r.Once()
		err = d.speak(r)
		if err == nil {
			err = w.Once(func(ctx context.Context) (string, error) { return f.Back, t.save(d, ctx, r, f) })
		}
		if err == nil || !mendable(err) {
			return err
		}
		if fault.Is(err, fault.Conflict) {
			theirs, err := d.newestOf(r, t)
			if err != nil {
				return err
			}
			f.Theirs, f.Base = &theirs.Revision, theirs.N
		}
		f.Error = err
		return w.Again(err, forumpage.RewordForm(f))
	}
}

// newestOf is the newest state of a text.
func (d *Door) newestOf(r *answer.Request, t wording) (v forumpage.Revision, err error) {
	of, err := t.find(d, r.Context(), r)
	if err != nil {
		return v, err
	}
	list, err := of.revisions(r.Context())
	if err != nil || len(list) == 0 {
		return v, err
	}
	return list[0], nil
}

func (d *Door) questionWording(ctx context.Context, r *answer.Request) (f forumpage.Wording, err error) {
	q, err := d.Questions.Question(ctx, asker(r.Viewer), question.ID(r.PathValue("id")))
	if err != nil {
		return f, err
	}
	return forumpage.Wording{What: q.Title, Back: questionpage.Href(q.ID), Titled: true, Title: q.Title, Text: q.Source,
		Label: "question.ask.text", MaxText: question.MaxText, Hint: "question.reword.hint"}, question.MayReword(asker(r.Viewer), q)
}

func (d *Door) rewordQuestion(ctx context.Context, r *answer.Request, f forumpage.Wording) error {
	by, err := d.weighAsker(ctx, r, f.Title+"\n\n"+f.Text)
	if err != nil {
		return err
	}
	return d.Questions.Reword(ctx, by, question.ID(r.PathValue("id")), question.Rewording{Base: f.Base, Title: f.Title, Text: f.Text, Reason: f.Reason})
}

func (d *Door) findQuestion(ctx context.Context, r *answer.Request) (f found, err error) {
	id, who := question.ID(r.PathValue("id")), asker(r.Viewer)
	q, err := d.Questions.Question(ctx, who, id)
	if err != nil {
		return f, err
	}
	f = found{title: q.Title, back: questionpage.Href(id), path: questionpage.Href(id) + "/revisions", mayEdit: question.MayReword(who, q) == nil}
	f.revisions = func(ctx context.Context) (list []forumpage.Revision, err error) {
		all, err := d.Questions.Revisions(ctx, who, id)
		for _, v := range all {
			list = append(list, forumpage.Revision{Revision: forum.Revision{N: v.N, By: v.By, At: v.At, Title: v.Title, Source: v.Source}, Why: v.Reason, Restores: v.Restores})
		}
		return list, err
	}
	f.difference = differing(f.revisions)
	f.restore = func(ctx context.Context, base, n int) error { return d.Questions.Restore(ctx, who, id, base, n) }
	return f, nil
}

func (d *Door) consultationWording(ctx context.Context, r *answer.Request) (f forumpage.Wording, err error) {
	c, err := d.Consultations.Consultation(ctx, consultation.ID(r.PathValue("id")))
	if err != nil {
		return f, err
	}
	return forumpage.Wording{What: c.Title, Back: consultationpage.Href(c.ID), Text: c.About, Label: "consultation.new.about",
		MaxText: consultation.MaxAbout, Hint: "consultation.reword.hint"}, consultation.MayReintroduce(consulted(r.Viewer), c, d.Now())
}

func (d *Door) rewordConsultation(ctx context.Context, r *answer.Request, f forumpage.Wording) error {
	return d.Consultations.Reintroduce(ctx, consulted(r.Viewer), consultation.ID(r.PathValue("id")), consultation.Reintroduction{Base: f.Base, About: f.Text, Reason: f.Reason})
}

func (d *Door) findConsultation(ctx context.Context, r *answer.Request) (f found, err error) {
	id, who := consultation.ID(r.PathValue("id")), consulted(r.Viewer)
	c, err := d.Consultations.Consultation(ctx, id)
	if err != nil {
		return f, err
	}
	f = found{title: c.Title, back: consultationpage.Href(id), path: consultationpage.Href(id) + "/revisions", mayEdit: consultation.MayReintroduce(who, c, d.Now()) == nil}
	f.revisions = func(ctx context.Context) (list []forumpage.Revision, err error) {
		all, err := d.Consultations.Revisions(ctx, id)
		for _, v := range all {
			list = append(list, forumpage.Revision{Revision: forum.Revision{N: v.N, By: v.By, At: v.At, Source: v.Source}, Why: v.Reason, Restores: v.Restores})
		}
		return list, err
	}
	f.difference = differing(f.revisions)
	f.restore = func(ctx context.Context, base, n int) error { return d.Consultations.Restore(ctx, who, id, base, n) }
	return f, nil
}

// words tells how often what a consultation says of itself was changed, and whether the
// reader may.
func (d *Door) words(ctx context.Context, c consultation.Consultation) (consultationpage.Words, error) {
	list, err := d.Consultations.Revisions(ctx, c.ID)
	return consultationpage.Words{Changed: len(list), May: consultation.MayReintroduce(consulted(viewer.From(ctx)), c, d.Now()) == nil}, err
}

// differing compares a state with the one before it; the first with nothing.
func differing(revisions func(context.Context) ([]forumpage.Revision, error)) func(context.Context, int) (forum.Difference, error) {
	return func(ctx context.Context, n int) (d forum.Difference, err error) {
		list, err := revisions(ctx)
		i := slices.IndexFunc(list, func(v forumpage.Revision) bool { return v.N == n })
		if err != nil || i < 0 {
			return d, err
		}
		d.To = list[i].Revision
		if i+1 < len(list) {
			d.From = list[i+1].Revision
		}
		d.Title, d.Text = forum.Compare(d.From.Title, d.To.Title), forum.Compare(d.From.Source, d.To.Source)
		return d, nil
	}
}
