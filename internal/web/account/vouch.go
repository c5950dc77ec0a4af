package account

import (
	"context"
	"crypto/ed25519"
	"net/http"

	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/member"
	"guildhall/internal/member/key"
	"guildhall/internal/moderation"
	"guildhall/internal/pass/token"
	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
)

const vouchesPath = "/account/vouches"

func (d *Door) registerVouches(m *answer.Mux) {
	m.Handle("GET /account/vouches", d.vouchesPage, answer.Params("said"))
	m.Handle("POST /account/vouches", d.useVouch)
	m.Handle("POST /account/vouches/gifts", d.giveVouch)
	m.Handle("POST /account/vouches/founders", d.nameFounder)
	m.Handle("POST /account/vouches/noted", d.notedVouch)
	m.Handle("POST /me/mail", script(d.useMail))
}

// vouchesPage is where one gives vouches, uses them, and sees what one has. No
// form of it is remembered by Writer.Once, which knows the day.
func (d *Door) vouchesPage(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	p, err := d.vouches(r.Context(), s.Account, r.Viewer.Steward)
	if err != nil {
		return err
	}
	p.Said = r.Query("said")
	if c, err := r.Cookie(codesCookie); err == nil {
		if b, err := d.Seal.Open(vouchFor(s.Account), c.Value); err == nil {
			p.Code = string(b)
		}
	}
	return w.Show(http.StatusOK, accountpage.Vouches(p))
}

func vouchFor(id member.ID) string { return "vouch/" + string(id) }

func (d *Door) vouches(ctx context.Context, id member.ID, steward bool) (p accountpage.VouchesPage, err error) {
	c, err := d.Members.Credit(ctx, id)
	if err != nil {
		return p, err
	}
	now := d.Now()
	p.Vouches, p.Founder, p.Branch = c.Vouches, c.Founder, c.Branch
	p.MayGive = member.MayGive(c, now)
	p.Left, _ = member.Left(c, now)
	p.Mail, p.Once = d.Proofs != nil && d.Proofs.Offered(), answer.NewOnce()
	if !steward {
		return p, nil
	}
	f, err := d.Members.Founding(ctx)
	p.Founding = member.MayFound(f, now) == nil
	p.FoundersLeft, p.FoundingUntil = member.MaxFounders-f.Founders, f.Until()
	return p, err
}

// useVouch spends a code that somebody has handed over.
func (d *Door) useVouch(w *answer.Writer, r *answer.Request) error {
	return d.vouching(w, r, func(s member.Session) (to string, err error) {
		if err := d.changing.Take("vouch/" + string(s.Account)); err != nil {
			return "", err
		}
		c, err := key.ParseCode(r.Text("code"))
		if err != nil {
			return "", err
		}
		return vouchesPath + "?said=used", d.Members.UseVouch(r.Context(), s.Account, c)
	})
}

// giveVouch makes a code, once for a form that arrives twice.
func (d *Door) giveVouch(w *answer.Writer, r *answer.Request) error {
	return d.vouching(w, r, func(s member.Session) (string, error) {
		if !r.Checked("known") {
			return "", fault.On("known", fault.Invalid, "vouch.give.tick")
		}
		return d.handOver(w, r, s, func() (key.Code, error) { return d.Members.GiveVouch(r.Context(), s.Account) })
	})
}

// nameFounder makes a founder's code; that one was made is a decision for
// everybody to read, for whom it was is not known.
func (d *Door) nameFounder(w *answer.Writer, r *answer.Request) error {
	return d.vouching(w, r, func(s member.Session) (string, error) {
		if err := moderation.MayDecide(r.Viewer.Steward); err != nil {
			return "", err
		}
		return d.handOver(w, r, s, func() (c key.Code, err error) {
			err = d.DB.Tx(r.Context(), func(ctx context.Context) error {
				if c, err = d.Members.InviteFounder(ctx); err != nil {
					return err
				}
				_, err := d.Moderation.Decide(ctx, face.ID(r.Viewer.FaceID), moderation.NameFounder, moderation.Target{Kind: "hall"}, r.Text("reason"))
				return err
			})
			return c, err
		})
	})
}

// handOver shows a new code on the next page, and never again.
func (d *Door) handOver(w *answer.Writer, r *answer.Request, s member.Session, make func() (key.Code, error)) (to string, err error) {
	got, err := d.joins.do("vouch/"+string(s.Account)+r.Once(), func() (got joined, err error) {
		if err := d.changing.Take(string(s.Account)); err != nil {
			return got, err
		}
		c, err := make()
		if err == nil {
			got.codes = d.Seal.Seal(vouchFor(s.Account), []byte(c.Reveal()), shortLife)
		}
		return got, err
	})
	if err != nil {
		return "", err
	}
	d.set(w, codesCookie, vouchesPath, got.codes, shortLife)
	return vouchesPath, nil
}

// notedVouch is the press that says the code was written down.
func (d *Door) notedVouch(w *answer.Writer, _ *answer.Request) error {
	d.set(w, codesCookie, vouchesPath, "", 0)
	return w.Redirect(vouchesPath)
}

// vouching does one deed of the page, or shows it again.
func (d *Door) vouching(w *answer.Writer, r *answer.Request, do func(member.Session) (to string, err error)) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	to, err := do(s)
	if err == nil {
		return w.Redirect(to)
	}
	if fault.Is(err, fault.Internal) {
		return err
	}
	p, perr := d.vouches(r.Context(), s.Account, r.Viewer.Steward)
	if perr != nil {
		return perr
	}
	p.Err, p.Typed, p.Known, p.Reason = err, r.Text("code"), r.Text("known"), r.Text("reason")
	return w.Again(err, accountpage.Vouches(p))
}

// useMail lets a mail pass stand for one vouch. The safe origin has signed it
// without seeing it, so nothing leads from here to the mail.
func (d *Door) useMail(_ *answer.Writer, r *answer.Request) (any, error) {
	s, err := d.me(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Epoch                  int
		Prefix, Key, Signature string
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	p, err := d.mailPass(r.Context(), in.Epoch, in.Prefix, in.Key, in.Signature)
	if err != nil {
		return nil, err
	}
	return struct{}{}, d.Members.UseMail(r.Context(), s.Account, p.Spend())
}

// mailPass reads a pass and checks it against the key of its epoch: the running
// one or the one before.
func (d *Door) mailPass(ctx context.Context, e int, prefix, public, signature string) (p token.Pass, err error) {
	broken := fault.New(fault.Invalid, "pass.broken")
	now := epoch.Of(d.Now())
	if d.MailKey == nil || e > now || e < now-1 {
		return p, broken
	}
	p = token.Pass{Slot: token.Slot{Purpose: token.Mail, Epoch: e}}
	var k []byte
	ok := [3]bool{}
	p.Prefix, ok[0] = token.Decode(prefix, token.PrefixSize)
	k, ok[1] = token.Decode(public, ed25519.PublicKeySize)
	p.Signature, ok[2] = token.Decode(signature, token.Mail.Size())
	if ok != [3]bool{true, true, true} {
		return p, broken
	}
	p.Key = k
	issuer, err := d.MailKey(ctx, e)
	if err != nil {
		return p, err
	}
	return p, p.Verify(issuer)
}
