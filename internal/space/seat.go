package space

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Enter takes a seat. Taking it again changes nothing. Faults: SignIn,
// Forbidden (see MayEnter), NotFound.
func (r *Room) Enter(ctx context.Context, by Actor, id ID) (err error) {
	defer fault.Wrap(&err, "space.Enter(%s)", id)
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		s, err := r.Space(ctx, id)
		if err != nil {
			return err
		}
		c, err := r.credit(ctx, by.Face)
		if err != nil {
			return err
		}
		if err := MayEnter(by, s, c); err != nil {
			return err
		}
		_, err = r.DB.Exec(ctx, qSeatTake, string(id), string(by.Face))
		return err
	})
}

// Leave gives a seat up; without one nothing changes. A mask that the seat's
// right has become stays what it is. Faults: SignIn, NotFound.
func (r *Room) Leave(ctx context.Context, by Actor, id ID) (err error) {
	defer fault.Wrap(&err, "space.Leave(%s)", id)
	if by.Face == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.Space(ctx, id); err != nil {
			return err
		}
		_, err := r.DB.Exec(ctx, qSeatLeave, string(id), string(by.Face))
		return err
	})
}

// Forget gives up every seat of a face whose account is erased.
func (r *Room) Forget(ctx context.Context, f face.ID) (err error) {
	defer fault.Wrap(&err, "space.Forget")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, qSeatForget, string(f))
		return err
	})
}

// Seats lists the spaces in which a face holds a seat, by address. It is for
// her own eyes.
func (r *Room) Seats(ctx context.Context, f face.ID) (ids []ID, err error) {
	defer fault.Wrap(&err, "space.Seats")
	err = r.DB.Rows(ctx, qSeatsOf, func(scan func(...any) error) error {
		var id ID
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, string(f))
	return ids, err
}

// Standing tells what a face's seat in a space is good for. Faults: NotFound for
// a space that is not there.
func (r *Room) Standing(ctx context.Context, id ID, f face.ID) (st Standing, err error) {
	defer fault.Wrap(&err, "space.Standing(%s)", id)
	err = r.DB.View(ctx, func(ctx context.Context) error {
		s, err := r.Space(ctx, id)
		if err != nil {
			return err
		}
		if st.Seat, err = r.sits(ctx, id, f); err != nil {
			return err
		}
		c, err := r.credit(ctx, f)
		if err != nil {
			return err
		}
		st.Why = MayReceive(s, st.Seat, c, r.Now())
		st.Eligible, st.Missing, st.From, st.Branch = st.Why == nil, missing(c), seasonedFrom(c), c.Branch
		return nil
	})
	return st, err
}

// MaySpeak tells whether a face may write about these topics: where an open
// space gathers one and wants a seat, she must hold it. Faults: SignIn, Forbidden.
func (r *Room) MaySpeak(ctx context.Context, by Actor, topics ...string) (err error) {
	defer fault.Wrap(&err, "space.MaySpeak")
	for _, t := range topics {
		s, found, err := r.OfTopic(ctx, t)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		seat, err := r.sits(ctx, s.ID, by.Face)
		if err != nil {
			return err
		}
		if err := MayWriteIn(by, s, seat); err != nil {
			return err
		}
	}
	return nil
}

// Counted tells, for each space, how many seats there were when the running
// epoch began. A space younger than that is not in it.
func (r *Room) Counted(ctx context.Context) (m map[ID]Count, err error) {
	defer fault.Wrap(&err, "space.Counted")
	m = map[ID]Count{}
	err = r.DB.Rows(ctx, qCounted, func(scan func(...any) error) error {
		var id ID
		var c Count
		err := scan(&id, &c.Epoch, &c.Seats)
		m[id] = c
		return err
	}, epoch.Of(r.Now()))
	return m, err
}

// Keep does the room's nightly work: it counts the seats once in each epoch, and
// on PostgreSQL shuffles them. It may run at any time and any number of times.
func (r *Room) Keep(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "space.Keep")
	now := epoch.Of(r.Now())
	counted := int64(0)
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		counted, err = r.DB.Exec(ctx, qCount, now, db.Micros(epoch.Start(now)))
		return err
	})
	if err != nil {
		return err
	}
	if counted > 0 {
		r.Touch("spaces")
	}
	return r.DB.Shuffle(ctx, "space_seat")
}

// NextCount is when seats are counted next.
func (r *Room) NextCount() time.Time { return epoch.End(epoch.Of(r.Now())) }

func (r *Room) sits(ctx context.Context, id ID, f face.ID) (bool, error) {
	if f == "" {
		return false, nil
	}
	var one int64
	return r.DB.Row(ctx, qSeat, []any{string(id), string(f)}, &one)
}

// credit is nobody's for a reader and for a face without an account.
func (r *Room) credit(ctx context.Context, f face.ID) (c Credit, err error) {
	if f == "" {
		return c, nil
	}
	c, err = r.Credit(ctx, f)
	if fault.Is(err, fault.NotFound) {
		return Credit{Joined: epoch.Of(r.Now())}, nil
	}
	return c, err
}
