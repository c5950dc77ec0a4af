package app

import (
	"context"
	"log/slog"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"guildhall/internal/fault"
)

// The program's own memory beside the cache of pages. On a machine with one
// gigabyte a hall is not alone, and by itself the runtime would take twice what
// it needs, and give back what a crowd has left behind only by and by.
const ownMemory = 40 << 20

// How much may be garbage, in percent of what lives. At work a page costs a fifth
// less when the collector comes seldom; at rest nobody gains by that, and the
// memory belongs to the machine's other programs.
const (
	atRest = 100 // the runtime's own way
	atWork = 800

	busy   = 8 << 20 // bytes a second: a hundred pages that nothing keeps
	pause  = 10      // seconds without such a one, after which work is over
	lively = "/gc/heap/live:bytes"
	made   = "/gc/heap/allocs:bytes"
)

// keepSmall asks the runtime to stay small until ctx ends, but never to collect
// garbage more often than when half as much again as lives is full: a hall that
// needs more gets more.
func (h *Hall) keepSmall(ctx context.Context) {
	if os.Getenv("GOMEMLIMIT") != "" || os.Getenv("GOGC") != "" {
		return // the operator knows better
	}
	p := pace{set: func(percent int) {
		debug.SetGCPercent(percent)
		if percent == atRest {
			h.settle()
		}
	}}
	now := []metrics.Sample{{Name: lively}, {Name: made}}
	base := int64(h.Config.CacheMB)<<20 + ownMemory
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for settled := false; ; settled = true {
		metrics.Read(now)
		debug.SetMemoryLimit(max(base, 3*int64(now[0].Value.Uint64())/2))
		p.second(now[1].Value.Uint64())
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !settled {
			h.settle()
		}
	}
}

// settle gives back what starting or a crowd has left behind.
func (h *Hall) settle() {
	if err := h.DB.Rest(); err != nil {
		slog.Error("let go of connections", "cause", fault.Cause(err))
	}
	debug.FreeOSMemory()
	unmapProgram()
}

// pace tells work from rest.
type pace struct {
	set   func(percent int) // told of each turn
	made  uint64            // bytes, up to the last second; 0 before the first one
	quiet int               // seconds since the last busy one
	work  bool
}

// second is called each second with all the bytes that were ever allocated.
func (p *pace) second(made uint64) {
	toil := p.made > 0 && made-p.made >= busy
	p.made = made
	switch {
	case toil:
		if p.quiet = 0; !p.work {
			p.work = true
			p.set(atWork)
		}
	case p.work:
		if p.quiet++; p.quiet == pause {
			p.work = false
			p.set(atRest)
		}
	}
}
