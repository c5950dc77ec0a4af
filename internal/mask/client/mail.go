package client

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

// ShowMail shows a platform's mail, as it was saved, at the safe origin, and keeps the
// pass that comes back. Nothing of the account is sent. Keys are those of Mask.Keys
// without a space. Faults: whatever the hall says of the mail; Invalid when it has
// signed something else.
func (h *Home) ShowMail(ctx context.Context, m Mask, k Keys, mail []byte) (err error) {
	defer fault.Wrap(&err, "client.ShowMail")
	e := epoch.Of(m.now())
	issuer, ok := k.Key(token.Mail, e)
	if !ok {
		return fault.New(fault.NotFound, "client.no_key")
	}
	q, err := h.Root.MailPass(e, issuer)
	if err != nil {
		return err
	}
	sig, err := m.showMail(ctx, e, q.Blinded, mail)
	if err != nil {
		return err
	}
	p, err := q.Finalize(sig)
	if err != nil {
		return err
	}
	h.State.Mail = &p
	return h.Keep()
}

func (m Mask) showMail(ctx context.Context, e int, blinded, mail []byte) ([]byte, error) {
	body, err := json.Marshal(map[string]any{"epoch": e, "blinded": wire.Bytes(blinded), "mail": wire.Bytes(mail)})
	if err != nil {
		return nil, err
	}
	for len(body)%wire.Step != 0 {
		body = append(body, ' ')
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, m.Hall.Safe().String()+"/mail", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", "text/plain")
	q.Header.Set("User-Agent", "") // sends none
	r, err := m.client("mail").Do(q)
	if err != nil {
		return nil, reach(err)
	}
	b, err := readAll(r, maxKeys)
	if err != nil {
		return nil, reach(err)
	}
	if r.StatusCode != http.StatusOK {
		return nil, refusal(r.StatusCode, b)
	}
	var out struct{ Signature wire.Bytes }
	if json.Unmarshal(b, &out) != nil {
		return nil, fault.New(fault.Invalid, "pass.answer.broken")
	}
	return out.Signature, nil
}

// UseMail lets the pass that is kept stand for one vouch of the account. Nothing of
// the mail is sent. Faults: NotFound when there is none; whatever the hall says.
func (h *Home) UseMail(ctx context.Context, a *Account) (err error) {
	defer fault.Wrap(&err, "client.UseMail")
	p := h.State.Mail
	if p == nil {
		return fault.New(fault.NotFound, "client.no_mail")
	}
	in := struct {
		Epoch     int    `json:"epoch"`
		Prefix    string `json:"prefix"`
		Key       string `json:"key"`
		Signature string `json:"signature"`
	}{p.Epoch, token.Encode(p.Prefix), token.Encode(p.Key), token.Encode(p.Signature)}
	var out struct{}
	if err := a.call(ctx, http.MethodPost, "/me/mail", in, &out); err != nil {
		return err
	}
	h.State.Mail = nil
	return h.Keep()
}
