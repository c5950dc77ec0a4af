package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/ledger"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
	"guildhall/internal/moderation"
	"guildhall/internal/pass/token"
	"guildhall/internal/safedb"
	"guildhall/internal/space"
	"guildhall/internal/web/answer"
	"guildhall/internal/web/quota"
	"guildhall/internal/web/safe"
)

// paceOfMasks is how often one mask may visit.
var paceOfMasks = []quota.Limit{{Count: 120, Per: 10 * time.Minute}, {Count: 2000, Per: 24 * time.Hour}}

// openMasks opens the file of the safe spaces and the room that lives in it.
func (h *Hall) openMasks(ctx context.Context) (err error) {
	key, err := safedb.KeyOf(h.Dir)
	if err != nil {
		return err
	}
	if err := h.openLetters(key); err != nil {
		return err
	}
	if h.SafeDB, err = safedb.Open(ctx, safedb.Config{Dir: h.Dir, Now: h.Now, Key: key}); err != nil {
		return err
	}
	spaces, err := h.maskSpaces(ctx)
	if err != nil {
		return err
	}
	if h.SafeDB.Box().Lost() && len(spaces) > 0 { // without a safe space nothing can have waited
		slog.Warn("what waited in the safe spaces is lost: its key was in the memory of this machine, or belongs to another directory; browsers send overdue posts again; whom it served a right since Monday is not known any more")
	}
	c := mask.Config{
		DB: h.SafeDB, Now: h.Now, Host: h.host(),
		Space: h.maskSpace, Spaces: h.maskSpaces, Issuer: h.Passes.Issuer, Sign: h.Passes.Sign, SignReads: h.Passes.SignReads,
		Log: func(ctx context.Context, c mask.Counts) error {
			_, err := h.Ledger.Append(ctx, ledger.Counts{Space: c.Space, Epoch: c.Epoch, Day: c.Day, Seats: c.Seats, Renewals: c.Renewals, Masks: c.Masks})
			return err
		},
		Seated:  h.seated,
		Decided: h.enterMaskDecision,
		Heard:   h.heardIn,
		Changed: func(space string) { h.touch("masked:" + space) },
		Ended: func(ctx context.Context, e mask.Ending) error {
			_, err := h.Ledger.Append(ctx, ledger.Case{ID: e.ID, Space: e.Space, Outcome: e.Outcome, Day: e.Day})
			return err
		},
		Window: func(ctx context.Context, space string) (*wire.Window, error) {
			week, k, known, err := h.Passes.Window(ctx, space)
			if err != nil || !known {
				return nil, err
			}
			return &wire.Window{Week: week, K: k}, nil
		},
		Beacon: func(context.Context) ([]byte, error) {
			c, err := h.Ledger.Checkpoint()
			drawn := make([]byte, sha256.Size)
			_, _ = rand.Read(drawn) // never fails
			root := sha256.Sum256(append(drawn, c.Root[:]...))
			return root[:], err
		},
	}
	h.askMasks(&c)
	h.Masks, err = mask.New(ctx, c)
	return err
}

// enterMaskDecision enters a decision about masks in the log, hashed as those of the
// open hall are; what it is about is named by the post or else the space. Words that
// were taken out for good are a deletion as well; what authors delete is no entry,
// because the log would keep for ever what belonged together.
func (h *Hall) enterMaskDecision(ctx context.Context, d mask.Decision) error {
	about := moderation.Target{Kind: "masked", ID: d.Post}
	if d.Post == "" {
		about = moderation.Target{Kind: "space", ID: d.Space}
	}
	said := moderation.Decision{ID: d.ID, Deed: moderation.Deed(d.Deed), Target: about, Undoes: d.Undoes, Reason: d.Reason}
	_, err := h.Ledger.Append(ctx, ledger.Decision{ID: d.ID, Deed: string(d.Deed), Day: d.Day, Hash: decisionHash(said)})
	if err == nil && d.Deed == mask.Remove {
		_, err = h.Ledger.Append(ctx, ledger.Deletion{Thing: about.Kind, ID: about.ID, Day: d.Day})
	}
	return err
}

// maskSpace tells the masks about a safe space.
func (h *Hall) maskSpace(ctx context.Context, id string) (mask.Space, error) {
	s, err := h.Spaces.Space(ctx, space.ID(id))
	if err == nil && s.Kind != space.Safe {
		err = fault.New(fault.NotFound, "mask.no_space")
	}
	return mask.Space{ID: id, Name: s.Name, Pace: mask.Pace(s.Pace), Closed: s.Closed()}, err
}

// maskSpaces lists the safe spaces.
func (h *Hall) maskSpaces(ctx context.Context) (ids []string, err error) {
	list, err := h.Spaces.Spaces(ctx)
	for _, s := range list {
		if s.Kind == space.Safe {
			ids = append(ids, string(s.ID))
		}
	}
	return ids, err
}

// safeHost is the host of the safe origin, without its port.
func (h *Hall) safeHost() string {
	u, err := url.Parse(safe.Origin(h.Config.URL))
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// doors sends every request to the door of its host: masks to the safe one, the
// others to the hall's.
type doors struct {
	*answer.Mux
	safe *safe.Door
	host string
	now  func() time.Time
}

// ServeHTTP finds the door. Every answer says the hall's own hour, as clients of masks
// compare it with theirs.
func (d doors) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", d.now().UTC().Format(http.TimeFormat))
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if d.host != "" && strings.EqualFold(host, d.host) {
		d.safe.ServeHTTP(w, r)
		return
	}
	d.Mux.ServeHTTP(w, r)
}

// safeDoor makes the door of masks.
func (h *Hall) safeDoor() *safe.Door {
	c := safe.Config{Masks: h.Masks, Pace: quota.New(h.Now, paceOfMasks...), Hall: h.Config.URL, TLS: h.secure(), Keys: h.Passes.Keys, ConsultationKeys: h.Passes.ConsultationKeys, Letters: h.letters}
	if h.Proofs.Offered() {
		c.Mail = h.mailShown(quota.New(h.Now, paceOfMails...))
	}
	return safe.New(c)
}

// paceOfMails is how many mails are looked at, whoever shows them: nobody is
// counted at the safe origin.
var paceOfMails = []quota.Limit{{Count: 60, Per: 10 * time.Minute}, {Count: 1000, Per: 24 * time.Hour}}

// mailShown looks at a mail and signs for it. What can be wrong with the request is
// looked at first, because a mail counts once.
func (h *Hall) mailShown(pace *quota.Meter) func(context.Context, int, []byte, []byte) ([]byte, error) {
	return func(ctx context.Context, ep int, blinded, mail []byte) ([]byte, error) {
		if ep != epoch.Of(h.Now()) {
			return nil, fault.New(fault.Conflict, "pass.serve.epoch")
		}
		slot := token.Slot{Purpose: token.Mail, Epoch: ep}
		if err := h.Passes.MaySign(ctx, slot, blinded); err != nil {
			return nil, err
		}
		if err := pace.Take(""); err != nil {
			return nil, err
		}
		if err := h.Proofs.Check(ctx, mail, blinded); err != nil {
			return nil, err
		}
		return h.Passes.Sign(ctx, slot, blinded)
	}
}

// lookAtClock is how often the hall's clock is looked at for a new tick. While
// ticks fail, on a disk that is full, say, it is done ever less often.
const (
	lookAtClock        = time.Second
	lookAtClockAtLeast = 5 * time.Minute
)

// restMasks leaves the safe spaces as a hall that stops should, when nobody is answered
// any more.
func (h *Hall) restMasks(ctx context.Context) {
	if err := h.Masks.Rest(context.WithoutCancel(ctx)); err != nil {
		slog.Error("rest", "ops", fault.From(err).Ops(), "cause", fault.Cause(err))
	}
}

// keepTicks lets out what waits at each tick of the hall's clock, until ctx ends.
// What went wrong at the safe door is logged here, so that no line carries the
// moment of a visit.
func (h *Hall) keepTicks(ctx context.Context, door *safe.Door) {
	for pause := lookAtClock; ; {
		done, err := h.Masks.Tick(ctx)
		pause = min(2*pause, lookAtClockAtLeast)
		if err == nil {
			pause = lookAtClock
		} else if ctx.Err() == nil {
			slog.Error("tick", "ops", fault.From(err).Ops(), "cause", fault.Cause(err))
		}
		if n, cause := 0, ""; done {
			if n, cause = door.Failures(); n > 0 {
				slog.Error("visits failed since the last tick", "count", n, "cause", cause)
			}
		}
		t := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
		}
	}
}
