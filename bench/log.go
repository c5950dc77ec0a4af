package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"time"

	"guildhall/internal/ledger"
)

// logLength is how long a log is checked.
const logLength = 100_000

// measureLog measures how long one entry takes to be durable at the end of a
// long log, and how long the built program takes to check that log offline.
func measureLog(ctx context.Context, b *bench) error {
	dir, err := os.MkdirTemp(b.dir, "log-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	l, err := ledger.Open(ledger.Config{Data: dir, Rand: rand.Reader})
	if err != nil {
		return err
	}
	entry := func(i int) any { return ledger.Deletion{Thing: "post", ID: fmt.Sprint(i), Day: 20_000} }
	list := make([]any, logLength)
	for i := range list {
		list[i] = entry(i)
	}
	if _, err := l.AppendAll(ctx, list...); err != nil {
		return err
	}
	var waits []float64
	for i := range 21 {
		begun := time.Now()
		if _, err := l.Append(ctx, entry(logLength+i)); err != nil {
			return err
		}
		waits = append(waits, millis(time.Since(begun)))
	}
	say("log_append_p50", median(waits), "ms")
	begun := time.Now()
	out, err := exec.CommandContext(ctx, b.bin, "verify", "log", "--hall", dir, "--key", l.Key()).CombinedOutput()
	if err != nil {
		return fmt.Errorf("verify log: %w: %s", err, out)
	}
	say("log_verify_100000", time.Since(begun).Seconds(), "s")
	return nil
}
