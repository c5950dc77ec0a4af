//go:build testclock

package app

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/letterbox"
	"guildhall/internal/space"
)

// The clock of a build for the retaliation test: it stands still until it is set.
var testClock atomic.Int64 // µs

func init() {
	at, _ := strconv.ParseInt(os.Getenv("HALL_TEST_CLOCK"), 10, 64)
	testClock.Store(at * 1e6)
}

// wallClock is the injected clock.
func wallClock() time.Time { return time.UnixMicro(testClock.Load()) }

// stagehand moves the clock and prepares the world; nothing of it is in a program
// that is not built for the test.
type stagehand struct {
	h     *Hall
	doors http.Handler
	leak  *leak
	mu    sync.Mutex
}

func (h *Hall) underTest(doors http.Handler) http.Handler {
	h.platformUnderTest()
	return &stagehand{h: h, doors: doors, leak: openLeak(h, os.Getenv("HALL_TEST_LEAK"))}
}

// ServeHTTP answers the test's own addresses, and lets the doors answer the rest
// with a date of the injected clock.
func (s *stagehand) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var err error
	switch r.URL.Path {
	case "/test/clock":
		err = s.setClock(r)
	case "/test/stage":
		err = s.prepare(r)
	case "/test/consult":
		err = s.h.consultUnderTest(r)
	default:
		w.Header().Set("Date", wallClock().UTC().Format(http.TimeFormat))
		s.leak.watch(s.doors, w, r)
		return
	}
	if err != nil {
		http.Error(w, fmt.Sprintf("%+v", err), http.StatusInternalServerError)
	}
}

// setClock moves the clock and does what is due then before it answers.
func (s *stagehand) setClock(r *http.Request) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, err := strconv.ParseInt(r.FormValue("at"), 10, 64)
	if err != nil {
		return err
	}
	testClock.Store(at)
	s.leak.sweep(wallClock().UTC())
	if _, err := s.h.Masks.Tick(r.Context()); err != nil {
		return err
	}
	// The hall's own worker may be at the same job.
	for range 20 {
		if err = s.h.TestOnlyDrain(r.Context()); err == nil {
			break
		}
	}
	return err
}

// letterboxUnderTest lets the clock of a letterbox be moved, and does what is due then
// before it answers.
func letterboxUnderTest(box *letterbox.Box, door http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/test/clock" {
			door.ServeHTTP(w, r)
			return
		}
		at, err := strconv.ParseInt(r.FormValue("at"), 10, 64)
		if err == nil {
			testClock.Store(at)
			_, err = box.Step(r.Context())
		}
		if err != nil {
			http.Error(w, fmt.Sprintf("%+v", err), http.StatusInternalServerError)
		}
	})
}

// prepare opens the space of the test, lets everybody be vouched for, and seats
// them: vouching has tests of its own and takes years in a hall of 200.
func (s *stagehand) prepare(r *http.Request) error {
	ctx := r.Context()
	if err := s.h.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := s.h.DB.Exec(ctx, qSeason)
		return err
	}); err != nil {
		return err
	}
	ids, err := s.h.Faces.OpenAfter(ctx, "", 1000)
	if err != nil {
		return err
	}
	opened, err := s.h.Spaces.Open(ctx, space.Actor{Face: ids[0], Steward: true}, space.Opening{
		Kind: space.Safe, Address: r.FormValue("space"), Lang: "en", Reason: "The test needs a space to speak in.",
		Says: space.Says{
			Name: "Masks", Purpose: "Saying what one would not say under one's name.", Rules: "Be fair, and say what you have seen yourself.", Entry: space.Vouched,
			Pace: space.Pace(r.FormValue("pace")), Label: space.MembersOnly,
		},
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.h.Spaces.Enter(ctx, space.Actor{Face: id}, opened.ID); err != nil {
			return err
		}
	}
	return s.h.layPlatform(ctx, ids[0])
}

// qSeason vouches for everybody, through branches drawn with their ids.
var qSeason = db.SQL("app.testOnlySeason", `UPDATE member_standing SET vouches = 2, branch = substr(account_id, 1, 1)`)

// pushRootsUnderTest are those that vouch for the test's own push service, from a file
// that the environment names; none without.
func pushRootsUnderTest() (*x509.CertPool, error) {
	path := os.Getenv("HALL_TEST_PUSH")
	if path == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(path)
	pool := x509.NewCertPool()
	if err == nil && !pool.AppendCertsFromPEM(pem) {
		err = errors.New(path + " holds no certificate")
	}
	return pool, err
}
