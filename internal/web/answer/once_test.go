package answer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
)

var whoseOnce = db.SQL("web.testWhoseOnce", `SELECT face_id FROM web_once WHERE once_key = $1`)

func TestOnceUnnamed_saysNothingOfWhoSentIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := hall(func(c *Config) { c.DB = d })
		done := 0
		m.Handle("POST /notices", func(w *Writer, _ *Request) error {
			return w.OnceUnnamed(func(context.Context) (string, error) { done++; return "/done", nil })
		})
		key := url.Values{"once": {NewOnce()}}
		for range 2 {
			if rec := post(m, "/notices", key, "Cookie", "member=ana"); rec.Code != 303 {
				t.Fatal(rec.Code)
			}
		}
		who := "?"
		if _, err := d.Row(t.Context(), whoseOnce, []any{key.Get("once")}, &who); err != nil || who != "" || done != 1 {
			t.Errorf("%q sent it, done %d times: %v", who, done, err)
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
