package account

import (
	"net/http"
	"strings"

	"guildhall/internal/face"
	"guildhall/internal/member"
	"guildhall/internal/notice"
	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
)

func (d *Door) registerWays(m *answer.Mux) {
	m.Handle("POST "+reachPath+"/addresses", d.addAddress)
	m.Handle("GET /reach/prove/{token}", d.letterPage(accountpage.ProveLetter))
	m.Handle("POST /reach/prove/{token}", d.proveAddress)
	m.Handle("GET /reach/stop/{token}", d.letterPage(accountpage.StopLetter))
	m.Handle("POST /reach/stop/{token}", d.stopAddress)
	m.Handle("GET /reach/seen/{token}/{notice}", d.letterPage(accountpage.SeenLetter))
	m.Handle("POST /reach/seen/{token}/{notice}", d.seenLetter)
}

// addAddress lets her be told by mail, by ntfy or by a program of hers.
func (d *Door) addAddress(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	a := notice.Address{Way: notice.Way(r.Text("way")), To: r.Text("to"), Lang: r.Viewer.Lang.String(), Zone: s.Zone}
	if err = d.Notices.CheckAddress(a.Way, a.To); err == nil {
		err = d.mayAsk(s, a) // whoever is asked has not wished for it yet
	}
	if err == nil {
		err = d.Notices.Add(r.Context(), face.ID(s.Face), a)
	}
	if err == nil {
		return w.Redirect(reachPath + "?said=added#devices")
	}
	p, again := d.reach(r.Context(), s)
	if again != nil {
		return again
	}
	p.Way, p.To, p.Err = a.Way, a.To, err
	return w.Again(err, accountpage.Reach(p))
}

// mayAsk lets one account ask a few addresses a day, and one address be asked a few times,
// whoever wishes it. It is remembered in memory only.
func (d *Door) mayAsk(s member.Session, a notice.Address) error {
	if err := d.adding.Take(string(s.Account)); err != nil {
		return err
	}
	return d.asked.Take(string(a.Way) + " " + strings.ToLower(a.To))
}

// letterPage asks whether what a letter's link says is meant: programs that look for
// harmful links follow each of them, and press nothing.
func (d *Door) letterPage(kind accountpage.LetterKind) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		if err := d.hearing.Take(d.addresses.Key(r.Request)); err != nil {
			return err
		}
		if err := d.Notices.Known(r.Context(), r.PathValue("token")); err != nil {
			return err
		}
		return w.Show(http.StatusOK, accountpage.Letter(accountpage.LetterPage{Kind: kind, Path: r.URL.Path}))
	}
}

func (d *Door) proveAddress(w *answer.Writer, r *answer.Request) error {
	if err := d.hearing.Take(d.addresses.Key(r.Request)); err != nil {
		return err
	}
	if err := d.Notices.Prove(r.Context(), r.PathValue("token")); err != nil {
		return err
	}
	return w.Show(http.StatusOK, accountpage.Letter(accountpage.LetterPage{Kind: accountpage.ProveLetter, Done: true}))
}

// stopAddress ends letters: by the button, or by a mail program's own (RFC 8058).
func (d *Door) stopAddress(w *answer.Writer, r *answer.Request) error {
	if err := d.hearing.Take(d.addresses.Key(r.Request)); err != nil {
		return err
	}
	if err := d.Notices.Stop(r.Context(), r.PathValue("token")); err != nil {
		return err
	}
	return w.Show(http.StatusOK, accountpage.Letter(accountpage.LetterPage{Kind: accountpage.StopLetter, Done: true}))
}

func (d *Door) seenLetter(w *answer.Writer, r *answer.Request) error {
	if err := d.hearing.Take(d.addresses.Key(r.Request)); err != nil {
		return err
	}
	if err := d.Notices.Acknowledge(r.Context(), r.PathValue("token"), r.PathValue("notice"), notice.Opened); err != nil {
		return err
	}
	return w.Show(http.StatusOK, accountpage.Letter(accountpage.LetterPage{Kind: accountpage.SeenLetter, Done: true}))
}
