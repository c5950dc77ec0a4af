package notice

import (
	"context"
	"slices"
	"sync"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/push"
)

// Room carries notices to the devices of one hall's people. Safe for concurrent use.
type Room struct {
	DB     *db.DB
	Events *event.Log
	Now    func() time.Time
	// Send hands a message to a push service; Check refuses what nothing could be sent to.
	Send  func(context.Context, push.Subscription, push.Message) (push.Outcome, error)
	Check func(push.Subscription) error
	// Carry brings a word to an address; CheckAddress refuses what none could be brought to.
	Carry        func(context.Context, Word) (push.Outcome, error)
	CheckAddress func(Way, string) error
	// Reached is told that a device has shown that somebody calls; nil tells nobody.
	Reached func(face.ID)

	once    sync.Once
	awake   [2]chan struct{} // what hands over to browsers, and to addresses
	mu      sync.Mutex
	tallies map[string]*tally
}

// EventLost tells that a device cannot be reached any more; the subject is its id.
const EventLost = "notice.lost"

// LostDevice is what such an event holds: whose it is.
type LostDevice struct {
	Face face.ID `json:"face"`
}

// Settings tells how a face wishes to be reached; zone is that of whoever never said so.
func (r *Room) Settings(ctx context.Context, f face.ID, zone string) (s Settings, err error) {
	defer fault.Wrap(&err, "notice.Settings")
	s, found, err := r.said(ctx, f)
	if !found {
		s = Defaults(zone)
	}
	return s, err
}

// Save keeps how a face wishes to be reached. Faults: SignIn, Invalid.
func (r *Room) Save(ctx context.Context, f face.ID, s Settings) (err error) {
	defer fault.Wrap(&err, "notice.Save")
	if f == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	if err := s.check(); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, qSave, string(f), s.Zone, s.QuietFrom, s.QuietTo, s.DigestAt, s.Wait, string(s.Until), one(s.Words), s.modes(), one(s.Checks))
		return err
	})
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// Ring rings all of a face's devices now, whatever their rung and the hour. It takes the
// place of the last trial. Faults: SignIn.
func (r *Room) Ring(ctx context.Context, f face.ID) (err error) {
	defer fault.Wrap(&err, "notice.Ring")
	if f == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		by, err := r.rungs(ctx, f)
		if err != nil {
			return err
		}
		var all []string
		for _, devices := range by {
			all = append(all, devices...)
		}
		return r.ringTx(ctx, f, Trial, all)
	})
}

// Acknowledge takes the word of a device that it has shown a notice, or that it was
// opened there. Who does not know a device's token, or an address's key for it, is told nothing.
func (r *Room) Acknowledge(ctx context.Context, token, notice string, s State) (err error) {
	defer fault.Wrap(&err, "notice.Acknowledge")
	if s != Shown && s != Opened {
		return fault.New(fault.Invalid, "fault.choose")
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		var device, f, health string
		found, err := r.DB.Row(ctx, qToken, []any{token}, &device, &f, &health)
		if err == nil && !found {
			device, f, health, found, err = r.holder(ctx, token, toSee)
		}
		if err != nil || !found {
			return err
		}
		db.AfterCommit(ctx, func() { r.heard(device) })
		if Health(health) == Silent || Health(health) == Dead {
			if _, err := r.DB.Row(ctx, qHealth, []any{device, string(Well)}, &f); err != nil {
				return err
			}
		}
		return r.acknowledgeTx(ctx, face.ID(f), device, notice, s)
	})
}

// Here takes the word of a page that is open where she is signed in: all news, or all
// messages, are on its screen, or were opened there. What climbs because of them ends.
func (r *Room) Here(ctx context.Context, f face.ID, messages bool, s State) (err error) {
	defer fault.Wrap(&err, "notice.Here")
	if f == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		wishes, err := r.settings(ctx, f)
		if err != nil || s != Opened && wishes.Until == Opened {
			return err
		}
		q := qHere
		if messages {
			q = qHereMessages
		}
		_, err = r.DB.Exec(ctx, q, string(f))
		return err
	})
}

func (r *Room) acknowledgeTx(ctx context.Context, f face.ID, device, notice string, s State) error {
	c := climber{face: f}
	found, err := r.DB.Row(ctx, qToldTo, []any{notice, device}, &c.kind, &c.n, &c.told)
	if err != nil || !found {
		return err
	}
	wishes, err := r.settings(ctx, f)
	if err != nil {
		return err
	}
	if slices.Contains(rings, c.kind) {
		return r.heardTx(ctx, f, c.kind, notice, device)
	}
	if c.kind == Check {
		_, err = r.DB.Exec(ctx, qUnstep, notice, device)
		return err
	}
	if c.kind == Trial || s == Shown && wishes.Until == Opened {
		_, err = r.DB.Exec(ctx, qSeen, notice, device, string(s))
		return err
	}
	if _, err = r.DB.Exec(ctx, qEnd, notice); err != nil || c.n <= c.told {
		return err
	}
	by, err := r.rungs(ctx, f) // the device has not heard of what happened since
	if err != nil {
		return err
	}
	c.n -= c.told
	return r.startTx(ctx, c, wishes, by)
}

// Keep does the nightly work: trials go, and questions that were handed over.
func (r *Room) Keep(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "notice.Keep")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, qTrials)
		return err
	})
}

// Forget deletes all that is kept of a face.
func (r *Room) Forget(ctx context.Context, f face.ID) (err error) {
	defer fault.Wrap(&err, "notice.Forget")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		for _, q := range []*db.Query{qForget, qLeftAll, qForgetSetting} {
			if _, err := r.DB.Exec(ctx, q, string(f)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Waiting is a notice that is on its way.
type Waiting struct {
	Kind Kind
	N    int
}

// Held lists what is on its way to a face.
func (r *Room) Held(ctx context.Context, f face.ID) (list []Waiting, err error) {
	defer fault.Wrap(&err, "notice.Held")
	err = r.DB.Rows(ctx, qHeld, func(scan func(...any) error) error {
		var w Waiting
		err := scan(&w.Kind, &w.N)
		list = append(list, w)
		return err
	}, string(f))
	return list, err
}
