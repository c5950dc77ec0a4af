package main

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"slices"
	"sync"
	"time"

	"golang.org/x/net/websocket"

	"guildhall/internal/ident"
)

const (
	pairs        = 200
	callPages    = 5     // of whoever is called, at which it rings
	callListened = 5_000 // lines of others meanwhile
)

// pair are somebody who calls and somebody who is called, with her open pages.
type pair struct {
	from, to writer
	pages    []*websocket.Conn
	call     string
}

// heardAll does what lets something about a call change, and gives the time until all pages
// of the called have been told.
func (p *pair) heardAll(begins func() error) (ms float64, err error) {
	errs := make(chan error, len(p.pages))
	for _, ws := range p.pages {
		go func() { errs <- hear(ws, `"call"`) }()
	}
	begun := time.Now()
	if err = begins(); err != nil {
		return 0, err
	}
	for range p.pages {
		if e := <-errs; e != nil {
			err = e
		}
	}
	return millis(time.Since(begun)), err
}

// rings presses Call, and lets the page of the caller say that it can speak.
func (p *pair) rings(addr string) error {
	r, err := p.from.posts(addr, "/people/"+p.to.handle+"/calls", url.Values{}, 303)
	if err != nil {
		return err
	}
	p.call = path.Base(r.value("Location"))
	_, err = p.from.posts(addr, "/calls/"+p.call+"/seat", map[string]any{"seat": ident.Random()}, 200)
	return err
}

func (p *pair) answers(addr string) error {
	_, err := p.to.posts(addr, "/calls/"+p.call+"/answer", map[string]any{"seat": ident.Random()}, 200)
	return err
}

func (p *pair) ends(addr string) error {
	_, err := p.from.posts(addr, "/calls/"+p.call+"/end", url.Values{}, 303)
	return err
}

// pairUp connects those who call with those whom they call, and opens these' pages.
func pairUp(addr string, cookies []string) (list []*pair, close func(), err error) {
	people, err := enrolled(addr, cookies)
	if err != nil {
		return nil, func() {}, err
	}
	close = func() {
		for _, p := range list {
			hangUp(p.pages)
		}
	}
	for i := range pairs {
		p := &pair{from: people[i], to: people[pairs+i]}
		list = append(list, p)
		if err := p.from.connects(addr, p.to); err != nil {
			return list, close, err
		}
		if p.pages, err = lines(addr, []string{p.to.cookie}, callPages); err != nil {
			return list, close, err
		}
	}
	return list, close, nil
}

// measureCalls takes the time from a press until it rings on all open pages, from an answer
// until all others have stopped, and the same when 200 are called at once, while the pages
// of 5,000 others are open.
func measureCalls(ctx context.Context, b *bench) error {
	cookies, err := b.hall.people(ctx, "callers.txt", 2*pairs)
	if err != nil {
		return err
	}
	who, err := b.hall.members(ctx, writers)
	if err != nil {
		return err
	}
	c, err := b.hall.serve(ctx)
	if err != nil {
		return err
	}
	defer c.stop()
	list, hang, err := pairUp(c.addr, cookies)
	defer hang()
	if err != nil {
		return err
	}
	others, err := lines(c.addr, who, callListened)
	defer func() { hangUp(others) }()
	if err != nil {
		return err
	}
	if err := measureRings(c.addr, list); err != nil {
		return err
	}
	return measureManyRings(c.addr, list)
}

// measureRings lets one after the other call.
func measureRings(addr string, list []*pair) error {
	var rings, stops []float64
	for i, p := range list {
		ring, err := p.heardAll(func() error { return p.rings(addr) })
		if err != nil {
			return fmt.Errorf("ring %d: %w", i, err)
		}
		stop, err := p.heardAll(func() error { return p.answers(addr) })
		if err != nil {
			return fmt.Errorf("answer %d: %w", i, err)
		}
		if _, err := p.heardAll(func() error { return p.ends(addr) }); err != nil {
			return fmt.Errorf("end %d: %w", i, err)
		}
		if i == 0 {
			continue // the server of calls was started for it
		}
		rings, stops = append(rings, ring), append(stops, stop)
	}
	slices.Sort(rings)
	slices.Sort(stops)
	say("call_rings_p50", median(rings), "ms")
	say("call_rings_p99", rings[len(rings)*99/100], "ms")
	say("call_stops_p50", median(stops), "ms")
	say("call_stops_p99", stops[len(stops)*99/100], "ms")
	return nil
}

// measureManyRings lets all call at once.
func measureManyRings(addr string, list []*pair) error {
	took, errs := make([]float64, len(list)), make([]error, len(list))
	var all sync.WaitGroup
	for i, p := range list {
		all.Go(func() { took[i], errs[i] = p.heardAll(func() error { return p.rings(addr) }) })
	}
	all.Wait()
	for i, p := range list {
		if errs[i] != nil {
			return errs[i]
		}
		if err := p.ends(addr); err != nil {
			return err
		}
	}
	slices.Sort(took)
	say("call_200_ring_p50", median(took), "ms")
	say("call_200_ring_last", took[len(took)-1], "ms")
	return nil
}
