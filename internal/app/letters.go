package app

import (
	"context"
	"encoding/base64"

	"guildhall/internal/epoch"
	"guildhall/internal/ledger"
	"guildhall/internal/mask/letter"
	"guildhall/internal/pass"
)

// openLetters makes the key for letters, when the hall has a letterbox. It follows from
// the key under which waiting things are sealed, and so lies in no file and no copy of
// the disk, and outlives the program: what a letterbox holds when the machine loses its
// memory cannot be opened any more, and devices write again.
func (h *Hall) openLetters(secret []byte) (err error) {
	if h.Config.Letterbox == "" {
		return nil
	}
	h.letters, err = letter.Derive(secret)
	return err
}

// lettersTo says where and to which key letters go, and enters both in the log when they
// are not what it says already.
func (h *Hall) lettersTo(ctx context.Context) (pass.Letters, error) {
	l := pass.Letters{Box: h.Config.Letterbox, Key: h.letters.Public()}
	now := ledger.Letterbox{Box: l.Box, Key: base64.RawURLEncoding.EncodeToString(l.Key), Day: epoch.Day(h.Now())}
	known := false
	err := h.Ledger.Read(ctx, func(b *ledger.Book) {
		boxes := b.Boxes()
		if len(boxes) == 0 {
			return
		}
		last := boxes[len(boxes)-1]
		l.Place, known = last.Index, last.Box == now.Box && last.Key == now.Key
	})
	if err == nil && !known {
		l.Place, err = h.Ledger.Append(ctx, now)
	}
	return l, err
}
