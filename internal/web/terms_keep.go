package web

import (
	"context"
	"net/url"
	"strings"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/moderation"
	"guildhall/internal/platform"
	"guildhall/internal/terms"
	"guildhall/internal/web/answer"
	"guildhall/internal/web/page/shell"
	termspage "guildhall/internal/web/page/terms"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerTermsKeeping(m *answer.Mux) {
	m.Handle("GET /terms/new", d.newTerms, answer.Params("platform"))
	m.Handle("POST /terms", d.declareTerms)
	m.Handle("GET /terms/{document}/declaration", d.editTerms)
	m.Handle("POST /terms/{document}/declaration", d.declareTerms)
	m.Handle("POST /terms/{document}/end", d.letGoTerms)
	m.Handle("POST /terms/{document}/return", d.takeUpTerms)
}

// watcher is the reader as the room of terms knows her.
func watcher(v viewer.Viewer) terms.Actor {
	return terms.Actor{Face: face.ID(v.FaceID), Steward: v.Steward}
}

// newTerms is the form of a document that is to be watched.
func (d *Door) newTerms(w *answer.Writer, r *answer.Request) error {
	p, err := d.declaring(r, platform.ID(r.Query("platform")))
	if err != nil {
		return err
	}
	return w.Show(200, termspage.Declare(p))
}

// editTerms is the form of one that is watched.
func (d *Door) editTerms(w *answer.Writer, r *answer.Request) error {
	p, err := d.declaring(r, "")
	if err != nil {
		return err
	}
	p.Draft, p.Whole = terms.DraftOf(p.Document)
	return w.Show(200, termspage.Declare(p))
}

// declaring is the page of a form, before anything is typed.
func (d *Door) declaring(r *answer.Request, chosen platform.ID) (p termspage.DeclarePage, err error) {
	ctx := r.Context()
	if err := terms.MayDeclare(watcher(r.Viewer)); err != nil {
		return p, err
	}
	p.Once, p.Whole, p.Platform = r.Once(), true, string(chosen)
	if id := documentOf(r); id != "" {
		p.Document, err = d.Terms.Document(ctx, id)
		return p, err
	}
	list, err := d.Platforms.Platforms(ctx, platform.Actor{})
	for _, x := range list {
		p.Platforms = append(p.Platforms, shell.Option{Value: string(x.ID), Label: x.Name})
		if x.ID == chosen {
			p.Draft.Platform = x.Name
		}
	}
	return p, err
}

// declareTerms looks at the address that was typed; a second press watches it.
func (d *Door) declareTerms(w *answer.Writer, r *answer.Request) error {
	p, err := d.declaring(r, platform.ID(r.Text("platform")))
	if err != nil {
		return err
	}
	p.Draft = terms.Draft{Platform: p.Draft.Platform, Title: r.Text("title"), Address: r.Text("address"), Select: r.Text("select"), Remove: r.Text("remove")}
	p.Reason, p.Once = r.Text("reason"), r.Once()
	id := p.Document.ID
	if id == "" && p.Draft.Platform == "" {
		err = fault.On("platform", fault.Invalid, "fault.choose")
	} else if r.Text("do") == "save" {
		err = w.Once(func(ctx context.Context) (string, error) {
			at, err := d.Terms.Declare(ctx, watcher(r.Viewer), id, p.Draft, p.Reason)
			if err != nil {
				return "", err
			}
			return termspage.DocumentHref(at), d.decidedTerms(ctx, r, moderation.DeclareTerms, at, p.Reason)
		})
	} else if err = d.lookAt(r, &p); err == nil {
		return w.Show(200, termspage.Declare(p))
	}
	if !mendable(err) && !fault.Is(err, fault.TooMany) {
		return err
	}
	p.Error, p.Saving = err, r.Text("do") == "save"
	if p.Saving {
		p.Seen = d.Terms.Shown(watcher(r.Viewer), p.Draft)
	}
	return w.Again(err, termspage.Declare(p))
}

// lookAt visits the address, which is no deed of a transaction: others are asked.
func (d *Door) lookAt(r *answer.Request, p *termspage.DeclarePage) error {
	said, err := p.Draft.Declaration()
	if err == nil {
		err = d.Looks.Take(r.Viewer.FaceID)
	}
	if err != nil {
		return err
	}
	seen, err := d.Terms.Look(r.Context(), watcher(r.Viewer), p.Document.ID, p.Draft)
	if err != nil {
		return err
	}
	p.Seen = &seen
	of, name := platform.ID(p.Platform), p.Draft.Platform
	if p.Document.ID != "" {
		name = p.Document.Platform
	}
	if of == "" {
		if of, err = d.Platforms.Named(r.Context(), name); err != nil || of == "" {
			return err
		}
	}
	x, err := d.Platforms.Platform(r.Context(), platform.Actor{}, of)
	if err == nil && !onDomain(said.Sources[0].Fetch, x.Domain) {
		p.Elsewhere = x.Domain
	}
	return err
}

// onDomain tells whether an address lies on a domain or below it.
func onDomain(address, domain string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host, err := platform.ParseDomain(u.Hostname())
	return err == nil && (host.ASCII == domain || strings.HasSuffix(host.ASCII, "."+domain))
}

func (d *Door) decidedTerms(ctx context.Context, r *answer.Request, deed moderation.Deed, id terms.DocumentID, reason string) error {
	_, err := d.Moderation.Decide(ctx, face.ID(r.Viewer.FaceID), deed, moderation.Target{Kind: "terms", ID: string(id)}, reason)
	return err
}

// letGoTerms ends that a document is watched.
func (d *Door) letGoTerms(w *answer.Writer, r *answer.Request) error {
	return d.keepTerms(w, r, moderation.LetGoTerms, d.Terms.LetGo)
}

// takeUpTerms begins to watch it again.
func (d *Door) takeUpTerms(w *answer.Writer, r *answer.Request) error {
	return d.keepTerms(w, r, moderation.TakeUpTerms, d.Terms.TakeUp)
}

func (d *Door) keepTerms(w *answer.Writer, r *answer.Request, deed moderation.Deed, do func(context.Context, terms.Actor, terms.DocumentID, string) error) error {
	if err := terms.MayDeclare(watcher(r.Viewer)); err != nil {
		return err
	}
	id, reason := documentOf(r), r.Text("reason")
	err := w.Once(func(ctx context.Context) (string, error) {
		if err := do(ctx, watcher(r.Viewer), id, reason); err != nil {
			return "", err
		}
		return termspage.DocumentHref(id), d.decidedTerms(ctx, r, deed, id, reason)
	})
	if !mendable(err) {
		return err
	}
	p, perr := d.timelinePage(r.Context(), id, 1<<30)
	if perr != nil {
		return perr
	}
	p.Reason, p.Once, p.Error = reason, r.Once(), err
	return w.Again(err, termspage.Timeline(p))
}
