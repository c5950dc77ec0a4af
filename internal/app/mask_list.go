package app

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"guildhall/internal/epoch"
	"guildhall/internal/mask/wire"
)

// maskListCommand is "guildhall mask list".
type maskListCommand struct {
	dwelling
	Ask bool `help:"Ask the hall as the masks also where they write by letter; whoever watches sees that."`
}

// Run says how each mask stands. Each is asked over a connection of its own.
func (c maskListCommand) Run(ctx context.Context, s streams) error {
	home, _, err := c.open(ctx)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(home.State.Spaces)) {
		if err := c.say(ctx, s, id); err != nil {
			return err
		}
	}
	return nil
}

// say says how the mask of a space stands: as the last letter brought it, and then
// another asks.
func (c maskListCommand) say(ctx context.Context, s streams, id string) error {
	w, err := c.write(ctx, s, id)
	if err != nil {
		return err
	}
	l := w.home.In(id)
	if !l.Taken {
		state := "no right yet"
		if l.Right != nil {
			state = "right received; can be registered from " + date(epoch.FirstDayOfWeek(l.Week+1))
		}
		fmt.Fprintf(s.out, "%s\t%s\n", id, state)
		return w.end(ctx)
	}
	r := l.Status
	if !w.letters || c.Ask {
		now, _, err := w.mask.Status(ctx, w.home.Root, id, l.N)
		if err != nil {
			return err
		}
		r = &now
	}
	if r != nil {
		fmt.Fprintf(s.out, "%s\t%s\t%s\tposts until %s, renews from %s %s\n", id, r.Name, r.State, date(r.Until), date(r.Renew), r.Reason)
	}
	switch {
	case !w.letters:
		return nil
	case c.Ask:
		fmt.Fprintln(s.out, seenNow)
	case !w.handed && !w.home.Underway(id, wire.Status):
		fmt.Fprintf(s.out, "%s\tthe question how it stands is %s\n", id, inALetter)
		return w.handIn(ctx, wire.Act{Do: wire.Status})
	}
	return w.end(ctx)
}
