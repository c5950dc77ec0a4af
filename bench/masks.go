package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/babble"
	"guildhall/internal/epoch"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
	"guildhall/internal/safedb"
	"guildhall/internal/web/answer"
	"guildhall/internal/web/quota"
	"guildhall/internal/web/safe"
	"guildhall/internal/web/viewer"
)

// maskRoom is a room of masks on a clock of its own, in a fresh directory.
type maskRoom struct {
	*mask.Room
	db *safedb.DB
	at time.Time
}

const maskSpace = "bench"

func openMaskRoom(ctx context.Context, dir string) (*maskRoom, error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	m := &maskRoom{at: epoch.Start(730).Add(30 * time.Hour)}
	now := func() time.Time { return m.at }
	var err error
	if m.db, err = safedb.Open(ctx, safedb.Config{Dir: dir, Now: now, Key: make([]byte, safedb.KeySize)}); err != nil {
		return nil, err
	}
	none := errors.New("the bench has no issuer")
	m.Room, err = mask.New(ctx, mask.Config{
		AskedIn: func(context.Context, string) ([]wire.Asked, error) { return nil, nil },
		DB:      m.db, Now: now,
		Space: func(context.Context, string) (mask.Space, error) {
			return mask.Space{ID: maskSpace, Pace: mask.Hourly}, nil
		},
		Spaces:  func(context.Context) ([]string, error) { return []string{maskSpace}, nil },
		Issuer:  func(context.Context, token.Slot) (*rsa.PublicKey, error) { return nil, none },
		Sign:    func(context.Context, token.Slot, []byte) ([]byte, error) { return nil, none },
		Log:     func(context.Context, mask.Counts) error { return nil },
		Decided: func(context.Context, mask.Decision) error { return nil },
		Ended:   func(context.Context, mask.Ending) error { return nil },
		Beacon:  func(context.Context) ([]byte, error) { return make([]byte, 32), nil },
	})
	if err == nil {
		err = m.TestOnlyTick(ctx)
	}
	return m, err
}

// born registers n masks and has them born; took is how long the batch tick took.
func (m *maskRoom) born(ctx context.Context, n int) (keys []ed25519.PrivateKey, took time.Duration, err error) {
	if keys, err = m.TestOnlyRegister(ctx, maskSpace, n); err != nil {
		return nil, 0, err
	}
	m.at = epoch.StartOfTick(epoch.NextBatchTick(epoch.Tick(m.at)))
	begun := time.Now()
	err = m.TestOnlyTick(ctx)
	return keys, time.Since(begun), err
}

func (m *maskRoom) seal(key ed25519.PrivateKey, acts ...wire.Act) ([]byte, error) {
	return wire.Seal(wire.Visit{Space: maskSpace, Day: epoch.Day(m.at), Acts: acts}, key)
}

func newThread(text string) wire.Act {
	b := make([]byte, wire.IDSize)
	_, _ = rand.Read(b)
	id := token.Encode(b)
	return wire.Act{Do: wire.Post, ID: id, Thread: id, Title: "Rates of the autumn", Text: text}
}

// measureMasks has a hundred thousand masks born in one space, and some of them post.
func measureMasks(ctx context.Context, b *bench) error {
	m, err := openMaskRoom(ctx, filepath.Join(b.dir, "masks"))
	if err != nil {
		return err
	}
	defer m.db.Close()
	keys, took, err := m.born(ctx, 100_000)
	if err != nil {
		return err
	}
	say("mask_batch_100k", took.Seconds(), "s")
	var waits []time.Duration
	for i := range 500 {
		body, err := m.seal(keys[i], newThread("They fell by a third in the autumn, and nobody could say why."))
		if err != nil {
			return err
		}
		begun := time.Now()
		v, err := wire.Open(body)
		if err != nil {
			return err
		}
		out, err := m.Visit(ctx, v)
		if err != nil || !out.Results[0].OK {
			return fmt.Errorf("a post: %v %+v", err, out)
		}
		waits = append(waits, time.Since(begun))
	}
	slices.Sort(waits)
	say("mask_post_p50", millis(waits[len(waits)/2]), "ms")
	say("mask_post_p99", millis(waits[len(waits)*99/100]), "ms")
	return nil
}

const visitFile = "visit.bin"

// serveMasks is a program that shows a bundle to masks, and the same bytes as a kept
// page to anybody.
func serveMasks(dir string) error {
	ctx := context.Background()
	m, err := openMaskRoom(ctx, filepath.Join(dir, "room"))
	if err != nil {
		return err
	}
	keys, _, err := m.born(ctx, 200)
	if err != nil {
		return err
	}
	text := babble.New(1, 1)
	for _, k := range keys {
		body, err := m.seal(k, newThread(text.Post()))
		if err != nil {
			return err
		}
		v, err := wire.Open(body)
		if err == nil {
			_, err = m.Visit(ctx, v)
		}
		if err != nil {
			return err
		}
	}
	m.at = m.at.Add(time.Hour)
	if err := m.TestOnlyTick(ctx); err != nil {
		return err
	}
	visit, err := m.seal(keys[0])
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, visitFile), visit, 0o600); err != nil {
		return err
	}
	bundle, err := m.Bundle(ctx, maskSpace)
	if err != nil {
		return err
	}
	return serveBoth(m, base64.StdEncoding.EncodeToString(bundle)[:len(bundle)])
}

func serveBoth(m *maskRoom, page string) error {
	door := safe.New(safe.Config{Masks: m.Room, Pace: quota.New(time.Now, quota.Limit{Count: 1 << 30, Per: time.Hour})})
	open := answer.New(answer.Config{
		Now: time.Now, Identify: func(context.Context, *http.Request) (viewer.Viewer, error) { return viewer.Viewer{}, nil },
	})
	open.Handle("GET /page", func(w *answer.Writer, _ *answer.Request) error {
		return w.Page([]answer.Thing{"page"}, func(context.Context) (templ.Component, error) { return templ.Raw(page), nil })
	})
	both := http.NewServeMux()
	both.Handle("/m", door)
	both.Handle("/", open)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("ready http://%s\n", l.Addr())
	return answer.Server(both).Serve(l)
}

// measureBundle compares a mask's visit with the same bytes of an open page, each on
// a connection of its own, as visits are.
func measureBundle(ctx context.Context, b *bench) error {
	dir := filepath.Join(b.dir, "bundle")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	c, err := start(ctx, nil, self, "masks", dir)
	if err != nil {
		return err
	}
	defer c.stop()
	visit, err := os.ReadFile(filepath.Join(dir, visitFile))
	if err != nil {
		return err
	}
	asks := []ask{
		ask(fmt.Sprintf("POST /m HTTP/1.1\r\nHost: safe\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", len(visit), visit)),
		ask("GET /page HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n"),
	}
	const n = 2000
	var costs [2][]float64
	var ratios []float64
	for round := range b.rounds + 1 {
		var each [2]float64
		for i, a := range asks {
			before := c.cpu()
			for range n {
				if err := askAlone(c.addr, a); err != nil {
					return err
				}
			}
			each[i] = micros(c.cpu()-before) / n
		}
		if round > 0 { // the first round warms up
			costs[0], costs[1] = append(costs[0], each[0]), append(costs[1], each[1])
			ratios = append(ratios, each[0]/each[1])
		}
	}
	say("mask_bundle_cpu", median(costs[0]), "µs")
	say("mask_bundle_page_cpu", median(costs[1]), "µs")
	say("mask_bundle_vs_page", median(ratios), "x")
	return nil
}

// askAlone asks one question on a connection of its own.
func askAlone(addr string, a ask) error {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.Write(a); err != nil {
		return err
	}
	b, err := io.ReadAll(c)
	if err == nil && !bytes.HasPrefix(b, []byte("HTTP/1.1 200")) {
		err = fmt.Errorf("%.200s", b)
	}
	return err
}
