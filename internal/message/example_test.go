package message_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/face"
	"guildhall/internal/ident"
	"guildhall/internal/message"
)

// The room in ten lines: two devices, a conversation, a text that one of them fetches.
func TestRoom_inTenLines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		room := message.New(message.Config{DB: d, Now: time.Now,
			Connected: func(context.Context, face.ID, face.ID) (bool, error) { return true, nil },
			Blocked:   func(context.Context, face.ID, face.ID) (bool, error) { return false, nil }})
		a, b, g := message.LeafID(ident.Random()), message.LeafID(ident.Random()), message.GroupID(ident.Random())
		err1 := room.Enrol(ctx, ana, message.Enrolment{Leaf: a, Identity: identity(ana), Last: packet("")})
		err2 := room.Enrol(ctx, bo, message.Enrolment{Leaf: b, Identity: identity(bo), Last: packet("")})
		_, err3 := room.Draw(ctx, ana, bo, []message.LeafID{b}) // lets ana's browser add bo's device
		_, err4 := room.Commit(ctx, ana, adding(g, a, 0, b))
		_, err5 := room.Post(ctx, ana, text(g, a, 1))
		items, err6 := room.Box(ctx, bo, b) // a welcome, then the text
		err7 := room.Receive(ctx, bo, b, []message.ItemID{items[0].ID, items[1].ID})
		if s := fmt.Sprint(err1, err2, err3, err4, err5, err6, err7, len(items)); s != "<nil> <nil> <nil> <nil> <nil> <nil> <nil> 2" {
			t.Error(s)
		}
	})
}
