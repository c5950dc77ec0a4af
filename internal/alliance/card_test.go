package alliance_test

import (
	"bytes"
	"testing"

	"guildhall/internal/alliance"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

func card() alliance.Card {
	return alliance.Card{ID: ident.Random(), Undo: ident.Random(), Body: bytes.Repeat([]byte("~"), alliance.SealedCard)}
}

func TestCard_forWhoeverHasItsLink(t *testing.T) {
	each(t, func(h *hall) {
		c := card()
		h.ok(h.PutCard(h.ctx, h.ana, c))
		other := c
		other.Body = bytes.Repeat([]byte("!"), alliance.SealedCard)
		h.ok(h.PutCard(h.ctx, h.bo, other))
		body, err := h.SealedCard(h.ctx, c.ID)
		if h.ok(err); !bytes.Equal(body, c.Body) {
			h.t.Error("another has put his card in its place")
		}
		h.refused(h.TakeCardBack(h.ctx, c.ID, ident.Random()), fault.NotFound, "alliance.card.gone")
		h.ok(h.TakeCardBack(h.ctx, c.ID, c.Undo))
		_, err = h.SealedCard(h.ctx, c.ID)
		h.refused(err, fault.NotFound, "alliance.card.gone")

		late := card()
		h.ok(h.PutCard(h.ctx, h.ana, late))
		h.at = h.at.AddDate(0, 0, alliance.CardDays)
		h.ok(h.Keep(h.ctx))
		_, err = h.SealedCard(h.ctx, late.ID)
		h.ok(err)
		h.at = h.at.AddDate(0, 0, 1)
		h.ok(h.Keep(h.ctx))
		_, err = h.SealedCard(h.ctx, late.ID)
		h.refused(err, fault.NotFound, "alliance.card.gone")
	})
}

func TestPutCard_onlyWhatHasTheForm(t *testing.T) {
	each(t, func(h *hall) {
		for what, spoil := range map[string]func(*alliance.Card){
			"a name":     func(c *alliance.Card) { c.ID = "ana" },
			"a secret":   func(c *alliance.Card) { c.Undo = "" },
			"too short":  func(c *alliance.Card) { c.Body = []byte("BEGIN:VCARD") },
			"one longer": func(c *alliance.Card) { c.Body = append(c.Body, 0) },
		} {
			c := card()
			spoil(&c)
			if err := h.PutCard(h.ctx, h.ana, c); err == nil {
				h.t.Errorf("%s is taken in", what)
			} else {
				h.refused(err, fault.Invalid, "alliance.card.unreadable")
			}
		}
		h.refused(h.PutCard(h.ctx, alliance.Actor{}, card()), fault.SignIn, "fault.sign_in")
	})
}
