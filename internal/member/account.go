package member

import (
	"context"
	"fmt"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member/key"
)

// ID names an account. It is random, so that it tells no order, and leaves
// this room only inside sealed cookies.
type ID string

// Account is what the hall stores of a member beside her devices and passkeys.
type Account struct {
	ID         ID
	Face       string // id of her open profile
	UserHandle string // base64url of 32 random bytes, for authenticators
	HasVault   bool
	CodeHash   string // Argon2id of the login code; empty: none
	Generation int64  // raising it ends every session
	JoinedHalf string // "2026-2": the second half of 2026
	SeenHalf   string
	Lang       string
	Zone       string // IANA name
	Theme      string // "", "light" or "dark"
	RequestKey string // base64url of the public key that signs requests for passes; empty: none
}

// Room keeps accounts. Make one with New.
type Room struct {
	db     *db.DB
	now    func() time.Time
	seal   *key.Sealer
	known  *accountCache
	unwork *queue
}

// New makes the room. Sessions are sealed by seal, whose secret outlives
// restarts.
func New(d *db.DB, now func() time.Time, seal *key.Sealer) *Room {
	return &Room{db: d, now: now, seal: seal, known: newAccountCache(4096), unwork: newQueue(now, 30, time.Hour)}
}

// Half names the half-year of t, the finest time an account carries.
func Half(t time.Time) string {
	t = t.UTC()
	return fmt.Sprintf("%d-%d", t.Year(), (int(t.Month())-1)/6+1)
}

// Joining is what a new member brings. Vault and LoginHash are both there or
// both absent (joined without scripts); the hashes are package key's.
type Joining struct {
	Face           string
	Vault          []byte
	LoginHash      string
	RequestKey     string // with a vault only; empty where the browser has no Ed25519
	CodeHash       string
	RecoveryHashes []string
	UserHandle     string
	Passkey        *Passkey
	Lang, Zone     string
}

// Join makes the account. Faults: Invalid when vault and login do not come
// together, Conflict when the login or the passkey belongs to an account already.
func (r *Room) Join(ctx context.Context, j Joining) (id ID, err error) {
	defer fault.Wrap(&err, "member.Join")
	if (len(j.Vault) == 0) != (j.LoginHash == "") || len(j.Vault) == 0 && j.RequestKey != "" {
		return "", fault.New(fault.Invalid, "member.keys_incomplete")
	}
	id = ID(ident.Random())
	half := Half(r.now())
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		_, err := r.db.Exec(ctx, qJoin, string(id), j.Face, j.UserHandle, orNil(j.LoginHash), bytesOrNil(j.Vault), j.CodeHash,
			half, j.Lang, j.Zone, j.RequestKey)
		if db.IsUnique(err) {
			return fault.New(fault.Conflict, "member.keys_taken").Because(err)
		}
		if err != nil {
			return err
		}
		if _, err := r.db.Exec(ctx, qStanding, string(id), epoch.Of(r.now())); err != nil {
			return err
		}
		if err := r.putRecoveryTx(ctx, id, j.RecoveryHashes); err != nil {
			return err
		}
		if j.Passkey != nil {
			return r.addPasskeyTx(ctx, id, *j.Passkey)
		}
		return nil
	})
	return id, err
}

// Account reads an account. Faults: NotFound.
func (r *Room) Account(ctx context.Context, id ID) (a Account, err error) {
	defer fault.Wrap(&err, "member.Account")
	return r.one(ctx, qAccount, string(id))
}

// ByFace finds the account behind an open profile, for signing in by name and
// code. Faults: NotFound.
func (r *Room) ByFace(ctx context.Context, face string) (a Account, err error) {
	defer fault.Wrap(&err, "member.ByFace")
	return r.one(ctx, qByFace, face)
}

// ByLoginHash finds the account of a phrase. Faults: NotFound.
func (r *Room) ByLoginHash(ctx context.Context, hash string) (a Account, err error) {
	defer fault.Wrap(&err, "member.ByLoginHash")
	return r.one(ctx, qByLogin, hash)
}

func (r *Room) one(ctx context.Context, q *db.Query, key string) (a Account, err error) {
	var hasVault int64
	found, err := r.db.Row(ctx, q, []any{key}, &a.ID, &a.Face, &a.UserHandle, &hasVault, &a.CodeHash, &a.Generation,
		&a.JoinedHalf, &a.SeenHalf, &a.Lang, &a.Zone, &a.Theme, &a.RequestKey)
	a.HasVault = hasVault != 0
	if err == nil && !found {
		err = fault.New(fault.NotFound, "member.unknown")
	}
	return a, err
}

// Prefer stores the member's language, zone and theme.
func (r *Room) Prefer(ctx context.Context, id ID, lang, zone, theme string) (err error) {
	defer fault.Wrap(&err, "member.Prefer")
	return r.change(ctx, id, qPrefer, string(id), lang, zone, theme)
}

// change runs one update of an account and forgets what memory knew of it.
func (r *Room) change(ctx context.Context, id ID, q *db.Query, args ...any) error {
	return r.db.Tx(ctx, func(ctx context.Context) error {
		n, err := r.db.Exec(ctx, q, args...)
		if err == nil && n == 0 {
			err = fault.New(fault.NotFound, "member.unknown")
		}
		db.AfterCommit(ctx, func() { r.known.forget(id) })
		return err
	})
}

// Count tells how many accounts there are.
func (r *Room) Count(ctx context.Context) (n int64, err error) {
	_, err = r.db.Row(ctx, qCount, nil, &n)
	return n, err
}

// Erase removes the account with everything this room has of it. The door
// retires the face in the same transaction.
func (r *Room) Erase(ctx context.Context, id ID) (err error) {
	defer fault.Wrap(&err, "member.Erase")
	return r.change(ctx, id, qErase, string(id))
}

// AdmitWithoutWork lets 30 joins an hour in whose browser could not do the
// proof of work. Faults: TooMany, with the minutes to wait.
func (r *Room) AdmitWithoutWork() error {
	wait := r.unwork.take()
	if wait == 0 {
		return nil
	}
	return fault.New(fault.TooMany, "member.join_queue", int(wait.Minutes())+1)
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func bytesOrNil(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}
