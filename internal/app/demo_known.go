package app

import (
	"context"
	"time"

	"guildhall/internal/alliance"
	"guildhall/internal/demo"
)

// acquaint lets people of the story know each other, and leaves something for visitors
// to answer.
func (t *teller) acquaint(ctx context.Context, now time.Time) error {
	t.clock.set(now.AddDate(0, 0, -4))
	as := func(handle string) alliance.Actor { return alliance.Actor{Face: t.faces[handle].ID} }
	room := t.hall.Alliances
	for _, pair := range demo.Known {
		if err := room.Ask(ctx, as(pair[0]), as(pair[1]).Face, ""); err != nil {
			return err
		}
		if err := room.Accept(ctx, as(pair[1]), as(pair[0]).Face); err != nil {
			return err
		}
	}
	t.clock.set(now.AddDate(0, 0, -1))
	for _, w := range demo.Wishes {
		if err := room.Ask(ctx, as(w.From), as(w.To).Face, w.Words); err != nil {
			return err
		}
	}
	i := demo.Introduced
	return room.Introduce(ctx, as(i.By), as(i.One).Face, as(i.Other).Face, i.Words)
}
