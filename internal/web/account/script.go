package account

import (
	"encoding/json"

	"guildhall/internal/fault"
	"guildhall/internal/web/answer"
)

// failure is what a script is told.
type failure struct {
	Message string `json:"message"`
	Field   string `json:"field,omitempty"`
}

// script answers the hall's own scripts in JSON, failures too. What is our own
// bug goes the way of all bugs, and is logged there.
func script(h func(w *answer.Writer, r *answer.Request) (any, error)) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		out, err := h(w, r)
		if fault.Is(err, fault.Internal) {
			return err
		}
		status := 200
		if err != nil {
			f := fault.From(err)
			status, out = answer.Status(err), failure{r.Viewer.Lang.Fault(f), f.Field}
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "private, no-store")
		w.WriteHeader(status)
		return json.NewEncoder(w).Encode(out)
	}
}

// read takes what a script sent. Faults: Invalid.
func read(r *answer.Request, into any) error {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		return fault.New(fault.Invalid, "fault.not_text").Because(err)
	}
	return nil
}
