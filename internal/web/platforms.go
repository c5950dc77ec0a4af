package web

import (
	"context"

	"github.com/a-h/templ"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/moderation"
	"guildhall/internal/news"
	"guildhall/internal/platform"
	"guildhall/internal/web/answer"
	platformpage "guildhall/internal/web/page/platform"
	"guildhall/internal/web/viewer"
)

// PlatformPart makes what another subject shows on a platform's page: a section
// with a heading of the second level, or nil for nothing. It names the things it
// shows with Writer.Shows.
type PlatformPart func(ctx context.Context, w *answer.Writer, id platform.ID) (templ.Component, error)

// platformParts are the parts of a platform's page, in their order: another
// subject adds its own here.
func (d *Door) platformParts() []PlatformPart {
	return []PlatformPart{d.owedHere, d.watchedHere, d.consultedHere, d.writtenHere, d.representedHere}
}

func (d *Door) registerPlatforms(m *answer.Mux) {
	m.Handle("GET /platforms", d.platforms)
	m.Handle("GET /platforms/new", d.newPlatform)
	m.Handle("POST /platforms", d.proposePlatform)
	m.Handle("GET /platforms/{id}", d.platform)
	m.Handle("POST /platforms/{id}/verdict", d.decidePlatform)
	d.registerCorrections(m)
}

// proposer is the reader as the room of platforms knows her.
func proposer(v viewer.Viewer) platform.Actor {
	return platform.Actor{Face: face.ID(v.FaceID), Steward: v.Steward}
}

func (d *Door) platforms(w *answer.Writer, _ *answer.Request) error {
	return w.Page(things("platforms"), func(ctx context.Context) (templ.Component, error) {
		list, err := d.Platforms.Platforms(ctx, proposer(viewer.From(ctx)))
		return platformpage.List(platformpage.ListPage{Platforms: list}), err
	})
}

func (d *Door) newPlatform(w *answer.Writer, _ *answer.Request) error {
	return w.Show(200, platformpage.New(platformpage.Form{Once: answer.NewOnce()}))
}

// proposePlatform names a platform to the stewards.
func (d *Door) proposePlatform(w *answer.Writer, r *answer.Request) error {
	f := platformpage.Form{Proposal: platform.Proposal{Name: r.Text("name"), Domain: r.Text("domain"), About: r.Text("about")}, Once: r.Once()}
	err := d.speak(r)
	if err == nil {
		err = w.Once(func(ctx context.Context) (string, error) {
			p, err := d.Platforms.Propose(ctx, proposer(r.Viewer), f.Proposal)
			return platformpage.Href(p.ID), err
		})
	}
	if !mendable(err) && !fault.Is(err, fault.SignIn) {
		return err
	}
	f.Error = err
	return w.Again(err, platformpage.New(f))
}

func (d *Door) platform(w *answer.Writer, r *answer.Request) error {
	id := platform.ID(r.PathValue("id"))
	return w.Page(things("platforms", "platform:"+string(id)), func(ctx context.Context) (templ.Component, error) {
		p, err := d.platformPage(ctx, w, id)
		p.Verdict.Once = answer.NewOnce()
		return platformpage.Platform(p), err
	})
}

func (d *Door) platformPage(ctx context.Context, w *answer.Writer, id platform.ID) (p platformpage.Page, err error) {
	who := proposer(viewer.From(ctx))
	if p.Platform, err = d.Platforms.Platform(ctx, who, id); err != nil {
		return p, err
	}
	if name, err := platform.ParseDomain(p.Platform.Domain); err == nil && name.Foreign() {
		p.Local = name.Local
	}
	if p.Verdicts, err = d.Platforms.Verdicts(ctx, who, id); err != nil {
		return p, err
	}
	if p.Corrections, err = d.Platforms.Corrections(ctx, who, id); err != nil {
		return p, err
	}
	ids := []face.ID{p.Platform.ProposedBy}
	for _, v := range p.Verdicts {
		ids = append(ids, v.By)
	}
	if p.Faces, err = d.Faces.Faces(ctx, ids); err != nil {
		return p, err
	}
	p.By = p.Faces[p.Platform.ProposedBy]
	if p.Following, err = d.follows(ctx, news.Platform, string(id)); err != nil {
		return p, err
	}
	for _, make := range d.platformParts() {
		part, err := make(ctx, w, id)
		if err != nil {
			return p, err
		}
		if part != nil {
			p.Parts = append(p.Parts, part)
		}
	}
	return p, nil
}

// decidePlatform is a steward's word on a platform.
func (d *Door) decidePlatform(w *answer.Writer, r *answer.Request) error {
	if err := platform.MayDecide(proposer(r.Viewer)); err != nil {
		return err
	}
	id, f := platform.ID(r.PathValue("id")), platformpage.VerdictForm{Word: platform.Word(r.Text("word")), Reason: r.Text("reason"), Once: r.Once()}
	err := w.Once(func(ctx context.Context) (string, error) {
		if err := d.Platforms.Decide(ctx, proposer(r.Viewer), id, f.Word, f.Reason); err != nil {
			return "", err
		}
		deed := moderation.AcceptPlatform
		if f.Word == platform.Refused {
			deed = moderation.RefusePlatform
		}
		_, err := d.Moderation.Decide(ctx, face.ID(r.Viewer.FaceID), deed, moderation.Target{Kind: "platform", ID: string(id)}, f.Reason)
		return platformpage.Href(id), err
	})
	if !mendable(err) {
		return err
	}
	p, perr := d.platformPage(r.Context(), w, id)
	if perr != nil {
		return perr
	}
	f.Error = err
	p.Verdict = f
	return w.Again(err, platformpage.Platform(p))
}
