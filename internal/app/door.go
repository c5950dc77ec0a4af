package app

import (
	"net/http"

	"guildhall/internal/web/answer"
	"guildhall/internal/web/safe"
)

// sessionCookie signs somebody in. The prefix lets browsers refuse it from
// anywhere but this very host over https.
func (h *Hall) sessionCookie() string {
	if h.secure() {
		return "__Host-hall"
	}
	return "hall"
}

func (h *Hall) secure() bool { return len(h.Config.URL) > 6 && h.Config.URL[:6] == "https:" }

// Handler wires the doors and gives the hall's whole web side.
func (h *Hall) Handler() http.Handler {
	mux := answer.New(answer.Config{
		Now: h.Now, Identify: h.identify, Sessions: []string{h.sessionCookie()}, DB: h.DB, Cache: h.Cache,
		Origin: h.Config.URL, Safe: safe.Origin(h.Config.URL), Letterbox: h.Config.Letterbox, Calls: h.callsElsewhere(), Hall: h.Config.Name, TLS: h.secure(), Metrics: h.Metrics, Formerly: h.moveIn(false).Redirect, TestOnlyVisit: h.TestOnlyVisit,
	})
	h.mountFrame(mux)
	h.openHall(mux)
	h.openAccount(mux)
	h.mountClock(mux)
	mux.Handle("GET /healthz", h.healthz)
	for pattern, handler := range h.Live.Routes() {
		mux.Mount(pattern, handler)
	}
	for pattern, handler := range h.Media.Routes() {
		mux.Mount(pattern, handler)
	}
	return doors{Mux: mux, safe: h.safeDoor(), host: h.safeHost(), now: h.Now}
}

// healthz answers whether the hall can read and answer.
func (h *Hall) healthz(w *answer.Writer, r *answer.Request) error {
	if _, err := h.Members.Count(r.Context()); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write([]byte("well\n"))
	return err
}
