package account

import (
	"net/http"

	"guildhall/internal/fault"
	"guildhall/internal/lang"
	"guildhall/internal/member"
	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
	"guildhall/internal/web/viewer"
)

const lookPath = "/account/look"

func (d *Door) registerLook(m *answer.Mux) {
	m.Handle("GET "+lookPath, d.lookPage, answer.Params("saved"))
	m.Handle("POST "+lookPath, d.look)
}

func (d *Door) lookPage(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	return w.Show(http.StatusOK, accountpage.Look(accountpage.LookPage{
		Lang: r.Viewer.Lang.String(), Zone: s.Zone, Theme: s.Theme, Saved: r.Query("saved") != "",
	}))
}

// look keeps how a member likes pages; the language also for when this browser
// is signed out.
func (d *Door) look(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	p := accountpage.LookPage{Lang: r.Text("lang"), Zone: r.Text("zone"), Theme: r.Text("theme")}
	l, spoken := lang.Parse(p.Lang)
	switch {
	case !spoken:
		err = fault.On("lang", fault.Invalid, "fault.choose")
	case p.Theme != viewer.Auto && p.Theme != viewer.Light && p.Theme != viewer.Dark:
		err = fault.On("theme", fault.Invalid, "fault.choose")
	default:
		err = checkZone(p.Zone)
	}
	if err == nil {
		err = d.Members.Prefer(r.Context(), s.Account, l.String(), p.Zone, p.Theme)
	}
	if err != nil {
		p.Err = err
		return w.Again(err, accountpage.Look(p))
	}
	d.set(w, answer.LangCookie, "/", l.String(), member.SessionLife)
	return w.Redirect(lookPath + "?saved=yes")
}
