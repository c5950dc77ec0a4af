package web

import (
	"context"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/moderation"
	"guildhall/internal/question"
	"guildhall/internal/web/answer"
	questionpage "guildhall/internal/web/page/question"
)

func (d *Door) registerQuestionKeeping(m *answer.Mux) {
	m.Handle("GET /questions/{id}/keep", d.keepQuestion, answer.Params("after"))
	m.Handle("POST /questions/{id}/entries", d.fileEntry)
	m.Handle("POST /questions/{id}/entries/{n}/undo", d.undoEntry)
	m.Handle("POST /questions/{id}/merge", d.mergeQuestion)
	m.Handle("POST /questions/{id}/split", d.splitQuestion)
	m.Handle("POST /questions/{id}/moves/{move}/undo", d.undoMove)
	m.Handle("POST /questions/{id}/hush", d.hushQuestion)
	m.Handle("POST /questions/{id}/unhush", d.unhushQuestion)
	d.registerGathering(m)
	d.registerTakingUp(m)
}

// keepQuestion shows stewards the forms about a question.
func (d *Door) keepQuestion(w *answer.Writer, r *answer.Request) error {
	if err := question.MayKeep(asker(r.Viewer)); err != nil {
		return err
	}
	p, err := d.keepPage(w, r, question.ID(r.PathValue("id")), question.VariantID(r.Query("after")))
	if err != nil {
		return err
	}
	p.Once = answer.NewOnce()
	return w.Show(200, questionpage.Keep(p))
}

func (d *Door) keepPage(w *answer.Writer, r *answer.Request, id question.ID, after question.VariantID) (p questionpage.KeepPage, err error) {
	ctx := r.Context()
	if p.Page, err = d.questionPage(ctx, w, id, after); err != nil {
		return p, err
	}
	p.More = strings.Replace(p.More, "?", "/keep?", 1)
	p.Moves, err = d.Questions.Moves(ctx, id)
	return p, err
}

// keeping does a steward's deed about a question once, or shows the forms again,
// filled in by fill.
func (d *Door) keeping(w *answer.Writer, r *answer.Request, id question.ID, do func(ctx context.Context) (to string, err error), fill func(*questionpage.KeepPage)) error {
	if err := question.MayKeep(asker(r.Viewer)); err != nil {
		return err
	}
	err := w.Once(do)
	if err == nil || !mendable(err) {
		return err
	}
	p, perr := d.keepPage(w, r, id, "")
	if perr != nil {
		return perr
	}
	fill(&p)
	p.Error = err
	p.Once = r.Once()[:min(len(r.Once()), onceBare)]
	return w.Again(err, questionpage.Keep(p))
}

// onceBare is the length of a form's key without what tells the forms of a page
// apart.
const onceBare = 26

// fileEntry writes an entry in a question's book.
func (d *Door) fileEntry(w *answer.Writer, r *answer.Request) error {
	id := question.ID(r.PathValue("id"))
	f := questionpage.FilingForm{Kind: r.Text("kind"), Code: r.Text("code"), Day: r.Text("day"), Until: r.Text("until"), Owes: r.Text("owes"), Link: r.Text("link"), Words: r.Text("words")}
	return d.keeping(w, r, id, func(ctx context.Context) (string, error) {
		n := question.Filing{Kind: question.Kind(f.Kind), Code: question.Code(f.Code), Owes: question.Owes(f.Owes), Link: f.Link, Words: f.Words}
		n.Day, _ = question.ParseDay(f.Day) // what is no day is 0, which the room refuses where it wants one
		n.Until, _ = question.ParseDay(f.Until)
		_, err := d.Questions.File(ctx, asker(r.Viewer), id, n)
		return questionpage.Href(id), err
	}, func(p *questionpage.KeepPage) { p.Do, p.Filing = "file", f })
}

// undoEntry takes an entry back.
func (d *Door) undoEntry(w *answer.Writer, r *answer.Request) error {
	id, n := question.ID(r.PathValue("id")), number(r.PathValue("n"))
	return d.keeping(w, r, id, func(ctx context.Context) (string, error) {
		return questionpage.Href(id), d.Questions.Undo(ctx, asker(r.Viewer), id, n, r.Text("reason"))
	}, func(*questionpage.KeepPage) {})
}

// namedQuestion finds the question that a form names by its address or its id.
func namedQuestion(s string) question.ID {
	s = strings.TrimRight(strings.TrimSpace(s), "/")
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		s = s[:i]
	}
	return question.ID(s[strings.LastIndexByte(s, '/')+1:])
}

// mergeQuestion makes two questions one.
func (d *Door) mergeQuestion(w *answer.Writer, r *answer.Request) error {
	id, into, why := question.ID(r.PathValue("id")), r.Text("into"), r.Text("reason")
	return d.keeping(w, r, id, func(ctx context.Context) (string, error) {
		to := namedQuestion(into)
		if _, err := d.Questions.Question(ctx, asker(r.Viewer), to); fault.Is(err, fault.NotFound) {
			return "", fault.On("into", fault.Invalid, "question.none")
		}
		_, err := d.Questions.Merge(ctx, asker(r.Viewer), id, to, why)
		return questionpage.Href(to), err
	}, func(p *questionpage.KeepPage) { p.Do, p.Other, p.Reason = "merge", into, why })
}

// splitQuestion gives some cases a question of their own.
func (d *Door) splitQuestion(w *answer.Writer, r *answer.Request) error {
	id, title, why := question.ID(r.PathValue("id")), r.Text("title"), r.Text("reason")
	var chosen []question.VariantID
	for _, v := range r.Texts("variants") {
		chosen = append(chosen, question.VariantID(v))
	}
	return d.keeping(w, r, id, func(ctx context.Context) (string, error) {
		made, err := d.Questions.Split(ctx, asker(r.Viewer), id, chosen, title, why)
		return questionpage.Href(made), err
	}, func(p *questionpage.KeepPage) {
		p.Do, p.Title, p.Reason = "split", title, why
		for i := range p.Cases {
			for _, v := range chosen {
				p.Cases[i].Picked = p.Cases[i].Picked || p.Cases[i].ID == v
			}
		}
	})
}

// undoMove takes a merge or a split back.
func (d *Door) undoMove(w *answer.Writer, r *answer.Request) error {
	back := question.ID(r.PathValue("id"))
	return d.keeping(w, r, back, func(ctx context.Context) (string, error) {
		m, err := d.Questions.Unmove(ctx, asker(r.Viewer), question.MoveID(r.PathValue("move")), r.Text("reason"))
		return questionpage.Href(m.From), err
	}, func(*questionpage.KeepPage) {})
}

// hushQuestion hides a question or a case of it; the public list of decisions
// says so.
func (d *Door) hushQuestion(w *answer.Writer, r *answer.Request) error {
	id, why := question.ID(r.PathValue("id")), r.Text("reason")
	return d.keeping(w, r, id, func(ctx context.Context) (string, error) {
		if err := d.Questions.Hush(ctx, asker(r.Viewer), id, r.Text("thing"), why); err != nil {
			return "", err
		}
		return questionpage.KeepHref(id), d.decided(ctx, r, moderation.Hide, questioned(id, r.Text("thing")), why)
	}, func(*questionpage.KeepPage) {})
}

// unhushQuestion shows it again, or lets through what waited; that is listed too.
func (d *Door) unhushQuestion(w *answer.Writer, r *answer.Request) error {
	id := question.ID(r.PathValue("id"))
	return d.keeping(w, r, id, func(ctx context.Context) (string, error) {
		if err := d.Questions.Unhush(ctx, asker(r.Viewer), id, r.Text("thing")); err != nil {
			return "", err
		}
		return questionpage.KeepHref(id), d.shownAgain(ctx, r, questioned(id, r.Text("thing")))
	}, func(*questionpage.KeepPage) {})
}
