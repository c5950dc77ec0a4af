package main

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/news"
	"guildhall/internal/notice"
	"guildhall/internal/platform"
	"guildhall/internal/push"
	"guildhall/internal/question"
)

const (
	followers = 100_000 // of one platform, with two devices each
	readEvery = 10 * time.Millisecond
	readFor   = 5 * time.Second // before anybody is told
)

// pushed is a push service on this machine, and one browser that all followers have: what
// is sealed for it costs as much as for others.
type pushed struct {
	*httptest.Server
	took      atomic.Int64
	key, auth string
}

func newPushed() (*pushed, error) {
	k, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	p := &pushed{key: text64(k.PublicKey().Bytes()), auth: base64.RawURLEncoding.EncodeToString(make([]byte, 16))}
	p.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		p.took.Add(1)
		w.WriteHeader(http.StatusCreated)
	}))
	p.EnableHTTP2 = true
	p.StartTLS()
	return p, nil
}

// noon is a zone in which nobody sleeps now.
func noon(now time.Time) string {
	return fmt.Sprintf("Etc/GMT%+d", now.UTC().Hour()-12) // the sign of these names is the other way round
}

// follow lets many people follow a platform, each with a browser.
func (p *pushed) follow(ctx context.Context, h *app.Hall, f *platform.Platform) error {
	zone := noon(time.Now())
	for from := 0; from < followers; from += 1000 {
		err := h.DB.Tx(ctx, func(ctx context.Context) error {
			for i := from; i < from+1000; i++ {
				who := face.ID(fmt.Sprintf("follower%06d", i))
				if err := h.News.Follow(ctx, who, news.Thing{Kind: news.Platform, ID: string(f.ID)}); err != nil {
					return err
				}
				if err := p.devices(ctx, h, who, zone, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// devices gives somebody a phone, and a desk that is told when the phone has shown nothing.
func (p *pushed) devices(ctx context.Context, h *app.Hall, who face.ID, zone string, i int) error {
	for _, name := range []string{"phone", "desk"} {
		s := push.Subscription{Endpoint: fmt.Sprint(p.URL, "/", name, i), Key: p.key, Auth: p.auth}
		if err := h.Notices.Subscribe(ctx, who, notice.Subscription{Subscription: s, Session: name, Zone: zone}); err != nil {
			return err
		}
	}
	list, err := h.Notices.Devices(ctx, who)
	if err != nil {
		return err
	}
	return h.Notices.Place(ctx, who, list[0].ID, 2)
}

// openFollowed makes a small hall whose push service is p, and the platform.
func openFollowed(ctx context.Context, dir string, p *pushed) (*app.Hall, platform.Platform, error) {
	h, err := app.Open(ctx, dir, app.TestOnlyDefaults(), time.Now)
	if err != nil {
		return nil, platform.Platform{}, err
	}
	key, err := push.KeepKey(dir, rand.Reader)
	if err != nil {
		return h, platform.Platform{}, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(p.Certificate())
	c := push.New(push.Config{Key: key, Subject: "https://hall.example", Now: time.Now, TestOnlyRoots: roots})
	h.Notices.Send, h.Notices.Check = c.Send, c.Check
	f, err := h.Platforms.Propose(ctx, platform.Actor{Face: "proposer"}, platform.Proposal{Name: "Followed", Domain: "followed.example"})
	if err == nil {
		err = h.Platforms.Decide(ctx, platform.Actor{Face: "steward", Steward: true}, f.ID, platform.Accepted, "Many have asked for it.")
	}
	return h, f, err
}

// reading asks for a page at an even pace until it is stopped, and gives the waits in ms.
func reading(addr, page string) (stop func() ([]float64, error)) {
	end, done := make(chan struct{}), make(chan error, 1)
	var waits []float64
	go func() {
		c, err := dial(addr)
		if err != nil {
			done <- err
			return
		}
		defer c.conn.Close()
		for tick := time.NewTicker(readEvery); ; {
			begun := time.Now()
			if r, err := c.do(asking("GET", page, "")); err != nil || r.status != 200 {
				done <- fmt.Errorf("%s: status %d, %v", page, r.status, err)
				return
			}
			waits = append(waits, millis(time.Since(begun)))
			select {
			case <-tick.C:
			case <-end:
				done <- nil
				return
			}
		}
	}()
	return func() ([]float64, error) { close(end); return waits, <-done }
}

// measureFollowed lets something happen that 100,000 people follow, and says how many
// a second are handed to those who speak to push services, how many these seal and hand
// over, and how much slower a page is meanwhile. Hall, readers and push service share the
// machine, which makes all of it slower than it is.
func measureFollowed(ctx context.Context, b *bench) error {
	dir := filepath.Join(b.dir, "followed")
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	small := b.options
	small.dir, small.postgres = dir, ""
	small.members, small.discussions, small.posts = 200, 100, 5000
	filled, err := prepare(ctx, small)
	if err != nil {
		return err
	}
	p, err := newPushed()
	if err != nil {
		return err
	}
	defer p.Close()
	h, f, err := openFollowed(ctx, filled.data, p)
	if h != nil {
		defer h.Close()
	}
	if err == nil {
		err = p.follow(ctx, h, &f)
	}
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- h.TestOnlyServe(ctx, l) }()
	err = tellFollowers(ctx, h, p, string(f.ID), l.Addr().String(), filled.page)
	cancel()
	if e := <-served; err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return climb(context.WithoutCancel(ctx), h)
}

// climb lets the second rung of all be lit, since nobody's phone has shown anything, and
// says what that costs, with what is written of it.
func climb(ctx context.Context, h *app.Hall) error {
	h.Notices.Now = func() time.Time { return time.Now().Add(20 * time.Minute) }
	var before, after syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &before); err != nil {
		return err
	}
	if err := h.Notices.Climb(ctx); err != nil {
		return err
	}
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &after); err != nil {
		return err
	}
	cost := after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
	say("ladder_climb_100k", time.Duration(cost).Seconds(), "processor-seconds")
	return nil
}

// qWaiting counts what is queued or handed over.
var qWaiting = db.SQL("bench.waiting", `SELECT COUNT(*) FROM notice_step`)

func tellFollowers(ctx context.Context, h *app.Hall, p *pushed, id, addr, page string) error {
	stop := reading(addr, page)
	time.Sleep(readFor)
	before, err := stop()
	if err != nil {
		return err
	}
	stop = reading(addr, page)
	begun := time.Now()
	_, err = h.Questions.Ask(ctx, question.Actor{Face: "asker"}, question.Asking{Title: "Why was nobody asked?", Lang: "en", Platform: id, Owes: question.ByPlatform})
	if err != nil {
		return err
	}
	for n := 0; n < followers; {
		time.Sleep(20 * time.Millisecond)
		if _, err := h.DB.Row(ctx, qWaiting, nil, &n); err != nil {
			return err
		}
		if time.Since(begun) > 5*time.Minute {
			return fmt.Errorf("only %d of %d were queued", n, followers)
		}
	}
	say("followed_100k_queued_rate", followers/time.Since(begun).Seconds(), "notices/s")
	for p.took.Load() < followers {
		time.Sleep(20 * time.Millisecond)
		if time.Since(begun) > 5*time.Minute {
			return fmt.Errorf("only %d of %d were handed over", p.took.Load(), followers)
		}
	}
	say("followed_100k_handed_rate", followers/time.Since(begun).Seconds(), "notices/s")
	meanwhile, err := stop()
	if err != nil {
		return err
	}
	say("followed_100k_page_meanwhile", median(meanwhile)/median(before), "times as long")
	return nil
}
