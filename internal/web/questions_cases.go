package web

import (
	"context"
	"net/url"

	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/question"
	"guildhall/internal/web/answer"
	questionpage "guildhall/internal/web/page/question"
	"guildhall/internal/web/viewer"
)

// cases reads a page of cases; of those that are posts, the words as they stand
// in their discussion.
func (d *Door) cases(ctx context.Context, w *answer.Writer, p *questionpage.Page, after question.VariantID) error {
	id := p.Question.ID
	vs, next, err := d.Questions.Variants(ctx, asker(viewer.From(ctx)), id, after)
	if err != nil {
		return err
	}
	for _, v := range vs {
		c := questionpage.Case{Variant: v}
		if v.Space != "" {
			if err := d.maskedCase(ctx, w, &c); err != nil {
				return err
			}
		} else {
			showsFaces(w, v.Asker.ID)
		}
		if v.Post != "" && v.Space == "" {
			x, err := d.Forum.Post(ctx, reading(ctx), forum.PostID(v.Post))
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			if err == nil {
				c.Post = &x
				w.Shows(answer.Thing("discussion:" + string(x.Discussion)))
			}
		}
		if v.Origin != id {
			q, err := d.Questions.Question(ctx, asker(viewer.From(ctx)), v.Origin)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			c.From = q.Title
			w.Shows(answer.Thing("question:" + string(v.Origin)))
		}
		p.Cases = append(p.Cases, c)
	}
	if next != "" {
		p.More = questionpage.Href(id) + "?after=" + url.QueryEscape(string(next))
	}
	return nil
}

// oneCase leads to where a case stands, also after it went to another question.
func (d *Door) oneCase(w *answer.Writer, r *answer.Request) error {
	v, err := d.Questions.Variant(r.Context(), asker(r.Viewer), question.VariantID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return w.Redirect(questionpage.CaseHref(v))
}

// addCase adds the reader's case to a question.
func (d *Door) addCase(w *answer.Writer, r *answer.Request) error {
	id, text := question.ID(r.PathValue("id")), r.Text("text")
	err := d.speak(r)
	if err == nil {
		err = w.Once(func(ctx context.Context) (string, error) {
			by, err := d.weighAsker(ctx, r, text)
			if err != nil {
				return "", err
			}
			if _, err = d.Questions.Add(ctx, by, id, text); err != nil {
				return "", err
			}
			return questionpage.Href(id), d.cameAsked(ctx, r.Text("restate"), id)
		})
	}
	return d.questionAgain(w, r, err, func(p *questionpage.Page) {
		p.Form = questionpage.CaseForm{Text: text, Once: r.Once(), Error: err}
	})
}
