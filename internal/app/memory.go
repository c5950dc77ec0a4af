package app

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// The program's own memory beside the cache of pages. On a machine with one
// gigabyte a hall is not alone, and by itself the runtime would take twice what
// it needs, and give back what a crowd has left behind only by and by.
const ownMemory = 40 << 20

// keepSmall asks the runtime to stay small until ctx ends, but never to collect
// garbage more often than when half as much again as lives is full: a hall that
// needs more gets more.
func (h *Hall) keepSmall(ctx context.Context) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return // the operator knows better
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	base := int64(h.Config.CacheMB)<<20 + ownMemory
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for settled := false; ; settled = true {
		metrics.Read(live)
		debug.SetMemoryLimit(max(base, 3*int64(live[0].Value.Uint64())/2))
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !settled {
			unmapProgram()
		}
	}
}
