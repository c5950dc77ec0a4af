package spacepage

import (
	"context"
	"time"

	"guildhall/internal/space"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

// entryShort says in a few words who may enter.
func entryShort(ctx context.Context, s space.Space) string {
	if s.Entry == space.Vouched {
		return shell.T(ctx, "space.entry.vouched.short")
	}
	return shell.T(ctx, "space.entry.open.short")
}

// labelShort says in a few words who reads.
func labelShort(ctx context.Context, s space.Space) string {
	switch {
	case s.Kind == space.Open:
		return shell.T(ctx, "space.label.public.short")
	case s.Label == space.MembersOnly:
		return shell.T(ctx, "space.label.members.short")
	}
	return shell.T(ctx, "space.label.platform.short")
}

// labelLong says it at length.
func labelLong(ctx context.Context, s space.Space) string {
	switch {
	case s.Kind == space.Open:
		return shell.T(ctx, "space.label.public")
	case s.Label == space.MembersOnly:
		return shell.T(ctx, "space.label.members")
	}
	return shell.T(ctx, "space.label.platform")
}

// wantsSeat tells whether a seat is good for anything in a space.
func wantsSeat(s space.Space) bool { return s.Kind == space.Safe || s.Entry == space.Vouched }

// seats says how many there were as the epoch began, or when they are counted.
func seats(ctx context.Context, c *space.Count, next time.Time) string {
	if c == nil {
		return shell.T(ctx, "space.seats.not_counted", next)
	}
	return shell.N(ctx, "space.seats", c.Seats)
}

// pace says how soon posts appear.
func pace(ctx context.Context, p space.Pace) string {
	switch p {
	case space.Daily:
		return shell.T(ctx, "space.pace.daily")
	case space.Hourly:
		return shell.T(ctx, "space.pace.hourly")
	}
	return shell.T(ctx, "space.pace.careful")
}

// why says why a seat is not good for anything yet.
func why(ctx context.Context, err error) string { return viewer.From(ctx).Lang.Fault(err) }

func kindOptions(ctx context.Context) []shell.Option {
	return []shell.Option{
		{Value: string(space.Safe), Label: shell.T(ctx, "space.kind.safe"), Hint: shell.T(ctx, "space.kind.safe.hint")},
		{Value: string(space.Open), Label: shell.T(ctx, "space.kind.open"), Hint: shell.T(ctx, "space.kind.open.hint")},
	}
}

func entryOptions(ctx context.Context) []shell.Option {
	return []shell.Option{
		{Value: string(space.Vouched), Label: shell.T(ctx, "space.entry.vouched"), Hint: shell.T(ctx, "space.entry.vouched.hint")},
		{Value: string(space.Anybody), Label: shell.T(ctx, "space.entry.open"), Hint: shell.T(ctx, "space.entry.open.hint")},
	}
}

// paceOptions offers those that are as careful as now, or more.
func paceOptions(ctx context.Context, now space.Pace) (os []shell.Option) {
	for _, p := range space.Paces() {
		os = append(os, shell.Option{Value: string(p), Label: pace(ctx, p)})
		if p == now {
			break
		}
	}
	return os
}

func labelOptions(ctx context.Context) (os []shell.Option) {
	return []shell.Option{
		{Value: string(space.PlatformReads), Label: shell.T(ctx, "space.label.platform")},
		{Value: string(space.MembersOnly), Label: shell.T(ctx, "space.label.members")},
	}
}
