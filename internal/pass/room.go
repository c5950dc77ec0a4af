package pass

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"sync"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/pass/token"
)

// Config is what the room is given.
type Config struct {
	DB  *db.DB
	Now func() time.Time
	// Secret is the hall's own, under which private keys are kept: whoever has only
	// the database can sign nothing.
	Secret []byte
	// Log appends to the public log and tells the place. The same entry appended
	// again keeps its place; never called inside a transaction.
	Log func(ctx context.Context, e Entry) (place uint64, err error)
	// Seat tells what a face's seat in a space is good for.
	Seat func(ctx context.Context, space, face string) (Standing, error)
	// Noted keeps the first right of a mark where a restore of the hall's database
	// does not take it back and no copy of the files tells of it before Seated is
	// called, and gives what is kept; NotedOf tells what is kept of one; Blurred makes
	// marks unknown. None is called inside a transaction. Waiting lists what Seated is
	// still to be called with.
	Noted   func(ctx context.Context, n Noted) (kept Noted, err error)
	NotedOf func(ctx context.Context, mark string) (kept Noted, found bool, err error)
	Blurred func(ctx context.Context, marks ...string) error
	Waiting func(ctx context.Context) ([]Noted, error)
	// Renewed tells how many masks of a space were given a right in the week that
	// ended last; known is false while that is not counted yet.
	Renewed func(ctx context.Context, space string, week int) (n int, known bool, err error)
	// Crowd is for how many a set of people counts, by branch of vouches.
	Crowd func(byBranch map[string]int) int
	// Seats lists the safe spaces in which a face holds a seat.
	Seats func(ctx context.Context, face string) (spaces []string, err error)
	// Letters tells where letters are handed in and what they are sealed to, and enters
	// both in the public log first; nil when this hall has no letterbox.
	Letters func(ctx context.Context) (Letters, error)
	// Safe tells whether there is such a space, and whether one speaks under masks
	// there. Faults: NotFound.
	Safe func(ctx context.Context, space string) error
	// Asked tells in which epoch a consultation of masks was opened. Faults: NotFound.
	Asked func(ctx context.Context, consultation string) (epoch int, err error)
}

// Standing is what a face's seat in a space is good for.
type Standing struct {
	Seat     bool
	Eligible bool
	Why      error  // the reason why not, to be shown; nil when eligible
	Branch   string // of vouches, for the cap on branches
}

// Letters is how masks write to the hall without coming to it.
type Letters struct {
	Box   string // origin of the letterbox
	Key   []byte // of the hall
	Place uint64 // in the public log
}

// Noted is a right that was served, as it is kept apart from the hall's database.
type Noted struct {
	Mark  string // of the seat, under a key of the room's
	Space string
	Epoch int
	Asked []byte // hash of the request
	Seat  []byte // whose it is, sealed for this room; of those that wait for Seated
}

// Room is the issuer of one hall. Safe for concurrent use.
type Room struct {
	Config
	box    cipher.AEAD // private keys are kept in it
	marker []byte      // key of the marks

	making  sync.Mutex // one key is made at a time
	noting  sync.Mutex // one right is noted at a time
	filing  sync.Mutex // what was noted is written down, or forgotten
	reading reading
	mu      sync.RWMutex
	known   map[token.Slot]*issuer
	books   map[string]book // keys of spaces, ready to be sent
}

// New makes the room.
func New(c Config) *Room {
	key, err := hkdf.Key(sha256.New, c.Secret, []byte("guildhall/passes/1"), "issuer keys", 32)
	if err != nil {
		panic("pass: " + err.Error()) // only for impossible lengths
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("pass: " + err.Error())
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		panic("pass: " + err.Error())
	}
	marker, err := hkdf.Key(sha256.New, c.Secret, []byte("guildhall/passes/1"), "marks of seats", 32)
	if err != nil {
		panic("pass: " + err.Error())
	}
	return &Room{Config: c, box: box, marker: marker, known: map[token.Slot]*issuer{}, books: map[string]book{}}
}
