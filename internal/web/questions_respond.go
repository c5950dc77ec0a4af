package web

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"

	"guildhall/internal/fault"
	"guildhall/internal/platform"
	"guildhall/internal/question"
	"guildhall/internal/representative"
	"guildhall/internal/terms"
	"guildhall/internal/web/answer"
	platformpage "guildhall/internal/web/page/platform"
	questionpage "guildhall/internal/web/page/question"
	termspage "guildhall/internal/web/page/terms"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerResponses(m *answer.Mux) {
	m.Handle("GET /platforms/{id}/queue", d.queue)
	m.Handle("GET /platforms/{id}/queue.csv", d.queueCSV)
	m.Handle("POST /questions/{id}/responses", d.respond)
	m.Handle("POST /questions/{id}/entries/{n}/withdrawal", d.withdrawAnswer)
	m.Handle("POST /questions/{id}/entries/{n}/second", d.secondWithdrawal)
}

// acting is the reader as the room of questions knows her while she acts for the
// platform that a question is put to; her mandate is looked at in every deed anew.
// Faults: SignIn, Forbidden, NotFound.
func (d *Door) acting(ctx context.Context, r *answer.Request, id question.ID) (question.Actor, error) {
	by := asker(r.Viewer)
	q, err := d.Questions.Question(ctx, by, id)
	if err != nil {
		return by, err
	}
	m, err := d.Representatives.Acting(ctx, speaking(r.Viewer), q.Platform)
	by.For, by.Mandate = m.Platform, string(m.ID)
	return by, err
}

// responding does a deed in a platform's name once, or shows the question again with
// what is wrong.
func (d *Door) responding(w *answer.Writer, r *answer.Request, f questionpage.ResponseForm, do func(context.Context, question.Actor, question.ID) error) error {
	id := question.ID(r.PathValue("id"))
	err := d.speak(r)
	if err == nil {
		err = w.Once(func(ctx context.Context) (string, error) {
			by, err := d.acting(ctx, r, id)
			if err != nil {
				return "", err
			}
			return questionpage.Href(id), do(ctx, by, id)
		})
	}
	if fault.Is(err, fault.SignIn) {
		return err
	}
	return d.questionAgain(w, r, err, func(p *questionpage.Page) {
		f.Once, f.Error = r.Once(), err
		p.Response = f
	})
}

// respond answers a question in the platform's name, promises an answer, or says that
// it is not the platform's.
func (d *Door) respond(w *answer.Writer, r *answer.Request) error {
	f := questionpage.ResponseForm{Do: r.Text("do"), Words: r.Text("words"), Until: r.Text("until")}
	n := question.Filing{Kind: question.Answer, Code: question.Code(f.Do), Words: f.Words}
	if f.Do == string(question.Promise) {
		n.Kind, n.Code = question.Promise, ""
		n.Until, _ = question.ParseDay(f.Until)
	}
	return d.responding(w, r, f, func(ctx context.Context, by question.Actor, id question.ID) error {
		_, err := d.Questions.Respond(ctx, by, id, n)
		return err
	})
}

// withdrawAnswer takes back what the platform wrote, or asks a second person of it.
func (d *Door) withdrawAnswer(w *answer.Writer, r *answer.Request) error {
	f := questionpage.ResponseForm{Do: "withdrawal", N: number(r.PathValue("n")), Reason: r.Text("reason")}
	return d.responding(w, r, f, func(ctx context.Context, by question.Actor, id question.ID) error {
		_, err := d.Questions.Withdraw(ctx, by, id, f.N, f.Reason)
		return err
	})
}

// secondWithdrawal is the second person's word.
func (d *Door) secondWithdrawal(w *answer.Writer, r *answer.Request) error {
	n := number(r.PathValue("n"))
	return d.responding(w, r, questionpage.ResponseForm{}, func(ctx context.Context, by question.Actor, id question.ID) error {
		return d.Questions.Second(ctx, by, id, n, r.Text("word") == "yes")
	})
}

// spoken reads who spoke for a platform in a question's book, and whether the reader may.
func (d *Door) spoken(ctx context.Context, w *answer.Writer, p *questionpage.Page) (err error) {
	who := speaking(viewer.From(ctx))
	var ids []representative.ID
	for _, e := range p.Book {
		if e.Mandate != "" {
			ids = append(ids, representative.ID(e.Mandate))
			w.Shows(answer.Thing("mandate:" + e.Mandate))
		}
	}
	ms, err := d.Representatives.Mandates(ctx, who, ids...)
	if err != nil {
		return err
	}
	p.Speakers = map[string]platformpage.Speaker{}
	for id, m := range ms {
		p.Speakers[string(id)] = d.speaker(m)
	}
	if len(ids) > 0 {
		if p.Withdrawals, err = d.Questions.Withdrawals(ctx, p.Question.ID); err != nil {
			return err
		}
	}
	if p.Question.Tally.Owes == question.ByPlatform {
		var m representative.Mandate
		if m, err = d.Representatives.Acts(ctx, who, p.Question.Platform); m.ID != "" {
			s := d.speaker(m)
			p.Acts = &s
		}
	}
	return err
}

// queuePage reads what a platform owes, as nobody in particular: who acts for a
// platform sees of people what everybody sees.
func (d *Door) queuePage(ctx context.Context, r *answer.Request, id platform.ID) (p questionpage.QueuePage, err error) {
	if !r.Viewer.Steward {
		if _, err = d.Representatives.Acting(ctx, speaking(r.Viewer), string(id)); err != nil {
			return p, err
		}
	}
	if p.Platform, err = d.Platforms.Platform(ctx, platform.Actor{}, id); err != nil {
		return p, err
	}
	p.Today = d.Questions.Today()
	list, err := d.Questions.Questions(ctx, question.Filter{Shelf: question.OpenShelf, Platform: string(id), Owes: question.ByPlatform, Limit: clockLength})
	if err != nil {
		return p, err
	}
	if p.Counts, err = d.Questions.Counts(ctx, string(id), question.ByPlatform); err != nil {
		return p, err
	}
	for _, q := range list {
		x := questionpage.Queued{Question: q}
		if q.Clause != "" {
			c, err := d.Terms.Clause(ctx, terms.ClauseID(q.Clause))
			if err != nil && !fault.Is(err, fault.NotFound) {
				return p, err
			}
			if err == nil {
				x.Clause.Title, x.Clause.Href = c.Name, termspage.ClauseHref(c.Document, c.ID)
			}
		}
		p.Queue = append(p.Queue, x)
	}
	return p, nil
}

func (d *Door) queue(w *answer.Writer, r *answer.Request) error {
	p, err := d.queuePage(r.Context(), r, platform.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return w.Show(200, questionpage.Queue(p))
}

// queueCSV is the queue for programs that calculate.
func (d *Door) queueCSV(w *answer.Writer, r *answer.Request) error {
	p, err := d.queuePage(r.Context(), r, platform.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.writeQueue(w.Attachment("text/csv; charset=utf-8", string(p.Platform.ID)+"-questions.csv"), p)
}

func (d *Door) writeQueue(to io.Writer, p questionpage.QueuePage) error {
	c := csv.NewWriter(to)
	rows := [][]string{{"address", "question", "language", "state", "since", "days_waited", "days_paused", "promised", "days_late", "people", "cases", "clause", "clause_address"}}
	for _, x := range p.Queue {
		k := x.Question.Tally.On(p.Today)
		clause := ""
		if x.Clause.Href != "" {
			clause = d.URL + x.Clause.Href
		}
		rows = append(rows, []string{d.URL + questionpage.Href(x.Question.ID), x.Question.Title, x.Question.Lang, string(k.State), k.Since.String(),
			strconv.Itoa(k.Waited), strconv.Itoa(k.Paused), k.Promised.String(), strconv.Itoa(k.Late), strconv.Itoa(x.Question.Faces), strconv.Itoa(x.Question.Variants), x.Clause.Title, clause})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = inert(row[i])
		}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// inert keeps a spreadsheet from reading what somebody typed as a formula.
func inert(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@' || s[0] == '\t' || s[0] == '\r') {
		return "'" + s
	}
	return s
}
