package mask

import (
	"context"
	"crypto/rsa"
	"sync"
	"sync/atomic"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
	"guildhall/internal/safedb"
)

// Pace says how soon waiting posts of a space come out.
type Pace string

// The paces. Any other is taken for Careful.
const (
	Careful Pace = "careful" // at a tick drawn from the three days after this one
	Daily   Pace = "daily"   // at the next 00:00 UTC
	Hourly  Pace = "hourly"  // at the next tick
)

// Space is what this room is told of a safe space.
type Space struct {
	ID     string
	Name   string
	Pace   Pace
	Closed bool // nothing new is written
}

// Counts are the totals of a space in an epoch, for the public log.
type Counts struct {
	Space                  string
	Epoch, Day             int
	Seats, Renewals, Masks int
}

// Config is what the room is given.
type Config struct {
	DB  *safedb.DB
	Now func() time.Time
	// Space tells about a safe space. Faults: NotFound.
	Space func(ctx context.Context, id string) (Space, error)
	// Spaces lists the ids of all safe spaces.
	Spaces func(ctx context.Context) ([]string, error)
	// Issuer gives the key of a slot that exists; it makes none. Faults: NotFound.
	Issuer func(ctx context.Context, s token.Slot) (*rsa.PublicKey, error)
	// Sign signs a mask's request for a right, blindly, and makes the key when it
	// is the first. The same request gets the same bytes.
	Sign func(ctx context.Context, s token.Slot, blinded []byte) ([]byte, error)
	// SignReads signs a mask's request for the read passes of an epoch, blindly, and
	// writes nothing down. Faults: Conflict for another request than the mask's first
	// and for another epoch than the running one.
	SignReads func(ctx context.Context, mask, space string, epoch int, blinded [][]byte) ([][]byte, error)
	// Log enters totals in the public log. Entering the same twice is harmless.
	Log func(ctx context.Context, c Counts) error
	// Decided enters a moderator's decision in the public log, and Ended how an
	// appeal ended. Entering the same twice is harmless.
	Decided func(ctx context.Context, d Decision) error
	Ended   func(ctx context.Context, c Ending) error
	// Beacon gives a number by which jurors are drawn, and which nobody knew before
	// the tick that draws them.
	Beacon func(ctx context.Context) ([]byte, error)
	// Window tells of the week that ended last; nil while that is not counted. May be nil.
	Window func(ctx context.Context, space string) (*wire.Window, error)
	// Asked tells about a consultation of masks. Faults: NotFound.
	Asked func(ctx context.Context, id string) (Asked, error)
	// AskedIn lists the open ones of a space, without Until.
	AskedIn func(ctx context.Context, space string) ([]wire.Asked, error)
	// Heard lists what became of posts of a space that are cases of public questions,
	// since a day and before a moment. May be nil.
	Heard func(ctx context.Context, space string, since int, before time.Time) ([]wire.Heard, error)
	// Changed is told that what a space shows has changed. May be nil.
	Changed func(space string)
	// MaySign tells whether Sign would sign.
	MaySign func(ctx context.Context, s token.Slot, blinded []byte) error
	// Holds tells which answers of a pass were released, and their count.
	Holds func(ctx context.Context, consultation, spend string) (count int, answers string, err error)
	// MaySay tells whether a statement could be added with a pass now.
	MaySay func(ctx context.Context, consultation, spend, text string) error
	// Opinions takes what is released. Taking the same twice is harmless.
	Opinions func(ctx context.Context, list []Opinion) error
	// Seated has the issuer write down rights that seats were served: all that read gives,
	// which stays the same until Seated has returned. Doing the same twice is harmless.
	// May be nil.
	Seated func(ctx context.Context, read func(context.Context) ([]Served, error)) error
	// Host is the hall's own host name; links to it are not outbound.
	Host string
}

// Room is the masks of one hall. Safe for concurrent use.
type Room struct {
	Config
	pool *pool // used inside transactions of DB only

	mu     sync.Mutex // over the fields below
	spaces map[string]Space
	keys   map[token.Slot]*rsa.PublicKey
	shelf  map[string]*bundle
	seen   map[place]int // epoch of masks that visited in this tick, so that looking in needs no query
	looked map[place]int // day of the read passes that were used in this tick, by their keys; likewise

	tick  atomic.Int64 // the last one that was done
	rough atomic.Bool  // the file is to be smoothed at the next look at the clock
	begun atomic.Bool  // a tick was done since the program started
}

// New makes the room, and reads what waits.
func New(ctx context.Context, c Config) (r *Room, err error) {
	defer fault.Wrap(&err, "mask.New")
	r = &Room{Config: c, spaces: map[string]Space{}, keys: map[token.Slot]*rsa.PublicKey{}, shelf: map[string]*bundle{}, seen: map[place]int{}, looked: map[place]int{}}
	r.rough.Store(true)
	r.tick.Store(int64(epoch.Tick(c.Now())))
	return r, c.DB.Write(ctx, func(tx *safedb.Tx) error {
		if r.pool, err = readPool(tx, c.DB.Box()); err != nil {
			return err
		}
		return r.keySeen(tx)
	})
}

// day is today by the hall's clock.
func (r *Room) day() int { return epoch.Day(r.Now()) }

// space tells about a space, from memory within a tick.
func (r *Room) space(ctx context.Context, id string) (Space, error) {
	r.mu.Lock()
	s, ok := r.spaces[id]
	r.mu.Unlock()
	if ok {
		return s, nil
	}
	s, err := r.Space(ctx, id)
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			return s, fault.New(fault.NotFound, "mask.no_space")
		}
		return s, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spaces[id] = s
	return s, nil
}

// mostSeen bounds seen and looked.
const mostSeen = 20_000

// remember keeps that a mask was here. Its epoch never changes, and reading asks for
// nothing else.
func (r *Room) remember(m Mask) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.seen) < mostSeen {
		r.seen[place{m.Space, m.ID}] = m.Epoch
	}
}

// rememberReader keeps that a key has shown a good read pass of a day.
func (r *Room) rememberReader(at place, day int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.looked) < mostSeen {
		r.looked[at] = day
	}
}

// onlyReads answers a visit that does nothing, of a mask that is known or of a key
// that has shown its read pass of this day before.
func (r *Room) onlyReads(v *wire.Visit, day int) (out Outcome, ok bool) {
	if len(v.Acts) > 0 {
		return out, false
	}
	at := named(v.Space, v.Key)
	r.mu.Lock()
	defer r.mu.Unlock()
	if v.Pass != nil {
		bound, ok := r.looked[at]
		return Outcome{Reads: true}, ok && bound == v.Day && v.Pass.Purpose == token.Read
	}
	born, ok := r.seen[at]
	return Outcome{Reads: MayRead(Mask{Epoch: born}, day) == nil}, ok
}

// issuer gives the key of a slot; keys never change.
func (r *Room) issuer(ctx context.Context, s token.Slot) (*rsa.PublicKey, error) {
	r.mu.Lock()
	k := r.keys[s]
	r.mu.Unlock()
	if k != nil {
		return k, nil
	}
	k, err := r.Issuer(ctx, s)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keys[s] = k
	return k, nil
}
