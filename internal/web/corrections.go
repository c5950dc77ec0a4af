package web

import (
	"context"

	"guildhall/internal/face"
	"guildhall/internal/reply"
	"guildhall/internal/web/answer"
	platformpage "guildhall/internal/web/page/platform"
)

// newCorrection shows stewards the form of a note below a claim.
func (d *Door) newCorrection(w *answer.Writer, r *answer.Request) error {
	p, err := d.correctionPage(r, targeted(r.Query("kind"), r.Query("thing")))
	if err != nil {
		return err
	}
	p.Once = answer.NewOnce()
	return w.Show(200, platformpage.WriteCorrection(p))
}

func (d *Door) correctionPage(r *answer.Request, t reply.Target) (p platformpage.ReplyForm, err error) {
	if err = reply.MayKeep(reply.Actor{Face: face.ID(r.Viewer.FaceID), Steward: r.Viewer.Steward}); err != nil {
		return p, err
	}
	p.Claim, err = d.claim(r.Context(), t)
	return p, err
}

// correct puts a visible note of the hall below a claim.
func (d *Door) correct(w *answer.Writer, r *answer.Request) error {
	p, err := d.correctionPage(r, targeted(r.Text("kind"), r.Text("thing")))
	if err != nil {
		return err
	}
	by := reply.Actor{Face: face.ID(r.Viewer.FaceID), Steward: r.Viewer.Steward}
	err = w.Once(func(ctx context.Context) (string, error) {
		return p.Claim.Href, d.Replies.Correct(ctx, by, p.Claim.Target, r.Text("text"))
	})
	if !mendable(err) {
		return err
	}
	p.Text, p.Once, p.Error = r.Text("text"), r.Once(), err
	return w.Again(err, platformpage.WriteCorrection(p))
}
