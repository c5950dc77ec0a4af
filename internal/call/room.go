package call

import (
	"context"
	"sync"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// Config is what the room asks of others.
type Config struct {
	DB  *db.DB
	Now func() time.Time
	// Connected tells whether a holds a connection with b.
	Connected func(ctx context.Context, a, b face.ID) (bool, error)
	// Blocked tells whether by has blocked whom.
	Blocked func(ctx context.Context, by, whom face.ID) (bool, error)
	// Apart tells whether one of two has blocked the other, connected or not.
	Apart func(ctx context.Context, a, b face.ID) (bool, error)
	// Ring wakes devices of somebody: the first rung, and then the second. Hush ends that.
	// Both join the transaction.
	Ring func(ctx context.Context, to face.ID, rung int) error
	Hush func(ctx context.Context, to face.ID) error
	// Join is Ring for whoever has booked a meeting; Met is told that such a call was answered.
	// Both join the transaction.
	Join func(ctx context.Context, to face.ID, rung int) error
	Met  func(ctx context.Context, booking string) error
	// Tell lets open pages of somebody know that they should ask.
	Tell func(to face.ID)
	// Close ends what is spoken, or waits to be, when a call is over: the caller waits inside
	// while it rings.
	Close func(ID)
	// Leave lets a page no more into what is spoken, and takes it out: whose it is has left.
	Leave func(room ID, seat string)
}

// Room holds the calls of one hall. Safe for concurrent use.
type Room struct {
	config Config
	awake  chan struct{}

	mu  sync.Mutex
	way map[ID]*way
}

// way is what is known in memory of a call that rings or is going on.
type way struct {
	rings   map[Device]bool
	woken   bool
	further bool                  // the second rung was lit
	seen    map[face.ID]time.Time // when a page of each last asked
}

// asked tells when a page of somebody's last asked; now, if that is not known.
func (w *way) asked(f face.ID, now time.Time) time.Time {
	if w.seen[f].IsZero() {
		w.seen[f] = now
	}
	return w.seen[f]
}

// New makes the room.
func New(c Config) *Room {
	return &Room{config: c, awake: make(chan struct{}, 1), way: map[ID]*way{}}
}

// wayOf gives what is known of a call. Callers hold mu.
func (r *Room) wayOf(id ID) *way {
	w := r.way[id]
	if w == nil {
		w = &way{rings: map[Device]bool{}, seen: map[face.ID]time.Time{}}
		r.way[id] = w
	}
	return w
}

func (r *Room) wake() {
	select {
	case r.awake <- struct{}{}:
	default: // it is awake already
	}
}

// Begin calls somebody; it rings once a page of the caller's has taken its seat. Whoever
// already calls her, or is called by her, is led into that call. Faults: SignIn; Invalid; Forbidden; Conflict while in another call.
func (r *Room) Begin(ctx context.Context, by, to face.ID) (c Call, err error) {
	defer fault.Wrap(&err, "call.Begin")
	err = r.config.DB.Tx(ctx, func(ctx context.Context) error {
		c, err = r.beginTx(ctx, by, to)
		return err
	})
	return c, err
}

func (r *Room) beginTx(ctx context.Context, by, to face.ID) (c Call, err error) {
	if err := MayCall(by, to, true); err != nil { // before anything is asked for nobody
		return c, err
	}
	connected, err := r.config.Connected(ctx, by, to)
	if err == nil {
		err = MayCall(by, to, connected)
	}
	if err != nil {
		return c, err
	}
	if c, err := r.spokenTx(ctx, by, to); err != nil || c.ID != "" {
		return c, err
	}
	now := r.config.Now()
	open, err := r.calls(ctx, qOpen, string(by), now.UnixMicro())
	if err != nil {
		return c, err
	}
	for _, o := range open {
		if o.State == Answered {
			continue // she has left it
		}
		if o.Other(by) == to && MaySee(by, o) == nil {
			return o, nil
		}
		if o.From == by {
			return c, fault.New(fault.Conflict, "call.may.in_call")
		}
	}
	c = Call{ID: ID(ident.Random()), From: by, To: to, State: Ringing, due: now.Add(RingFor)}
	c.Room = c.ID
	if c.silent, err = r.config.Blocked(ctx, to, by); err != nil {
		return c, err
	}
	return r.makeTx(ctx, c)
}

// spokenTx leads whoever is in a call with another into it; with somebody else she is busy.
func (r *Room) spokenTx(ctx context.Context, by, to face.ID) (c Call, err error) {
	room, mine, err := r.in(ctx, by)
	if err != nil || room == "" {
		return c, err
	}
	with, _, err := r.in(ctx, to)
	if err == nil && with != room {
		err = fault.New(fault.Conflict, "call.may.in_call")
	}
	if err != nil {
		return c, err
	}
	return r.get(ctx, mine)
}

// speaks tells whether somebody is in a call.
func (r *Room) speaks(ctx context.Context, f face.ID) (bool, error) {
	room, _, err := r.in(ctx, f)
	return room != "", err
}

// makeTx writes a call; whom it is for may speak with another.
func (r *Room) makeTx(ctx context.Context, c Call) (Call, error) {
	speaks, err := r.speaks(ctx, c.To)
	if err != nil {
		return c, err
	}
	silent := 0
	if c.silent {
		silent = 1
	}
	if speaks && !c.silent {
		c.State, c.due = Busy, r.config.Now().Add(keptAfter)
	}
	_, err = r.config.DB.Exec(ctx, qMake, string(c.ID), string(c.Room), string(c.From), string(c.To), string(c.State), silent, c.FromSeat, c.due.UnixMicro())
	db.AfterCommit(ctx, r.wake)
	return c, err
}

// ringTx lets it ring: a page of the caller's is there to speak.
func (r *Room) ringTx(ctx context.Context, c Call) error {
	if c.State != Ringing || c.silent {
		return nil
	}
	db.AfterCommit(ctx, func() {
		r.config.Tell(c.To)
		r.wake()
	})
	return r.wakeTx(ctx, c, 1)
}

// tellTx lets both sides ask, once it is so, and everybody in the call that it leads into.
func (r *Room) tellTx(ctx context.Context, c Call) error {
	if c.Brought() {
		people, err := r.people(ctx, c.Room)
		if err != nil {
			return err
		}
		r.tellAllTx(ctx, people)
	}
	db.AfterCommit(ctx, func() {
		if !c.ByGuest() { // a guest's page asks by itself
			r.config.Tell(c.From)
		}
		if !c.silent {
			r.config.Tell(c.To)
		}
		r.wake()
	})
	return nil
}

// seen reads a call that somebody may see. For whoever has left it is over.
func (r *Room) seen(ctx context.Context, by face.ID, id ID) (Call, error) {
	c, err := r.get(ctx, id)
	if err == nil {
		err = MaySee(by, c)
	}
	if err != nil || c.State != Answered {
		return c, err
	}
	room, _, err := r.in(ctx, by)
	if room != c.Room {
		c.State = Ended
	}
	return c, err
}

// End ends a call: its caller cancels, the called declines; whoever hangs up leaves, and
// where one is left alone it is over. later tells that the called will call back. What is over stays as it is. Faults: NotFound.
func (r *Room) End(ctx context.Context, by face.ID, id ID, later bool) (err error) {
	defer fault.Wrap(&err, "call.End")
	return r.config.DB.Tx(ctx, func(ctx context.Context) error {
		c, err := r.seen(ctx, by, id)
		if err != nil || c.State.Over() {
			return err
		}
		var end State
		switch {
		case c.State == Answered:
			return r.leaveTx(ctx, c.Room, by)
		case by == c.From:
			end = Cancelled
		case later:
			end = Later
		default:
			end = Declined
		}
		return r.endTx(ctx, c, end)
	})
}

// endTx ends a call that rings or is going on, unless it is over meanwhile.
func (r *Room) endTx(ctx context.Context, c Call, end State) error {
	changed, err := r.setTx(ctx, c.ID, c.State, end)
	if err != nil || !changed {
		return err
	}
	if err := r.tellTx(ctx, c); err != nil {
		return err
	}
	if !c.Brought() { // else others speak there
		db.AfterCommit(ctx, func() { r.config.Close(c.ID) })
	}
	if c.State == Answered || c.silent {
		return nil
	}
	return r.hushTx(ctx, c.To)
}

// hushTx ends the ring of somebody's devices, unless another call still rings for her: who
// calls and cancels again and again keeps nobody else from reaching her.
func (r *Room) hushTx(ctx context.Context, to face.ID) error {
	still, err := r.Incoming(ctx, to)
	if err != nil || len(still) > 0 {
		return err
	}
	return r.config.Hush(ctx, to)
}

// Seat tells whether a page is the one of its side that speaks; the first of the caller's
// that asks is, and lets it ring. Faults: NotFound; Conflict for another page.
func (r *Room) Seat(ctx context.Context, by face.ID, id ID, seat string) (c Call, err error) {
	defer fault.Wrap(&err, "call.Seat")
	if c, err = r.seen(ctx, by, id); err == nil && by == c.From && c.FromSeat == "" && seat != "" && !c.State.Over() {
		err = r.config.DB.Tx(ctx, func(ctx context.Context) error {
			now := r.config.Now()
			n, err := r.config.DB.Exec(ctx, qSeat, string(id), seat, now.Add(RingFor).UnixMicro(), now.UnixMicro())
			if err != nil {
				return err
			}
			if c, err = r.get(ctx, id); err != nil || n == 0 {
				return err
			}
			return r.ringTx(ctx, c)
		})
	}
	if err != nil {
		return c, err
	}
	has := c.ToSeat
	if by == c.From {
		has = c.FromSeat
	}
	switch {
	case c.State.Over() || c.ID == "":
		return c, fault.New(fault.Conflict, "call.over")
	case seat == "" || has != seat:
		return c, fault.New(fault.Conflict, "call.elsewhere")
	}
	return c, nil
}

// Get tells how a call stands. Whoever asks is there. Faults: NotFound.
func (r *Room) Get(ctx context.Context, by face.ID, id ID) (c Call, w Way, err error) {
	defer fault.Wrap(&err, "call.Get")
	if c, err = r.seen(ctx, by, id); err != nil {
		return c, w, err
	}
	if c.State.Over() {
		return c, w, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wayOf(c.Room).seen[by] = r.config.Now()
	known := r.wayOf(id)
	for _, d := range []Device{Phone, Computer} {
		if known.rings[d] {
			w.Rings = append(w.Rings, d)
		}
	}
	w.Woken = known.woken
	began := c.due.Add(-RingFor)
	w.NotReached = c.State == Ringing && !known.woken && len(known.rings) == 0 && !r.config.Now().Before(began.Add(saidAfter))
	return c, w, nil
}

// Going tells whether a page may be in a room now: whether its ticket is good for anything.
// Whoever has left is let in no more, though others go on.
func (r *Room) Going(ctx context.Context, room ID, seat string) (going bool, err error) {
	defer fault.Wrap(&err, "call.Going")
	c, err := r.get(ctx, room)
	if err != nil || c.ID == "" || c.Brought() || c.State.Over() || !c.due.After(r.config.Now()) {
		return false, err
	}
	if c.State == Ringing {
		return c.FromSeat == "" || c.FromSeat == seat, nil
	}
	people, err := r.people(ctx, room)
	for _, p := range people {
		going = going || p.Seat == seat
	}
	return going, err
}

// Incoming lists what rings for somebody.
func (r *Room) Incoming(ctx context.Context, by face.ID) (list []Call, err error) {
	defer fault.Wrap(&err, "call.Incoming")
	if by == "" {
		return nil, fault.New(fault.SignIn, "fault.sign_in")
	}
	return r.calls(ctx, qIncoming, string(by), r.config.Now().UnixMicro())
}

// Rings takes the word of a page of the called that it rings. Faults: NotFound; Invalid.
func (r *Room) Rings(ctx context.Context, by face.ID, id ID, d Device) (err error) {
	defer fault.Wrap(&err, "call.Rings")
	if d != Phone && d != Computer {
		return fault.New(fault.Invalid, "fault.choose")
	}
	c, err := r.seen(ctx, by, id)
	if err != nil || by != c.To || c.State != Ringing {
		return err
	}
	r.mu.Lock()
	w := r.wayOf(id)
	first := !w.rings[d]
	w.rings[d] = true
	r.mu.Unlock()
	if first && !c.ByGuest() {
		r.config.Tell(c.From)
	}
	return nil
}

// Reached takes the word of a device of somebody's that it was woken.
func (r *Room) Reached(ctx context.Context, of face.ID) (err error) {
	defer fault.Wrap(&err, "call.Reached")
	list, err := r.Incoming(ctx, of)
	if err != nil {
		return err
	}
	for _, c := range list {
		r.mu.Lock()
		w := r.wayOf(c.ID)
		first := !w.woken
		w.woken = true
		r.mu.Unlock()
		if first && !c.ByGuest() {
			r.config.Tell(c.From)
		}
	}
	return nil
}
