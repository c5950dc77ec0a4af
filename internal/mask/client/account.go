package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/member/key"
	"guildhall/internal/member/key/owner"
	"guildhall/internal/pass/token"
)

// Account is a signed-in account. It is what the hall knows of somebody, so
// nothing of a mask goes through it.
type Account struct {
	hall Hall
	http *http.Client
}

// NewAccount makes an account that is not signed in yet.
func NewAccount(h Hall) (*Account, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &Account{hall: h, http: &http.Client{
		Jar: jar, Timeout: patience, Transport: h.transport("account", false),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Joined is what somebody holds after joining.
type Joined struct {
	Name   string
	Phrase owner.Phrase
	Login  string // signs in again; a secret
	Root   token.Root
}

// Join makes a new account with a drawn name and a drawn phrase, and signs in.
// Faults: TooMany, Unavailable.
func (a *Account) Join(ctx context.Context) (j Joined, err error) {
	defer fault.Wrap(&err, "client.Join")
	page, err := a.page(ctx, "/join")
	if err != nil {
		return j, err
	}
	form := page.hidden("name", "work", "once")
	if j.Phrase, err = owner.DrawPhrase(rand.Reader); err != nil {
		return j, err
	}
	if _, err = rand.Read(j.Root[:]); err != nil {
		return j, err
	}
	keys, err := j.Phrase.Keys()
	if err != nil {
		return j, err
	}
	vault, err := owner.NewVault(rand.Reader, keys, j.Root[:])
	if err != nil {
		return j, err
	}
	work, err := owner.Solve(form.Get("work"))
	if err != nil {
		return j, err
	}
	j.Name, j.Login = form.Get("name"), keys.Login()
	form.Set("work", work)
	form.Set("lang", "en")
	form.Set("zone", "UTC")
	form.Set("device", string(key.NewDevice(rand.Reader)))
	form.Set("vault", base64.RawURLEncoding.EncodeToString(vault))
	form.Set("login_hash", keys.LoginHash())
	form.Set("request_key", token.Encode(public(j.Root.RequestKey())))
	_, err = a.Submit(ctx, "/join", form)
	return j, err
}

// SignIn opens an account by its phrase and gives its root. Faults: Invalid or
// Forbidden when the phrase opens nothing here.
func (a *Account) SignIn(ctx context.Context, p owner.Phrase) (j Joined, err error) {
	defer fault.Wrap(&err, "client.SignIn")
	keys, err := p.Keys()
	if err != nil {
		return j, err
	}
	j.Phrase, j.Login = p, keys.Login()
	vault, err := a.Resume(ctx, j.Login)
	if err != nil {
		return j, err
	}
	root, err := owner.OpenVault(vault, keys)
	if err != nil {
		return j, err
	}
	copy(j.Root[:], root)
	return j, nil
}

// Resume signs in by the login that a phrase has given before, and gives the
// vault.
func (a *Account) Resume(ctx context.Context, login string) (vault []byte, err error) {
	var out struct{ Vault string }
	in := map[string]string{"login": login, "device": string(key.NewDevice(rand.Reader)), "next": "/"}
	if err := a.call(ctx, http.MethodPost, "/sign-in/phrase", in, &out); err != nil {
		return nil, err
	}
	vault, err = base64.RawURLEncoding.DecodeString(out.Vault)
	if err != nil {
		return nil, fault.New(fault.Invalid, "key.vault.broken").Because(err)
	}
	return vault, nil
}

// Standing is what the hall says of a seat.
type Standing struct {
	Day        int    `json:"day"`
	Epoch      int    `json:"epoch"`
	Key        bool   `json:"key"` // the account has its request key
	Seat       bool   `json:"seat"`
	Eligible   bool   `json:"eligible"`
	Why        string `json:"why"`         // not yet
	RightEpoch *int   `json:"right_epoch"` // in which the seat's right was served
}

// Standing asks what the account's seat in a space is good for. Faults: Forbidden
// when signed out, NotFound for no such space.
func (a *Account) Standing(ctx context.Context, space string) (s Standing, err error) {
	defer fault.Wrap(&err, "client.Standing(%s)", space)
	return s, a.call(ctx, http.MethodGet, "/me/passes?space="+url.QueryEscape(space), nil, &s)
}

// Right asks for the right of the account's seat, as the standing says that it can
// be had. Keys were checked before (Account.Keys). Faults: Forbidden while the seat
// is not good for it, Conflict when another root was served, NotFound without a key,
// Invalid when the hall has signed something else.
func (a *Account) Right(ctx context.Context, root token.Root, space string, s Standing, k Keys) (p token.Pass, err error) {
	defer fault.Wrap(&err, "client.Right(%s)", space)
	epoch := s.Epoch
	if s.RightEpoch != nil {
		epoch = *s.RightEpoch
	}
	issuer, ok := k.Key(token.Right, epoch)
	if !ok {
		return p, fault.New(fault.NotFound, "client.no_key")
	}
	asked, err := root.Right(space, epoch, 0, issuer)
	if err != nil {
		return p, err
	}
	answers, err := a.serve(ctx, root, space, epoch, asked.Blinded, nil)
	if err != nil {
		return p, err
	}
	return asked.Finalize(answers[0])
}

// Reads asks for the read passes of an epoch, one for each day. Faults: as of Right.
func (a *Account) Reads(ctx context.Context, root token.Root, space string, epoch int, k Keys) (passes []token.Pass, err error) {
	defer fault.Wrap(&err, "client.Reads(%s)", space)
	issuer, ok := k.Key(token.Read, epoch)
	if !ok {
		return nil, fault.New(fault.NotFound, "client.no_key")
	}
	asked, err := root.Reads(space, epoch, 0, issuer)
	if err != nil {
		return nil, err
	}
	answers, err := a.serve(ctx, root, space, epoch, nil, blinded(asked))
	if err != nil {
		return nil, err
	}
	return finalize(asked, answers)
}

// blinded is what the issuer signs of requests.
func blinded(asked []*token.Request) [][]byte {
	all := make([][]byte, len(asked))
	for i, q := range asked {
		all[i] = q.Blinded
	}
	return all
}

// finalize makes passes of the answers, in their order.
func finalize(asked []*token.Request, answers [][]byte) (passes []token.Pass, err error) {
	passes = make([]token.Pass, len(asked))
	for i, q := range asked {
		if passes[i], err = q.Finalize(answers[i]); err != nil {
			return nil, err
		}
	}
	return passes, nil
}

// serve sends one request for passes and gives the signatures in the order asked.
func (a *Account) serve(ctx context.Context, root token.Root, space string, epoch int, right []byte, reads [][]byte) ([][]byte, error) {
	in := struct {
		Space     string   `json:"space"`
		Epoch     int      `json:"epoch"`
		Right     string   `json:"right"`
		Read      []string `json:"read"`
		Signature string   `json:"signature"`
	}{space, epoch, token.Encode(right), []string{}, token.Encode(root.SignServe(space, epoch, right, reads))}
	for _, b := range reads {
		in.Read = append(in.Read, token.Encode(b))
	}
	var out struct {
		Right string
		Read  []string
	}
	if err := a.call(ctx, http.MethodPost, "/me/passes", in, &out); err != nil {
		return nil, err
	}
	signed := out.Read
	if len(right) > 0 {
		signed = append([]string{out.Right}, signed...)
	}
	got := make([][]byte, 0, len(signed))
	for _, s := range signed {
		b, ok := token.Decode(s, token.Right.Size())
		if !ok {
			return nil, fault.New(fault.Invalid, "pass.answer.broken")
		}
		got = append(got, b)
	}
	if len(got) != len(reads)+min(1, len(right)) {
		return nil, fault.New(fault.Invalid, "pass.answer.broken")
	}
	return got, nil
}

// Enter takes a seat in a space, by its page's own form.
func (a *Account) Enter(ctx context.Context, space string) (err error) {
	defer fault.Wrap(&err, "client.Enter(%s)", space)
	at := "/spaces/" + url.PathEscape(space)
	_, err = a.Fill(ctx, at, at+"/seat", url.Values{})
	return err
}

// Fill reads the page at a path, takes along what its forms hide, and sends the
// rest to another. Faults: as of Submit.
func (a *Account) Fill(ctx context.Context, at, to string, form url.Values) (next string, err error) {
	p, err := a.page(ctx, at)
	if err != nil {
		return "", err
	}
	for name, vs := range p.hidden("once", "as") {
		if !form.Has(name) {
			form[name] = vs
		}
	}
	return a.Submit(ctx, to, form)
}

// Submit sends a form as a browser without scripts would, and gives where the
// hall leads on to. Faults: Unavailable when it does not.
func (a *Account) Submit(ctx context.Context, path string, form url.Values) (next string, err error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, a.hall.URL.String()+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r, err := a.http.Do(q)
	if err != nil {
		return "", reach(err)
	}
	if _, err := readAll(r, maxPage); err != nil {
		return "", reach(err)
	}
	if r.StatusCode != http.StatusSeeOther {
		return "", fault.New(fault.Unavailable, "client.status", r.StatusCode)
	}
	return r.Header.Get("Location"), nil
}

// Links gives the ids that a page's links have after a prefix, once each.
func (a *Account) Links(ctx context.Context, at, prefix string) (ids []string, err error) {
	p, err := a.page(ctx, at)
	if err != nil {
		return nil, err
	}
	for n := range p.root.Descendants() {
		for _, attr := range n.Attr {
			id, ok := strings.CutPrefix(attr.Val, prefix)
			if id, _, _ = strings.Cut(id, "/"); ok && attr.Key == "href" && len(id) >= 20 && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

// maxPage is the limit of a page that is read for its form, in bytes.
const maxPage = 4 << 20

// call speaks JSON with the hall.
func (a *Account) call(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = b
	}
	b, err := a.Send(ctx, method, path, "application/json", body)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, out)
}

// Send sends what the hall's own scripts send, signed in, and gives the answer. kind is
// the content type. Faults: as the hall refuses, in its words.
func (a *Account) Send(ctx context.Context, method, path, kind string, body []byte) (answer []byte, err error) {
	q, err := http.NewRequestWithContext(ctx, method, a.hall.URL.String()+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", kind)
	r, err := a.http.Do(q)
	if err != nil {
		return nil, reach(err)
	}
	b, err := readAll(r, maxPage)
	if err != nil {
		return nil, reach(err)
	}
	if r.StatusCode != http.StatusOK && r.StatusCode != http.StatusNoContent {
		return nil, refusal(r.StatusCode, b)
	}
	return b, nil
}
