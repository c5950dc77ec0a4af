package web

import (
	"context"

	"github.com/a-h/templ"

	"guildhall/internal/consultation"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/lang"
	"guildhall/internal/moderation"
	"guildhall/internal/platform"
	"guildhall/internal/question"
	"guildhall/internal/reply"
	"guildhall/internal/representative"
	"guildhall/internal/terms"
	"guildhall/internal/web/answer"
	consultationpage "guildhall/internal/web/page/consultation"
	forumpage "guildhall/internal/web/page/forum"
	platformpage "guildhall/internal/web/page/platform"
	questionpage "guildhall/internal/web/page/question"
	termspage "guildhall/internal/web/page/terms"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerReplies(m *answer.Mux) {
	m.Handle("GET /replies/new", d.newReply, answer.Params("kind", "thing"))
	m.Handle("POST /replies", d.writeReply)
	m.Handle("GET /replies/{id}", d.platformReply)
	m.Handle("GET /replies/{id}/edit", d.editReply)
	m.Handle("POST /replies/{id}/revisions", d.reviseReply)
	m.Handle("POST /replies/{id}/hush", d.hushReply)
	m.Handle("POST /replies/{id}/unhush", d.unhushReply)
	m.Handle("GET /corrections/new", d.newCorrection, answer.Params("kind", "thing"))
	m.Handle("POST /corrections", d.correct)
}

// platformNamed is the platform that an article or a document names in words; empty for none.
func (d *Door) platformNamed(ctx context.Context, words string) (string, error) {
	id, err := d.Platforms.Named(ctx, words)
	return string(id), err
}

// claim reads what a reply is to, as everybody sees it. Faults: NotFound, also for a
// claim that names no platform of this hall.
func (d *Door) claim(ctx context.Context, t reply.Target) (c platformpage.Claim, err error) {
	c = platformpage.Claim{Target: t, Most: question.MaxAnswer}
	of := ""
	switch t.Kind {
	case reply.Article:
		a, err := d.Forum.Article(ctx, forum.Actor{}, forum.ArticleID(t.ID))
		if err != nil {
			return c, err
		}
		c.Title, c.Href, c.Most = a.Title, forumpage.ArticleHref(a), forum.MaxArticle
		if of, err = d.platformNamed(ctx, a.Platform); err != nil {
			return c, err
		}
	case reply.Question:
		q, err := d.Questions.Question(ctx, question.Actor{}, question.ID(t.ID))
		if err != nil {
			return c, err
		}
		l, _ := lang.Parse(q.Lang)
		c.Title, c.Href, of = questionpage.Title(l, q), questionpage.Href(q.ID), q.Platform
	case reply.Clause:
		x, err := d.Terms.Clause(ctx, terms.ClauseID(t.ID))
		if err != nil {
			return c, err
		}
		doc, err := d.Terms.Document(ctx, x.Document)
		if err != nil {
			return c, err
		}
		c.Title, c.Href = x.Name, termspage.ClauseHref(x.Document, x.ID)
		if of, err = d.platformNamed(ctx, doc.Platform); err != nil {
			return c, err
		}
	case reply.Consultation:
		x, err := d.Consultations.Consultation(ctx, consultation.ID(t.ID))
		if err != nil {
			return c, err
		}
		if !x.Done {
			return c, fault.New(fault.NotFound, "reply.no_claim")
		}
		c.Title, c.Href = x.Title, consultationpage.Href(x.ID)
		if of, err = d.resultOf(ctx, x.Origin); err != nil {
			return c, err
		}
	}
	return d.claimed(ctx, c, of)
}

// claimed finds the platform that a claim names.
func (d *Door) claimed(ctx context.Context, c platformpage.Claim, of string) (platformpage.Claim, error) {
	none := fault.New(fault.NotFound, "reply.no_claim")
	if of == "" {
		return c, none
	}
	var err error
	if c.Platform, err = d.Platforms.Platform(ctx, platform.Actor{}, platform.ID(of)); err == nil && !c.Platform.Accepted() {
		err = none
	}
	return c, err
}

// resultOf is the platform that a consultation is about: that of what it began from.
func (d *Door) resultOf(ctx context.Context, o consultation.Origin) (string, error) {
	if o.Kind == fromArticle {
		a, err := d.Forum.Article(ctx, forum.Actor{}, forum.ArticleID(o.ID))
		if err != nil {
			return "", err
		}
		return d.platformNamed(ctx, a.Platform)
	}
	return d.platformOf(viewer.With(ctx, viewer.Viewer{}), o)
}

// replying is the reader as the room of replies knows her while she acts for a platform,
// and as whom pages show her. Faults: SignIn, Forbidden.
func (d *Door) replying(ctx context.Context, v viewer.Viewer, of platform.ID) (by reply.Actor, s platformpage.Speaker, err error) {
	by = reply.Actor{Face: face.ID(v.FaceID), Steward: v.Steward}
	m, err := d.Representatives.Acting(ctx, speaking(v), string(of))
	if err != nil {
		return by, s, err
	}
	by.For, by.Mandate = m.Platform, string(m.ID)
	return by, d.speaker(m), nil
}

// reader is whoever reads replies: of what is hidden a platform sees its own.
func (d *Door) reader(ctx context.Context, of platform.ID) (reply.Actor, error) {
	v := viewer.From(ctx)
	by := reply.Actor{Face: face.ID(v.FaceID), Steward: v.Steward}
	m, err := d.Representatives.Acts(ctx, speaking(v), string(of))
	by.For, by.Mandate = m.Platform, string(m.ID)
	return by, err
}

// below is the part directly below a claim: what the hall has put right, and the reply
// of the platform it names, or to its representatives that they may reply. Nothing where
// no platform of this hall is named.
func (d *Door) below(ctx context.Context, w *answer.Writer, kind, id, of string) (templ.Component, error) {
	p := platformpage.BelowPage{}
	p.Target = reply.Target{Kind: kind, ID: id}
	w.Shows(answer.Thing(p.Target.Thing()))
	c, err := d.claimed(ctx, platformpage.Claim{Target: p.Target}, of)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p.Claim = c
	by, err := d.reader(ctx, c.Platform.ID)
	if err != nil {
		return nil, err
	}
	p.Acts = by.For != ""
	if p.Corrections, err = d.Replies.Corrections(ctx, p.Target); err != nil {
		return nil, err
	}
	x, found, err := d.Replies.Below(ctx, by, p.Target, string(c.Platform.ID))
	if err != nil || !found {
		return platformpage.Below(p), err
	}
	p.Reply = &x
	w.Shows(answer.Thing("mandate:"+x.Mandate), "clock")
	if p.Speakers, err = d.speakers(ctx, x.Mandate); err != nil {
		return nil, err
	}
	return platformpage.Below(p), nil
}

// speakers are those under whose mandates something was said, as the reader sees them.
func (d *Door) speakers(ctx context.Context, mandates ...string) (map[string]platformpage.Speaker, error) {
	ids := make([]representative.ID, len(mandates))
	for i, m := range mandates {
		ids[i] = representative.ID(m)
	}
	ms, err := d.Representatives.Mandates(ctx, speaking(viewer.From(ctx)), ids...)
	list := map[string]platformpage.Speaker{}
	for id, m := range ms {
		list[string(id)] = d.speaker(m)
	}
	return list, err
}

// byMandate names who spoke for a platform; nothing for no mandate.
func (d *Door) byMandate(ctx context.Context, id string) (templ.Component, error) {
	if id == "" {
		return nil, nil
	}
	list, err := d.speakers(ctx, id)
	return platformpage.By(list[id]), err
}

func targeted(kind, id string) reply.Target { return reply.Target{Kind: kind, ID: id} }

// newReply shows the form of a reply.
func (d *Door) newReply(w *answer.Writer, r *answer.Request) error {
	p, err := d.writingPage(r, targeted(r.Query("kind"), r.Query("thing")))
	if err != nil {
		return err
	}
	p.Once = answer.NewOnce()
	return w.Show(200, platformpage.WriteReply(p))
}

// writingPage is the form of a reply, for who may write it. Faults: NotFound, SignIn, Forbidden.
func (d *Door) writingPage(r *answer.Request, t reply.Target) (p platformpage.ReplyForm, err error) {
	if p.Claim, err = d.claim(r.Context(), t); err != nil {
		return p, err
	}
	_, p.As, err = d.replying(r.Context(), r.Viewer, p.Claim.Platform.ID)
	return p, err
}

// writeReply takes a platform's reply in.
func (d *Door) writeReply(w *answer.Writer, r *answer.Request) error {
	t, text := targeted(r.Text("kind"), r.Text("thing")), r.Text("text")
	return d.takeReply(w, r, t, "", func(ctx context.Context, by reply.Actor, c platformpage.Claim) (reply.Reply, error) {
		return d.Replies.Write(ctx, by, t, c.Most, text)
	})
}

// editReply shows the form with what the reply says now.
func (d *Door) editReply(w *answer.Writer, r *answer.Request) error {
	x, err := d.Replies.Reply(r.Context(), reply.Actor{}, reply.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p, err := d.writingPage(r, x.Target)
	if err != nil {
		return err
	}
	by, _, err := d.replying(r.Context(), r.Viewer, p.Claim.Platform.ID)
	if err != nil {
		return err
	}
	if x, err = d.Replies.Reply(r.Context(), by, x.ID); err != nil {
		return err
	}
	p.ID, p.Text, p.Once = x.ID, x.Source, answer.NewOnce()
	return w.Show(200, platformpage.WriteReply(p))
}

// reviseReply takes other words for a reply in.
func (d *Door) reviseReply(w *answer.Writer, r *answer.Request) error {
	x, err := d.Replies.Reply(r.Context(), reply.Actor{}, reply.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.takeReply(w, r, x.Target, x.ID, func(ctx context.Context, by reply.Actor, c platformpage.Claim) (reply.Reply, error) {
		return d.Replies.Revise(ctx, by, x.ID, c.Most, r.Text("text"))
	})
}

// takeReply writes a reply once, in the name of the platform that the claim names, or
// shows the form again with every word.
func (d *Door) takeReply(w *answer.Writer, r *answer.Request, t reply.Target, id reply.ID, write func(context.Context, reply.Actor, platformpage.Claim) (reply.Reply, error)) error {
	err := d.speak(r)
	if err == nil {
		err = w.Once(func(ctx context.Context) (string, error) {
			c, err := d.claim(ctx, t)
			if err != nil {
				return "", err
			}
			by, _, err := d.replying(ctx, r.Viewer, c.Platform.ID)
			if err != nil {
				return "", err
			}
			x, err := write(ctx, by, c)
			return platformpage.ReplyHref(x.ID), err
		})
	}
	if !mendable(err) {
		return err
	}
	p, perr := d.writingPage(r, t)
	if perr != nil {
		return perr
	}
	p.ID, p.Text, p.Once, p.Error = id, r.Text("text"), r.Once(), err
	return w.Again(err, platformpage.WriteReply(p))
}

// platformReply shows a reply at its own address, with all it has said.
func (d *Door) platformReply(w *answer.Writer, r *answer.Request) error {
	id := reply.ID(r.PathValue("id"))
	return w.Page(things("reply:"+string(id), "clock"), func(ctx context.Context) (templ.Component, error) {
		p, err := d.ownPage(ctx, w, id)
		p.Once = answer.NewOnce()
		return platformpage.Reply(p), err
	})
}

func (d *Door) ownPage(ctx context.Context, w *answer.Writer, id reply.ID) (p platformpage.OwnPage, err error) {
	x, err := d.Replies.Reply(ctx, reply.Actor{}, id)
	if err != nil {
		return p, err
	}
	by, err := d.reader(ctx, platform.ID(x.Platform))
	if err != nil {
		return p, err
	}
	if p.Reply, err = d.Replies.Reply(ctx, by, id); err != nil {
		return p, err
	}
	p.Acts = by.For != ""
	if x.Target.Kind == reply.Article || x.Target.Kind == reply.Question { // what is hidden is named nowhere
		w.Shows(answer.Thing(x.Target.Kind + ":" + x.Target.ID))
	}
	if p.Claim, err = d.claim(ctx, x.Target); fault.Is(err, fault.NotFound) {
		p.Claim = platformpage.Claim{}
	} else if err != nil {
		return p, err
	}
	if p.Platform, err = d.Platforms.Platform(ctx, platform.Actor{Steward: true}, platform.ID(x.Platform)); err != nil {
		return p, err
	}
	if p.Revisions, err = d.Replies.Revisions(ctx, by, id); err != nil {
		return p, err
	}
	mandates := []string{p.Reply.Mandate}
	for _, v := range p.Revisions {
		mandates = append(mandates, v.Mandate)
	}
	for _, m := range mandates {
		w.Shows(answer.Thing("mandate:" + m))
	}
	p.Speakers, err = d.speakers(ctx, mandates...)
	return p, err
}

// hushReply hides a reply; the public list of decisions says so.
func (d *Door) hushReply(w *answer.Writer, r *answer.Request) error {
	id, why := reply.ID(r.PathValue("id")), r.Text("reason")
	return d.keepingReply(w, r, id, func(ctx context.Context, by reply.Actor) error {
		if err := d.Replies.Hush(ctx, by, id, why); err != nil {
			return err
		}
		return d.decided(ctx, r, moderation.Hide, moderation.Target{Kind: ofReply, ID: string(id)}, why)
	})
}

// unhushReply shows it again.
func (d *Door) unhushReply(w *answer.Writer, r *answer.Request) error {
	id := reply.ID(r.PathValue("id"))
	return d.keepingReply(w, r, id, func(ctx context.Context, by reply.Actor) error {
		if err := d.Replies.Unhush(ctx, by, id); err != nil {
			return err
		}
		return d.shownAgain(ctx, r, moderation.Target{Kind: ofReply, ID: string(id)})
	})
}

func (d *Door) keepingReply(w *answer.Writer, r *answer.Request, id reply.ID, do func(context.Context, reply.Actor) error) error {
	by := reply.Actor{Face: face.ID(r.Viewer.FaceID), Steward: r.Viewer.Steward}
	if err := reply.MayKeep(by); err != nil {
		return err
	}
	err := w.Once(func(ctx context.Context) (string, error) { return platformpage.ReplyHref(id), do(ctx, by) })
	if err == nil || !mendable(err) {
		return err
	}
	p, perr := d.ownPage(r.Context(), w, id)
	if perr != nil {
		return perr
	}
	p.Reason, p.Once, p.Error = r.Text("reason"), r.Once(), err
	return w.Again(err, platformpage.Reply(p))
}
