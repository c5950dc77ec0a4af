package event

import (
	"context"

	"guildhall/internal/fault"
)

// dropped is how many events leave at once, so that nobody waits long for the
// writer.
const dropped = 5000

// Shorten forgets what every reader has passed: those named, and any other that
// ever read. One that is named and has not begun yet keeps everything; one that
// comes new later begins with how things stand (Skip). It tells how many events
// went.
//
// Cursors only move forward, so that what is passed now stays passed, whoever
// reads meanwhile.
func (l *Log) Shorten(ctx context.Context, consumers ...string) (n int64, err error) {
	defer fault.Wrap(&err, "event.Shorten")
	var low, oldest int64
	for _, name := range consumers {
		if found, err := l.db.Row(ctx, qCursor, []any{name}, &low); err != nil || !found {
			return 0, err
		}
	}
	if _, err = l.db.Row(ctx, qCursorLow, nil, &low); err != nil {
		return 0, err
	}
	if _, err = l.db.Row(ctx, qOldest, nil, &oldest); err != nil || oldest == 0 {
		return 0, err
	}
	for to := oldest - 1; to < low; {
		to = min(to+dropped, low)
		err := l.db.Tx(ctx, func(ctx context.Context) error {
			gone, err := l.db.Exec(ctx, qDrop, to)
			n += gone
			return err
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
