package account

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"

	"guildhall/internal/fault"
	"guildhall/internal/member"
	"guildhall/internal/member/key"
	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
)

func (d *Door) registerSignIn(m *answer.Mux) {
	m.Handle("GET /sign-in", d.signInPage, answer.Params("back"))
	m.Handle("POST /sign-in", d.signIn)
	m.Handle("POST /sign-in/phrase", script(d.signInPhrase))
	m.Handle("POST /sign-in/passkey/options", script(d.signInOptions))
	m.Handle("POST /sign-in/passkey", script(d.signInPasskey))
	m.Handle("POST /sign-out", d.signOut)
}

// signInPage shows the ways in; to somebody signed in, the ways to show once
// more who she is.
func (d *Door) signInPage(w *answer.Writer, r *answer.Request) error {
	next := local(r.Query("back"))
	if s, ok := d.who(r); ok && (!needsFresh(next) || d.fresh(r, s.Account)) {
		return w.Redirect(next)
	}
	return w.Show(http.StatusOK, accountpage.SignIn(accountpage.SignInForm{
		Name: r.Viewer.Name, Next: next, Passkeys: d.passkeys != nil,
	}))
}

// needsFresh tells the pages on which keys are made, or an account ends.
func needsFresh(path string) bool {
	return path == codesPath || path == keysPath || path == erasurePath
}

// signIn is for browsers without scripts: a name with its login code, or a
// recovery code.
func (d *Door) signIn(w *answer.Writer, r *answer.Request) error {
	next := local(r.Text("next"))
	err := d.byCode(w, r)
	if err == nil {
		return w.Redirect(next)
	}
	return w.Again(err, accountpage.SignIn(accountpage.SignInForm{
		Name: r.Text("name"), Code: r.Text("code"), Next: next, Passkeys: d.passkeys != nil, Err: err,
	}))
}

func (d *Door) byCode(w *answer.Writer, r *answer.Request) error {
	if r.Text("code") == "" {
		return fault.On("code", fault.Invalid, "fault.empty")
	}
	code, err := key.ParseCode(r.Text("code"))
	if err != nil {
		f := *fault.From(err)
		f.Field = "code"
		return &f
	}
	// A code that is spent must not be lost because the rest failed.
	found := false
	var in entry
	err = d.DB.Tx(r.Context(), func(ctx context.Context) error {
		a, err := d.Members.Recover(ctx, code.RecoveryHash())
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err == nil {
			in, err = d.enterTx(ctx, r, a.ID, "")
		}
		found = err == nil
		return err
	})
	if err == nil && !found {
		in, err = d.byLoginCode(r, code)
	}
	if err != nil {
		return err
	}
	d.welcome(w, in)
	return nil
}

var opensNothing = fault.On("code", fault.Invalid, "account.signin.nothing")

// byLoginCode takes as long for a name nobody has as for another. Only this way in
// is metered, and only by address, because it is dear. Nothing here can be guessed,
// and a limit by name would let anybody keep a member out.
func (d *Door) byLoginCode(r *answer.Request, code key.Code) (in entry, err error) {
	name := r.Text("name")
	if name == "" {
		return in, fault.On("name", fault.Invalid, "account.signin.name_missing")
	}
	address := d.addresses.Key(r.Request)
	if err := d.guessing.Check(address); err != nil {
		return in, err
	}
	a, err := d.named(r.Context(), name)
	if err != nil {
		return in, err
	}
	right, err := d.Gate.Check(r.Context(), a.CodeHash, code)
	if err != nil {
		return in, err
	}
	if !right {
		_ = d.guessing.Take(address) // that the limit is reached is told at the next try
		return in, opensNothing
	}
	return d.enter(r, a.ID, "")
}

// named finds the account of a name; the zero account when there is none.
func (d *Door) named(ctx context.Context, name string) (a member.Account, err error) {
	f, err := d.Faces.ByHandle(ctx, name)
	if err == nil {
		a, err = d.Members.ByFace(ctx, string(f.ID))
	}
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		return member.Account{}, nil
	}
	return a, err
}

// entry is a browser let in.
type entry struct {
	id      member.ID
	session string
}

// enter lets a browser in. device is what a script named it; a browser without
// scripts that is signed in already stays the device it is.
func (d *Door) enter(r *answer.Request, id member.ID, device string) (in entry, err error) {
	err = d.DB.Tx(r.Context(), func(ctx context.Context) error {
		in, err = d.enterTx(ctx, r, id, device)
		return err
	})
	return in, err
}

func (d *Door) enterTx(ctx context.Context, r *answer.Request, id member.ID, device string) (in entry, err error) {
	was, signedIn := d.who(r)
	if signedIn && was.Account == id && device == "" {
		device = was.Device
	}
	label := ""
	if signedIn && was.Device != device { // the browser forgets its old cookie, so the hall does too
		if label, err = d.labelTx(ctx, was, id); err != nil {
			return in, err
		}
		if err = d.endDevice(ctx, was, was.Device); err != nil {
			return in, err
		}
	}
	if device == "" {
		device = string(key.NewDevice(rand.Reader))
	} else if _, err = key.ParseDevice(device); err != nil {
		return in, err
	}
	in.id = id
	in.session, err = d.Members.SignIn(ctx, id, device, label)
	if fault.Is(err, fault.TooMany) { // browsers long forgotten must not keep her out
		if err = d.endAll(ctx, id); err == nil {
			in.session, err = d.Members.SignIn(ctx, id, device, label)
		}
	}
	return in, err
}

// labelTx is what the member called this browser until now.
func (d *Door) labelTx(ctx context.Context, was member.Session, id member.ID) (string, error) {
	if was.Account != id {
		return "", nil
	}
	ds, err := d.Members.Devices(ctx, id)
	for _, v := range ds {
		if v.Device == was.Device {
			return v.Label, err
		}
	}
	return "", err
}

// welcome gives the browser its cookies.
func (d *Door) welcome(w http.ResponseWriter, in entry) {
	d.setSession(w, in.session)
	d.setFresh(w, in.id)
}

// opened is what a script gets that signed in.
type opened struct {
	Vault string `json:"vault"`
	Next  string `json:"next"`
}

func (d *Door) signInPhrase(w *answer.Writer, r *answer.Request) (any, error) {
	var in struct{ Login, Device, Next string }
	if err := read(r, &in); err != nil {
		return nil, err
	}
	v, err := key.LoginVerifier(in.Login)
	if err != nil {
		return nil, err
	}
	a, err := d.Members.ByLoginHash(r.Context(), string(v))
	if fault.Is(err, fault.NotFound) {
		return nil, fault.On("phrase", fault.Invalid, "account.signin.phrase_nothing")
	}
	if err != nil {
		return nil, err
	}
	return d.open(w, r, a.ID, in.Device, in.Next)
}

// open lets a script's browser in and hands it the vault.
func (d *Door) open(w *answer.Writer, r *answer.Request, id member.ID, device, next string) (any, error) {
	in, err := d.enter(r, id, device)
	if err != nil {
		return nil, err
	}
	vault, err := d.Members.Vault(r.Context(), id)
	if err != nil {
		return nil, err
	}
	d.welcome(w, in)
	return opened{string(key.VaultOf(vault)), local(next)}, nil
}

func (d *Door) signInOptions(w *answer.Writer, r *answer.Request) (any, error) {
	if d.passkeys == nil {
		return nil, fault.New(fault.Invalid, "key.passkey.origin")
	}
	return d.passkeys.Ask()
}

func (d *Door) signInPasskey(w *answer.Writer, r *answer.Request) (any, error) {
	var in struct {
		Ceremony, Device, Next string
		Credential             json.RawMessage
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if d.passkeys == nil {
		return nil, fault.New(fault.Invalid, "key.passkey.origin")
	}
	var id member.ID
	_, err := d.passkeys.Recognise(in.Ceremony, in.Credential, func(credential []byte) (key.Passkey, key.Handle, error) {
		p, h, owner, err := d.passkey(r.Context(), credential)
		id = owner
		return p, h, err
	})
	if err != nil {
		return nil, err
	}
	return d.open(w, r, id, in.Device, in.Next)
}

// passkey finds one by its credential id. Faults: NotFound.
func (d *Door) passkey(ctx context.Context, credential []byte) (p key.Passkey, h key.Handle, id member.ID, err error) {
	unknown := fault.New(fault.NotFound, "key.passkey.unknown")
	k, a, err := d.Members.Passkey(ctx, base64.RawURLEncoding.EncodeToString(credential))
	if fault.Is(err, fault.NotFound) {
		return p, nil, "", unknown
	}
	if err != nil {
		return p, nil, "", err
	}
	if h, err = base64.RawURLEncoding.DecodeString(a.UserHandle); err != nil {
		return p, nil, "", err
	}
	p, err = held(k)
	return p, h, a.ID, err
}

// held is a kept passkey as the package of keys knows it.
func held(k member.Passkey) (key.Passkey, error) {
	id, err := base64.RawURLEncoding.DecodeString(k.ID)
	return key.Passkey{ID: id, PublicKey: k.PublicKey, BackupEligible: k.BackupEligible, Transports: k.Transports}, err
}

// signOut ends this browser's session; a browser that has none is none the worse.
func (d *Door) signOut(w *answer.Writer, r *answer.Request) error {
	if s, ok := d.who(r); ok {
		if err := d.endDevice(r.Context(), s, s.Device); err != nil {
			return err
		}
	}
	d.dropSession(w)
	return w.Redirect("/")
}
