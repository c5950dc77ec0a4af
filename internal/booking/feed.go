package booking

import (
	"context"
	"errors"

	"guildhall/internal/calendar"
	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// Refresh fetches every feed and keeps when it says somebody is busy. What cannot be
// fetched or trusted stays as it was, and is unknown from then on. No transaction may
// be open.
func (r *Room) Refresh(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "booking.Refresh")
	for last := ""; ; {
		list, err := r.feeds(ctx, qDueFeeds, last)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, f := range list {
			if err := r.refresh(ctx, f); err != nil {
				return err
			}
			last = f.ID
		}
	}
}

// refresh reads one feed.
func (r *Room) refresh(ctx context.Context, f Feed) error {
	busy, err := r.read(ctx, f)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var q *db.Query
	var args []any
	if err == nil {
		q, args = qFeedRead, []any{f.ID, packed(busy), micros(r.Now())}
	} else {
		why, line := fault.From(err).Key, 0
		var wrong *calendar.Fault
		if errors.As(err, &wrong) {
			why, line = "booking.feed.line", wrong.Line
		} else if why == "" {
			why = "fault.unavailable"
		}
		q, args = qFeedFails, []any{f.ID, micros(r.Now()), why, line}
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, q, args...)
		return err
	})
}

// read fetches a feed and finds its busy stretches, as far ahead as can be booked.
func (r *Room) read(ctx context.Context, f Feed) ([]calendar.Interval, error) {
	page, err := r.page(ctx, f.Face)
	if err != nil {
		return nil, err
	}
	got, err := r.Get(ctx, f.Address, "text/calendar")
	if err != nil {
		return nil, err
	}
	feed, err := calendar.Read(got.Body)
	if err != nil {
		return nil, err
	}
	now := r.Now()
	return feed.Busy(now.AddDate(0, 0, -3), now.Add(feedReaches), page.Rules.Zone)
}
