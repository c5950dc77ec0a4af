package answer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
)

var onceRows = db.SQL("web.testOnceRows", `SELECT mark, path FROM web_once`)

// Whoever reads the table learns how many forms were sent on a day, not by whom, not which,
// and not where they led.
func TestOnce_namesNobody(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := hall(func(c *Config) { c.DB = d })
		m.Handle("POST /notices", func(w *Writer, r *Request) error {
			return w.Once(func(context.Context) (string, error) { return r.Text("to"), nil })
		})
		for _, to := range []string{"/a", "/the-words-of-a-title-that-nobody-should-find"} {
			key := url.Values{"once": {NewOnce()}, "to": {to}}
			for range 2 {
				if rec := post(m, "/notices", key, "Cookie", "member=ana"); rec.Code != 303 || rec.Header().Get("Location") != to {
					t.Fatal(rec.Code, rec.Header())
				}
			}
		}
		lengths := map[int]bool{}
		err := d.Rows(t.Context(), onceRows, func(scan func(...any) error) error {
			var mark, path string
			err := scan(&mark, &path)
			if all := mark + path; strings.Contains(all, "ana") || strings.Contains(all, "title") || strings.Contains(all, "/a") {
				t.Errorf("%s %s", mark, path)
			}
			lengths[len(path)] = true
			return err
		})
		if err != nil || len(lengths) != 1 {
			t.Errorf("%v, %v", lengths, err)
		}
	})
}

func TestOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var now atomic.Int64
		now.Store(noon.Unix())
		m := hall(func(c *Config) { c.DB = d; c.Now = func() time.Time { return time.Unix(now.Load(), 0) } })
		var posts atomic.Int32
		fail := errors.New("no")
		m.Handle("POST /posts", func(w *Writer, r *Request) error {
			return w.Once(func(ctx context.Context) (string, error) {
				if r.Text("bad") != "" {
					return "", fail
				}
				return fmt.Sprint("/posts/", posts.Add(1)), nil
			})
		})
		say := func(who, key, bad string) (int, string) {
			rec := post(m, "/posts", url.Values{"once": {key}, "bad": {bad}}, "Cookie", "member="+who)
			return rec.Code, rec.Header().Get("Location")
		}
		key := NewOnce()
		if code, _ := say("ana", key, "bad"); code != 500 {
			t.Errorf("a deed that fails: %d", code)
		}
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				if code, to := say("ana", key, ""); code != 303 || to != "/posts/1" {
					t.Errorf("ana, one of six: %d %s", code, to)
				}
			})
		}
		wg.Wait()
		if _, to := say("bo", key, ""); to != "/posts/2" {
			t.Errorf("bo with ana's key: %s", to)
		}
		if _, to := say("ana", NewOnce(), ""); to != "/posts/3" {
			t.Errorf("ana's next form: %s", to)
		}
		for want := range 2 { // not our keys: nothing to remember
			if _, to := say("ana", "1", ""); to != fmt.Sprint("/posts/", want+4) {
				t.Errorf("a made-up key: %s", to)
			}
		}
		if _, to := say("ana", key, ""); to != "/posts/1" {
			t.Errorf("later that day: %s", to)
		}
		now.Add(int64(3 * 24 * time.Hour / time.Second))
		say("ana", NewOnce(), "")
		if _, to := say("ana", key, ""); to != "/posts/7" {
			t.Errorf("after three days the key should be forgotten: %s", to)
		}
	})
}
