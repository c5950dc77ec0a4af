package key

import (
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"

	"guildhall/internal/fault"
)

// The price of one look at a login code.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonSalt   = 16
	argonHash   = 32
)

// Gate hashes and checks login codes, each at 19 MiB of memory, so few at a
// time. Callers beyond the queue are told to come later.
type Gate struct {
	random io.Reader
	places chan struct{} // hashing now
	queue  chan struct{} // hashing or waiting
}

// NewGate lets cores codes be hashed at once and waiting more wait; random is
// crypto/rand's in the hall.
func NewGate(random io.Reader, cores, waiting int) *Gate {
	return &Gate{random: random, places: make(chan struct{}, cores), queue: make(chan struct{}, cores+waiting)}
}

// Hash gives the stored form of a login code, in PHC notation.
// Faults: TooMany when the queue is full, Unavailable when ctx ends first.
func (g *Gate) Hash(ctx context.Context, c Code) (string, error) {
	s := draw(g.random, argonSalt)
	sum, err := g.argon(ctx, c, s)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s$%s$%s", argonHead(), encoding.EncodeToString(s), encoding.EncodeToString(sum)), nil
}

// Check tells whether c is the code whose stored form is given. An empty stored
// form (a member without a login code, or no member) costs the same time and is
// false. Faults: TooMany, Unavailable, and Internal for a damaged stored form.
func (g *Gate) Check(ctx context.Context, stored string, c Code) (bool, error) {
	s, want := make([]byte, argonSalt), make([]byte, argonHash)
	if stored != "" {
		var err error
		if s, want, err = parseStored(stored); err != nil {
			return false, err
		}
	}
	got, err := g.argon(ctx, c, s)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && stored != "" && c.symbols != "", nil
}

func (g *Gate) argon(ctx context.Context, c Code, s []byte) ([]byte, error) {
	select {
	case g.queue <- struct{}{}:
		defer func() { <-g.queue }()
	default:
		return nil, fault.New(fault.TooMany, "key.gate.full")
	}
	select {
	case g.places <- struct{}{}:
		defer func() { <-g.places }()
	case <-ctx.Done():
		return nil, fault.From(ctx.Err())
	}
	return argon2.IDKey([]byte(c.symbols), s, argonTime, argonMemory, 1, argonHash), nil
}

func argonHead() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1", argon2.Version, argonMemory, argonTime)
}

// parseStored accepts this version's parameters only: a stored form that asks
// for more memory would let whoever can write the database exhaust the machine.
func parseStored(stored string) (salt, hash []byte, err error) {
	damaged := fault.New(fault.Internal, "fault.internal").Because(fmt.Errorf("key: stored login code is damaged"))
	rest, ok := strings.CutPrefix(stored, argonHead()+"$")
	if !ok {
		return nil, nil, damaged
	}
	s, h, ok := strings.Cut(rest, "$")
	if !ok {
		return nil, nil, damaged
	}
	if salt, ok = decode(s, argonSalt); !ok {
		return nil, nil, damaged
	}
	if hash, ok = decode(h, argonHash); !ok {
		return nil, nil, damaged
	}
	return salt, hash, nil
}
