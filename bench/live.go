package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/websocket"

	"guildhall/internal/web/answer"
)

const (
	devices   = 100   // of one person
	told      = 30    // replies she is told of
	idleLines = 8_000 // of the hall
	handshake = 64    // at once
)

// listen opens a line as a page does.
func listen(addr, cookie string) (*websocket.Conn, error) {
	c, err := websocket.NewConfig("ws://"+addr+"/live/websocket", "http://"+addr)
	if err != nil {
		return nil, err
	}
	c.Header.Set("Cookie", cookie)
	ws, err := websocket.DialConfig(c)
	if err != nil {
		return nil, err
	}
	if err := websocket.Message.Send(ws, `{"id":1,"connect":{}}`); err != nil {
		return nil, err
	}
	var said string
	if err := websocket.Message.Receive(ws, &said); err != nil || !strings.Contains(said, `"connect"`) {
		return nil, fmt.Errorf("it said %q, %v", said, err)
	}
	return ws, nil
}

// hear waits until something is told, and answers pings.
func hear(ws *websocket.Conn, what string) error {
	for {
		var said string
		if err := websocket.Message.Receive(ws, &said); err != nil {
			return err
		}
		if strings.Contains(said, what) {
			return nil
		}
		if strings.TrimSpace(said) == "{}" {
			if err := websocket.Message.Send(ws, "{}"); err != nil {
				return err
			}
		}
	}
}

// lines opens n lines, a few at a time, or all in a storm.
func lines(addr string, who []string, n int) ([]*websocket.Conn, error) {
	list, errs := make([]*websocket.Conn, n), make([]error, n)
	var all sync.WaitGroup
	free := make(chan struct{}, handshake)
	for i := range n {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			list[i], errs[i] = listen(addr, who[i%len(who)])
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return list, err
		}
	}
	return list, nil
}

func hangUp(list []*websocket.Conn) {
	for _, ws := range list {
		if ws != nil {
			ws.Close()
		}
	}
}

// measureLive lets one person with many open pages be told of replies, then counts what
// lines cost on which nothing is said, and how long it takes until all are back after a cut.
func measureLive(ctx context.Context, b *bench) error {
	who, err := b.hall.members(ctx, writers)
	if err != nil {
		return err
	}
	c, err := b.hall.serve(ctx)
	if err != nil {
		return err
	}
	defer c.stop()
	if err := measureTold(c.addr, who); err != nil {
		return err
	}
	before := c.memory()
	list, err := lines(c.addr, who[2:], idleLines)
	defer func() { hangUp(list) }()
	if err != nil {
		return err
	}
	say("live_idle_line", (c.memory()-before)*1024/idleLines, "kB")
	hangUp(list)
	begun := time.Now()
	if list, err = lines(c.addr, who[2:], idleLines); err != nil {
		return err
	}
	say("live_storm_8000", time.Since(begun).Seconds(), "s")
	return nil
}

// measureTold takes the time from before a reply is sent until each page has heard of it.
func measureTold(addr string, who []string) error {
	text := newTexts()
	form := func(title string) string {
		v := url.Values{"text": {text()}, answer.OnceField: {answer.NewOnce()}}
		if title != "" {
			v.Set("title", title)
			v.Set("lang", "en")
		}
		return v.Encode()
	}
	var talks []string
	for range told {
		r, err := once(addr, asking("POST", "/discussions", form(fmt.Sprint("Is anybody told? ", time.Now().UnixNano())), "Cookie: "+who[0]))
		if err != nil || r.status != 303 {
			return fmt.Errorf("no discussion: %d, %v", r.status, err)
		}
		talks = append(talks, strings.Split(r.value("Location"), "/")[2])
	}
	pages, err := lines(addr, who[:1], devices)
	defer func() { hangUp(pages) }()
	if err != nil {
		return err
	}
	var waits []float64
	for i, id := range talks {
		heard := make(chan time.Time, devices)
		errs := make(chan error, devices)
		for _, ws := range pages {
			go func() {
				errs <- hear(ws, `"news"`)
				heard <- time.Now()
			}()
		}
		sent := time.Now()
		r, err := once(addr, asking("POST", "/discussions/"+id+"/posts", form(""), "Cookie: "+who[1+i%100]))
		if err != nil || r.status != 303 {
			return fmt.Errorf("no reply: %d, %v", r.status, err)
		}
		for range pages {
			if err := <-errs; err != nil {
				return err
			}
			waits = append(waits, millis((<-heard).Sub(sent)))
		}
	}
	slices.Sort(waits)
	say("live_told_p50", waits[len(waits)/2], "ms")
	say("live_told_p99", waits[len(waits)*99/100], "ms")
	return nil
}
