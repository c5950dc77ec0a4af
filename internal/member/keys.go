package member

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// maxPasskeys leaves one of the vault's twelve slots to the phrase.
const maxPasskeys = 11

// Passkey is what is kept of one. No make of authenticator, no counter, no time.
type Passkey struct {
	ID             string // credential id, base64url
	PublicKey      []byte // COSE
	BackupEligible bool
	Transports     string // comma-separated hints
	Label          string
}

// Vault gives the sealed root; nil for a member who joined without scripts.
func (r *Room) Vault(ctx context.Context, id ID) (vault []byte, err error) {
	defer fault.Wrap(&err, "member.Vault")
	found, err := r.db.Row(ctx, qVault, []any{string(id)}, &vault)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "member.unknown")
	}
	return vault, err
}

// MakeKeys gives a vault and a phrase to a member who has none, and the key that
// signs her requests for passes, if her browser made one. Faults: Conflict when
// she has a vault: it is never replaced.
func (r *Room) MakeKeys(ctx context.Context, id ID, vault []byte, loginHash, requestKey string) (err error) {
	defer fault.Wrap(&err, "member.MakeKeys")
	if len(vault) == 0 || loginHash == "" {
		return fault.New(fault.Invalid, "member.keys_incomplete")
	}
	err = r.change(ctx, id, qMakeKeys, string(id), vault, loginHash, requestKey)
	if fault.Is(err, fault.NotFound) || db.IsUnique(err) {
		return fault.New(fault.Conflict, "member.keys_exist").Because(err)
	}
	return err
}

// SetRequestKey gives a member with a vault the key that signs her requests for
// passes. It is set once: whoever holds a stolen cookie later cannot change it.
// Setting the same again changes nothing. Faults: Conflict when there is another
// one, or no vault from which it could have been made.
func (r *Room) SetRequestKey(ctx context.Context, id ID, requestKey string) (err error) {
	defer fault.Wrap(&err, "member.SetRequestKey")
	if requestKey == "" {
		return fault.New(fault.Invalid, "member.keys_incomplete")
	}
	return r.db.Tx(ctx, func(ctx context.Context) error {
		err := r.change(ctx, id, qRequest, string(id), requestKey)
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		a, err := r.Account(ctx, id)
		if err == nil && a.RequestKey != requestKey {
			err = fault.New(fault.Conflict, "member.request_key_exists")
		}
		return err
	})
}

// AddPasskey adds one, and the vault that holds the root for it as well, when
// it can open one (vault nil: it cannot). was is the vault the new one was made
// from. Faults: Conflict when the vault changed meanwhile or the passkey is
// known; TooMany past the vault's slots.
func (r *Room) AddPasskey(ctx context.Context, id ID, p Passkey, was, vault []byte) (err error) {
	defer fault.Wrap(&err, "member.AddPasskey")
	return r.db.Tx(ctx, func(ctx context.Context) error {
		ps, err := r.Passkeys(ctx, id)
		if err != nil {
			return err
		}
		if len(ps) >= maxPasskeys {
			return fault.New(fault.TooMany, "member.too_many_passkeys", maxPasskeys)
		}
		if err := r.addPasskeyTx(ctx, id, p); err != nil || vault == nil {
			return err
		}
		err = r.change(ctx, id, qVaultSwap, string(id), was, vault)
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.Conflict, "member.vault_changed")
		}
		return err
	})
}

func (r *Room) addPasskeyTx(ctx context.Context, id ID, p Passkey) error {
	if len(p.Label) > 100 {
		return fault.On("label", fault.Invalid, "member.label_too_long")
	}
	eligible := 0
	if p.BackupEligible {
		eligible = 1
	}
	_, err := r.db.Exec(ctx, qPasskeyAdd, p.ID, string(id), p.PublicKey, eligible, p.Transports, p.Label)
	if db.IsUnique(err) {
		return fault.New(fault.Conflict, "member.passkey_known").Because(err)
	}
	return err
}

// Passkeys lists an account's passkeys.
func (r *Room) Passkeys(ctx context.Context, id ID) (ps []Passkey, err error) {
	defer fault.Wrap(&err, "member.Passkeys")
	err = r.db.Rows(ctx, qPasskeys, func(scan func(...any) error) error {
		var p Passkey
		var eligible int64
		if err := scan(&p.ID, &p.PublicKey, &eligible, &p.Transports, &p.Label); err != nil {
			return err
		}
		p.BackupEligible = eligible != 0
		ps = append(ps, p)
		return nil
	}, string(id))
	return ps, err
}

// Passkey finds one by its credential id, and whose it is. Faults: NotFound.
func (r *Room) Passkey(ctx context.Context, id string) (p Passkey, a Account, err error) {
	defer fault.Wrap(&err, "member.Passkey")
	var owner string
	var eligible int64
	err = r.db.View(ctx, func(ctx context.Context) error {
		found, err := r.db.Row(ctx, qPasskey, []any{id}, &p.ID, &p.PublicKey, &eligible, &p.Transports, &p.Label, &owner)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "member.unknown")
		}
		if err != nil {
			return err
		}
		a, err = r.Account(ctx, ID(owner))
		return err
	})
	p.BackupEligible = eligible != 0
	return p, a, err
}

// RemovePasskey takes one away; the vault stays as it is. Faults: NotFound.
func (r *Room) RemovePasskey(ctx context.Context, id ID, passkey string) (err error) {
	defer fault.Wrap(&err, "member.RemovePasskey")
	return r.change(ctx, id, qPasskeyRemove, string(id), passkey)
}

// Recover spends a recovery code and tells whose it was. Faults: NotFound.
func (r *Room) Recover(ctx context.Context, codeHash string) (a Account, err error) {
	defer fault.Wrap(&err, "member.Recover")
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		var id string
		found, err := r.db.Row(ctx, qRecoverySpend, []any{codeHash}, &id)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "member.unknown")
		}
		if err != nil {
			return err
		}
		a, err = r.Account(ctx, ID(id))
		return err
	})
	return a, err
}

// RecoveryLeft tells how many recovery codes are unspent.
func (r *Room) RecoveryLeft(ctx context.Context, id ID) (n int64, err error) {
	_, err = r.db.Row(ctx, qRecoveryLeft, []any{string(id)}, &n)
	return n, err
}

// RenewCodes replaces the login code and all recovery codes.
func (r *Room) RenewCodes(ctx context.Context, id ID, codeHash string, recoveryHashes []string) (err error) {
	defer fault.Wrap(&err, "member.RenewCodes")
	return r.db.Tx(ctx, func(ctx context.Context) error {
		if err := r.change(ctx, id, qCodeSet, string(id), codeHash); err != nil {
			return err
		}
		if _, err := r.db.Exec(ctx, qRecoveryClear, string(id)); err != nil {
			return err
		}
		return r.putRecoveryTx(ctx, id, recoveryHashes)
	})
}

func (r *Room) putRecoveryTx(ctx context.Context, id ID, hashes []string) error {
	for _, h := range hashes {
		if _, err := r.db.Exec(ctx, qRecoveryAdd, h, string(id)); err != nil {
			return err
		}
	}
	return nil
}
