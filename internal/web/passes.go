package web

import "guildhall/internal/web/answer"

func (d *Door) registerPasses(m *answer.Mux) {
	m.Handle("GET /spaces/{id}/keys", d.issuerKeys)
	m.Handle("GET /keys", d.issuerKeys)
	m.Handle("GET /consultations/{id}/keys", d.consultationKeys)
}

// issuerKeys answers with the keys that sign passes of a safe space or, without one,
// with the key that signs mail passes: the same bytes for everybody, here and on the safe origin, so that a client can see
// that it was shown no key of its own.
func (d *Door) issuerKeys(w *answer.Writer, r *answer.Request) error {
	b, err := d.Passes.Keys(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return keysAnswer(w, b)
}

// consultationKeys answers likewise with the key of the passes to a consultation of
// masks.
func (d *Door) consultationKeys(w *answer.Writer, r *answer.Request) error {
	b, err := d.Passes.ConsultationKeys(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return keysAnswer(w, b)
}

func keysAnswer(w *answer.Writer, b []byte) error {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write(b)
	return err
}
