package app

import (
	"context"
	"net/url"
	"sync"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/lang"
	"guildhall/internal/mail"
	"guildhall/internal/notice"
	"guildhall/internal/push"
)

// checkAddress refuses what no word could be brought to.
func (h *Hall) checkAddress(w notice.Way, to string) error {
	var err error
	switch w {
	case notice.Mail:
		if h.Mail == nil { // it was not among the choices
			return fault.On("way", fault.Invalid, "mail.not_set")
		}
		err = h.Mail.CheckAddress(to)
	case notice.Ntfy:
		err = h.Push.CheckNtfy(to)
	case notice.Hook:
		err = h.Push.CheckHook(to)
	default:
		return fault.On("way", fault.Invalid, "fault.choose")
	}
	if err == nil {
		return nil
	}
	f := fault.From(err)
	return fault.On("to", f.Kind, f.Key, f.Args...).Because(f.Unwrap())
}

// carryWord brings a word to an address. What it names of the hall are its address and the
// tokens of whoever gets it.
func (h *Hall) carryWord(ctx context.Context, w notice.Word) (push.Outcome, error) {
	l, _ := lang.Parse(w.Lang)
	if w.Way == notice.Mail {
		return h.writeLetter(ctx, l, w)
	}
	n := push.Note{ID: w.ID, Title: h.Config.name(), Text: w.Text, Link: h.Config.URL + w.Path, Urgency: w.Urgency,
		Seen: push.Seen{URL: h.Config.URL + "/reach/opened", Token: w.Token, Notice: w.Notice, Label: l.T("notice.seen.do")}}
	if w.Way == notice.Ntfy {
		return h.Push.Ntfy(ctx, w.To, n)
	}
	return h.Push.Hook(ctx, w.To, w.Secret, n)
}

// mailRests is how long a mail server that is away is left alone. Ladders wait with it:
// nothing is given up because of that.
const mailRests = 10 * time.Minute

// mailRest is until when that is.
type mailRest struct {
	mu    sync.Mutex
	until time.Time
}

// left is how long the mail server is to be left alone yet.
func (m *mailRest) left(now time.Time) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return max(0, m.until.Sub(now))
}

func (m *mailRest) begin(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.until = now.Add(mailRests)
}

// writeLetter sends news, or the question whether an address is somebody's.
func (h *Hall) writeLetter(ctx context.Context, l lang.Lang, w notice.Word) (push.Outcome, error) {
	if wait := h.mailRest.left(h.Now()); wait > 0 {
		return push.Outcome{Kind: push.Resting, After: wait}, nil
	}
	leave := h.Config.URL + "/reach/stop/" + url.PathEscape(w.Leave)
	letter := mail.Letter{To: w.To, Subject: l.T("notice.letter.subject", h.Config.name()), ID: w.ID, Leave: leave,
		Text: l.T("notice.letter.text", w.Text, h.Config.URL+w.Path, h.Config.URL+"/reach/seen/"+url.PathEscape(w.Token)+"/"+url.PathEscape(w.Notice), leave)}
	if w.Kind == notice.Proof {
		letter.Subject, letter.Text = l.T("notice.letter.proof_subject", h.Config.name()), l.T("notice.letter.proof", h.Config.URL+w.Path, h.Config.name(), leave)
	}
	err := h.Mail.Send(ctx, letter)
	switch {
	case err == nil:
		return push.Outcome{Kind: push.Accepted}, nil
	case fault.Is(err, fault.Unavailable):
		h.mailRest.begin(h.Now())
		return push.Outcome{Kind: push.Resting, After: mailRests}, nil
	case fault.Is(err, fault.Invalid):
		return push.Outcome{Kind: push.Refused}, nil
	}
	return push.Outcome{}, err
}
