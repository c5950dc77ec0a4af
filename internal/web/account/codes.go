package account

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"

	"guildhall/internal/member"
	"guildhall/internal/member/key"
	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
)

// codes are what is shown once. They travel to that page in a cookie that only
// the hall can read; the hall itself keeps hashes.
type codes struct {
	Login    string   `json:"l,omitempty"`
	Recovery []string `json:"r"`
	Joined   bool     `json:"j,omitempty"`
}

// drawCodes makes the codes of a new member. Whoever brings a phrase needs no
// login code and may make one later.
func (d *Door) drawCodes(ctx context.Context, j *joiner) (c codes, err error) {
	if j.LoginHash == "" {
		login := key.NewLoginCode(rand.Reader)
		if j.CodeHash, err = d.Gate.Hash(ctx, login); err != nil {
			return c, err
		}
		c.Login = login.Reveal()
	}
	c.Recovery, j.RecoveryHashes = recovery()
	return c, nil
}

func recovery() (shown, hashes []string) {
	for _, code := range key.NewRecoveryCodes(rand.Reader) {
		shown, hashes = append(shown, code.Reveal()), append(hashes, code.RecoveryHash())
	}
	return shown, hashes
}

func codesFor(id member.ID) string { return "codes/" + string(id) }

func (d *Door) sealCodes(id member.ID, c codes) string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and booleans
	}
	return d.Seal.Seal(codesFor(id), b, shortLife)
}

// waiting gives the codes that are still to be shown.
func (d *Door) waiting(r *answer.Request, id member.ID) (c codes, ok bool) {
	cookie, err := r.Cookie(codesCookie)
	if err != nil {
		return c, false
	}
	b, err := d.Seal.Open(codesFor(id), cookie.Value)
	return c, err == nil && json.Unmarshal(b, &c) == nil
}

// codesPage shows new codes, or offers to make some.
func (d *Door) codesPage(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	next := local(r.Query("next"))
	if c, ok := d.waiting(r, s.Account); ok {
		return w.Show(http.StatusOK, accountpage.NewCodes(accountpage.CodesPage{
			Name: r.Viewer.Name, Login: c.Login, Recovery: c.Recovery, Joined: c.Joined, Next: next, Device: s.Device,
		}))
	}
	if !d.fresh(r, s.Account) {
		return w.Redirect(confirm(codesPath))
	}
	left, err := d.Members.RecoveryLeft(r.Context(), s.Account)
	if err != nil {
		return err
	}
	return w.Show(http.StatusOK, accountpage.RenewCodes(int(left), answer.NewOnce()))
}

// renewCodes replaces the login code and the recovery codes. A form that arrives
// twice makes them once.
func (d *Door) renewCodes(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	if !d.fresh(r, s.Account) {
		return w.Redirect(confirm(codesPath))
	}
	got, err := d.joins.do("codes/"+r.Once(), func() (joined, error) { return d.newCodes(r.Context(), s.Account) })
	if err != nil {
		return err
	}
	d.set(w, codesCookie, codesPath, got.codes, shortLife)
	return w.Redirect(codesPath + "?next=" + escape(keysPath))
}

func (d *Door) newCodes(ctx context.Context, id member.ID) (got joined, err error) {
	if err = d.changing.Take(string(id)); err != nil {
		return got, err
	}
	login := key.NewLoginCode(rand.Reader)
	hash, err := d.Gate.Hash(ctx, login)
	if err != nil {
		return got, err
	}
	c := codes{Login: login.Reveal()}
	var hashes []string
	c.Recovery, hashes = recovery()
	got.codes = d.sealCodes(id, c)
	return got, d.Members.RenewCodes(ctx, id, hash, hashes)
}

// keptCodes is the press that says they are written down.
func (d *Door) keptCodes(w *answer.Writer, r *answer.Request) error {
	d.set(w, codesCookie, codesPath, "", 0)
	return w.Redirect(local(r.Text("next")))
}

// confirm is where one shows once more who one is.
func confirm(back string) string { return "/sign-in?back=" + escape(back) }

func escape(path string) string { return url.QueryEscape(path) }
