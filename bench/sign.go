package main

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"runtime"
	"syscall"
	"time"

	"guildhall/internal/pass"
)

// measureSigning measures blind signatures on one core, in turns with the
// standard library's private operation of the same size: a busy machine slows
// both, and the ratio stays.
func measureSigning(ctx context.Context, b *bench) error {
	key, blind, err := pass.Bare(2048)
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	blinded := make([]byte, 256)
	blinded[0], blinded[255] = 1, 7 // below the modulus
	h := sha256.Sum256([]byte("guildhall"))
	var rates, ratios []float64
	for range b.rounds {
		ours, err := perSecond(ctx, func() error { _, err := blind(blinded); return err })
		if err != nil {
			return err
		}
		theirs, err := perSecond(ctx, func() error { _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, h[:]); return err })
		if err != nil {
			return err
		}
		rates, ratios = append(rates, ours), append(ratios, ours/theirs)
	}
	say("blind_sign_rate", median(rates), "signatures/s of one core")
	say("blind_sign_vs_stdlib", median(ratios), "×")
	return nil
}

// perSecond tells how often f runs in a second of this thread's processor time,
// which other work on the machine does not take away.
func perSecond(ctx context.Context, f func() error) (float64, error) {
	before, err := threadTime()
	if err != nil {
		return 0, err
	}
	n, begun := 0, time.Now()
	for ; time.Since(begun) < time.Second && ctx.Err() == nil; n++ {
		if err := f(); err != nil {
			return 0, err
		}
	}
	after, err := threadTime()
	if err != nil {
		return 0, err
	}
	return float64(n) / (after - before).Seconds(), ctx.Err()
}

// threadTime is the processor time that this thread has used.
func threadTime() (time.Duration, error) {
	const rusageThread = 1 // Linux's RUSAGE_THREAD
	var u syscall.Rusage
	err := syscall.Getrusage(rusageThread, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), err
}
