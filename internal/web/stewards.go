package web

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/moderation"
	"guildhall/internal/platform"
	"guildhall/internal/space"
	"guildhall/internal/terms"
	"guildhall/internal/web/answer"
	moderationpage "guildhall/internal/web/page/moderation"
	platformpage "guildhall/internal/web/page/platform"
	spacepage "guildhall/internal/web/page/space"
	termspage "guildhall/internal/web/page/terms"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerStewards(m *answer.Mux) {
	m.Handle("GET /decisions", d.decisions, answer.Params("before", "kind", "id"))
	m.Handle("POST /decisions/{id}/undo", d.reverse)
	m.Handle("GET /stewards", d.stewards)
	m.Handle("POST /stewards", d.appoint)
	m.Handle("POST /stewards/resignation", d.resign)
	m.Handle("POST /motions", d.move)
	m.Handle("POST /motions/{id}/voice", d.voice)
	m.Handle("POST /motions/{id}/answer", d.answerMotion)
}

const decisionsLength = 50

// decisions is the public list of what stewards did.
func (d *Door) decisions(w *answer.Writer, r *answer.Request) error {
	before := time.Time{}
	if µs := number64(r.Query("before")); µs > 0 {
		before = time.UnixMicro(µs).UTC()
	}
	kind, id := r.Query("kind"), r.Query("id")
	return w.Page(things("decisions"), func(ctx context.Context) (templ.Component, error) {
		var ds []moderation.Decision
		var err error
		if id != "" {
			ds, err = d.Moderation.About(ctx, moderation.Target{Kind: kind, ID: id})
		} else {
			ds, err = d.Moderation.Decisions(ctx, before, decisionsLength)
		}
		if err != nil {
			return nil, err
		}
		return d.decisionsPage(ctx, w, ds, id == "")
	})
}

func (d *Door) decisionsPage(ctx context.Context, w *answer.Writer, ds []moderation.Decision, all bool) (templ.Component, error) {
	steward := viewer.From(ctx).Steward
	p := moderationpage.DecisionsPage{Once: answer.NewOnce()}
	ids := make([]face.ID, 0, 2*len(ds))
	for _, x := range ds {
		ids = append(ids, x.By)
		if x.Target.Kind == "face" {
			ids = append(ids, face.ID(x.Target.ID))
		}
	}
	faces, err := d.Faces.Faces(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, x := range ds {
		row := moderationpage.Decision{Decision: x, Href: targetHref(x.Target)}
		if row.Veiled, err = d.veiled(ctx, w, x.Target); err != nil {
			return nil, err
		}
		if row.Veiled {
			row.Href = ""
		}
		if steward {
			row.By = faces[x.By]
		}
		if x.Target.Kind == "face" {
			row.About = faces[face.ID(x.Target.ID)]
		}
		p.Rows = append(p.Rows, row)
	}
	if all && len(ds) == decisionsLength {
		p.Older = ds[len(ds)-1].At
	}
	return moderationpage.Decisions(p), nil
}

// veiled tells whether a text belongs to a question that this reader does not see.
func (d *Door) veiled(ctx context.Context, w *answer.Writer, t moderation.Target) (bool, error) {
	switch t.Kind {
	case ofQuestion, ofCase, ofEntry:
	case ofMessage: // for nobody
		return true, nil
	default:
		return false, nil
	}
	id, err := d.questionOf(ctx, viewer.From(ctx), t)
	if err == nil {
		w.Shows(answer.Thing("question:" + string(id)))
		_, err = d.Questions.Question(ctx, asker(viewer.From(ctx)), id)
	}
	if fault.Is(err, fault.NotFound) {
		return true, nil
	}
	return false, err
}

// targetHrefElsewhere is targetHref for what is no text by itself.
func targetHrefElsewhere(t moderation.Target) string {
	switch t.Kind {
	case "platform":
		return platformpage.Href(platform.ID(t.ID))
	case "terms":
		return termspage.DocumentHref(terms.DocumentID(t.ID))
	case "space":
		return spacepage.RulesHref(space.ID(t.ID))
	}
	return home(thing(t))
}

func number64(s string) (n int64) {
	if len(s) > 18 {
		return 0
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

// reverse takes a decision back, with what it did.
func (d *Door) reverse(w *answer.Writer, r *answer.Request) error {
	if err := d.steward(r); err != nil {
		return err
	}
	x, err := d.Moderation.Decision(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return w.Once(func(ctx context.Context) (string, error) {
		if err := d.undo(ctx, r.Viewer, x); err != nil {
			return "", err
		}
		_, err := d.Moderation.Reverse(ctx, face.ID(r.Viewer.FaceID), x.ID, r.Text("reason"))
		return "/decisions", err
	})
}

// undo takes back what a decision did to a text.
func (d *Door) undo(ctx context.Context, v viewer.Viewer, x moderation.Decision) error {
	t, who := thing(x.Target), actor(v)
	switch x.Deed {
	case moderation.Hide:
		return d.unhush(ctx, v, x.Target)
	case moderation.Refuse:
		return d.Forum.Unhush(ctx, who, t)
	case moderation.Lock:
		return d.Forum.Reopen(ctx, who, forum.DiscussionID(t.ID))
	case moderation.Split, moderation.Merge:
		ms, err := d.Forum.Moves(ctx, forum.DiscussionID(t.ID))
		if err != nil {
			return err
		}
		for _, m := range ms { // newest first
			if !m.Undone && m.Undoes == "" && string(m.Kind) == string(x.Deed) && m.From == forum.DiscussionID(t.ID) {
				return d.Forum.Unmove(ctx, who, m.ID)
			}
		}
	}
	return fault.New(fault.Invalid, "moderation.no_way_back")
}

// stewards shows who keeps the hall and what is moved about them.
func (d *Door) stewards(w *answer.Writer, r *answer.Request) error {
	return w.Page(things("stewards"), func(ctx context.Context) (templ.Component, error) {
		p, err := d.stewardsPage(ctx)
		return moderationpage.Stewards(p), err
	})
}

func (d *Door) stewardsPage(ctx context.Context) (p moderationpage.StewardsPage, err error) {
	v := viewer.From(ctx)
	p.Once = answer.NewOnce()
	if p.Stewards, err = d.Moderation.Stewards(ctx); err != nil {
		return p, err
	}
	if p.Motions, err = d.Moderation.Motions(ctx, face.ID(v.FaceID)); err != nil {
		return p, err
	}
	var ids []face.ID
	for _, s := range p.Stewards {
		ids = append(ids, s.Face)
	}
	for _, m := range p.Motions {
		ids = append(ids, m.Face)
	}
	p.Vacant = moderation.MaySucceed(p.Stewards, d.Now()) == nil
	p.Faces, err = d.Faces.Faces(ctx, ids)
	return p, err
}

// stewardly does a deed about stewards, or shows the page again.
func (d *Door) stewardly(w *answer.Writer, r *answer.Request, do func(context.Context) error) error {
	if err := d.speak(r); err != nil {
		return err
	}
	err := w.Once(func(ctx context.Context) (string, error) { return "/stewards", do(ctx) })
	if err == nil || fault.Is(err, fault.Internal) {
		return err
	}
	p, perr := d.stewardsPage(r.Context())
	if perr != nil {
		return perr
	}
	p.Error, p.Once, p.Name, p.Reason = err, r.Once(), r.Text("name"), r.Text("reason")
	p.Answer = r.Text("answer")
	return w.Again(err, moderationpage.Stewards(p))
}

// named finds the face a form names.
func (d *Door) named(ctx context.Context, r *answer.Request) (face.Face, error) {
	f, err := d.Faces.ByHandle(ctx, r.Text("name"))
	if fault.Is(err, fault.NotFound) {
		err = fault.On("name", fault.Invalid, "stewards.nobody")
	}
	return f, err
}

func (d *Door) appoint(w *answer.Writer, r *answer.Request) error {
	return d.stewardly(w, r, func(ctx context.Context) error {
		if err := moderation.MayDecide(r.Viewer.Steward); err != nil {
			return err
		}
		f, err := d.named(ctx, r)
		if err != nil {
			return err
		}
		return d.Moderation.Appoint(ctx, face.ID(r.Viewer.FaceID), f.ID)
	})
}

func (d *Door) resign(w *answer.Writer, r *answer.Request) error {
	return d.stewardly(w, r, func(ctx context.Context) error {
		return d.Moderation.Resign(ctx, face.ID(r.Viewer.FaceID))
	})
}

func (d *Door) move(w *answer.Writer, r *answer.Request) error {
	return d.stewardly(w, r, func(ctx context.Context) error {
		f, err := d.named(ctx, r)
		if err != nil {
			return err
		}
		_, err = d.Moderation.Move(ctx, face.ID(r.Viewer.FaceID), moderation.MotionKind(r.Text("kind")), f.ID, r.Text("reason"))
		return err
	})
}

func (d *Door) voice(w *answer.Writer, r *answer.Request) error {
	return d.stewardly(w, r, func(ctx context.Context) error {
		return d.Moderation.Voice(ctx, face.ID(r.Viewer.FaceID), r.PathValue("id"), moderation.Side(r.Text("side")))
	})
}

func (d *Door) answerMotion(w *answer.Writer, r *answer.Request) error {
	return d.stewardly(w, r, func(ctx context.Context) error {
		return d.Moderation.Answer(ctx, face.ID(r.Viewer.FaceID), r.PathValue("id"), r.Text("answer"))
	})
}
