package web

import (
	"context"

	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/moderation"
	"guildhall/internal/web/answer"
	moderationpage "guildhall/internal/web/page/moderation"
	"guildhall/internal/web/quota"
)

func (d *Door) registerModeration(m *answer.Mux) {
	m.Handle("GET /report", d.reportForm, answer.Params("kind", "id"))
	m.Handle("POST /reports", d.report)
	m.Handle("GET /moderation", d.moderation)
	m.Handle("POST /moderation/settlements", d.settle)
	m.Handle("GET /moderation/hide", d.hideForm, answer.Params("kind", "id"))
	m.Handle("POST /moderation/hushes", d.hide)
	m.Handle("POST /moderation/releases", d.release)
	m.Handle("POST /moderation/refusals", d.refuse)
}

// thingOf reads which text of the forum a form or an address speaks of. Faults: NotFound.
func thingOf(kind, id string) (forum.Thing, error) {
	switch k := forum.Kind(kind); k {
	case forum.KindArticle, forum.KindPost:
		return forum.Thing{Kind: k, ID: id}, nil
	}
	return forum.Thing{}, fault.New(fault.NotFound, "fault.not_found")
}

// reportForm shows the text with the form of a report. No account is needed.
func (d *Door) reportForm(w *answer.Writer, r *answer.Request) error {
	p, err := d.reportPage(r, r.Query("kind"), r.Query("id"))
	if err != nil {
		return err
	}
	return w.Show(200, moderationpage.Report(p))
}

func (d *Door) reportPage(r *answer.Request, kind, id string) (p moderationpage.ReportPage, err error) {
	p.Once, p.Causes = r.Once(), moderation.Causes()
	p.About, err = d.text(r.Context(), moderation.Target{Kind: kind, ID: id})
	if !r.Viewer.SignedIn && d.Work != nil {
		p.Work = d.Work.Token()
	}
	return p, err
}

// report tells the stewards. Outsiders do some work first, so that a flood
// costs its sender more than the hall.
func (d *Door) report(w *answer.Writer, r *answer.Request) error {
	p, err := d.reportPage(r, r.Text("kind"), r.Text("id"))
	if err != nil {
		return err
	}
	p.Cause, p.Words = moderation.Cause(r.Text("cause")), r.Text("words")
	err = d.admitReport(r)
	if err == nil {
		err = w.Once(func(ctx context.Context) (string, error) {
			a, err := d.moderator(ctx, r)
			if err != nil {
				return "", err
			}
			t := moderation.Target{Kind: p.About.Kind, ID: p.About.ID}
			return p.About.Href, d.Moderation.Report(ctx, a, t, p.Cause, p.Words)
		})
	}
	if err != nil {
		p.Error = err
		return w.Again(err, moderationpage.Report(p))
	}
	return nil
}

func (d *Door) admitReport(r *answer.Request) error {
	if r.Viewer.SignedIn {
		return d.Pace.Take(r.Viewer.FaceID)
	}
	return d.admitStranger(r)
}

// admitStranger takes the work of a browser, or a place in the one queue of those
// that cannot do it, for reports.
func (d *Door) admitStranger(r *answer.Request) error {
	if err := d.Strangers.Take(d.Addresses.Key(r.Request)); err != nil {
		return err
	}
	return worked(d.Work, r.Text("work"), d.Unworked)
}

// worked takes the work of a browser, or a place among those that did none.
func worked(work Work, answer string, unworked *quota.Meter) error {
	if work == nil {
		return nil
	}
	if len(answer) > len(work.Token()) {
		return work.Spend(answer)
	}
	return unworked.Take("")
}

// steward is what every deed of a steward begins with.
func (d *Door) steward(r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	return moderation.MayDecide(r.Viewer.Steward)
}

// moderation shows what waits for a steward.
func (d *Door) moderation(w *answer.Writer, r *answer.Request) error {
	if err := d.steward(r); err != nil {
		return err
	}
	p, err := d.moderationPage(r)
	if err != nil {
		return err
	}
	return w.Show(200, moderationpage.Queue(p))
}

func (d *Door) moderationPage(r *answer.Request) (p moderationpage.QueuePage, err error) {
	ctx, who := r.Context(), actor(r.Viewer)
	p.Once = answer.NewOnce()
	if p.Held, err = d.Forum.Held(ctx, who); err != nil {
		return p, err
	}
	if p.Still, err = d.stillCount(ctx); err != nil {
		return p, err
	}
	queue, err := d.Moderation.Queue(ctx)
	for _, q := range queue {
		a, err := d.text(ctx, q.Target)
		if fault.Is(err, fault.NotFound) {
			a = moderationpage.About{Kind: q.Target.Kind, ID: q.Target.ID, Href: targetHref(q.Target)}
		} else if err != nil {
			return p, err
		}
		p.Reported = append(p.Reported, moderationpage.Reported{Reported: q, About: a})
	}
	return p, err
}

// decide does a steward's deed and writes it into the public list, both or
// neither, and settles the reports about the thing.
func (d *Door) decide(w *answer.Writer, r *answer.Request, deed moderation.Deed, t moderation.Target, to string, do func(context.Context) error) error {
	if err := d.steward(r); err != nil {
		return err
	}
	return w.Once(func(ctx context.Context) (string, error) {
		if err := do(ctx); err != nil {
			return "", err
		}
		return to, d.decided(ctx, r, deed, t, r.Text("reason"))
	})
}

// settle ends reports that need no deed.
func (d *Door) settle(w *answer.Writer, r *answer.Request) error {
	t := moderation.Target{Kind: r.Text("kind"), ID: r.Text("id")}
	err := d.decide(w, r, moderation.Leave, t, "/moderation", func(ctx context.Context) error { return d.settleMessage(ctx, t, false) })
	if fault.Is(err, fault.Invalid) {
		return d.queueAgain(w, r, t, err)
	}
	return err
}

// queueAgain shows what waits once more, with what was wrong about one text.
func (d *Door) queueAgain(w *answer.Writer, r *answer.Request, t moderation.Target, why error) error {
	p, err := d.moderationPage(r)
	if err != nil {
		return err
	}
	f := *fault.From(why)
	if f.Field != "" {
		f.Field += "-" + t.ID
	}
	p.Error = &f
	return w.Again(why, moderationpage.Queue(p))
}

// hideForm asks for the reason that the author will read.
func (d *Door) hideForm(w *answer.Writer, r *answer.Request) error {
	if err := d.steward(r); err != nil {
		return err
	}
	a, err := d.text(r.Context(), moderation.Target{Kind: r.Query("kind"), ID: r.Query("id")})
	if err != nil {
		return err
	}
	return w.Show(200, moderationpage.Hide(moderationpage.HidePage{About: a, Once: answer.NewOnce()}))
}

// hide hides a text with a reason.
func (d *Door) hide(w *answer.Writer, r *answer.Request) error {
	t := moderation.Target{Kind: r.Text("kind"), ID: r.Text("id")}
	err := d.decide(w, r, moderation.Hide, t, targetHref(t), func(ctx context.Context) error {
		return d.hush(ctx, r.Viewer, t, r.Text("reason"))
	})
	if fault.Is(err, fault.Invalid) {
		a, aerr := d.text(r.Context(), t)
		if aerr != nil {
			return aerr
		}
		return w.Again(err, moderationpage.Hide(moderationpage.HidePage{About: a, Once: r.Once(), Reason: r.Text("reason"), Error: err}))
	}
	return err
}

// release lets a waiting text in.
func (d *Door) release(w *answer.Writer, r *answer.Request) error {
	t, err := thingOf(r.Text("kind"), r.Text("id"))
	if err != nil {
		return err
	}
	err = d.decide(w, r, moderation.Release, target(t), "/moderation", func(ctx context.Context) error {
		return d.Forum.Release(ctx, actor(r.Viewer), t, number(r.Text("seen")))
	})
	if fault.Is(err, fault.Conflict) { // she reads it as it stands now
		return d.queueAgain(w, r, target(t), err)
	}
	return err
}

// refuse keeps a waiting text out, with a reason for its author.
func (d *Door) refuse(w *answer.Writer, r *answer.Request) error {
	t, err := thingOf(r.Text("kind"), r.Text("id"))
	if err != nil {
		return err
	}
	err = d.decide(w, r, moderation.Refuse, target(t), "/moderation", func(ctx context.Context) error {
		return d.Forum.Refuse(ctx, actor(r.Viewer), t, r.Text("reason"))
	})
	if fault.Is(err, fault.Invalid) {
		return d.queueAgain(w, r, target(t), err)
	}
	return err
}
