package main

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/babble"
	"guildhall/internal/web/answer"
)

// writers is how many people the bench signs in: enough that nobody of them
// runs into the pace the hall asks of one member.
const writers = 150

// members signs people in, straight in the rooms, and gives the cookies of n of
// them. They are kept with the hall for the next run.
func (h *hall) members(ctx context.Context, n int) ([]string, error) {
	list, err := h.people(ctx, "cookies.txt", writers)
	if err != nil {
		return nil, err
	}
	return list[:n], nil
}

// people are n members whose cookies are kept in a file of the hall.
func (h *hall) people(ctx context.Context, file string, n int) ([]string, error) {
	note := filepath.Join(h.data, file)
	b, err := os.ReadFile(note)
	if err == nil {
		return strings.Fields(string(b)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	open, err := app.Open(ctx, h.data, app.Config{Database: h.db}, time.Now)
	if err != nil {
		return nil, err
	}
	defer open.Close()
	var cookies []string
	for range n {
		c, err := open.TestOnlyMember(ctx)
		if err != nil {
			return nil, err
		}
		cookies = append(cookies, c)
	}
	return cookies, os.WriteFile(note, []byte(strings.Join(cookies, "\n")), 0o600)
}

// newTexts gives a text of 35 words each time it is asked, by many at once, and never one that
// was written before: what echoes another's text waits for a steward, and costs less.
func newTexts() func() string {
	var one sync.Mutex
	w := babble.New(uint64(time.Now().UnixNano()), 0)
	return func() string {
		one.Lock()
		defer one.Unlock()
		words := make([]string, 35)
		for i := range words {
			words[i] = w.Word()
		}
		return strings.Join(words, " ") + "."
	}
}

// measurePosts writes replies, each durable before it is answered, first from
// one hand, then from eight at once.
func measurePosts(ctx context.Context, b *bench) error {
	who, err := b.hall.members(ctx, writers)
	if err != nil {
		return err
	}
	c, err := b.hall.serve(ctx)
	if err != nil {
		return err
	}
	defer c.stop()
	pages, err := b.hall.pages(c.addr, 200)
	if err != nil {
		return err
	}
	text := newTexts()
	reply := func(i int) ask {
		id := strings.Split(pages[i%len(pages)], "/")[2]
		form := url.Values{"text": {text()}, answer.OnceField: {answer.NewOnce()}}
		return asking("POST", "/discussions/"+id+"/posts", form.Encode(), "Cookie: "+who[i%len(who)])
	}
	if _, err := storm(c.addr, 1, 20, 303, reply); err != nil {
		return err
	}
	done := 20
	for _, hands := range []int{1, 8} {
		n := 400
		l, err := storm(c.addr, hands, n, 303, func(i int) ask { return reply(done + i) })
		if err != nil {
			return err
		}
		done += n
		name := map[int]string{1: "post_1_writer", 8: "post_8_writers"}[hands]
		say(name+"_p50", millis(l.quantile(0.5)), "ms")
		say(name+"_p99", millis(l.quantile(0.99)), "ms")
	}
	return nil
}
