package news

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/job"
)

const (
	maxFollows = 1000
	mostListed = 200 // of what happens to one's own things
	mostAsked  = 50  // and of what others ask: however much that is, it displaces nothing
	// KeptDays is how long a line is kept after it last happened.
	KeptDays = 2 * epoch.DaysOfEpoch
)

// Room keeps what the people of one hall are told. Safe for concurrent use.
type Room struct {
	DB *db.DB
	// Jobs does Spread later, when there are many to be told.
	Jobs *job.Queue
	Now  func() time.Time
	// Carry brings to people's devices that there are new lines for them. It is called in
	// the transaction that writes these, once for each line and event; nil: nobody does.
	Carry func(context.Context, Kind, []face.ID) error
}

// List is what a face is told, the newest first; at most 250 lines, 50 of them of
// what others ask. Faults: SignIn.
func (r *Room) List(ctx context.Context, f face.ID) (list []News, err error) {
	defer fault.Wrap(&err, "news.List")
	if f == "" {
		return nil, fault.New(fault.SignIn, "fault.sign_in")
	}
	err = r.DB.Rows(ctx, qList, func(scan func(...any) error) error {
		var n News
		err := scan(&n.Kind, &n.Thing.Kind, &n.Thing.ID, &n.N, &n.Day)
		list = append(list, n)
		return err
	}, string(f), mostAsked, mostListed)
	return list, err
}

// Consumer tells people what happens; read says whom an event concerns.
func (r *Room) Consumer(read func(context.Context, event.Event) ([]Telling, error)) event.Consumer {
	return event.Consumer{Name: "news", Handle: func(ctx context.Context, batch []event.Event) error {
		for _, e := range batch {
			list, err := read(ctx, e)
			if err != nil {
				return err
			}
			for i, t := range list {
				if err := r.tellTx(ctx, e.Seq, i, t); err != nil {
					return err
				}
			}
		}
		return nil
	}}
}

// Follow follows a thing; doing it twice is once. Whether there is such a thing, the
// caller has seen. Faults: SignIn, NotFound for kinds that cannot be followed here;
// TooMany after a thousand.
func (r *Room) Follow(ctx context.Context, f face.ID, t Thing) (err error) {
	defer fault.Wrap(&err, "news.Follow(%s %s)", t.Kind, t.ID)
	if f == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	switch t.Kind {
	case Platform, Question, Clause, Consultation:
	default:
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		var n int
		if _, err := r.DB.Row(ctx, qFollows, []any{string(f)}, &n); err != nil {
			return err
		}
		if n >= maxFollows {
			return fault.New(fault.TooMany, "forum.follow.many", maxFollows)
		}
		_, err := r.DB.Exec(ctx, qFollow, t.Kind, t.ID, string(f))
		return err
	})
}

// Unfollow stops following; what is not followed is no fault. Faults: SignIn.
func (r *Room) Unfollow(ctx context.Context, f face.ID, t Thing) (err error) {
	defer fault.Wrap(&err, "news.Unfollow(%s %s)", t.Kind, t.ID)
	if f == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, qUnfollow, t.Kind, t.ID, string(f))
		return err
	})
}

// Following tells whether a face follows a thing; nobody follows nothing.
func (r *Room) Following(ctx context.Context, f face.ID, t Thing) (following bool, err error) {
	defer fault.Wrap(&err, "news.Following(%s %s)", t.Kind, t.ID)
	if f == "" {
		return false, nil
	}
	var one int
	return r.DB.Row(ctx, qFollowing, []any{t.Kind, t.ID, string(f)}, &one)
}

// Follows lists what a face follows here.
func (r *Room) Follows(ctx context.Context, f face.ID) (list []Thing, err error) {
	defer fault.Wrap(&err, "news.Follows")
	err = r.DB.Rows(ctx, qFollowed, func(scan func(...any) error) error {
		var t Thing
		err := scan(&t.Kind, &t.ID)
		list = append(list, t)
		return err
	}, string(f))
	return list, err
}

// Keep does the nightly work: lines go when nothing has happened for KeptDays.
func (r *Room) Keep(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "news.Keep")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, qOld, epoch.Day(r.Now())-KeptDays)
		return err
	})
}

// Forget deletes what a face was told and what it follows.
func (r *Room) Forget(ctx context.Context, f face.ID) (err error) {
	defer fault.Wrap(&err, "news.Forget")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.DB.Exec(ctx, qForgetLines, string(f)); err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qForgetFollows, string(f)); err != nil {
			return err
		}
		return r.unnameTx(ctx, f)
	})
}
