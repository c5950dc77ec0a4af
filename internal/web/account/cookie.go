package account

import (
	"net/http"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/member"
	"guildhall/internal/web/answer"
)

// Names of the short-lived cookies. Both are sealed for one account.
const (
	codesCookie = "codes" // codes that wait to be shown
	freshCookie = "fresh" // she has just shown who she is
)

const (
	codesPath = "/account/codes" // no other page is sent the codes
	shortLife = 10 * time.Minute
)

// setSession signs the browser in.
func (d *Door) setSession(w http.ResponseWriter, sealed string) {
	d.set(w, d.Cookie, "/", sealed, member.SessionLife)
}

// dropSession signs the browser out, on its side.
func (d *Door) dropSession(w http.ResponseWriter) {
	d.set(w, d.Cookie, "/", "", 0)
	d.set(w, freshCookie, "/", "", 0)
	d.set(w, codesCookie, codesPath, "", 0)
}

// set sets a cookie that scripts cannot read; without life it is taken away.
func (d *Door) set(w http.ResponseWriter, name, path, value string, life time.Duration) {
	c := &http.Cookie{
		Name: name, Value: value, Path: path, MaxAge: int(life / time.Second),
		HttpOnly: true, Secure: d.Secure, SameSite: http.SameSiteLaxMode,
	}
	if life <= 0 {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// me tells whose account the request's cookie opens. Faults: SignIn.
func (d *Door) me(r *answer.Request) (s member.Session, err error) {
	if err := r.SignedIn(); err != nil {
		return s, err
	}
	c, err := r.Cookie(d.Cookie)
	if err != nil {
		return s, fault.New(fault.SignIn, "fault.sign_in")
	}
	return d.Members.Resume(r.Context(), c.Value)
}

// who is me for handlers that also answer the signed out.
func (d *Door) who(r *answer.Request) (s member.Session, signedIn bool) {
	s, err := d.me(r)
	return s, err == nil
}

// setFresh notes that this account has just shown a key.
func (d *Door) setFresh(w http.ResponseWriter, id member.ID) {
	d.set(w, freshCookie, "/", d.Seal.Seal(freshFor(id), []byte{1}, shortLife), shortLife)
}

// fresh tells whether it did so within ten minutes.
func (d *Door) fresh(r *answer.Request, id member.ID) bool {
	c, err := r.Cookie(freshCookie)
	if err != nil {
		return false
	}
	_, err = d.Seal.Open(freshFor(id), c.Value)
	return err == nil
}

func freshFor(id member.ID) string { return "fresh/" + string(id) }
