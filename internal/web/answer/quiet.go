package answer

import (
	"context"
	"log/slog"
)

// sayable are the only attributes a log line may carry. None of them can hold
// an address, a user agent, a handle or a text: each is a word of ours, a
// number, or the name of a public thing.
var sayable = map[string]bool{
	"addr":     true, // where the hall itself listens
	"attempt":  true,
	"bytes":    true,
	"cause":    true, // see describe: types and codes, no words
	"count":    true,
	"dir":      true, // the hall's own directory
	"engine":   true,
	"event":    true,
	"job":      true,
	"kind":     true,
	"ops":      true,
	"place":    true,
	"route":    true,
	"status":   true,
	"took":     true,
	"version":  true,
	"consumer": true,
}

// Quiet wraps a log handler so that it drops every attribute that is not on the
// list of harmless ones, and says how many it dropped. The program's logger is
// made with it.
func Quiet(h slog.Handler) slog.Handler { return quiet{h} }

type quiet struct{ slog.Handler }

func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	dropped := 0
	r.Attrs(func(a slog.Attr) bool {
		if harmless(a) {
			out.AddAttrs(a)
		} else {
			dropped++
		}
		return true
	})
	if dropped > 0 {
		out.AddAttrs(slog.Int("dropped", dropped))
	}
	return q.Handler.Handle(ctx, out)
}

func harmless(a slog.Attr) bool {
	switch a.Value.Kind() {
	case slog.KindBool, slog.KindDuration, slog.KindFloat64, slog.KindInt64, slog.KindUint64, slog.KindString:
		return sayable[a.Key]
	}
	return false // groups, errors and other values may hold anything
}

func (q quiet) WithAttrs(as []slog.Attr) slog.Handler {
	var kept []slog.Attr
	for _, a := range as {
		if harmless(a) {
			kept = append(kept, a)
		}
	}
	return quiet{q.Handler.WithAttrs(kept)}
}

func (q quiet) WithGroup(string) slog.Handler { return q }
