package job

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"guildhall/internal/fault"
)

// look is how often an idle queue looks for due jobs. While looking fails, on a
// disk that is full, say, it looks ever less often, so that its complaints do not
// fill the log.
const (
	look        = time.Second
	lookAtLeast = time.Minute
)

// Run does jobs until ctx ends: those that are done apart one after the other, and
// beside them the others likewise. Errors are logged by kind, without payload.
func (q *Queue) Run(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { q.run(ctx, inner) })
	both.Go(func() { q.run(ctx, apart) })
	both.Wait()
}

func (q *Queue) run(ctx context.Context, lane int) {
	for pause := look; ctx.Err() == nil; {
		did, err := q.step(ctx, lane)
		if err != nil && ctx.Err() == nil {
			slog.Error("job", "kind", fault.KindOf(err).String(), "ops", fault.From(err).Ops(), "cause", fault.Cause(err))
		}
		if did {
			continue
		}
		if pause = min(2*pause, lookAtLeast); err == nil {
			pause = look
		}
		t := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-q.wake[lane]:
		case <-t.C:
		}
		t.Stop()
	}
}
