package web

import (
	"net/http"

	"guildhall/internal/face"
	"guildhall/internal/moderation"
	"guildhall/internal/web/answer"
	healthpage "guildhall/internal/web/page/health"
)

func (d *Door) registerHealth(m *answer.Mux) {
	m.Handle("GET /health", d.health)
	m.Handle("GET /health/calls", d.healthOfCalls)
	m.Handle("POST /health/calls", asJSON(d.tryCalls))
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

// healthOfCalls shows stewards by which ports calls come, and lets their browser try them.
func (d *Door) healthOfCalls(w *answer.Writer, r *answer.Request) error {
	if err := moderation.MayDecide(r.Viewer.Steward); err != nil {
		return err
	}
	return w.Show(http.StatusOK, healthpage.ShowCalls(d.Carrying()))
}

// waysTried is how many ways to the server of calls are tried: its web side, UDP, TCP, the relay,
// and the relay inside TLS.
const waysTried = 5

// tickets are those of a trial, one for each way.
type tickets struct {
	URL     string   `json:"url"`
	Tickets []string `json:"tickets"`
}

// tryCalls lets a steward's browser try the ways. No trace of that is kept.
func (d *Door) tryCalls(r *answer.Request, by face.ID) (any, error) {
	if err := moderation.MayDecide(r.Viewer.Steward); err != nil {
		return nil, err
	}
	if err := d.Trials.Take(string(by)); err != nil {
		return nil, err
	}
	if err := d.carried(r.Context()); err != nil {
		return nil, err
	}
	return tickets{d.Media.Address(), d.Media.Trial(waysTried)}, nil
}
