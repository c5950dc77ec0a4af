package web

import (
	"net/http"

	"guildhall/internal/moderation"
	"guildhall/internal/web/answer"
	healthpage "guildhall/internal/web/page/health"
)

func (d *Door) registerHealth(m *answer.Mux) {
	m.Handle("GET /health", d.health)
}

// health shows stewards how the house stands.
func (d *Door) health(w *answer.Writer, r *answer.Request) error {
	if err := moderation.MayDecide(r.Viewer.Steward); err != nil {
		return err
	}
	house, err := d.Health(r.Context())
	if err != nil {
		return err
	}
	return w.Show(http.StatusOK, healthpage.Show(house))
}
