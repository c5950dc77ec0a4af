package client

import (
	"crypto/ed25519"

	"guildhall/internal/mask/wire"
)

// mostHeard bounds what a home remembers to have told.
const mostHeard = 500

// Hears gives what became of posts of this home's masks in a space that was not told yet,
// and notes that it is now; the caller keeps the home. The hall learns nothing of it.
func (h *Home) Hears(space string, b *wire.Bundle) []wire.Heard {
	l := h.In(space)
	var mine []string
	for n := range l.N + 1 {
		mine = append(mine, wire.MaskID(h.Root.MaskKey(space, n).Public().(ed25519.PublicKey)))
	}
	list := b.Concerns(mine, l.Heard)
	for _, x := range list {
		l.Heard = append(l.Heard, x.ID)
	}
	l.Heard = l.Heard[max(0, len(l.Heard)-mostHeard):]
	return list
}
