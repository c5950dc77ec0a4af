package call

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// MaxPeople is how many are in one call at most.
const MaxPeople = 12

// Person is somebody who is in a call now.
type Person struct {
	Face face.ID
	Call ID     // by which she came, and under whose number her page stands
	Seat string // her page; "": none has said so yet
}

// Company is who is in a call, and who is being brought in, or was just now and did not come.
type Company struct {
	People  []Person
	Brought []Call
}

// Has tells whether somebody is in it.
func (c Company) Has(f face.ID) bool {
	for _, p := range c.People {
		if p.Face == f {
			return true
		}
	}
	return false
}

// rings counts whom it is held open for, besides those who are there.
func (c Company) rings() (n int) {
	for _, b := range c.Brought {
		if b.State == Ringing {
			n++
		}
	}
	return n
}

var (
	qComes   = db.SQL("call.comes", `INSERT INTO call_here (face_id, room_id, call_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
	qGoes    = db.SQL("call.goes", `DELETE FROM call_here WHERE face_id = $1 AND room_id = $2`)
	qEmpty   = db.SQL("call.empty", `DELETE FROM call_here WHERE room_id = $1`)
	qPeople  = db.SQL("call.people", `SELECT h.face_id, h.call_id, CASE WHEN c.from_face = h.face_id THEN c.from_seat ELSE c.to_seat END FROM call_here h JOIN call c ON c.id = h.call_id WHERE h.room_id = $1 ORDER BY h.face_id`)
	qIn      = db.SQL("call.in", `SELECT room_id, call_id FROM call_here WHERE face_id = $1`)
	qInto    = db.SQL("call.into", columns+`WHERE room_id = $1 AND id <> $1 ORDER BY due, id`)
	qLock    = db.SQL("call.lock", `UPDATE call SET room_id = id WHERE id = $1 AND state = 'answered'`)
	qNobodyF = db.SQL("call.nobodyFrom", `UPDATE call SET from_face = '' WHERE from_face = $1`)
	qNobodyT = db.SQL("call.nobodyTo", `UPDATE call SET to_face = '' WHERE to_face = $1`)
)

// in tells in which room somebody is, and by which call she came; "" when in none.
func (r *Room) in(ctx context.Context, f face.ID) (room, by ID, err error) {
	_, err = r.config.DB.Row(ctx, qIn, []any{string(f)}, &room, &by)
	return room, by, err
}

func (r *Room) people(ctx context.Context, room ID) (list []Person, err error) {
	err = r.config.DB.Rows(ctx, qPeople, func(scan func(...any) error) error {
		var p Person
		err := scan(&p.Face, &p.Call, &p.Seat)
		list = append(list, p)
		return err
	}, string(room))
	return list, err
}

func (r *Room) company(ctx context.Context, room ID) (c Company, err error) {
	if c.People, err = r.people(ctx, room); err != nil {
		return c, err
	}
	into, err := r.calls(ctx, qInto, string(room))
	for _, b := range into {
		if b.State != Answered && b.State != Ended {
			c.Brought = append(c.Brought, b)
		}
	}
	return c, err
}

// Company tells somebody who is in a call with whom she is, and who is being brought in.
// Faults: SignIn; NotFound for whoever is not in it.
func (r *Room) Company(ctx context.Context, by face.ID, id ID) (c Company, err error) {
	defer fault.Wrap(&err, "call.Company")
	at, err := r.seen(ctx, by, id)
	if err == nil {
		c, err = r.company(ctx, at.Room)
	}
	if err == nil && !c.Has(by) {
		return Company{}, fault.New(fault.NotFound, "call.over")
	}
	return c, err
}

// Others is how many are in the room that a call leads to, for whoever may see the call.
// Faults: SignIn; NotFound.
func (r *Room) Others(ctx context.Context, by face.ID, id ID) (n int, err error) {
	defer fault.Wrap(&err, "call.Others")
	c, err := r.seen(ctx, by, id)
	if err != nil {
		return 0, err
	}
	people, err := r.people(ctx, c.Room)
	return len(people), err
}

// Bring calls somebody into a call that is spoken: it rings her as any call does. Of whom a
// person in it has blocked, or who has blocked one there, nothing is heard: it is like
// devices that are off. Faults: SignIn; NotFound; Invalid; Forbidden; Conflict when the call
// is full or she is there already.
func (r *Room) Bring(ctx context.Context, by face.ID, id ID, to face.ID) (c Call, err error) {
	defer fault.Wrap(&err, "call.Bring")
	err = r.config.DB.Tx(ctx, func(ctx context.Context) error {
		c, err = r.bringTx(ctx, by, id, to)
		return err
	})
	return c, err
}

func (r *Room) bringTx(ctx context.Context, by face.ID, id ID, to face.ID) (c Call, err error) {
	at, err := r.seen(ctx, by, id)
	if err != nil {
		return c, err
	}
	if _, err := r.config.DB.Exec(ctx, qLock, string(at.Room)); err != nil { // two who bring at once count each other
		return c, err
	}
	now, err := r.company(ctx, at.Room)
	if err != nil {
		return c, err
	}
	connected, err := r.config.Connected(ctx, by, to)
	if err == nil {
		err = MayBring(by, at, now, to, connected)
	}
	if err != nil {
		return c, err
	}
	c = Call{ID: ID(ident.Random()), Room: at.Room, From: by, To: to, State: Ringing, due: r.config.Now().Add(RingFor)}
	for _, p := range now.People {
		if p.Face == by {
			c.FromSeat = p.Seat
		}
	}
	if c.silent, err = r.config.Blocked(ctx, to, by); err == nil && !c.silent {
		c.silent, err = r.apart(ctx, to, now.People)
	}
	if err != nil {
		return c, err
	}
	if c, err = r.makeTx(ctx, c); err != nil {
		return c, err
	}
	r.tellAllTx(ctx, now.People)
	return c, r.ringTx(ctx, c)
}

// apart tells whether somebody and one of the others have blocked one another.
func (r *Room) apart(ctx context.Context, f face.ID, others []Person) (bool, error) {
	for _, p := range others {
		if apart, err := r.config.Apart(ctx, f, p.Face); err != nil || apart {
			return apart, err
		}
	}
	return false, nil
}

// tellAllTx lets everybody in a call ask, once it is so.
func (r *Room) tellAllTx(ctx context.Context, people []Person) {
	db.AfterCommit(ctx, func() {
		for _, p := range people {
			r.config.Tell(p.Face)
		}
	})
}

// comeTx lets those in whom an answer brings together, or the one who was brought. Faults:
// Conflict when one is in another call, or the room is closed, full, or not for her.
func (r *Room) comeTx(ctx context.Context, c Call) error {
	come := []face.ID{c.From, c.To}
	if c.Brought() {
		people, err := r.people(ctx, c.Room)
		if err != nil {
			return err
		}
		apart, err := r.apart(ctx, c.To, people)
		if err == nil && (apart || len(people) >= MaxPeople || !(Company{People: people}).Has(c.From)) {
			err = fault.New(fault.Conflict, "call.over")
		}
		if err != nil {
			return err
		}
		r.tellAllTx(ctx, people)
		come = come[1:]
	}
	for _, f := range come {
		n, err := r.config.DB.Exec(ctx, qComes, string(f), string(c.Room), string(c.ID))
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "call.over")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// leaveTx takes one out of a room; whom she was bringing in is called no more. Where one
// would be left alone it is closed. Others who come or leave at once wait for it.
func (r *Room) leaveTx(ctx context.Context, room ID, f face.ID) error {
	if n, err := r.config.DB.Exec(ctx, qLock, string(room)); err != nil || n == 0 {
		return err
	}
	now, err := r.company(ctx, room)
	if err != nil || !now.Has(f) {
		return err
	}
	if len(now.People) <= 2 {
		return r.closeTx(ctx, room)
	}
	for _, b := range now.Brought {
		if b.From == f && b.State == Ringing {
			if err := r.endTx(ctx, b, Cancelled); err != nil {
				return err
			}
		}
	}
	for _, p := range now.People {
		if p.Face == f {
			db.AfterCommit(ctx, func() { r.config.Leave(room, p.Seat) })
		}
	}
	r.tellAllTx(ctx, now.People)
	_, err = r.config.DB.Exec(ctx, qGoes, string(f), string(room))
	return err
}

// closeTx ends a room, and all calls that lead to it.
func (r *Room) closeTx(ctx context.Context, room ID) error {
	into, err := r.calls(ctx, qInto, string(room))
	if err != nil {
		return err
	}
	first, err := r.get(ctx, room)
	if err != nil {
		return err
	}
	for _, c := range append(into, first) { // the room's own last: it closes what was waited in
		end := Ended
		if c.State == Ringing {
			end = Cancelled
		}
		if c.State.Over() {
			continue
		}
		if err := r.endTx(ctx, c, end); err != nil {
			return err
		}
	}
	_, err = r.config.DB.Exec(ctx, qEmpty, string(room))
	return err
}
