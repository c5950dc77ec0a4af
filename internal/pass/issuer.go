package pass

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"fmt"

	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/pass/token"
)

// Entry is what the public log says of a key before it signs.
type Entry struct {
	Purpose token.Purpose `json:"purpose"`
	Space   string        `json:"space"`
	Epoch   int           `json:"epoch"`
	N       string        `json:"n"`
	Day     int           `json:"day"`
}

// issuer is a key of the room that stands in the log.
type issuer struct {
	*signer        // nil inside when the private half is not kept any more
	public  string // as token.EncodeKey writes it
	key     *rsa.PublicKey
	place   uint64 // in the log
}

// knownMax is how many keys stay parsed in memory.
const knownMax = 512

// Issuer gives the key of a slot. It is made, logged and kept when its epoch is
// running and there was none. Faults: Invalid for no slot, NotFound for a space
// or an epoch without one.
func (r *Room) Issuer(ctx context.Context, s token.Slot) (k *rsa.PublicKey, err error) {
	defer fault.Wrap(&err, "pass.Issuer")
	i, err := r.issuer(ctx, s)
	if err != nil {
		return nil, err
	}
	return i.key, nil
}

// Sign signs a blinded message with the key of a slot. Who may ask, and how
// often, the caller has looked at: a mask that renews. Faults: as of Issuer;
// Invalid for what no client blinds, NotFound when the key signs no more.
func (r *Room) Sign(ctx context.Context, s token.Slot, blinded []byte) (sig []byte, err error) {
	defer fault.Wrap(&err, "pass.Sign")
	i, err := r.willing(ctx, s, blinded)
	if err != nil {
		return nil, err
	}
	return i.sign(blinded)
}

// MaySign tells whether Sign would sign, for a caller who does something first that
// counts once. Faults: as of Sign.
func (r *Room) MaySign(ctx context.Context, s token.Slot, blinded []byte) (err error) {
	defer fault.Wrap(&err, "pass.MaySign")
	_, err = r.willing(ctx, s, blinded)
	return err
}

func (r *Room) willing(ctx context.Context, s token.Slot, blinded []byte) (*issuer, error) {
	i, err := r.issuer(ctx, s)
	if err != nil {
		return nil, err
	}
	if i.signer == nil {
		return nil, errNoSlot
	}
	if !i.fits(blinded) {
		return nil, errBroken
	}
	return i, nil
}

var errNoSlot = fault.New(fault.NotFound, "pass.slot.none")

func (r *Room) issuer(ctx context.Context, s token.Slot) (*issuer, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	r.mu.RLock()
	i := r.known[s]
	r.mu.RUnlock()
	if i != nil {
		return i, nil
	}
	r.making.Lock()
	defer r.making.Unlock()
	i, err := r.find(ctx, s)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.known) >= knownMax {
		clear(r.known)
	}
	r.known[s] = i
	return i, nil
}

// find reads the key of a slot, or makes it, and sees to it that it stands in
// the log. A crash on the way leaves a key without a place, which the next call
// appends again: the log keeps the same entry once.
func (r *Room) find(ctx context.Context, s token.Slot) (*issuer, error) {
	row, err := r.row(ctx, s)
	if fault.Is(err, fault.NotFound) {
		if err = r.make(ctx, s); err == nil {
			row, err = r.row(ctx, s)
		}
	}
	if err != nil {
		return nil, err
	}
	if row.place < 0 {
		if err := r.enter(ctx, s, &row); err != nil {
			return nil, err
		}
	}
	return r.open(s, row)
}

// kept is a row of a key.
type kept struct {
	n       string
	private []byte // sealed; empty when it is kept no more
	day     int
	place   int64 // -1: not in the log yet
}

func (r *Room) row(ctx context.Context, s token.Slot) (k kept, err error) {
	found, err := r.DB.Row(ctx, qIssuer, []any{string(s.Purpose), s.Space, s.Epoch}, &k.n, &k.private, &k.day, &k.place)
	if err == nil && !found {
		err = errNoSlot
	}
	return k, err
}

// make makes the key of a slot of the running epoch.
func (r *Room) make(ctx context.Context, s token.Slot) error {
	now := r.Now()
	if s.Epoch != epoch.Of(now) {
		return errNoSlot
	}
	if err := r.there(ctx, s); err != nil {
		return err
	}
	k, err := rsa.GenerateKey(rand.Reader, s.Purpose.Bits())
	if err != nil {
		return err
	}
	if err := token.CheckKey(s.Purpose, &k.PublicKey); err != nil { // what clients would refuse is never shown to them
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, qIssuerAdd, string(s.Purpose), s.Space, s.Epoch, token.EncodeKey(&k.PublicKey), r.seal(s, k), epoch.Day(now))
		return err
	})
}

// there tells whether there is what a slot is for. Faults: NotFound.
func (r *Room) there(ctx context.Context, s token.Slot) error {
	switch s.Purpose {
	case token.Mail:
		return nil
	case token.Consultation:
		if opened, err := r.Asked(ctx, s.Space); err != nil || opened == s.Epoch {
			return err
		}
		return errNoSlot
	}
	return r.Safe(ctx, s.Space)
}

// enter puts the key into the log and notes the place.
func (r *Room) enter(ctx context.Context, s token.Slot, k *kept) error {
	if db.InTx(ctx) {
		return fmt.Errorf("pass: a key cannot be entered in the log inside a transaction")
	}
	place, err := r.Log(ctx, Entry{Purpose: s.Purpose, Space: s.Space, Epoch: s.Epoch, N: k.n, Day: k.day})
	if err != nil {
		return err
	}
	k.place = int64(place)
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, qIssuerPlace, string(s.Purpose), s.Space, s.Epoch, k.place)
		return err
	})
}

// seal locks a private key so that it opens for its slot and under the hall's
// secret only.
func (r *Room) seal(s token.Slot, k *rsa.PrivateKey) []byte {
	nonce := make([]byte, r.box.NonceSize())
	_, _ = rand.Read(nonce) // never fails: the runtime stops the program instead
	return r.box.Seal(nonce, nonce, x509.MarshalPKCS1PrivateKey(k), bound(s))
}

func bound(s token.Slot) []byte {
	return fmt.Appendf(nil, "%s\x00%s\x00%d", s.Purpose, s.Space, s.Epoch)
}

// open parses a row.
func (r *Room) open(s token.Slot, row kept) (*issuer, error) {
	pub, err := token.ParseKey(s.Purpose, row.n)
	if err != nil {
		return nil, err
	}
	i := &issuer{public: row.n, key: pub, place: uint64(row.place)}
	if len(row.private) == 0 {
		return i, nil
	}
	size := r.box.NonceSize()
	if len(row.private) < size {
		return nil, errDamaged
	}
	plain, err := r.box.Open(nil, row.private[:size], row.private[size:], bound(s))
	if err != nil {
		return nil, errDamaged.Because(err)
	}
	k, err := x509.ParsePKCS1PrivateKey(plain)
	if err != nil {
		return nil, errDamaged.Because(err)
	}
	if !k.PublicKey.Equal(pub) {
		return nil, errDamaged
	}
	i.signer, err = newSigner(k)
	return i, err
}

// errDamaged: the secret of the hall is another one than when the key was made.
var errDamaged = fault.New(fault.Internal, "fault.internal")
