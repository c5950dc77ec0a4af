package account

import (
	"net/http"

	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
)

func (d *Door) registerHub(m *answer.Mux) {
	m.Handle("GET /account", d.hub)
}

// hub leads to everything of one's own.
func (d *Door) hub(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	left, err := d.Members.RecoveryLeft(r.Context(), s.Account)
	if err != nil {
		return err
	}
	return w.Show(http.StatusOK, accountpage.Hub(accountpage.HubPage{RecoveryLeft: int(left), Device: s.Device}))
}
