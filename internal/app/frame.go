package app

import (
	"net/http"

	"guildhall/internal/fault"
	"guildhall/internal/lang"
	"guildhall/internal/web/answer"
	"guildhall/internal/web/asset"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

// mountFrame registers what stands around every page: style, scripts, icons,
// and what makes the hall an app that opens without a line.
func (h *Hall) mountFrame(mux *answer.Mux) {
	mux.Mount("GET "+asset.Prefix, asset.Handler())
	mux.Mount("GET /sw.js", asset.ServiceWorker())
	mux.Mount("GET /favicon.ico", asset.Icon())
	mux.Mount("GET /manifest.webmanifest", asset.Manifest(h.manifestWords))
	mux.Handle("GET /offline", offline)
	mux.Handle("POST /preferences", h.preferences)
}

// manifestWords names the hall in the language of whoever installs it.
func (h *Hall) manifestWords(r *http.Request) asset.Words {
	l := lang.Match(r.Header.Get("Accept-Language"))
	if c, err := r.Cookie(answer.LangCookie); err == nil {
		if chosen, ok := lang.Parse(c.Value); ok {
			l = chosen
		}
	}
	return shell.ManifestWords(viewer.Viewer{Lang: l, Hall: h.Config.Name})
}

// offline is what browsers keep for when the line is gone. It is kept on the
// device, so it never shows who is signed in.
func offline(w *answer.Writer, r *answer.Request) error {
	v := r.Viewer
	anybody := viewer.Viewer{Lang: v.Lang, Theme: v.Theme, Hall: v.Hall, Path: "/"}
	r.Request = r.WithContext(viewer.With(r.Context(), anybody))
	return w.Show(http.StatusOK, shell.Offline())
}

const year = 365 * 24 * 60 * 60 // seconds

// preferences keeps how a reader likes pages: in two cookies that say nothing
// else, and for members in the account too, so that it follows them.
func (h *Hall) preferences(w *answer.Writer, r *answer.Request) error {
	l, known := lang.Parse(r.Text("lang"))
	if !known {
		return fault.On("lang", fault.Invalid, "fault.choose")
	}
	theme := r.Text("theme")
	if theme != viewer.Auto && theme != viewer.Light && theme != viewer.Dark {
		return fault.On("theme", fault.Invalid, "fault.choose")
	}
	h.keepCookie(w, answer.LangCookie, l.String())
	h.keepCookie(w, answer.ThemeCookie, theme)
	if c, err := r.Cookie(h.sessionCookie()); err == nil && r.Viewer.SignedIn {
		s, err := h.Members.Resume(r.Context(), c.Value)
		if err != nil {
			return err
		}
		if err := h.Members.Prefer(r.Context(), s.Account, l.String(), s.Zone, theme); err != nil {
			return err
		}
	}
	back := r.Text("back")
	if !answer.Local(back) {
		back = "/"
	}
	return w.Redirect(back)
}

// keepCookie sets a cookie for a year; an empty value takes it away.
func (h *Hall) keepCookie(w http.ResponseWriter, name, value string) {
	c := http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: year,
		Secure: h.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, &c)
}
