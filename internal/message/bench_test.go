package message_test

import (
	"context"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/face"
	"guildhall/internal/message"
)

// How long it takes until a text is there, durably, between two people with two devices each.
func BenchmarkPost(b *testing.B) {
	ctx := context.Background()
	room := message.New(message.Config{DB: dbtest.Open(b, db.SQLite), Now: time.Now,
		Connected: func(context.Context, face.ID, face.ID) (bool, error) { return true, nil },
		Blocked:   func(context.Context, face.ID, face.ID) (bool, error) { return false, nil }})
	h := &hall{Room: room, t: &testing.T{}, ctx: ctx}
	a, a2, c, c2 := h.device(ana, 1), h.device(ana, 1), h.device(bo, 1), h.device(bo, 1)
	g := h.talk(a, a2, c, c2)
	for b.Loop() {
		if _, err := room.Post(ctx, ana, text(g, a, 1)); err != nil {
			b.Fatal(err)
		}
	}
}
