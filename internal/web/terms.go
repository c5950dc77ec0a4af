package web

import (
	"context"
	"io"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"guildhall/internal/consultation"
	"guildhall/internal/fault"
	"guildhall/internal/news"
	"guildhall/internal/platform"
	"guildhall/internal/reply"
	"guildhall/internal/terms"
	"guildhall/internal/web/answer"
	forumpage "guildhall/internal/web/page/forum"
	questionpage "guildhall/internal/web/page/question"
	termspage "guildhall/internal/web/page/terms"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerTerms(m *answer.Mux) {
	m.Handle("GET /terms", d.termsList)
	m.Handle("GET /terms/{document}", d.termsTimeline, answer.Params("before"))
	m.Handle("GET /terms/{document}/versions/{n}", d.termsVersion)
	m.Handle("GET /terms/{document}/versions/{n}/text", d.termsText)
	m.Handle("GET /terms/{document}/clauses/{clause}", d.termsClause)
	d.registerTermsKeeping(m)
	m.Handle("GET /terms/feed.atom", d.feedOn(atom, watchTerms, d.termsFeed))
	m.Handle("GET /terms/feed.json", d.feedOn(jsonFeed, watchTerms, d.termsFeed))
}

// alarmsListed is how many alarms the list shows.
const alarmsListed = 12

func watchTerms(*answer.Request) []answer.Thing { return things(terms.AllTerms) }

// documentOf is the document an address names.
func documentOf(r *answer.Request) terms.DocumentID { return terms.DocumentID(r.PathValue("document")) }

// termsList shows all watched documents, and what changed lately.
func (d *Door) termsList(w *answer.Writer, r *answer.Request) error {
	return w.Page(watchTerms(r), func(ctx context.Context) (templ.Component, error) {
		var p termspage.ListPage
		err := d.DB.View(ctx, func(ctx context.Context) (err error) {
			if p.Documents, err = d.Terms.Documents(ctx); err != nil {
				return err
			}
			p.Alarms, err = d.Terms.Alarms(ctx, alarmsListed)
			return err
		})
		return termspage.List(p), err
	})
}

// watchedHere is the part of a platform's page with its documents; nothing without any.
func (d *Door) watchedHere(ctx context.Context, w *answer.Writer, id platform.ID) (templ.Component, error) {
	w.Shows(terms.AllTerms)
	all, err := d.Terms.Documents(ctx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	of, err := d.Platforms.Platform(ctx, platform.Actor{Steward: true}, id) // the page itself has looked at who reads
	if err != nil {
		return nil, err
	}
	var own []terms.Document
	for _, t := range all {
		named := ""
		if !of.Is(t.Platform) { // it may be called as the platform was once
			if named, err = d.platformNamed(ctx, t.Platform); err != nil {
				return nil, err
			}
		}
		if of.Is(t.Platform) || named == string(id) {
			own = append(own, t)
		}
	}
	if len(own) == 0 {
		return nil, nil
	}
	return termspage.OfPlatform(own), nil
}

// termsTimeline shows the versions of a document.
func (d *Door) termsTimeline(w *answer.Writer, r *answer.Request) error {
	id, before := documentOf(r), 1<<30
	if s := r.URL.Query().Get("before"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			return fault.New(fault.NotFound, "terms.record.none")
		}
		before = n
	}
	return w.Page(things(id.Thing()), func(ctx context.Context) (templ.Component, error) {
		p, err := d.timelinePage(ctx, id, before)
		p.Once = answer.NewOnce()
		return termspage.Timeline(p), err
	})
}

func (d *Door) timelinePage(ctx context.Context, id terms.DocumentID, before int) (p termspage.TimelinePage, err error) {
	err = d.DB.View(ctx, func(ctx context.Context) (err error) {
		if p.Document, err = d.Terms.Document(ctx, id); err != nil {
			return err
		}
		if p.Said, err = d.Terms.History(ctx, id); err != nil {
			return err
		}
		p.Records, err = d.Terms.Timeline(ctx, id, before)
		return err
	})
	if n := len(p.Records); n == terms.TimelineLength && p.Records[n-1].N > 0 {
		p.Older = termspage.DocumentHref(id) + "?before=" + strconv.Itoa(p.Records[n-1].N)
	}
	return p, err
}

// versionOf is the number of a version an address names.
func versionOf(r *answer.Request) (int, error) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 || strconv.Itoa(n) != r.PathValue("n") {
		return 0, fault.New(fault.NotFound, "terms.record.none")
	}
	return n, nil
}

// termsVersion shows a version beside the one it was compared with.
func (d *Door) termsVersion(w *answer.Writer, r *answer.Request) error {
	n, err := versionOf(r)
	if err != nil {
		return err
	}
	id := documentOf(r)
	return w.Page(things(id.Thing()), func(ctx context.Context) (templ.Component, error) {
		var diff terms.Difference
		err := d.DB.View(ctx, func(ctx context.Context) (err error) {
			diff, err = d.Terms.Difference(ctx, id, n)
			return err
		})
		return termspage.Difference(diff), err
	})
}

// termsText gives the text of a version as it was found, so that its hash can be
// made again.
func (d *Door) termsText(w *answer.Writer, r *answer.Request) error {
	n, err := versionOf(r)
	if err != nil {
		return err
	}
	id := documentOf(r)
	return w.Data("text/plain; charset=utf-8", things(id.Thing()), func(ctx context.Context, out io.Writer) error {
		text, err := d.Terms.Text(ctx, id, n)
		if err != nil {
			return err
		}
		_, err = io.WriteString(out, text)
		return err
	})
}

// termsClause shows a clause and all it has said.
func (d *Door) termsClause(w *answer.Writer, r *answer.Request) error {
	id, clause := documentOf(r), r.PathValue("clause")
	return w.Page(things(id.Thing(), "began:"+fromClause+":"+clause, "clause:"+clause), func(ctx context.Context) (templ.Component, error) {
		var p termspage.ClausePage
		of := ""
		err := d.DB.View(ctx, func(ctx context.Context) (err error) {
			if p.Clause, err = d.Terms.Clause(ctx, terms.ClauseID(clause)); err != nil {
				return err
			}
			if p.Clause.Document != id {
				return fault.New(fault.NotFound, "terms.clause.none")
			}
			if p.Asked, err = d.asked(ctx, consultation.Origin{Kind: fromClause, ID: clause}); err != nil {
				return err
			}
			if p.Following, err = d.follows(ctx, news.Clause, clause); err != nil {
				return err
			}
			qs, err := d.Questions.OfClause(ctx, clause)
			if err != nil {
				return err
			}
			for _, q := range qs {
				p.Questions = append(p.Questions, forumpage.Asked{Title: questionpage.Title(viewer.From(ctx).Lang, q), Href: questionpage.Href(q.ID)})
			}
			if p.Document, err = d.Terms.Document(ctx, id); err != nil {
				return err
			}
			if of, err = d.platformNamed(ctx, p.Document.Platform); err != nil {
				return err
			}
			p.Below, err = d.below(ctx, w, reply.Clause, clause, of)
			return err
		})
		if err != nil {
			return nil, err
		}
		p.Ask = "/questions/new?" + url.Values{"clause": {clause}, "platform": {of}}.Encode()
		return termspage.Clause(p), nil
	})
}

// termsFeed is the alarms, for programs that read feeds.
func (d *Door) termsFeed(ctx context.Context, _ *answer.Request) (feed, error) {
	l := viewer.From(ctx).Lang
	f := feed{Title: l.T("terms.feed"), Path: "/terms", Own: "/terms/feed"}
	as, err := d.Terms.Alarms(ctx, feedLength)
	for _, a := range as {
		html := ""
		for _, n := range a.Names {
			html += "<li>" + escape(n) + "</li>"
		}
		f.Items = append(f.Items, item{
			Path: termspage.VersionHref(a.Document, a.Record), Title: l.T("terms.name", a.Platform, a.Title),
			HTML: "<p>" + escape(l.N("terms.clauses", a.Clauses)) + "</p><ul>" + html + "</ul>", Author: a.Platform, At: a.RaisedAt,
		})
	}
	return f, err
}
