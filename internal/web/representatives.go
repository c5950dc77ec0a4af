package web

import (
	"context"

	"github.com/a-h/templ"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/moderation"
	"guildhall/internal/platform"
	"guildhall/internal/representative"
	"guildhall/internal/web/answer"
	platformpage "guildhall/internal/web/page/platform"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerRepresentatives(m *answer.Mux) {
	m.Handle("GET /platforms/{id}/representatives", d.representatives)
	m.Handle("POST /platforms/{id}/representatives", d.claimMandate)
	m.Handle("POST /mandates/{mandate}/checks", d.checkMandate)
	m.Handle("POST /mandates/{mandate}/showing", d.showMandate)
	m.Handle("POST /mandates/{mandate}/end", d.endMandate)
	m.Handle("POST /mandates/{mandate}/suspension", d.suspendMandate)
	m.Handle("POST /mandates/{mandate}/resolution", d.resolveMandate)
}

// speaking is the reader as the room of representatives knows her.
func speaking(v viewer.Viewer) representative.Actor {
	return representative.Actor{Face: face.ID(v.FaceID), Steward: v.Steward}
}

// speaker is a mandate as pages show it.
func (d *Door) speaker(m representative.Mandate) platformpage.Speaker {
	s := platformpage.Speaker{Mandate: m, State: m.State(d.Now())}
	if name, err := platform.ParseDomain(m.Domain); err == nil && name.Foreign() {
		s.Local = name.Local
	}
	return s
}

func (d *Door) representatives(w *answer.Writer, r *answer.Request) error {
	id := platform.ID(r.PathValue("id"))
	return w.Page(things("platform:"+string(id), "mandates:"+string(id), "clock"), func(ctx context.Context) (templ.Component, error) {
		p, err := d.representativesPage(ctx, id)
		p.Once = answer.NewOnce()
		return platformpage.Representatives(p), err
	})
}

func (d *Door) representativesPage(ctx context.Context, id platform.ID) (p platformpage.RepresentativesPage, err error) {
	who := viewer.From(ctx)
	if p.Platform, err = d.Platforms.Platform(ctx, proposer(who), id); err != nil {
		return p, err
	}
	if !p.Platform.Accepted() {
		return p, fault.New(fault.NotFound, "representative.no_platform")
	}
	list, err := d.Representatives.OfPlatform(ctx, speaking(who), string(id))
	for _, m := range list {
		s := d.speaker(m)
		if m.Text != "" && s.State != representative.Ended && (p.Mine == nil || p.Mine.Fallen) { // a fallen one, where there is no other
			p.Mine = &s
		}
		if s.State != representative.Waits {
			p.Speakers = append(p.Speakers, s)
		}
	}
	return p, err
}

// claimMandate lets the reader say that she acts for a platform.
func (d *Door) claimMandate(w *answer.Writer, r *answer.Request) error {
	id, role := platform.ID(r.PathValue("id")), r.Text("role")
	err := d.speak(r)
	if err == nil {
		err = w.Once(func(ctx context.Context) (string, error) {
			_, err := d.Representatives.Claim(ctx, speaking(r.Viewer), string(id), role)
			return platformpage.RepresentativesHref(id), err
		})
	}
	if !mendable(err) && !fault.Is(err, fault.SignIn) {
		return err
	}
	p, perr := d.representativesPage(r.Context(), id)
	if perr != nil {
		return perr
	}
	p.Role, p.Once, p.Error = role, r.Once(), err
	return w.Again(err, platformpage.Representatives(p))
}

// checkMandate looks whether the platform says so too. It is no deed of one
// transaction: others are asked.
func (d *Door) checkMandate(w *answer.Writer, r *answer.Request) error {
	if err := d.speak(r); err != nil {
		return err
	}
	m, err := d.Representatives.Check(r.Context(), speaking(r.Viewer), representative.ID(r.PathValue("mandate")))
	if err != nil {
		return err
	}
	return w.Redirect(platformpage.RepresentativesHref(platform.ID(m.Platform)) + "#mine")
}

// showMandate sets where the reader's profile stands beside the platform.
func (d *Door) showMandate(w *answer.Writer, r *answer.Request) error {
	return d.keepingMandate(w, r, func(ctx context.Context, by representative.Actor, id representative.ID) error {
		return d.Representatives.Show(ctx, by, id, r.Checked("named"), r.Checked("badged"))
	})
}

// endMandate lets her act for it no more.
func (d *Door) endMandate(w *answer.Writer, r *answer.Request) error {
	return d.keepingMandate(w, r, d.Representatives.End)
}

func (d *Door) keepingMandate(w *answer.Writer, r *answer.Request, do func(context.Context, representative.Actor, representative.ID) error) error {
	if err := d.speak(r); err != nil {
		return err
	}
	id, by := representative.ID(r.PathValue("mandate")), speaking(r.Viewer)
	return w.Once(func(ctx context.Context) (string, error) {
		m, err := d.Representatives.Mandate(ctx, by, id)
		if err != nil {
			return "", err
		}
		return platformpage.RepresentativesHref(platform.ID(m.Platform)), do(ctx, by, id)
	})
}

// suspendMandate ends at once that anything is said in a role; one steward may.
func (d *Door) suspendMandate(w *answer.Writer, r *answer.Request) error {
	return d.judgeMandate(w, r, moderation.SuspendRole, d.Representatives.Suspend)
}

// resolveMandate is a second steward's word on a suspended role: lifted, or over for good.
func (d *Door) resolveMandate(w *answer.Writer, r *answer.Request) error {
	if r.Text("do") == "lift" {
		return d.judgeMandate(w, r, moderation.LiftRole, d.Representatives.Lift)
	}
	return d.judgeMandate(w, r, moderation.EndRole, d.Representatives.Dismiss)
}

func (d *Door) judgeMandate(w *answer.Writer, r *answer.Request, deed moderation.Deed, do func(context.Context, representative.Actor, representative.ID, string) error) error {
	id, by := representative.ID(r.PathValue("mandate")), speaking(r.Viewer)
	if err := representative.MayJudge(by); err != nil {
		return err
	}
	m, err := d.Representatives.Mandate(r.Context(), by, id)
	if err != nil {
		return err
	}
	err = w.Once(func(ctx context.Context) (string, error) {
		if err := do(ctx, by, id, r.Text("reason")); err != nil {
			return "", err
		}
		_, err := d.Moderation.Decide(ctx, face.ID(r.Viewer.FaceID), deed, moderation.Target{Kind: "platform", ID: m.Platform}, r.Text("reason"))
		return platformpage.RepresentativesHref(platform.ID(m.Platform)), err
	})
	if !mendable(err) {
		return err
	}
	p, perr := d.representativesPage(r.Context(), platform.ID(m.Platform))
	if perr != nil {
		return perr
	}
	f := *fault.From(err)
	if f.Field != "" {
		f.Field += "-" + string(id)
	}
	p.Judged, p.Reason, p.Once, p.Error = id, r.Text("reason"), answer.NewOnce(), &f
	return w.Again(err, platformpage.Representatives(p))
}

// representedHere is the part of a platform's page with those who act for it.
func (d *Door) representedHere(ctx context.Context, w *answer.Writer, id platform.ID) (templ.Component, error) {
	w.Shows(answer.Thing("mandates:"+string(id)), "clock")
	p, err := d.representativesPage(ctx, id)
	if fault.Is(err, fault.NotFound) { // it waits, or was refused
		return nil, nil
	}
	return platformpage.Represented(p), err
}
