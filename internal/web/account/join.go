package account

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/lang"
	"guildhall/internal/member"
	"guildhall/internal/member/key"
	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
)

func (d *Door) registerJoin(m *answer.Mux) {
	m.Handle("GET /join", d.joinPage, answer.Params("back"))
	m.Handle("POST /join", d.join)
	m.Handle("POST /join/passkey", script(d.joinPasskey))
}

// joinPage shows the form with a name drawn for whoever comes.
func (d *Door) joinPage(w *answer.Writer, r *answer.Request) error {
	next := local(r.Query("back"))
	if r.Viewer.SignedIn {
		return w.Redirect(next)
	}
	name, err := d.Faces.Draw(r.Context())
	if err != nil {
		return err
	}
	return w.Show(http.StatusOK, accountpage.Join(accountpage.JoinForm{
		Name: name, Lang: r.Viewer.Lang.String(), Next: next, Work: d.work.Token(), Once: answer.NewOnce(), Passkeys: d.passkeys != nil,
	}))
}

// local gives the page to go on to: inside the hall, else the front page.
func local(to string) string {
	if !answer.Local(to) {
		return "/"
	}
	return to
}

// join makes the account and signs it in.
func (d *Door) join(w *answer.Writer, r *answer.Request) error {
	f := accountpage.JoinForm{
		Name: r.Text("name"), Lang: r.Text("lang"), Zone: r.Text("zone"), Next: local(r.Text("next")),
		Work: r.Text("work"), Device: r.Text("device"), Vault: r.Text("vault"), LoginHash: r.Text("login_hash"),
		RequestKey: r.Text("request_key"), Ceremony: r.Text("ceremony"), Passkey: r.Text("passkey"), Once: r.Once(), Passkeys: d.passkeys != nil,
	}
	got, err := d.joins.do(f.Once, func() (joined, error) { return d.admit(r, f) })
	if err != nil {
		f.Work, f.Err = d.work.Token(), err
		if spoilt[fault.From(err).Key] {
			f.Device, f.Vault, f.LoginHash, f.RequestKey, f.Ceremony, f.Passkey = "", "", "", "", "", ""
		}
		return w.Again(err, accountpage.Join(f))
	}
	d.setSession(w, got.session)
	d.set(w, codesCookie, codesPath, got.codes, shortLife)
	d.set(w, freshCookie, "/", got.fresh, shortLife)
	return w.Redirect(got.to)
}

// spoilt are the failures after which keys have to be made anew.
var spoilt = map[string]bool{"key.seal.old": true, "key.seal.broken": true, "key.passkey.refused": true, "key.vault.broken": true, "member.keys_taken": true}

// joiner is a checked form.
type joiner struct {
	member.Joining
	name   string
	device string
}

// admit checks the form, takes its price, and makes face and account.
func (d *Door) admit(r *answer.Request, f accountpage.JoinForm) (got joined, err error) {
	j, err := d.checkJoin(r.Context(), f)
	if err != nil {
		return got, err
	}
	if err = d.price(r, f.Work); err != nil {
		return got, err
	}
	var c codes
	if c, err = d.drawCodes(r.Context(), &j); err != nil {
		return got, err
	}
	var id member.ID
	err = d.DB.Tx(r.Context(), func(ctx context.Context) error {
		made, err := d.Faces.New(ctx, j.name)
		if err != nil {
			return err
		}
		j.Face = string(made.ID)
		if id, err = d.Members.Join(ctx, j.Joining); err != nil {
			return err
		}
		got.session, err = d.Members.SignIn(ctx, id, j.device, "")
		return err
	})
	c.Joined = true
	got.codes, got.fresh = d.sealCodes(id, c), d.Seal.Seal(freshFor(id), []byte{1}, shortLife)
	got.to = codesPath + "?next=" + escape(f.Next)
	return got, err
}

// checkJoin reads the form. Everything that can be said without work is said
// here, so that a mistake costs nobody a place in the queue.
func (d *Door) checkJoin(ctx context.Context, f accountpage.JoinForm) (j joiner, err error) {
	h, err := ident.ParseHandle(f.Name)
	if err != nil {
		return j, err
	}
	if err := d.untaken(ctx, h); err != nil {
		return j, err
	}
	l, ok := lang.Parse(f.Lang)
	if !ok {
		return j, fault.On("lang", fault.Invalid, "fault.choose")
	}
	if err := checkZone(f.Zone); err != nil {
		return j, err
	}
	j = joiner{name: h.String(), Joining: member.Joining{Lang: l.String(), Zone: f.Zone}}
	return j, d.checkKeys(f, &j)
}

// checkKeys reads what the browser's scripts made, if they did.
func (d *Door) checkKeys(f accountpage.JoinForm, j *joiner) error {
	j.UserHandle = base64.RawURLEncoding.EncodeToString(key.NewHandle(rand.Reader))
	if f.Device == "" {
		j.device = string(key.NewDevice(rand.Reader))
	} else if v, err := key.ParseDevice(f.Device); err != nil {
		return err
	} else {
		j.device = string(v)
	}
	if f.Vault == "" && f.LoginHash == "" && f.Passkey == "" {
		return nil
	}
	vault, err := key.ParseVault(f.Vault)
	if err != nil {
		return err
	}
	verifier, err := key.ParseVerifier(f.LoginHash)
	if err != nil {
		return err
	}
	request, err := requestKey(f.RequestKey)
	if err != nil {
		return err
	}
	j.Vault, j.LoginHash, j.RequestKey = vault.Bytes(), string(verifier), request
	if f.Passkey == "" || d.passkeys == nil {
		return nil
	}
	handle, p, err := d.passkeys.Accept("join", f.Ceremony, []byte(f.Passkey))
	if err != nil {
		return err
	}
	j.UserHandle = base64.RawURLEncoding.EncodeToString(handle)
	j.Joining.Passkey = kept(p, "")
	return nil
}

// kept is a passkey as the room of members keeps it.
func kept(p key.Passkey, label string) *member.Passkey {
	return &member.Passkey{
		ID: base64.RawURLEncoding.EncodeToString(p.ID), PublicKey: p.PublicKey, BackupEligible: p.BackupEligible,
		Transports: p.Transports, Label: label,
	}
}

// price takes the work of a browser, or a place in the queue of those that
// cannot do it.
func (d *Door) price(r *answer.Request, work string) error {
	if err := d.joining.Take(d.addresses.Key(r.Request)); err != nil {
		return err
	}
	err := d.work.Spend(work)
	if err != nil && fault.From(err).Key == "key.work.none" {
		return d.Members.AdmitWithoutWork()
	}
	return err
}

// untaken says early that a name is somebody's; the last word is face's.
func (d *Door) untaken(ctx context.Context, h ident.Handle) error {
	_, err := d.Faces.ByHandle(ctx, h.String())
	switch {
	case fault.Is(err, fault.NotFound):
		return d.Faces.Bearable(ctx, h)
	case err != nil:
		return err
	}
	return fault.On("name", fault.Conflict, "face.name.taken")
}

func checkZone(name string) error {
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return fault.On("zone", fault.Invalid, "face.zone.unknown")
	}
	return nil
}

// joinPasskey begins the making of a passkey for a name that is not taken yet.
func (d *Door) joinPasskey(w *answer.Writer, r *answer.Request) (any, error) {
	var in struct{ Name string }
	if err := read(r, &in); err != nil {
		return nil, err
	}
	h, err := ident.ParseHandle(in.Name)
	if err != nil {
		return nil, err
	}
	if err := d.untaken(r.Context(), h); err != nil {
		return nil, err
	}
	if d.passkeys == nil {
		return nil, fault.New(fault.Invalid, "key.passkey.origin")
	}
	return d.passkeys.Offer("join", key.NewHandle(rand.Reader), h.String(), nil)
}
