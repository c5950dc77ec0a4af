package web

import (
	"context"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/moderation"
	"guildhall/internal/space"
	"guildhall/internal/web/answer"
	"guildhall/internal/web/page/shell"
	spacepage "guildhall/internal/web/page/space"
)

func (d *Door) registerSpaceKeeping(m *answer.Mux) {
	m.Handle("GET /spaces/new", d.newSpace)
	m.Handle("POST /spaces", d.openSpace)
	m.Handle("GET /spaces/{id}/rules", d.spaceRules)
	m.Handle("POST /spaces/{id}/rules", d.changeSpace)
	m.Handle("POST /spaces/{id}/closure", d.closeSpace)
	m.Handle("POST /spaces/{id}/reopening", d.reopenSpace)
}

// newSpace shows stewards the form of a space to be opened, with the careful
// choices made.
func (d *Door) newSpace(w *answer.Writer, r *answer.Request) error {
	if err := space.MayKeep(sitter(r.Viewer)); err != nil {
		return err
	}
	f := spacepage.Form{Kind: space.Safe, Once: answer.NewOnce(),
		Says: space.Says{Entry: space.Vouched, Pace: space.Careful, Label: space.PlatformReads}}
	var err error
	if f.Topics, err = d.spaceTopics(r); err != nil {
		return err
	}
	return w.Show(200, spacepage.New(f))
}

// spaceTopics are the topics a space may gather; the first makes one of its own.
func (d *Door) spaceTopics(r *answer.Request) ([]shell.Option, error) {
	os := []shell.Option{{Value: "", Label: r.Viewer.Lang.T("space.new.topic.own")}}
	ts, err := d.Forum.Topics(r.Context())
	for _, t := range ts {
		os = append(os, shell.Option{Value: string(t.Key), Label: t.Name(r.Viewer.Lang)})
	}
	return os, err
}

// says reads what a steward wrote of a space.
func says(r *answer.Request) space.Says {
	return space.Says{Name: r.Text("name"), Purpose: r.Text("purpose"), Rules: r.Text("rules"),
		Entry: space.Entry(r.Text("entry")), Pace: space.Pace(r.Text("pace")), Label: space.Label(r.Text("label"))}
}

// openSpace opens a space, with a topic of its own where it wants one.
func (d *Door) openSpace(w *answer.Writer, r *answer.Request) error {
	if err := space.MayKeep(sitter(r.Viewer)); err != nil {
		return err
	}
	f := spacepage.Form{Says: says(r), Kind: space.Kind(r.Text("kind")), Topic: r.Text("topic"), Address: r.Text("address"), Reason: r.Text("reason"), Once: r.Once()}
	err := w.Once(func(ctx context.Context) (string, error) {
		o := space.Opening{Kind: f.Kind, Lang: r.Viewer.Lang.String(), Says: f.Says, Address: f.Address, Reason: f.Reason}
		if f.Kind == space.Open {
			key, err := d.topicFor(ctx, r, f)
			if err != nil {
				return "", err
			}
			o.Topic = string(key)
		}
		s, err := d.Spaces.Open(ctx, sitter(r.Viewer), o)
		if err != nil {
			return "", err
		}
		return spacepage.Href(s.ID), d.decideSpace(ctx, r, moderation.OpenSpace, s.ID, f.Reason)
	})
	if !mendable(err) {
		return err
	}
	f.Error = err
	topics, terr := d.spaceTopics(r)
	if terr != nil {
		return terr
	}
	f.Topics = topics
	return w.Again(err, spacepage.New(f))
}

// mendable tells whether a form is shown again.
func mendable(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }

// topicFor is the topic an open space gathers: the one that was chosen, or one
// of its own, named as the space is.
func (d *Door) topicFor(ctx context.Context, r *answer.Request, f spacepage.Form) (forum.TopicKey, error) {
	if f.Topic != "" {
		t, err := d.Forum.Topic(ctx, forum.TopicKey(f.Topic))
		if fault.Is(err, fault.NotFound) {
			err = fault.On("topic", fault.Invalid, "fault.choose")
		}
		return t.Key, err
	}
	l := r.Viewer.Lang.String()
	t, err := d.Forum.AddTopic(ctx, actor(r.Viewer), forum.NewTopic{Names: map[string]string{l: f.Name}, About: map[string]string{l: f.Purpose}})
	return t.Key, err
}

func (d *Door) decideSpace(ctx context.Context, r *answer.Request, deed moderation.Deed, id space.ID, reason string) error {
	_, err := d.Moderation.Decide(ctx, face.ID(r.Viewer.FaceID), deed, moderation.Target{Kind: "space", ID: string(id)}, reason)
	return err
}

// spaceRules shows what a space has said of itself, and stewards the forms.
func (d *Door) spaceRules(w *answer.Writer, r *answer.Request) error {
	p, err := d.rulesPage(r)
	if err != nil {
		return err
	}
	p.Form = spacepage.Form{Says: p.Space.Says, Base: p.Space.N, Once: answer.NewOnce()}
	p.Ending.Once = answer.NewOnce()
	return w.Show(200, spacepage.Rules(p))
}

func (d *Door) rulesPage(r *answer.Request) (p spacepage.RulesPage, err error) {
	ctx := r.Context()
	if p.Space, err = d.Spaces.Space(ctx, space.ID(r.PathValue("id"))); err != nil {
		return p, err
	}
	if p.Revisions, err = d.Spaces.Revisions(ctx, p.Space.ID); err != nil {
		return p, err
	}
	ids := make([]face.ID, len(p.Revisions))
	for i, x := range p.Revisions {
		ids[i] = x.By
	}
	p.Faces, err = d.Faces.Faces(ctx, ids)
	return p, err
}

// changeSpace gives a space another revision.
func (d *Door) changeSpace(w *answer.Writer, r *answer.Request) error {
	f := spacepage.Form{Says: says(r), Reason: r.Text("reason"), Base: number(r.Text("base")), Once: r.Once()}
	return d.keepSpace(w, r, moderation.ChangeSpace, f.Reason, func(ctx context.Context, id space.ID) error {
		_, err := d.Spaces.Change(ctx, sitter(r.Viewer), id, f.Base, f.Says, f.Reason)
		return err
	}, func(p *spacepage.RulesPage, err error) {
		f.Error = err
		if fault.Is(err, fault.Conflict) { // the next sending is made from theirs, which stands above
			f.Base = p.Space.N
		}
		p.Form = f
	})
}

func (d *Door) closeSpace(w *answer.Writer, r *answer.Request) error {
	return d.endSpace(w, r, moderation.CloseSpace, d.Spaces.Close)
}

func (d *Door) reopenSpace(w *answer.Writer, r *answer.Request) error {
	return d.endSpace(w, r, moderation.ReopenSpace, d.Spaces.Reopen)
}

func (d *Door) endSpace(w *answer.Writer, r *answer.Request, deed moderation.Deed, do func(context.Context, space.Actor, space.ID, string) error) error {
	why := r.Text("reason")
	return d.keepSpace(w, r, deed, why, func(ctx context.Context, id space.ID) error {
		return do(ctx, sitter(r.Viewer), id, why)
	}, func(p *spacepage.RulesPage, err error) {
		p.Form = spacepage.Form{Says: p.Space.Says, Base: p.Space.N}
		p.Ending.Reason, p.Ending.Error = why, err
	})
}

// keepSpace does a steward's deed about a space and writes the decision, or shows
// the page again, filled in by again.
func (d *Door) keepSpace(w *answer.Writer, r *answer.Request, deed moderation.Deed, reason string, do func(context.Context, space.ID) error, again func(*spacepage.RulesPage, error)) error {
	id := space.ID(r.PathValue("id"))
	if err := space.MayKeep(sitter(r.Viewer)); err != nil {
		return err
	}
	err := w.Once(func(ctx context.Context) (string, error) {
		if err := do(ctx, id); err != nil {
			return "", err
		}
		return spacepage.RulesHref(id), d.decideSpace(ctx, r, deed, id, reason)
	})
	if !mendable(err) {
		return err
	}
	p, perr := d.rulesPage(r)
	if perr != nil {
		return perr
	}
	again(&p, err)
	p.Form.Once, p.Ending.Once = r.Once(), r.Once()
	return w.Again(err, spacepage.Rules(p))
}
