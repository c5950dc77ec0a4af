package alliance

import (
	"context"
	"encoding/base64"

	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Note is what somebody has noted about a connection, sealed in her browser.
type Note struct {
	Other  face.ID
	Sealed string // base64url, of SealedNote bytes
}

// KeepNote keeps a sealed note about a connection in the place of the one before; an
// empty one takes it away. Faults: SignIn; NotFound without the connection; Invalid
// when it is no note.
func (r *Room) KeepNote(ctx context.Context, a Actor, n Note) (err error) {
	defer fault.Wrap(&err, "alliance.KeepNote")
	if err = MayConnect(a); err != nil {
		return err
	}
	seal := base64.RawURLEncoding.Strict()
	if b, err := seal.DecodeString(n.Sealed); n.Sealed != "" && (err != nil || len(b) != SealedNote || len(n.Sealed) != seal.EncodedLen(SealedNote)) {
		return fault.New(fault.Invalid, "alliance.note.unreadable")
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if holds, err := r.holds(ctx, a.Face, n.Other); err != nil || !holds {
			return or(err, noSuch())
		}
		if n.Sealed == "" {
			_, err := r.DB.Exec(ctx, qDropNote, string(a.Face), string(n.Other))
			return err
		}
		_, err := r.DB.Exec(ctx, qKeepNote, string(a.Face), string(n.Other), n.Sealed)
		return err
	})
}

// Notes are all that somebody has noted. Faults: SignIn.
func (r *Room) Notes(ctx context.Context, a Actor) (list []Note, err error) {
	defer fault.Wrap(&err, "alliance.Notes")
	if err := MayConnect(a); err != nil {
		return nil, err
	}
	err = r.DB.Rows(ctx, qNotes, func(scan func(...any) error) error {
		var n Note
		err := scan(&n.Other, &n.Sealed)
		list = append(list, n)
		return err
	}, string(a.Face))
	return list, err
}
