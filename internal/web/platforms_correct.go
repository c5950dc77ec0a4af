package web

import (
	"context"
	"strconv"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/moderation"
	"guildhall/internal/platform"
	"guildhall/internal/web/answer"
	platformpage "guildhall/internal/web/page/platform"
)

func (d *Door) registerCorrections(m *answer.Mux) {
	m.Handle("GET /platforms/{id}/correction", d.correctionForm)
	m.Handle("POST /platforms/{id}/correction", d.correctPlatform)
	m.Handle("POST /platforms/{id}/corrections/{n}/undo", d.uncorrectPlatform)
}

// correctionForm is the form by which a steward puts right what is said of a platform.
func (d *Door) correctionForm(w *answer.Writer, r *answer.Request) error {
	p, err := d.correcting(r)
	if err != nil {
		return err
	}
	p.Proposal = platform.Proposal{Name: p.Platform.Name, Domain: p.Platform.Domain, About: p.Platform.About}
	return w.Show(200, platformpage.Correct(p))
}

func (d *Door) correcting(r *answer.Request) (p platformpage.CorrectPage, err error) {
	who := proposer(r.Viewer)
	if err := platform.MayCorrect(who); err != nil {
		return p, err
	}
	p.Once = r.Once()
	p.Platform, err = d.Platforms.Platform(r.Context(), who, platform.ID(r.PathValue("id")))
	return p, err
}

// correctPlatform puts it right, and with it what others keep of its name and domain.
func (d *Door) correctPlatform(w *answer.Writer, r *answer.Request) error {
	p, err := d.correcting(r)
	if err != nil {
		return err
	}
	p.Proposal, p.Reason = platform.Proposal{Name: r.Text("name"), Domain: r.Text("domain"), About: r.Text("about")}, r.Text("reason")
	id := p.Platform.ID
	err = w.Once(func(ctx context.Context) (string, error) {
		c, err := d.Platforms.Correct(ctx, proposer(r.Viewer), id, p.Proposal, p.Reason)
		if err != nil {
			return "", err
		}
		return platformpage.Href(id), d.corrected(ctx, r, id, c.Old, c.New, moderation.CorrectPlatform, p.Reason)
	})
	if !mendable(err) {
		return err
	}
	p.Error = err
	return w.Again(err, platformpage.Correct(p))
}

// uncorrectPlatform takes a correction back, by one press.
func (d *Door) uncorrectPlatform(w *answer.Writer, r *answer.Request) error {
	if err := platform.MayCorrect(proposer(r.Viewer)); err != nil {
		return err
	}
	id := platform.ID(r.PathValue("id"))
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return fault.New(fault.NotFound, "platform.correct.none")
	}
	return w.Once(func(ctx context.Context) (string, error) {
		c, err := d.Platforms.Uncorrect(ctx, proposer(r.Viewer), id, n)
		if err != nil {
			return "", err
		}
		return platformpage.Href(id), d.corrected(ctx, r, id, c.New, c.Old, moderation.UncorrectPlatform, "")
	})
}

// corrected lets documents of terms and representatives know what a platform is called
// now and where it lives, and enters the deed.
func (d *Door) corrected(ctx context.Context, r *answer.Request, id platform.ID, from, to platform.Proposal, deed moderation.Deed, reason string) error {
	if from.Name != to.Name {
		was := platform.Platform{Name: from.Name}
		if err := d.Terms.Renamed(ctx, was.Is, to.Name); err != nil {
			return err
		}
	}
	if from.Domain != to.Domain {
		if err := d.Representatives.Moved(ctx, string(id)); err != nil {
			return err
		}
	}
	_, err := d.Moderation.Decide(ctx, face.ID(r.Viewer.FaceID), deed, moderation.Target{Kind: "platform", ID: string(id)}, reason)
	return err
}
