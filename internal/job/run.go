package job

import (
	"context"
	"log/slog"
	"time"

	"guildhall/internal/fault"
)

// Run does jobs, one after the other, until ctx ends. Errors are logged by
// kind, without payload.
func (q *Queue) Run(ctx context.Context) {
	for ctx.Err() == nil {
		did, err := q.Step(ctx)
		if err != nil && ctx.Err() == nil {
			slog.Error("job", "kind", fault.KindOf(err).String(), "ops", fault.From(err).Ops(), "cause", fault.Cause(err))
		}
		if did {
			continue
		}
		t := time.NewTimer(time.Second)
		select {
		case <-ctx.Done():
		case <-q.wake:
		case <-t.C:
		}
		t.Stop()
	}
}
