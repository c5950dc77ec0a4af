package booking

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"guildhall/internal/calendar"
	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/fetch"
	"guildhall/internal/ident"
	"guildhall/internal/typed"
)

// Room keeps who can be booked, and by whom, in one hall. Safe for concurrent use.
type Room struct {
	DB     *db.DB
	Events *event.Log
	Now    func() time.Time
	Get    func(ctx context.Context, address, accept string) (fetch.Page, error) // the way out
	// Calendars gives the events of a calendar server between two moments, as files.
	Calendars func(ctx context.Context, there Elsewhere, from, to time.Time) ([][]byte, error)
	// Touch is told, after a commit, on whose page it stands whether she can be booked:
	// "face:ID".
	Touch func(things ...string)
	// Remind tells whoever is booked that a meeting begins soon, Begin that one begins. Both
	// join the transaction. Tell lets her open pages know that they should ask.
	Remind, Begin func(ctx context.Context, f face.ID) error
	Tell          func(f face.ID)
}

// shown says that a page that tells whether somebody can be booked has changed.
func (r *Room) shown(ctx context.Context, f face.ID) {
	if r.Touch != nil {
		db.AfterCommit(ctx, func() { r.Touch("face:" + string(f)) })
	}
}

// SetRules says when somebody can be met. Faults: SignIn; Invalid on "rules", with the
// line.
func (r *Room) SetRules(ctx context.Context, a Actor, text string) (err error) {
	defer fault.Wrap(&err, "booking.SetRules")
	if err := MayOffer(a); err != nil {
		return err
	}
	if len(text) > maxRules {
		return fault.On("rules", fault.Invalid, "booking.rules.long")
	}
	if _, err := calendar.ReadRules([]byte(text)); err != nil {
		line := 1
		var f *calendar.Fault
		if errors.As(err, &f) {
			line = f.Line
		}
		return fault.On("rules", fault.Invalid, "booking.rules.wrong", line).Because(err)
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, qSetRules, string(a.Face), text)
		return err
	})
}

// Page is how somebody can be booked. Faults: NotFound.
func (r *Room) Page(ctx context.Context, f face.ID) (p Page, err error) {
	defer fault.Wrap(&err, "booking.Page")
	return r.page(ctx, f)
}

// AddKind adds what one can be met for. Faults: SignIn; NotFound without rules; Invalid
// on "name" or "length"; TooMany.
func (r *Room) AddKind(ctx context.Context, a Actor, k Kind) (id string, err error) {
	defer fault.Wrap(&err, "booking.AddKind")
	if err := MayOffer(a); err != nil {
		return "", err
	}
	if k.Name, err = typed.Line("name", k.Name, 1, 80); err != nil {
		return "", err
	}
	day := 24 * time.Hour
	for _, d := range []time.Duration{k.Length, k.Step, k.Before, k.After} {
		if d < 0 || d > day || d%time.Minute != 0 || k.Length == 0 {
			return "", fault.On("length", fault.Invalid, "booking.kind.length")
		}
	}
	id = ident.Random()
	return id, r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.page(ctx, a.Face); err != nil {
			return err
		}
		list, err := r.kinds(ctx, qKinds, string(a.Face))
		if err != nil {
			return err
		}
		if len(list) >= MaxKinds {
			return fault.New(fault.TooMany, "booking.kind.many")
		}
		r.shown(ctx, a.Face)
		minutes := func(d time.Duration) int64 { return int64(d / time.Minute) }
		_, err = r.DB.Exec(ctx, qAddKind, id, string(a.Face), k.Name, minutes(k.Length), minutes(k.Step), minutes(k.Before), minutes(k.After))
		return err
	})
}

// DropKind takes one away; what is booked stays. Faults: SignIn, NotFound.
func (r *Room) DropKind(ctx context.Context, a Actor, id string) (err error) {
	defer fault.Wrap(&err, "booking.DropKind")
	return r.drop(ctx, a, qDropKind, id)
}

// Kinds lists what somebody can be met for.
func (r *Room) Kinds(ctx context.Context, f face.ID) (list []Kind, err error) {
	defer fault.Wrap(&err, "booking.Kinds")
	return r.kinds(ctx, qKinds, string(f))
}

// AddFeed adds a calendar elsewhere. Until it has been read once, it is unknown what it
// says. Faults: SignIn; NotFound without rules; Invalid on "address", "login" or "word";
// TooMany.
func (r *Room) AddFeed(ctx context.Context, a Actor, e Elsewhere) (id string, err error) {
	defer fault.Wrap(&err, "booking.AddFeed")
	if err := MayOffer(a); err != nil {
		return "", err
	}
	if e, err = e.checked(); err != nil {
		return "", err
	}
	id = ident.Random()
	return id, r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.page(ctx, a.Face); err != nil {
			return err
		}
		list, err := r.feeds(ctx, qFeeds, string(a.Face))
		if err != nil {
			return err
		}
		if len(list) >= MaxFeeds {
			return fault.New(fault.TooMany, "booking.feed.many")
		}
		_, err = r.DB.Exec(ctx, qAddFeed, id, string(a.Face), e.Address, e.Login, e.Word, micros(r.Now()))
		return err
	})
}

// checked are an address and a way in that make sense together.
func (e Elsewhere) checked() (Elsewhere, error) {
	var err error
	if e.Address, err = typed.Line("address", e.Address, 1, 2000); err != nil {
		return e, err
	}
	if rest, ok := strings.CutPrefix(e.Address, "webcal:"); ok {
		e.Address = "https:" + rest
	}
	u, err := url.Parse(e.Address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return e, fault.On("address", fault.Invalid, "booking.feed.address")
	}
	if e.Login, err = typed.Line("login", e.Login, 0, 200); err != nil {
		return e, err
	}
	switch {
	case (e.Login == "") != (e.Word == ""):
		return e, fault.On("word", fault.Invalid, "booking.feed.both")
	case len(e.Word) > 200:
		return e, fault.On("word", fault.Invalid, "fault.too_long", 200)
	case e.Login != "" && (u.Scheme != "https" || u.User != nil):
		return e, fault.On("address", fault.Invalid, "booking.feed.open")
	}
	return e, nil
}

// DropFeed lets a calendar go, and what it said. Faults: SignIn, NotFound.
func (r *Room) DropFeed(ctx context.Context, a Actor, id string) (err error) {
	defer fault.Wrap(&err, "booking.DropFeed")
	return r.drop(ctx, a, qDropFeed, id)
}

// drop deletes one row of somebody's.
func (r *Room) drop(ctx context.Context, a Actor, q *db.Query, id string) error {
	if err := MayOffer(a); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		n, err := r.DB.Exec(ctx, q, id, string(a.Face))
		if err == nil && n == 0 {
			err = noSuch()
		}
		r.shown(ctx, a.Face)
		return err
	})
}

// Feeds lists one's own. Faults: SignIn.
func (r *Room) Feeds(ctx context.Context, a Actor) (list []Feed, err error) {
	defer fault.Wrap(&err, "booking.Feeds")
	if err := MayOffer(a); err != nil {
		return nil, err
	}
	return r.feeds(ctx, qFeeds, string(a.Face))
}

// Forget deletes everything that names a face. Who has a meeting with it that is to come
// finds it cancelled by her link.
func (r *Room) Forget(ctx context.Context, f face.ID) (err error) {
	defer fault.Wrap(&err, "booking.Forget")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		for _, q := range qForgets {
			if _, err := r.DB.Exec(ctx, q, string(f)); err != nil {
				return err
			}
		}
		if _, err := r.DB.Exec(ctx, qForgetOver, string(f), micros(r.Now())); err != nil {
			return err
		}
		for _, q := range []*db.Query{qCancelAll, qNobodys} {
			if _, err := r.DB.Exec(ctx, q, string(f)); err != nil {
				return err
			}
		}
		if _, err := r.DB.Exec(ctx, qOrphans); err != nil {
			return err
		}
		_, err := r.DB.Exec(ctx, qRingsGone)
		return err
	})
}
