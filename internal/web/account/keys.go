package account

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/member"
	"guildhall/internal/member/key"
	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
)

const keysPath = "/account/keys"

func (d *Door) registerKeys(m *answer.Mux) {
	m.Handle("GET "+keysPath, d.keysPage, answer.Params("said"))
	m.Handle("POST /account/devices/name", d.nameDevice)
	m.Handle("POST /account/devices/revoke", d.revokeDevice)
	m.Handle("POST /account/devices/revoke-all", d.revokeAll)
	m.Handle("POST /account/passkeys/remove", d.removePasskey)
	m.Handle("GET "+codesPath, d.codesPage, answer.Params("next"))
	m.Handle("POST "+codesPath, d.renewCodes)
	m.Handle("POST /account/codes/kept", d.keptCodes)
	m.Handle("GET /me/vault", script(d.vault))
	m.Handle("GET /me/device", script(d.device))
	m.Handle("POST /me/keys", d.makeKeys)
	m.Handle("POST /me/passkeys/options", script(d.offerPasskey))
	m.Handle("POST /me/passkeys", script(d.addPasskey))
}

// keysPage shows how one proves to be the same person again, and where one is
// signed in.
func (d *Door) keysPage(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	p, err := d.keys(r, s)
	if err != nil {
		return err
	}
	p.Said = r.Query("said")
	return w.Show(http.StatusOK, accountpage.Keys(p))
}

func (d *Door) keys(r *answer.Request, s member.Session) (p accountpage.KeysPage, err error) {
	ctx := r.Context()
	a, err := d.Members.Account(ctx, s.Account)
	if err != nil {
		return p, err
	}
	p = accountpage.KeysPage{
		Device: s.Device, HasPhrase: a.HasVault, HasRequest: a.RequestKey != "", HasCode: a.CodeHash != "", Fresh: d.fresh(r, s.Account), Offered: d.passkeys != nil,
	}
	ds, err := d.Members.Devices(ctx, s.Account)
	if err != nil {
		return p, err
	}
	for _, v := range ds {
		p.Devices = append(p.Devices, accountpage.Device{ID: v.Device, Label: v.Label, Here: v.Device == s.Device})
	}
	ps, err := d.Members.Passkeys(ctx, s.Account)
	if err != nil {
		return p, err
	}
	for _, v := range ps {
		p.Passkeys = append(p.Passkeys, accountpage.Passkey{ID: v.ID, Label: v.Label, Synchronised: v.BackupEligible})
	}
	left, err := d.Members.RecoveryLeft(ctx, s.Account)
	p.RecoveryLeft = int(left)
	return p, err
}

// keysAgain shows the page once more because one of its forms failed.
func (d *Door) keysAgain(w *answer.Writer, r *answer.Request, s member.Session, why error) error {
	p, err := d.keys(r, s)
	if err != nil {
		return err
	}
	p.Err = why
	return w.Again(why, accountpage.Keys(p))
}

func (d *Door) nameDevice(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	if err := d.Members.LabelDevice(r.Context(), s.Account, r.Text("device"), r.Text("label")); err != nil {
		return d.keysAgain(w, r, s, err)
	}
	return w.Redirect(keysPath)
}

func (d *Door) revokeDevice(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	if err := d.endDevice(r.Context(), s, r.Text("device")); err != nil {
		return err
	}
	if r.Text("device") == s.Device {
		d.dropSession(w)
		return w.Redirect("/")
	}
	return w.Redirect(keysPath)
}

// endAll signs all browsers of an account out; none is woken any more.
func (d *Door) endAll(ctx context.Context, id member.ID) error {
	return d.DB.Tx(ctx, func(ctx context.Context) error {
		a, err := d.Members.Account(ctx, id)
		if err != nil {
			return err
		}
		db.AfterCommit(ctx, func() { d.Left(a.Face, "") })
		return errors.Join(d.Members.SignOutAll(ctx, id), d.Notices.Leave(ctx, face.ID(a.Face), ""))
	})
}

// endDevice signs a browser out; it is woken no more.
func (d *Door) endDevice(ctx context.Context, s member.Session, device string) error {
	if device == "" { // of no browser: not all of them
		return nil
	}
	return d.DB.Tx(ctx, func(ctx context.Context) error {
		db.AfterCommit(ctx, func() { d.Left(s.Face, device) })
		return errors.Join(d.Members.SignOut(ctx, s.Account, device), d.Notices.Leave(ctx, face.ID(s.Face), device))
	})
}

func (d *Door) revokeAll(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	if err := d.endAll(r.Context(), s.Account); err != nil {
		return err
	}
	d.dropSession(w)
	return w.Redirect("/sign-in")
}

func (d *Door) removePasskey(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	err = d.Members.RemovePasskey(r.Context(), s.Account, r.Text("passkey"))
	if err != nil && !fault.Is(err, fault.NotFound) { // gone already is what was wanted
		return err
	}
	return w.Redirect(keysPath)
}

// vault hands the sealed root to the member's own scripts.
func (d *Door) vault(_ *answer.Writer, r *answer.Request) (any, error) {
	s, err := d.me(r)
	if err != nil {
		return nil, err
	}
	v, err := d.Members.Vault(r.Context(), s.Account)
	return map[string]string{"vault": string(key.VaultOf(v))}, err
}

// device names the device that is signed in, under which its browser keeps the root.
func (d *Door) device(_ *answer.Writer, r *answer.Request) (any, error) {
	s, err := d.me(r)
	return map[string]string{"device": s.Device}, err
}

// makeKeys gives keys to a member who joined without scripts, or the one key
// that a member of early days lacks.
func (d *Door) makeKeys(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	if err := d.makeKeysFor(r, s); err != nil {
		return d.keysAgain(w, r, s, err)
	}
	return w.Redirect(keysPath + "?said=keys")
}

func (d *Door) makeKeysFor(r *answer.Request, s member.Session) error {
	if !d.fresh(r, s.Account) {
		return errStale
	}
	request, err := requestKey(r.Text("request_key"))
	if err != nil {
		return err
	}
	if r.Text("vault") == "" && request != "" {
		return d.Members.SetRequestKey(r.Context(), s.Account, request)
	}
	vault, err := key.ParseVault(r.Text("vault"))
	if err != nil {
		return err
	}
	verifier, err := key.ParseVerifier(r.Text("login_hash"))
	if err != nil {
		return err
	}
	return d.Members.MakeKeys(r.Context(), s.Account, vault.Bytes(), string(verifier), request)
}

// errStale asks for a key once more, before a new one is added.
var errStale = fault.New(fault.Forbidden, "account.fresh.needed")

// offer is what a script needs to make a passkey.
type offer struct {
	key.Ceremony
	Vault string `json:"vault"`
}

func addFor(id member.ID) string { return "add/" + string(id) }

func (d *Door) offerPasskey(_ *answer.Writer, r *answer.Request) (any, error) {
	s, err := d.me(r)
	if err != nil {
		return nil, err
	}
	if d.passkeys == nil {
		return nil, fault.New(fault.Invalid, "key.passkey.origin")
	}
	if !d.fresh(r, s.Account) {
		return nil, errStale
	}
	a, err := d.Members.Account(r.Context(), s.Account)
	if err != nil {
		return nil, err
	}
	have, err := d.held(r, s)
	if err != nil {
		return nil, err
	}
	handle, err := base64.RawURLEncoding.DecodeString(a.UserHandle)
	if err != nil {
		return nil, err
	}
	c, err := d.passkeys.Offer(addFor(s.Account), handle, r.Viewer.Name, have)
	if err != nil {
		return nil, err
	}
	v, err := d.Members.Vault(r.Context(), s.Account)
	return offer{c, string(key.VaultOf(v))}, err
}

// held lists the member's passkeys.
func (d *Door) held(r *answer.Request, s member.Session) (have []key.Passkey, err error) {
	ps, err := d.Members.Passkeys(r.Context(), s.Account)
	if err != nil {
		return nil, err
	}
	for _, p := range ps {
		k, err := held(p)
		if err != nil {
			return nil, err
		}
		have = append(have, k)
	}
	return have, nil
}

func (d *Door) addPasskey(_ *answer.Writer, r *answer.Request) (any, error) {
	var in struct {
		Ceremony, Vault, Label string
		Credential             json.RawMessage
	}
	s, err := d.me(r)
	if err != nil {
		return nil, err
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if d.passkeys == nil {
		return nil, fault.New(fault.Invalid, "key.passkey.origin")
	}
	_, p, err := d.passkeys.Accept(addFor(s.Account), in.Ceremony, in.Credential)
	if err != nil {
		return nil, err
	}
	next := keysPath + "?said=passkey"
	var was, grown []byte
	if in.Vault == "" {
		next = keysPath + "?said=passkey-closed"
	} else {
		if was, err = d.Members.Vault(r.Context(), s.Account); err != nil {
			return nil, err
		}
		v, err := key.VaultOf(was).Grown(in.Vault)
		if err != nil {
			return nil, err
		}
		grown = v.Bytes()
	}
	err = d.Members.AddPasskey(r.Context(), s.Account, *kept(p, in.Label), was, grown)
	return map[string]string{"next": next}, err
}
