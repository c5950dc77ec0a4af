package account

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/lang"
	"guildhall/internal/member"
	"guildhall/internal/question"
	"guildhall/internal/representative"
	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerStored(m *answer.Mux) {
	m.Handle("GET /stored", d.storedPage)
	m.Handle("GET /account/stored", d.myStoredPage)
}

// storedPage says to everybody what a hall stores.
func (d *Door) storedPage(w *answer.Writer, _ *answer.Request) error {
	return w.Page(nil, func(context.Context) (templ.Component, error) { return accountpage.Stored(), nil })
}

// myStoredPage shows a member her own values, kind by kind, and then how many rows
// of which table name her.
func (d *Door) myStoredPage(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	var tables []accountpage.Table
	var kinds []accountpage.Kind
	err = d.DB.View(r.Context(), func(ctx context.Context) error {
		for _, read := range []func(context.Context, member.Session) ([]accountpage.Table, error){d.accountRows, d.vouchRows, d.faceRows, d.textRows, d.reachRows, d.messageRows} {
			ts, err := read(ctx, s)
			if err != nil {
				return err
			}
			tables = append(tables, ts...)
		}
		kinds, err = d.Named(ctx, s)
		return err
	})
	if err != nil {
		return err
	}
	return w.Show(http.StatusOK, accountpage.MyStored(tables, kinds))
}

// sayer says words in the reader's language.
func sayer(ctx context.Context) lang.Lang { return viewer.From(ctx).Lang }

func yes(ctx context.Context, is bool) string {
	if is {
		return sayer(ctx).T("shell.yes")
	}
	return sayer(ctx).T("shell.no")
}

func (d *Door) accountRows(ctx context.Context, s member.Session) ([]accountpage.Table, error) {
	a, err := d.Members.Account(ctx, s.Account)
	if err != nil {
		return nil, err
	}
	left, err := d.Members.RecoveryLeft(ctx, s.Account)
	if err != nil {
		return nil, err
	}
	devices, err := d.Members.Devices(ctx, s.Account)
	if err != nil {
		return nil, err
	}
	passkeys, err := d.Members.Passkeys(ctx, s.Account)
	if err != nil {
		return nil, err
	}
	l := sayer(ctx)
	account := accountpage.Table{Title: "account.stored.account"}
	account.Add("account.stored.joined", half(a.JoinedHalf))
	account.Add("account.stored.seen", half(a.SeenHalf))
	tongue, _ := lang.Parse(a.Lang)
	account.Add("shell.language", tongue.Name())
	account.Add("shell.zone", a.Zone)
	account.Add("shell.theme", l.T("shell.theme."+cmp.Or(a.Theme, "auto")))
	account.Add("account.stored.vault", yes(ctx, a.HasVault))
	account.Add("account.stored.code", yes(ctx, a.CodeHash != ""))
	account.Add("account.stored.handle", a.UserHandle)
	device := accountpage.Table{Title: "account.devices.title"}
	for _, v := range devices {
		device.Add("account.stored.device", strings.TrimSpace(v.Device+" "+v.Label))
	}
	passkey := accountpage.Table{Title: "account.keys.passkeys"}
	for _, v := range passkeys {
		passkey.Add("account.stored.passkey", strings.TrimSpace(v.ID+" "+v.Label+" "+v.Transports))
	}
	recovery := accountpage.Table{Title: "account.codes.recovery"}
	recovery.Add("account.stored.recovery", l.Number(int(left)))
	return []accountpage.Table{account, device, passkey, recovery}, nil
}

// vouchRows are what is stored of vouches and seats, which is all that leads from
// an account towards a safe space.
func (d *Door) vouchRows(ctx context.Context, s member.Session) ([]accountpage.Table, error) {
	c, err := d.Members.Credit(ctx, s.Account)
	if err != nil {
		return nil, err
	}
	seats, err := d.Spaces.Seats(ctx, face.ID(s.Face))
	if err != nil {
		return nil, err
	}
	l := sayer(ctx)
	v := accountpage.Table{Title: "vouch.title"}
	v.Add("account.stored.joined_epoch", l.T("account.stored.epoch", epoch.Start(c.Joined)))
	v.Add("account.stored.vouches", l.Number(c.Vouches))
	v.Add("account.stored.branch", c.Branch)
	v.Add("account.stored.founder", yes(ctx, c.Founder))
	for _, e := range c.Gave {
		if e != 0 {
			v.Add("account.stored.gave", l.T("account.stored.epoch", epoch.Start(e)))
		}
	}
	seat := accountpage.Table{Title: "account.stored.seats"}
	for _, id := range seats {
		seat.Add("account.stored.seat", string(id))
	}
	rights, err := d.Passes.Rights(ctx, s.Face)
	if err != nil {
		return nil, err
	}
	for _, e := range rights {
		seat.Add("account.stored.right", l.T("account.stored.epoch", epoch.Start(e)))
	}
	return []accountpage.Table{v, seat}, nil
}

// half writes a half-year as people read it: "2026, 2/2".
func half(h string) string {
	year, n, _ := strings.Cut(h, "-")
	return year + ", " + n + "/2"
}

func (d *Door) faceRows(ctx context.Context, s member.Session) ([]accountpage.Table, error) {
	p, err := d.Faces.Profile(ctx, face.ID(s.Face))
	if err != nil {
		return nil, err
	}
	names, err := d.Faces.Names(ctx, p.Face.ID)
	if err != nil {
		return nil, err
	}
	f := accountpage.Table{Title: "account.stored.face"}
	f.Add("account.stored.id", string(p.Face.ID))
	f.Add("account.profile.name", p.Face.Name)
	f.Add("account.stored.names", strings.Join(names, ", "))
	f.Add("account.picture", p.Face.Picture)
	f.Add("account.stored.since", strconv.Itoa(p.Face.Since))
	said := accountpage.Table{Title: "account.profile.title"}
	said.Add("account.profile.about", p.About)
	said.Add("account.profile.skills", strings.Join(p.Skills, ", "))
	said.Add("account.profile.languages", strings.Join(p.Languages, ", "))
	said.Add("shell.zone", p.Zone)
	said.Add("account.profile.links", strings.Join(p.Links, " "))
	return []accountpage.Table{f, said}, nil
}

// messageRows are what is kept for messages: never a word of one.
func (d *Door) messageRows(ctx context.Context, s member.Session) ([]accountpage.Table, error) {
	h, err := d.Messages.Holdings(ctx, face.ID(s.Face))
	if err != nil {
		return nil, err
	}
	l := sayer(ctx)
	t := accountpage.Table{Title: "message.title"}
	for _, id := range h.Leaves {
		t.Add("message.stored.device", string(id))
	}
	t.Add("message.stored.conversations", l.Number(h.Conversations))
	t.Add("message.stored.packages", l.Number(h.Packages))
	t.Add("message.stored.waiting", l.Number(h.Waiting))
	t.Add("message.stored.files", l.Number(h.Files))
	t.Add("message.stored.left", l.Number(h.Left))
	calls, err := d.Calls.Held(ctx, face.ID(s.Face))
	if err != nil {
		return nil, err
	}
	t.Add("call.stored", l.Number(calls))
	links, err := d.Calls.Links(ctx, face.ID(s.Face))
	for _, link := range links {
		t.Add("call.link.stored", link.Shown+" · "+link.ID)
	}
	return []accountpage.Table{t}, err
}

func (d *Door) textRows(ctx context.Context, s member.Session) ([]accountpage.Table, error) {
	id := face.ID(s.Face)
	b, err := d.Forum.Mine(ctx, forum.Actor{Face: id})
	if err != nil {
		return nil, err
	}
	blocked, err := d.Moderation.Blocked(ctx, id)
	if err != nil {
		return nil, err
	}
	reports, err := d.Moderation.Reports(ctx, id)
	if err != nil {
		return nil, err
	}
	asked, err := d.Questions.Mine(ctx, question.Actor{Face: id})
	if err != nil {
		return nil, err
	}
	told, err := d.News.List(ctx, id)
	if err != nil {
		return nil, err
	}
	follows, err := d.News.Follows(ctx, id)
	if err != nil {
		return nil, err
	}
	l := sayer(ctx)
	lines := accountpage.Table{Title: "news.title"}
	lines.Add("account.stored.told", l.Number(len(told)))
	lines.Add("account.stored.follows", l.Number(len(follows)))
	questions := accountpage.Table{Title: "question.mine.title"}
	questions.Add("question.list.title", l.Number(len(asked)))
	texts := accountpage.Table{Title: "account.stored.texts"}
	texts.Add("account.stored.articles", l.Number(b.Articles))
	texts.Add("account.stored.discussions", l.Number(b.Discussions))
	texts.Add("account.stored.posts", l.Number(b.Posts))
	texts.Add("account.stored.recommendations", l.Number(b.Recommendations))
	texts.Add("account.stored.follows", l.Number(b.Follows))
	m := accountpage.Table{Title: "account.stored.moderation"}
	m.Add("account.stored.blocked", l.Number(len(blocked)))
	m.Add("account.stored.reports", l.Number(len(reports)))
	m.Add("account.stored.steward", yes(ctx, viewer.From(ctx).Steward))
	opinions, err := d.opinions(ctx, id)
	if err != nil {
		return nil, err
	}
	open := accountpage.Table{Title: "consultation.list.title"}
	for _, o := range opinions {
		open.Add("account.stored.answered", o.Title+" · "+l.Number(len(o.Statements)))
	}
	mandates, err := d.Representatives.OfFace(ctx, representative.Actor{Face: id})
	if err != nil {
		return nil, err
	}
	speaks := accountpage.Table{Title: "representative.stored"}
	for _, x := range mandates {
		speaks.Add("representative.role", x.Role+" · "+x.Domain)
		speaks.Add("account.stored.proof", x.Text)
		for _, at := range []time.Time{x.First, x.Found, x.Checked, x.Ended} {
			if !at.IsZero() {
				speaks.Add("account.stored.looked", l.DateTime(at, nil))
			}
		}
	}
	return []accountpage.Table{texts, questions, open, lines, m, speaks}, nil
}
