package alliance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// Limits of sealed cards.
const (
	SealedCard = 4096   // bytes, of every one
	CardDays   = 30     // for which a link leads to one
	MaxCards   = 50_000 // that wait in a hall: 200 MB
)

// Card is a contact card that was sealed in a browser.
type Card struct {
	ID   string // drawn by the browser
	Undo string // a secret that takes it back
	Body []byte
}

// PutCard keeps a card for CardDays, for whoever has its link, and nothing of whose it is;
// put again it stays as it was. Faults: SignIn; Invalid when it is none; Conflict when too
// many wait.
func (r *Room) PutCard(ctx context.Context, a Actor, c Card) (err error) {
	defer fault.Wrap(&err, "alliance.PutCard")
	if err = MayConnect(a); err != nil {
		return err
	}
	if !ident.Valid(c.ID) || !ident.Valid(c.Undo) || len(c.Body) != SealedCard {
		return fault.New(fault.Invalid, "alliance.card.unreadable")
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		n := 0
		if _, err := r.DB.Row(ctx, qCards, nil, &n); err != nil {
			return err
		}
		if n >= MaxCards {
			return fault.New(fault.Conflict, "alliance.card.many")
		}
		_, err := r.DB.Exec(ctx, qPutCard, c.ID, int64(epoch.Day(r.Now())), undoing(c.Undo), c.Body)
		return err
	})
}

// SealedCard gives a card to whoever has its link. Faults: NotFound.
func (r *Room) SealedCard(ctx context.Context, id string) (body []byte, err error) {
	defer fault.Wrap(&err, "alliance.SealedCard")
	found, err := r.DB.Row(ctx, qCard, []any{id}, &body)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "alliance.card.gone")
	}
	return body, err
}

// TakeCardBack ends a link; whoever has opened it keeps what she has. Faults: NotFound
// when it is gone or the secret is another's.
func (r *Room) TakeCardBack(ctx context.Context, id, undo string) (err error) {
	defer fault.Wrap(&err, "alliance.TakeCardBack")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		n, err := r.DB.Exec(ctx, qDropCard, id, undoing(undo))
		if err == nil && n == 0 {
			err = fault.New(fault.NotFound, "alliance.card.gone")
		}
		return err
	})
}

func undoing(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
