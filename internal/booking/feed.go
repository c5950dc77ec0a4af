package booking

import (
	"context"
	"errors"
	"sync"
	"time"

	"guildhall/internal/calendar"
	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/fetch"
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
		if err := r.refreshAll(ctx, list); err != nil {
			return err
		}
		last = list[len(list)-1].ID
	}
}

// feedsAtOnce is how many feeds are read beside each other, so that one that dawdles does
// not keep all others waiting; feedLasts is the time that each has.
const (
	feedsAtOnce = 4
	feedLasts   = 20 * time.Second
)

// refreshAll reads feeds, a few beside each other.
func (r *Room) refreshAll(ctx context.Context, list []Feed) error {
	errs := make([]error, len(list))
	turns := make(chan struct{}, feedsAtOnce)
	var all sync.WaitGroup
	for i, f := range list {
		turns <- struct{}{}
		all.Go(func() {
			errs[i] = r.refresh(ctx, f)
			<-turns
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// refresh reads one feed.
func (r *Room) refresh(ctx context.Context, f Feed) error {
	within, done := context.WithTimeout(ctx, feedLasts)
	busy, err := r.read(within, f)
	done()
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
			why = "booking.feed.line"
			if f.Login == "" { // of a server's calendar nobody sees lines
				line = wrong.Line
			}
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
	from, to := r.Now().AddDate(0, 0, -3), r.Now().Add(feedReaches)
	var files [][]byte
	if f.Login != "" {
		files, err = r.Calendars(ctx, Elsewhere{f.Address, f.Login, f.word}, from, to)
	} else {
		var got fetch.Page
		got, err = r.Get(ctx, f.Address, "text/calendar")
		files = append(files, got.Body)
	}
	if err != nil {
		return nil, err
	}
	var all []*calendar.Feed
	for _, file := range files {
		feed, err := calendar.Read(file)
		if err != nil {
			return nil, err
		}
		all = append(all, feed)
	}
	return calendar.BusyOfAll(all, from, to, page.Rules.Zone)
}
