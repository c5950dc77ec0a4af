package alliance

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// Blocked tells whether by has blocked whom.
type Blocked func(ctx context.Context, by, whom face.ID) (bool, error)

// Room keeps who knows whom in one hall. Safe for concurrent use.
type Room struct {
	DB      *db.DB
	Events  *event.Log
	Faces   *face.Room
	Blocked Blocked
	Now     func() time.Time
}

func (r *Room) today() int { return epoch.Day(r.Now()) }

// Connections lists whom somebody is connected with, by name. Faults: SignIn.
func (r *Room) Connections(ctx context.Context, a Actor) (list []face.Face, err error) {
	defer fault.Wrap(&err, "alliance.Connections")
	if err := MayConnect(a); err != nil {
		return nil, err
	}
	err = r.DB.View(ctx, func(ctx context.Context) error {
		ids, err := r.ids(ctx, qOthers, string(a.Face))
		if err != nil {
			return err
		}
		list, err = r.named(ctx, ids)
		return err
	})
	return list, err
}

// Reaches tells whether somebody may write to or call somebody: the other side holds
// the connection. Whose is blocked is not reached, and is not told so by this.
func (r *Room) Reaches(ctx context.Context, from, to face.ID) (bool, error) {
	return r.holds(ctx, to, from)
}

// Holds tells whether somebody's own list has the other.
func (r *Room) Holds(ctx context.Context, a Actor, other face.ID) (bool, error) {
	return r.holds(ctx, a.Face, other)
}

// Asking tells whether a wish of hers to be connected with the other waits.
func (r *Room) Asking(ctx context.Context, a Actor, other face.ID) (bool, error) {
	w, found, err := r.wish(ctx, a.Face, other)
	return found && !w.withdrawn, err
}

// Waits lists everything of one person that waits. Faults: SignIn.
func (r *Room) Waits(ctx context.Context, a Actor) (w Waiting, err error) {
	defer fault.Wrap(&err, "alliance.Waits")
	if err := MayConnect(a); err != nil {
		return w, err
	}
	err = r.DB.View(ctx, func(ctx context.Context) error {
		if w.Asked, err = r.asks(ctx, qAsked, a.Face); err != nil {
			return err
		}
		if w.Asking, err = r.asks(ctx, qAsking, a.Face); err != nil {
			return err
		}
		all, err := r.introductions(ctx, a.Face)
		for _, i := range all {
			if i.by == a.Face {
				w.Introducing = append(w.Introducing, i.show(a.Face))
			} else if i.answer(a.Face) != no {
				w.Introductions = append(w.Introductions, i.show(a.Face))
			}
		}
		return err
	})
	return w, err
}

// Keep does the nightly work: what nobody has answered lapses.
func (r *Room) Keep(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "alliance.Keep")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		before := r.today() - Lapse
		if _, err := r.DB.Exec(ctx, qLapseAsks, before); err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qLapseIntroductions, before); err != nil {
			return err
		}
		_, err := r.DB.Exec(ctx, qLapseCards, r.today()-CardDays)
		return err
	})
}

// Forget deletes everything that names a face.
func (r *Room) Forget(ctx context.Context, f face.ID) (err error) {
	defer fault.Wrap(&err, "alliance.Forget")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		for _, q := range []*db.Query{qForgetAsks, qForgetConnections, qForgetIntroductions, qForgetNotes} {
			if _, err := r.DB.Exec(ctx, q, string(f)); err != nil {
				return err
			}
		}
		return nil
	})
}

// newID makes the random id of an introduction: it says nothing of when.
func newID() string { return ident.Random() }
