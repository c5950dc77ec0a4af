package web

import (
	"context"
	"errors"
	"net/url"

	"github.com/a-h/templ"

	"guildhall/internal/consultation"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/news"
	"guildhall/internal/platform"
	"guildhall/internal/question"
	"guildhall/internal/reply"
	"guildhall/internal/terms"
	"guildhall/internal/web/answer"
	forumpage "guildhall/internal/web/page/forum"
	questionpage "guildhall/internal/web/page/question"
	termspage "guildhall/internal/web/page/terms"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerQuestions(m *answer.Mux) {
	m.Handle("GET /questions", d.questions, answer.Params("shelf", "after"))
	m.Handle("GET /questions/new", d.newQuestion, answer.Params("platform", "clause", "restate"))
	m.Handle("POST /questions", d.ask)
	m.Handle("POST /questions/nearest", d.nearest)
	m.Handle("GET /questions/mine", d.myQuestions)
	m.Handle("GET /questions/{id}", d.question, answer.Params("after"))
	m.Handle("POST /questions/{id}/variants", d.addCase)
	m.Handle("GET /cases/{id}", d.oneCase)
	m.Handle("POST /questions/{id}/judgements/{n}", d.judgeAnswer)
	d.registerQuestionKeeping(m)
	d.registerClocks(m)
}

// asker is the reader as the room of questions knows her.
func asker(v viewer.Viewer) question.Actor {
	return question.Actor{Face: face.ID(v.FaceID), Steward: v.Steward}
}

// weighAsker is asker for one who writes: with how many links, how much in a day, and
// whether it waits.
func (d *Door) weighAsker(ctx context.Context, r *answer.Request, text string) (question.Actor, error) {
	a, err := d.moderator(ctx, r)
	v := d.Moderation.Weigh(a, r.Viewer.Steward, text)
	by := asker(r.Viewer)
	by.MaxLinks, by.Newcomer, by.Held = v.MaxLinks, v.Newcomer, v.Held
	return by, err
}

// platformNames are what the platforms that a reader sees are called.
func (d *Door) platformNames(ctx context.Context, w *answer.Writer) (questionpage.Names, error) {
	w.Shows(answer.Thing("platforms"))
	list, err := d.Platforms.Platforms(ctx, proposer(viewer.From(ctx)))
	names := questionpage.Names{}
	for _, p := range list {
		names[string(p.ID)] = p.Name
	}
	return names, err
}

// questions lists a shelf; "clock" is touched when a new day begins.
func (d *Door) questions(w *answer.Writer, r *answer.Request) error {
	name, after := r.Query("shelf"), r.Query("after")
	which, ok := questionpage.Shelves[name]
	if !ok {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return w.Page(things("questions", "clock"), func(ctx context.Context) (templ.Component, error) {
		p := questionpage.ListPage{Shelf: name, Today: d.Questions.Today()}
		var err error
		if p.Questions, err = d.Questions.Questions(ctx, question.Filter{Shelf: which, After: after, Limit: listLength}); err != nil {
			return nil, err
		}
		if n := len(p.Questions); n == listLength {
			p.Older = "/questions?" + url.Values{"after": {p.Questions[n-1].Mark()}, "shelf": {name}}.Encode()
		}
		if p.Names, err = d.platformNames(ctx, w); err != nil {
			return nil, err
		}
		if viewer.From(ctx).Steward {
			if p.Waiting, err = d.Questions.Waiting(ctx, asker(viewer.From(ctx))); err != nil {
				return nil, err
			}
		}
		p.Counts, err = d.Questions.Counts(ctx, "", "")
		return questionpage.List(p), err
	})
}

func (d *Door) newQuestion(w *answer.Writer, r *answer.Request) error {
	f := questionpage.AskForm{Asking: question.Asking{Platform: r.Query("platform"), Clause: r.Query("clause"), Owes: question.ByPlatform, Lang: r.Viewer.Lang.String()}, Once: answer.NewOnce()}
	x, err := d.proposedIn(r.Context(), r.Query("restate"))
	if err != nil {
		return err
	}
	if f.Restate = string(x.Post); f.Restate != "" {
		f.Title, f.Text = x.Proposal, d.fromRestateText(r, x)
	}
	return d.showAsk(w, r, 200, f)
}

// showAsk shows the form of asking, with what may be chosen.
func (d *Door) showAsk(w *answer.Writer, r *answer.Request, _ int, f questionpage.AskForm) (err error) {
	ctx := r.Context()
	if f.Platforms, err = d.Platforms.Platforms(ctx, proposer(r.Viewer)); err != nil {
		return err
	}
	if f.Error == nil && f.Near == nil && f.Platform == "" {
		f.Platform = onlyPlatform(f.Platforms)
	}
	if f.Names, err = d.platformNames(ctx, w); err != nil {
		return err
	}
	if f.About, err = d.clauseWay(ctx, f.Clause); err != nil {
		return err
	}
	f.Today = d.Questions.Today()
	if f.Error != nil {
		return w.Again(f.Error, questionpage.Ask(f))
	}
	return w.Show(200, questionpage.Ask(f))
}

// onlyPlatform is the one there is, where there is no choice.
func onlyPlatform(list []platform.Platform) (id string) {
	for _, p := range list {
		if p.Accepted() {
			if id != "" {
				return ""
			}
			id = string(p.ID)
		}
	}
	return id
}

// ask opens a question: at first the nearest ones are offered, unless there is
// none, or the reader has seen them.
func (d *Door) ask(w *answer.Writer, r *answer.Request) error {
	f := questionpage.AskForm{Once: r.Once(), Asking: question.Asking{Title: r.Text("title"), Text: r.Text("text"), Lang: r.Text("lang"),
		Platform: r.Text("platform"), Clause: r.Text("clause"), Owes: question.Owes(r.Text("owes"))}, Restate: r.Text("restate")}
	if r.Checked("checked") {
		f.Near = []question.Near{}
	}
	err := d.speak(r)
	if err == nil {
		err = d.askOrOffer(w, r, &f)
	}
	if err == nil && len(f.Near) == 0 {
		return nil
	}
	if err != nil && !mendable(err) && !fault.Is(err, fault.SignIn) && !fault.Is(err, fault.TooMany) {
		return err
	}
	f.Error = err
	return d.showAsk(w, r, 200, f)
}

// askOrOffer asks, or fills in what to offer first.
func (d *Door) askOrOffer(w *answer.Writer, r *answer.Request, f *questionpage.AskForm) error {
	ctx := r.Context()
	by, err := d.weighAsker(ctx, r, f.Title+"\n"+f.Text)
	if err != nil {
		return err
	}
	looked := f.Near != nil
	err = w.Once(func(ctx context.Context) (string, error) {
		if _, err := d.clauseWay(ctx, f.Clause); err != nil {
			return "", err
		}
		if !looked { // inside, so that a form sent twice is not offered its own question
			if _, err := d.Questions.Check(ctx, by, f.Asking); err != nil {
				return "", err
			}
			if f.Near, err = d.Questions.Nearest(ctx, f.Title, f.Platform); err != nil {
				return "", err
			}
			if len(f.Near) > 0 {
				return "", errOffered
			}
		}
		q, err := d.Questions.Ask(ctx, by, f.Asking)
		if err == nil {
			err = d.cameAsked(ctx, f.Restate, q.ID)
		}
		return questionpage.Href(q.ID), err
	})
	if errors.Is(err, errOffered) {
		return nil
	}
	return err
}

// errOffered ends the deed of asking where others' questions are shown first.
var errOffered = errors.New("web: nearest questions are offered first")

// nearest answers the nearest questions alone, for scripts. Nothing is kept of
// what was typed.
func (d *Door) nearest(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	f := questionpage.AskForm{Today: d.Questions.Today()}
	var err error
	if f.Near, err = d.Questions.Nearest(r.Context(), r.Text("title"), r.Text("platform")); err != nil {
		return err
	}
	if f.Names, err = d.platformNames(r.Context(), w); err != nil {
		return err
	}
	return w.Show(200, questionpage.NearFragment(f))
}

// myQuestions shows the reader what she has asked, and where it went.
func (d *Door) myQuestions(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	ctx := r.Context()
	p := questionpage.MinePage{Today: d.Questions.Today(), From: map[question.ID]string{}}
	var err error
	if p.Mine, err = d.Questions.Mine(ctx, asker(r.Viewer)); err != nil {
		return err
	}
	for _, m := range p.Mine {
		for _, x := range m.From {
			q, err := d.Questions.Question(ctx, asker(r.Viewer), x.From)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			p.From[x.From] = q.Title
		}
	}
	if p.Names, err = d.platformNames(ctx, w); err != nil {
		return err
	}
	return w.Show(200, questionpage.Mine(p))
}

// question shows one.
func (d *Door) question(w *answer.Writer, r *answer.Request) error {
	id, after := question.ID(r.PathValue("id")), question.VariantID(r.Query("after"))
	return w.Page(things("question:"+string(id), "clock", "began:"+fromQuestion+":"+string(id)), func(ctx context.Context) (templ.Component, error) {
		p, err := d.questionPage(ctx, w, id, after)
		p.Form.Once, p.Judgement.Once, p.Response.Once = answer.NewOnce(), answer.NewOnce(), answer.NewOnce()
		return questionpage.Question(p), err
	})
}

func (d *Door) questionPage(ctx context.Context, w *answer.Writer, id question.ID, after question.VariantID) (p questionpage.Page, err error) {
	who := asker(viewer.From(ctx))
	p.Today = d.Questions.Today()
	if p.Question, err = d.Questions.Question(ctx, who, id); err != nil {
		return p, err
	}
	p.Reword = question.MayReword(who, p.Question) == nil
	if p.Question.MergedInto != "" {
		if p.Into, err = d.Questions.Question(ctx, who, p.Question.MergedInto); err != nil && !fault.Is(err, fault.NotFound) {
			return p, err
		}
		w.Shows(answer.Thing("question:" + string(p.Question.MergedInto)))
	}
	if p.Names, err = d.platformNames(ctx, w); err != nil {
		return p, err
	}
	if p.Book, err = d.Questions.Book(ctx, who, id); err != nil {
		return p, err
	}
	if err = d.spoken(ctx, w, &p); err != nil {
		return p, err
	}
	if p.Below, err = d.below(ctx, w, reply.Question, string(id), p.Question.Platform); err != nil {
		return p, err
	}
	if p.Judged, err = d.Questions.Judgements(ctx, who, id); err != nil {
		return p, err
	}
	if p.Standing, err = d.Questions.Standing(ctx, who, id); err != nil {
		return p, err
	}
	if p.Following, err = d.follows(ctx, news.Question, string(id)); err != nil {
		return p, err
	}
	p.Mine = map[int]question.Verdict{}
	for _, j := range p.Judged {
		if who.Face != "" && j.Asker.ID == who.Face {
			p.Mine[j.N] = j.Verdict
		}
	}
	if p.About, err = d.clauseWay(ctx, p.Question.Clause); err != nil {
		return p, err
	}
	if p.Began, err = d.asked(ctx, consultation.Origin{Kind: fromQuestion, ID: string(id)}); err != nil {
		return p, err
	}
	if err = d.others(ctx, w, &p); err != nil {
		return p, err
	}
	return p, d.cases(ctx, w, &p, after)
}

// clauseWay leads to a clause; empty for none. Faults: NotFound.
func (d *Door) clauseWay(ctx context.Context, id string) (to forumpage.Asked, err error) {
	if id == "" {
		return to, nil
	}
	c, err := d.Terms.Clause(ctx, terms.ClauseID(id))
	return forumpage.Asked{Title: c.Name, Href: termspage.ClauseHref(c.Document, c.ID)}, err
}

// others reads the questions that a book names.
func (d *Door) others(ctx context.Context, w *answer.Writer, p *questionpage.Page) error {
	p.Others = map[string]question.Question{}
	for _, e := range p.Book {
		if e.Kind != question.Merge && e.Kind != question.Split {
			continue
		}
		q, err := d.Questions.Question(ctx, asker(viewer.From(ctx)), question.ID(e.Link))
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		p.Others[e.Link] = q
		w.Shows(answer.Thing("question:" + e.Link))
	}
	return nil
}

// judgeAnswer is an asker's word on an answer.
func (d *Door) judgeAnswer(w *answer.Writer, r *answer.Request) error {
	id, n := question.ID(r.PathValue("id")), number(r.PathValue("n"))
	v, words := question.Verdict(r.Text("verdict")), r.Text("words")
	err := d.speak(r)
	if err == nil {
		err = w.Once(func(ctx context.Context) (string, error) {
			by, err := d.weighAsker(ctx, r, words)
			if err != nil {
				return "", err
			}
			if v == question.Unjudged {
				return "", fault.On("verdict", fault.Invalid, "fault.choose")
			}
			return questionpage.Href(id), d.Questions.Judge(ctx, by, id, n, v, words)
		})
	}
	return d.questionAgain(w, r, err, func(p *questionpage.Page) {
		p.Judgement = questionpage.JudgementForm{N: n, Words: words, Once: r.Once(), Error: err}
	})
}

// questionAgain shows a question's page once more with what is wrong in a form.
func (d *Door) questionAgain(w *answer.Writer, r *answer.Request, err error, fill func(*questionpage.Page)) error {
	if err == nil || !mendable(err) && !fault.Is(err, fault.SignIn) {
		return err
	}
	p, perr := d.questionPage(r.Context(), w, question.ID(r.PathValue("id")), "")
	if perr != nil {
		return perr
	}
	p.Form.Once, p.Judgement.Once, p.Response.Once = answer.NewOnce(), answer.NewOnce(), answer.NewOnce()
	fill(&p)
	return w.Again(err, questionpage.Question(p))
}

// owedHere is the part of a platform's page that shows what it owes.
func (d *Door) owedHere(ctx context.Context, w *answer.Writer, id platform.ID) (templ.Component, error) {
	w.Shows("questions", "clock")
	of, err := d.Platforms.Platform(ctx, proposer(viewer.From(ctx)), id)
	if err != nil || !of.Accepted() {
		return nil, err
	}
	p, err := d.clockPage(ctx, w, string(id), onPlatform)
	return questionpage.OnPlatform(p), err
}

// onPlatform is how many open questions a platform's own page shows.
const onPlatform = 8
