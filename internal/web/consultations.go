package web

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/consultation"
	"guildhall/internal/consultation/bundle"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/news"
	"guildhall/internal/platform"
	"guildhall/internal/question"
	"guildhall/internal/reply"
	"guildhall/internal/terms"
	"guildhall/internal/web/answer"
	consultationpage "guildhall/internal/web/page/consultation"
	forumpage "guildhall/internal/web/page/forum"
	platformpage "guildhall/internal/web/page/platform"
	questionpage "guildhall/internal/web/page/question"
	termspage "guildhall/internal/web/page/terms"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerConsultations(m *answer.Mux) {
	m.Handle("GET /consultations", d.consultations)
	m.Handle("GET /consultations/new", d.newConsultation, answer.Params("origin", "origin_id", "space", "for"))
	m.Handle("POST /consultations", d.openConsultation)
	m.Handle("GET /consultations/{id}", d.consultation, answer.Params("said"))
	m.Handle("GET /consultations/{id}/bundle.json", d.consultationBundle)
	m.Handle("POST /consultations/{id}/letter", d.consultationLetter)
	d.registerAnswers(m)
}

// consulted is the reader as the room of consultations knows her.
func consulted(v viewer.Viewer) consultation.Actor {
	return consultation.Actor{Face: face.ID(v.FaceID), Steward: v.Steward}
}

// consultations lists all of them.
func (d *Door) consultations(w *answer.Writer, _ *answer.Request) error {
	return w.Page(things("consultations"), func(ctx context.Context) (templ.Component, error) {
		var p consultationpage.ListPage
		var err error
		if p.Open, p.Over, err = d.Consultations.Consultations(ctx); err != nil {
			return nil, err
		}
		p.Spaces = map[string]string{}
		for _, c := range append(p.Open[:len(p.Open):len(p.Open)], p.Over...) {
			if p.Spaces[c.Space], err = d.spaceOf(ctx, w, c); err != nil {
				return nil, err
			}
		}
		return consultationpage.List(p), err
	})
}

// consultation shows one: a statement to answer while it is open, the result
// afterwards.
func (d *Door) consultation(w *answer.Writer, r *answer.Request) error {
	id, said := consultation.ID(r.PathValue("id")), r.Query("said")
	return w.Page(things("consultations", "consultation:"+string(id)), func(ctx context.Context) (templ.Component, error) {
		c, err := d.Consultations.Consultation(ctx, id)
		if err != nil {
			return nil, err
		}
		if c.Done {
			p := consultationpage.ResultPage{Consultation: c, Origin: d.origin(ctx, w, c.Origin)}
			if p.Space, err = d.spaceOf(ctx, w, c); err != nil {
				return nil, err
			}
			if p.By, err = d.opener(ctx, w, c); err != nil {
				return nil, err
			}
			if p.Words, err = d.words(ctx, c); err != nil {
				return nil, err
			}
			if p.Bundle, p.Logged, err = d.Consultations.Bundle(ctx, id); err != nil {
				return nil, err
			}
			if p.Letters, err = d.letters(ctx, w, id); err != nil {
				return nil, err
			}
			of, err := d.resultOf(ctx, c.Origin)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return nil, err
			}
			p.Below, err = d.below(ctx, w, reply.Consultation, string(id), of)
			return consultationpage.Result(p), err
		}
		p, err := d.openPage(ctx, w, viewer.From(ctx), c)
		p.Said = said
		return consultationpage.Open(p), err
	})
}

// openPage is a consultation that is not counted, as somebody sees it.
func (d *Door) openPage(ctx context.Context, w *answer.Writer, v viewer.Viewer, c consultation.Consultation) (p consultationpage.OpenPage, err error) {
	p = consultationpage.OpenPage{Consultation: c, Origin: d.origin(ctx, w, c.Origin), Over: c.Over(d.Now())}
	if p.Space, err = d.spaceOf(ctx, w, c); err != nil {
		return p, err
	}
	if p.Masks, err = d.maskForm(ctx, c); err != nil {
		return p, err
	}
	if p.By, err = d.opener(ctx, w, c); err != nil {
		return p, err
	}
	if p.Words, err = d.words(ctx, c); err != nil {
		return p, err
	}
	if p.Mine, err = d.Consultations.Mine(ctx, consulted(v), c.ID); err != nil {
		return p, err
	}
	if p.Following, err = d.News.Following(ctx, face.ID(v.FaceID), news.Thing{Kind: news.Consultation, ID: string(c.ID)}); err != nil {
		return p, err
	}
	if p.Turnout, err = d.Consultations.Turnout(ctx, c.ID); err != nil {
		return p, err
	}
	p.Silence, err = d.Consultations.Silence(ctx, c)
	return p, err
}

// The kinds of origins that this door knows.
const fromArticle, fromClause, fromQuestion, fromRestate = "article", "clause", "question", "restate"

// origin is what a consultation began from, as far as this door knows such things
// and this reader may see it. An origin that it does not know is not shown.
func (d *Door) origin(ctx context.Context, w *answer.Writer, o consultation.Origin) (from consultationpage.Origin) {
	if o.Kind == fromArticle || o.Kind == fromQuestion { // its title goes from here as well when it is hidden
		w.Shows(answer.Thing(o.Kind + ":" + o.ID))
	}
	switch o.Kind {
	case fromArticle:
		if a, err := d.Forum.Article(ctx, reading(ctx), forum.ArticleID(o.ID)); err == nil {
			from = consultationpage.Origin{Title: a.Title, Href: forumpage.ArticleHref(a)}
		}
	case consultation.OfPlatform:
		if p, err := d.Platforms.Platform(ctx, platform.Actor{}, platform.ID(o.ID)); err == nil && p.Accepted() {
			from = consultationpage.Origin{Title: p.Name, Href: platformpage.Href(p.ID)}
		}
	case fromRestate:
		if x, err := d.proposedIn(ctx, o.ID); err == nil && x.Post != "" {
			from = consultationpage.Origin{Title: x.Proposal, Href: forumpage.PostHref(x.Post)}
		}
	case fromClause:
		if c, err := d.Terms.Clause(ctx, terms.ClauseID(o.ID)); err == nil {
			from = consultationpage.Origin{Title: c.Name, Href: termspage.ClauseHref(c.Document, c.ID)}
		}
	case fromQuestion:
		if q, err := d.Questions.Question(ctx, asker(viewer.From(ctx)), question.ID(o.ID)); err == nil {
			from = consultationpage.Origin{Title: questionpage.Title(viewer.From(ctx).Lang, q), Href: questionpage.Href(q.ID)}
		}
	}
	return from
}

// asked lists the consultations that began from a thing.
func (d *Door) asked(ctx context.Context, o consultation.Origin) (list []forumpage.Asked, err error) {
	cs, err := d.Consultations.OfOrigin(ctx, o)
	return ways(cs), err
}

// consultedHere is the part of a platform's page with the consultations that began
// from its terms, or from a question about it; nothing without any.
func (d *Door) consultedHere(ctx context.Context, w *answer.Writer, id platform.ID) (templ.Component, error) {
	w.Shows("consultations", "questions", terms.AllTerms)
	open, over, err := d.Consultations.Consultations(ctx)
	if err != nil {
		return nil, err
	}
	var own []consultation.Consultation
	for _, c := range append(open, over...) {
		of, err := d.platformOf(ctx, c.Origin)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		if of == string(id) {
			own = append(own, c)
		}
	}
	return forumpage.Ways(viewer.From(ctx).Lang.T("consultation.list.title"), ways(own)), nil
}

// platformOf is the platform whose terms, or a question about which, a consultation
// began from; empty for none. Faults: NotFound, when this reader does not see it.
func (d *Door) platformOf(ctx context.Context, o consultation.Origin) (string, error) {
	switch o.Kind {
	case fromClause:
		c, err := d.Terms.Clause(ctx, terms.ClauseID(o.ID))
		if err != nil {
			return "", err
		}
		doc, err := d.Terms.Document(ctx, c.Document)
		if err != nil {
			return "", err
		}
		return d.platformNamed(ctx, doc.Platform)
	case consultation.OfPlatform:
		return o.ID, nil
	case fromQuestion:
		q, err := d.Questions.Question(ctx, asker(viewer.From(ctx)), question.ID(o.ID))
		return q.Platform, err
	}
	return "", nil
}

// ways are links to consultations.
func ways(cs []consultation.Consultation) (list []forumpage.Asked) {
	for _, c := range cs {
		list = append(list, forumpage.Asked{Title: c.Title, Href: consultationpage.Href(c.ID)})
	}
	return list
}

// newConsultation shows the form of a consultation to be opened.
func (d *Door) newConsultation(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	f := consultationpage.Form{Once: answer.NewOnce()}
	f.Origin = consultation.Origin{Kind: r.Query("origin"), ID: r.Query("origin_id")}
	if f.Origin.Kind == fromRestate {
		x, err := d.proposedIn(r.Context(), f.Origin.ID)
		if err != nil {
			return err
		}
		f.SeedText = x.Proposal
	}
	if f.For = r.Query("for"); f.For != "" {
		f.Origin = consultation.Origin{Kind: consultation.OfPlatform, ID: f.For}
		if _, err := d.Representatives.Acting(r.Context(), speaking(r.Viewer), f.For); err != nil {
			return err
		}
	}
	f.Space = r.Query("space")
	f, err := d.consultationForm(w, r, f)
	if err != nil {
		return err
	}
	return w.Show(200, consultationpage.New(f))
}

// opener is as whom a platform asks; nil for what a member opened.
func (d *Door) opener(ctx context.Context, w *answer.Writer, c consultation.Consultation) (*platformpage.Speaker, error) {
	if c.Mandate == "" {
		return nil, nil
	}
	w.Shows(answer.Thing("mandate:"+c.Mandate), "clock")
	list, err := d.speakers(ctx, c.Mandate)
	s := list[c.Mandate]
	return &s, err
}

// opening is the reader as the room of consultations knows her, in whose name she opens
// one; her mandate is looked at anew. Faults: SignIn, Forbidden.
func (d *Door) opening(ctx context.Context, v viewer.Viewer, of string) (consultation.Actor, error) {
	by := consulted(v)
	if of == "" {
		return by, nil
	}
	m, err := d.Representatives.Acting(ctx, speaking(v), of)
	by.For, by.Mandate = m.Platform, string(m.ID)
	return by, err
}

// consultationForm adds what the form shows besides what was typed.
func (d *Door) consultationForm(w *answer.Writer, r *answer.Request, f consultationpage.Form) (consultationpage.Form, error) {
	today := d.Now().UTC()
	f.First = today.AddDate(0, 0, consultation.MinDays).Format(time.DateOnly)
	f.Last = today.AddDate(0, 0, consultation.MaxDays).Format(time.DateOnly)
	f.From = d.origin(r.Context(), w, f.Origin)
	if f.For != "" {
		m, err := d.Representatives.Acts(r.Context(), speaking(r.Viewer), f.For)
		if err != nil || m.ID == "" {
			return f, err
		}
		s := d.speaker(m)
		f.By = &s
		return f, nil // a platform asks open profiles
	}
	var err error
	f.Spaces, err = d.electorates(r)
	return f, err
}

// openConsultation opens one.
func (d *Door) openConsultation(w *answer.Writer, r *answer.Request) error {
	if err := d.speak(r); err != nil {
		return err
	}
	f := consultationpage.Form{SeedText: r.Text("seeds"), Once: r.Once()}
	f.Opening = consultation.Opening{Title: r.Text("title"), About: r.Text("about"), Lang: r.Viewer.Lang.String(), LastDay: r.Text("last_day"),
		Seeds: strings.Split(f.SeedText, "\n"), Origin: consultation.Origin{Kind: r.Text("origin"), ID: r.Text("origin_id")}, Space: r.Text("space")}
	if f.For = r.Text("for"); f.For != "" { // a platform asks open profiles, about itself
		f.Opening.Origin, f.Opening.Space = consultation.Origin{Kind: consultation.OfPlatform, ID: f.For}, ""
	}
	err := w.Once(func(ctx context.Context) (string, error) {
		by, err := d.opening(ctx, r.Viewer, f.For)
		if err != nil {
			return "", err
		}
		if f.For == "" && !d.begunFrom(ctx, w, f.Origin) {
			return "", errNoOrigin
		}
		c, err := d.Consultations.Open(ctx, by, f.Opening)
		if err == nil && f.Origin.Kind == fromRestate {
			err = d.Forum.CameOf(ctx, forum.PostID(f.Origin.ID), forum.Thing{Kind: news.Consultation, ID: string(c.ID)})
		}
		return consultationpage.Href(c.ID) + "?said=opened", err
	})
	if !mendable(err) && !fault.Is(err, fault.Forbidden) {
		return err
	}
	if errors.Is(err, errNoOrigin) { // the form that comes again begins from nothing
		f.Opening.Origin = consultation.Origin{}
	}
	f.Error = err
	f, ferr := d.consultationForm(w, r, f)
	if ferr != nil {
		return ferr
	}
	return w.Again(err, consultationpage.New(f))
}

var errNoOrigin = fault.New(fault.Conflict, "consultation.origin.none")

// begunFrom tells whether a consultation of a person's own may begin from a thing: from
// nothing, or from what she sees. That a platform asks about itself is for who speaks
// for it.
func (d *Door) begunFrom(ctx context.Context, w *answer.Writer, o consultation.Origin) bool {
	return o == consultation.Origin{} || o.Kind != consultation.OfPlatform && d.origin(ctx, w, o).Href != ""
}

// consultationBundle gives the file of a closed one, with its proof.
func (d *Door) consultationBundle(w *answer.Writer, r *answer.Request) error {
	id := consultation.ID(r.PathValue("id"))
	b, logged, err := d.Consultations.Bundle(r.Context(), id)
	if err != nil {
		return err
	}
	if logged < 0 {
		return fault.New(fault.Conflict, "consultation.check.soon")
	}
	p, err := d.Ledger.Proof(r.Context(), uint64(logged))
	if err != nil {
		return err
	}
	out := w.Attachment("application/json", "consultation-"+string(id)+".json")
	return bundle.Write(out, b, p, d.Ledger.Key())
}

// consultationLetter shows the form of an article, with a draft of what a clear part
// of every group is for. Nothing is published by it.
func (d *Door) consultationLetter(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	ctx, l := r.Context(), r.Viewer.Lang
	id := consultation.ID(r.PathValue("id"))
	b, _, err := d.Consultations.Bundle(ctx, id)
	if err != nil {
		return err
	}
	f, err := d.articleForm(ctx, r)
	if err != nil {
		return err
	}
	text := l.T("consultation.letter.begin") + "\n\n" + consultationpage.LetterList(l, b) + "\n" +
		l.T("consultation.letter.source", b.Result.All.People, d.URL+consultationpage.Href(id)) + "\n"
	f.Title, f.Text, f.Draft = l.T("consultation.letter.title", b.About.Title), text, "letter:"+string(id)
	return w.Show(http.StatusOK, forumpage.Write(f))
}

// resultLinks are links to consultations of this hall.
var resultLinks = regexp.MustCompile(`/consultations/([0-9a-z]{26})\b`)

// cameWritten notes of which results an article speaks: of those to which its text leads.
func (d *Door) cameWritten(ctx context.Context, text string, id forum.ArticleID) error {
	for _, m := range resultLinks.FindAllStringSubmatch(text, 10) {
		if !strings.Contains(text, d.URL+m[0]) {
			continue // of another hall
		}
		err := d.Consultations.Wrote(ctx, consultation.ID(m[1]), string(id))
		if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Forbidden) {
			return err
		}
	}
	return nil
}

// letters are the articles that were written from a result, those that may be read.
func (d *Door) letters(ctx context.Context, w *answer.Writer, id consultation.ID) (list []consultationpage.Origin, err error) {
	ids, err := d.Consultations.Letters(ctx, id)
	for _, x := range ids {
		w.Shows(answer.Thing("article:" + x))
		if a, err := d.Forum.Article(ctx, reading(ctx), forum.ArticleID(x)); err == nil {
			list = append(list, consultationpage.Origin{Title: a.Title, Href: forumpage.ArticleHref(a)})
		}
	}
	return list, err
}
