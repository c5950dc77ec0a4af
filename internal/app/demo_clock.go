package app

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/web/answer"
	demopage "guildhall/internal/web/page/demo"
)

// demoClock is the clock of a demonstration hall: this machine's, ahead by the
// weeks that visitors have let pass, so that a mask can be taken at once. Only
// the command demo makes one; a hall that is served has none, and no such page.
type demoClock struct {
	path  string
	live  func(context.Context) error // what the people of the demonstration do on a day; nil: there are none
	bring func(context.Context) error // what a letterbox does on a day; nil: there is none

	passing sync.Mutex // one week at a time
	mu      sync.Mutex
	ahead   time.Duration
}

const (
	demoClockFile = "demo-clock.txt" // whole weeks
	demoWeek      = 7 * 24 * time.Hour
	demoWeeksMost = 520
)

// openDemoClock reads how far the clock of the hall in dir is ahead.
func openDemoClock(dir string) (*demoClock, error) {
	c := &demoClock{path: filepath.Join(dir, demoClockFile)}
	b, err := os.ReadFile(c.path)
	if os.IsNotExist(err) {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || n < 0 || n > demoWeeksMost {
		return nil, fmt.Errorf("%s is damaged: delete it", c.path)
	}
	c.ahead = time.Duration(n) * demoWeek
	return c, nil
}

func (c *demoClock) now() time.Time { return time.Now().Add(c.lead()) }

func (c *demoClock) lead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead
}

// pass lets a week pass, day by day, so that whoever lives in the hall does what she
// does on each of them; and keeps that it did. Faults: Forbidden after ten years.
func (c *demoClock) pass(ctx context.Context) error {
	c.passing.Lock()
	defer c.passing.Unlock()
	from := c.lead()
	n := int(from/demoWeek) + 1
	if n > demoWeeksMost {
		return fault.New(fault.Forbidden, "demo.clock.enough")
	}
	if err := writeDurably(c.path, []byte(strconv.Itoa(n)+"\n")); err != nil {
		return err
	}
	defer c.set(time.Duration(n) * demoWeek) // also when somebody failed: the file says so
	for day := from + 24*time.Hour; day <= from+demoWeek; day += 24 * time.Hour {
		c.set(day)
		for _, do := range []func(context.Context) error{c.bring, c.live} {
			if do == nil {
				continue
			}
			if err := do(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *demoClock) set(ahead time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = ahead
}

// demoClockPath is the page with the button.
const demoClockPath = "/demo/clock"

// mountClock registers the page of the clock, in a demonstration hall.
func (h *Hall) mountClock(mux *answer.Mux) {
	if h.demoClock == nil {
		return
	}
	mux.Handle("GET "+demoClockPath, func(w *answer.Writer, _ *answer.Request) error {
		return w.Show(http.StatusOK, demopage.Clock(h.Now(), int(h.demoClock.lead()/demoWeek)))
	})
	mux.Handle("POST "+demoClockPath, func(w *answer.Writer, r *answer.Request) error {
		if err := h.demoClock.pass(context.WithoutCancel(r.Context())); err != nil {
			return err
		}
		h.Cache.Touch("spaces", "topics", "front")
		return w.Redirect(demoClockPath)
	})
}

// dated lets every answer of a demonstration hall say by how many seconds its hour is
// ahead of the world's.
func (h *Hall) dated(next http.Handler) http.Handler {
	if h.demoClock == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Demo-Clock", strconv.FormatInt(int64(h.demoClock.lead()/time.Second), 10))
		next.ServeHTTP(w, r)
	})
}
