package app

import (
	"net/http"

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
