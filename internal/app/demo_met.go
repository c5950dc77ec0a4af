package app

import (
	"context"
	"time"

	"guildhall/internal/booking"
	"guildhall/internal/demo"
)

// meet lets people of the story say when they can be met, and visitors book.
func (t *teller) meet(ctx context.Context, now time.Time) error {
	t.clock.set(now)
	room := t.hall.Bookings
	for _, m := range demo.Met {
		a := booking.Actor{Face: t.faces[m.Handle].ID}
		text, err := booking.Hours{Zone: m.Zone, Days: m.Days, Notice: "12"}.Rules()
		if err != nil {
			return err
		}
		if err := room.SetRules(ctx, a, text); err != nil {
			return err
		}
		for _, k := range m.Kinds {
			kind := booking.Kind{Name: k.Name, Length: time.Duration(k.Length) * time.Minute, After: time.Duration(k.After) * time.Minute}
			if _, err := room.AddKind(ctx, a, kind); err != nil {
				return err
			}
		}
	}
	for _, v := range demo.Visitors {
		if err := t.book(ctx, v, now); err != nil {
			return err
		}
	}
	return nil
}

// book takes the first free time.
func (t *teller) book(ctx context.Context, v demo.Visitor, now time.Time) error {
	f := t.faces[v.With].ID
	kinds, err := t.hall.Bookings.Kinds(ctx, f)
	if err != nil {
		return err
	}
	o, err := t.hall.Bookings.Offers(ctx, f, kinds[0].ID, now, now.Add(14*24*time.Hour))
	if err != nil || len(o.Slots) == 0 {
		return err
	}
	_, _, err = t.hall.Bookings.Book(ctx, f, kinds[0].ID, o.Slots[0].Start, v.Name)
	return err
}
