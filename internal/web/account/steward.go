package account

import (
	"net/http"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
)

func (d *Door) registerSteward(m *answer.Mux) {
	m.Handle("GET /steward/{token}", d.stewardPage)
	m.Handle("POST /steward/{token}", d.acceptStewardship)
}

// stewardPage asks whoever holds the link whether she will keep the hall. A
// link that is only looked at is not spent.
func (d *Door) stewardPage(w *answer.Writer, r *answer.Request) error {
	good, err := d.Moderation.Invited(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	if !good {
		return fault.New(fault.NotFound, "moderation.invitation_spent")
	}
	return w.Show(http.StatusOK, accountpage.Steward(r.URL.Path))
}

func (d *Door) acceptStewardship(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return w.Redirect(confirm(r.URL.Path))
	}
	if err := d.Moderation.Accept(r.Context(), r.PathValue("token"), face.ID(s.Face)); err != nil {
		return err
	}
	return w.Redirect("/moderation")
}
