package web

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"guildhall/internal/consultation"
	"guildhall/internal/consultation/opinion"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/moderation"
	"guildhall/internal/web/answer"
	consultationpage "guildhall/internal/web/page/consultation"
	"guildhall/internal/web/viewer"
)

// What is answered and added here does not use Writer.Once: what that remembers of a
// form knows the face and the day, and an answer must not. Answering twice is
// answering once, and the same statement is refused the second time.
func (d *Door) registerAnswers(m *answer.Mux) {
	m.Handle("POST /consultations/{id}/answers", d.answerStatement)
	m.Handle("GET /consultations/{id}/statements", d.statements)
	m.Handle("POST /consultations/{id}/statements", d.addStatement)
	m.Handle("POST /consultations/{id}/statements/{n}/removal", d.takeStatementOut)
	m.Handle("POST /consultations/{id}/statements/{n}/return", d.putStatementBack)
}

// choices are the answers as forms send them.
var choices = map[string]opinion.Choice{"agree": opinion.Agree, "disagree": opinion.Disagree, "pass": opinion.Pass}

// answerStatement takes an answer.
func (d *Door) answerStatement(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	id, n := consultation.ID(r.PathValue("id")), number(r.Text("statement"))
	choice, ok := choices[r.Text("choice")]
	if !ok {
		return fault.New(fault.Invalid, "fault.choose")
	}
	if err := d.Consultations.Answer(r.Context(), consulted(r.Viewer), id, n, choice); err != nil {
		return err
	}
	if r.Text("then") == "next" {
		return w.Redirect(consultationpage.Href(id) + "#next")
	}
	return w.Redirect(consultationpage.StatementsHref(id) + "#s" + r.Text("statement"))
}

// addStatement adds one of the reader's own.
func (d *Door) addStatement(w *answer.Writer, r *answer.Request) error {
	if err := d.speak(r); err != nil {
		return err
	}
	id, text := consultation.ID(r.PathValue("id")), r.Text("text")
	_, err := d.Consultations.Say(r.Context(), consulted(r.Viewer), id, text)
	if err == nil {
		return w.Redirect(consultationpage.Href(id) + "?said=statement")
	}
	if !mendable(err) && !fault.Is(err, fault.TooMany) && !fault.Is(err, fault.Forbidden) {
		return err
	}
	c, cerr := d.Consultations.Consultation(r.Context(), id)
	if cerr != nil {
		return cerr
	}
	if c.Done { // it closed while she wrote
		return err
	}
	p, perr := d.openPage(r.Context(), w, r.Viewer, c)
	if perr != nil {
		return perr
	}
	p.Text, p.Error = text, err
	return w.Again(err, consultationpage.Open(p))
}

// statements lists all of them.
func (d *Door) statements(w *answer.Writer, r *answer.Request) error {
	id := consultation.ID(r.PathValue("id"))
	return w.Page(things("consultations", "consultation:"+string(id)), func(ctx context.Context) (templ.Component, error) {
		p, err := d.statementsPage(ctx, viewer.From(ctx), id)
		return consultationpage.Statements(p), err
	})
}

func (d *Door) statementsPage(ctx context.Context, v viewer.Viewer, id consultation.ID) (p consultationpage.StatementsPage, err error) {
	if p.Consultation, err = d.Consultations.Consultation(ctx, id); err != nil {
		return p, err
	}
	if p.Statements, err = d.Consultations.Statements(ctx, id); err != nil {
		return p, err
	}
	if p.Mine, err = d.Consultations.Mine(ctx, consulted(v), id); err != nil {
		return p, err
	}
	p.Over = p.Consultation.Over(d.Now())
	p.May = consultation.MayKeep(consulted(v), p.Consultation, d.Now()) == nil
	var ids []face.ID
	for _, s := range p.Statements {
		if s.Removal != nil {
			ids = append(ids, s.Removal.By)
		}
	}
	p.Faces, err = d.Faces.Faces(ctx, ids)
	return p, err
}

// takeStatementOut takes a statement out, with a reason.
func (d *Door) takeStatementOut(w *answer.Writer, r *answer.Request) error {
	why := r.Text("reason")
	return d.keepStatement(w, r, why, func(ctx context.Context, id consultation.ID, n int) error {
		if err := d.Consultations.TakeOut(ctx, consulted(r.Viewer), id, n, why); err != nil {
			return err
		}
		if !r.Viewer.Steward { // who keeps a consultation is no steward of the hall
			return d.Moderation.Settle(ctx, stated(id, n), true)
		}
		return d.decided(ctx, r, moderation.Hide, stated(id, n), why)
	})
}

func stated(id consultation.ID, n int) moderation.Target {
	return moderation.Target{Kind: ofStatement, ID: string(id) + "." + strconv.Itoa(n)}
}

// putStatementBack undoes it.
func (d *Door) putStatementBack(w *answer.Writer, r *answer.Request) error {
	return d.keepStatement(w, r, "", func(ctx context.Context, id consultation.ID, n int) error {
		if err := d.Consultations.PutBack(ctx, consulted(r.Viewer), id, n); err != nil || !r.Viewer.Steward {
			return err
		}
		_, err := d.takenBack(ctx, r, moderation.Hide, stated(id, n))
		return err
	})
}

func (d *Door) keepStatement(w *answer.Writer, r *answer.Request, why string, do func(context.Context, consultation.ID, int) error) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	id, n := consultation.ID(r.PathValue("id")), number(r.PathValue("n"))
	err := d.DB.Tx(r.Context(), func(ctx context.Context) error { return do(ctx, id, n) })
	if err == nil {
		return w.Redirect(consultationpage.StatementsHref(id) + "#s" + r.PathValue("n"))
	}
	if !mendable(err) {
		return err
	}
	p, perr := d.statementsPage(r.Context(), r.Viewer, id)
	if perr != nil {
		return perr
	}
	p.Failed, p.Reason, p.Error = n, why, err
	return w.Again(err, consultationpage.Statements(p))
}
