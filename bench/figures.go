package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// A reader's browser, as far as the hall looks at it.
var browser = []string{"Accept-Encoding: gzip, deflate, br, zstd", "Accept-Language: en-GB,en;q=0.9"}

// measureStart measures what an operator sees: size, start, memory at rest.
func measureStart(ctx context.Context, b *bench) error {
	st, err := os.Stat(b.bin)
	if err != nil {
		return err
	}
	say("binary_size", float64(st.Size())/(1<<20), "MB")
	var waits []float64
	for range 5 {
		begun := time.Now()
		c, err := b.hall.serve(ctx)
		if err != nil {
			return err
		}
		waits = append(waits, millis(time.Since(begun)))
		if r, err := once(c.addr, asking("GET", b.hall.page, "", browser...)); err != nil || r.status != 200 {
			c.stop()
			return fmt.Errorf("%s: status %d, %v", b.hall.page, r.status, err)
		}
		if len(waits) == 5 {
			time.Sleep(2 * time.Second) // at rest means after the bustle of starting
			say("memory_idle", c.memory(), "MB")
		}
		c.stop()
	}
	say("start_to_ready", median(waits), "ms")
	return nil
}

// trio is the hall and its two rivals, answering the same.
type trio struct{ hall, floor, nginx *child }

func (t trio) stop() {
	for _, c := range []*child{t.hall, t.floor, t.nginx} {
		if c != nil {
			c.stop()
		}
	}
}

// startTrio starts the three and warms the hall's cache.
func startTrio(ctx context.Context, b *bench) (t trio, s sample, err error) {
	defer func() {
		if err != nil {
			t.stop()
		}
	}()
	if t.hall, err = b.hall.serve(ctx); err != nil {
		return t, s, err
	}
	var r reply
	for range 4 { // the second reader makes the hall press harder
		if r, err = once(t.hall.addr, asking("GET", b.hall.page, "", browser...)); err != nil {
			return t, s, err
		}
	}
	if r.status != 200 || r.value("Etag") == "" || r.value("Content-Encoding") != "br" {
		return t, s, fmt.Errorf("%s is not a kept page: %d\n%s", b.hall.page, r.status, r.header)
	}
	s = sampleOf(r)
	if t.floor, err = startFloor(ctx, b.dir, s); err != nil {
		return t, s, err
	}
	t.nginx, err = startNginx(ctx, b.dir, s)
	return t, s, err
}

const readers = 32

// costs runs interleaved rounds against the three and gives the hall's CPU for a
// request, its ratios to the rivals', and the rates of hall and nginx.
func costs(b *bench, t trio, want int, hall, floor, nginx ask) (cpu time.Duration, vsNginx, vsFloor, rate, nginxRate float64, err error) {
	var ownCosts, toNginx, toFloor, rates, nginxRates []float64
	for round := range b.rounds + 1 {
		var each [3]float64
		var perSecond [3]float64
		for i, c := range []*child{t.hall, t.floor, t.nginx} {
			a := []ask{hall, floor, nginx}[i]
			before := c.cpu()
			l, err := storm(c.addr, readers, b.requests, want, func(int) ask { return a })
			if err != nil {
				return 0, 0, 0, 0, 0, err
			}
			each[i] = float64(c.cpu()-before) / float64(b.requests)
			perSecond[i] = l.perSecond()
		}
		if round == 0 { // the first round warms up
			continue
		}
		ownCosts = append(ownCosts, each[0])
		toFloor = append(toFloor, each[0]/each[1])
		toNginx = append(toNginx, each[0]/each[2])
		rates, nginxRates = append(rates, perSecond[0]), append(nginxRates, perSecond[2])
	}
	return time.Duration(median(ownCosts)), median(toNginx), median(toFloor), median(rates), median(nginxRates), nil
}

func measureCached(ctx context.Context, b *bench) error {
	t, _, err := startTrio(ctx, b)
	if err != nil {
		return err
	}
	defer t.stop()
	own := asking("GET", b.hall.page, "", browser...)
	cpu, nginx, floor, rate, nginxRate, err := costs(b, t, 200, own, own, asking("GET", "/page", "", browser...))
	if err != nil {
		return err
	}
	say("page_cached_cpu", micros(cpu), "µs")
	say("page_cached_vs_nginx", nginx, "ratio")
	say("page_cached_vs_floor", floor, "ratio")
	say("page_cached_rate", rate, "requests/s")
	say("nginx_rate", nginxRate, "requests/s")
	return nil
}

func measureUnchanged(ctx context.Context, b *bench) error {
	t, s, err := startTrio(ctx, b)
	if err != nil {
		return err
	}
	defer t.stop()
	r, err := once(t.nginx.addr, asking("GET", "/page", ""))
	if err != nil {
		return err
	}
	own := asking("GET", b.hall.page, "", append(browser, "If-None-Match: "+s.Tag)...)
	nginx := asking("GET", "/page", "", append(browser, "If-None-Match: "+r.value("ETag"))...)
	cpu, toNginx, toFloor, _, _, err := costs(b, t, 304, own, own, nginx)
	if err != nil {
		return err
	}
	say("unchanged_304_cpu", micros(cpu), "µs")
	say("unchanged_304_vs_nginx", toNginx, "ratio")
	say("unchanged_304_vs_floor", toFloor, "ratio")
	return nil
}

// measureMemory lets 64 readers walk through all that the hall has.
func measureMemory(ctx context.Context, b *bench) error {
	c, err := b.hall.serve(ctx)
	if err != nil {
		return err
	}
	defer c.stop()
	pages, err := b.hall.pages(c.addr, 500)
	if err != nil {
		return err
	}
	asks := make([]ask, len(pages))
	for i, p := range pages {
		asks[i] = asking("GET", p, "", browser...)
	}
	done, peak := make(chan struct{}), make(chan float64)
	go func() {
		most := 0.0
		for tick := time.NewTicker(50 * time.Millisecond); ; {
			select {
			case <-tick.C:
				most = max(most, c.memory())
			case <-done:
				tick.Stop()
				peak <- most
				return
			}
		}
	}()
	_, err = storm(c.addr, 64, 20*len(asks), 200, func(i int) ask { return asks[i*7919%len(asks)] })
	close(done)
	say("memory_64_readers", <-peak, "MB")
	return err
}

// measureUncached asks for pages of 50 posts that nothing keeps, unpressed, so
// that what is measured is SQL, rendering and the server with its sockets. Each
// page was asked for once before: the file is in the system's memory. Beside it,
// in turns, the barest server gives the bytes of one such page out of its memory:
// less than that a page cannot cost here, and the ratio holds on other machines.
func measureUncached(ctx context.Context, b *bench) error {
	c, err := b.hall.serve(ctx, "GUILDHALL_CACHE_MB=0")
	if err != nil {
		return err
	}
	defer c.stop()
	pick, n, err := b.walk(c, 200)
	if err != nil {
		return err
	}
	r, err := once(c.addr, pick(0))
	if err != nil {
		return err
	}
	floor, err := startFloor(ctx, b.dir, sampleOf(r))
	if err != nil {
		return err
	}
	defer floor.stop()
	var costs, ratios, rates []float64
	for range b.rounds {
		own, l, err := spent(c, n, 200, pick)
		if err != nil {
			return err
		}
		bare, _, err := spent(floor, n, 200, pick)
		if err != nil {
			return err
		}
		costs, ratios, rates = append(costs, micros(own)), append(ratios, float64(own)/float64(bare)), append(rates, l.perSecond())
	}
	say("page_uncached_cpu", median(costs), "µs")
	say("page_uncached_rate", median(rates), "requests/s")
	say("page_uncached_vs_floor", median(ratios), "ratio")
	return nil
}

// spent asks n questions and tells the CPU of one.
func spent(c *child, n, want int, pick func(int) ask) (time.Duration, load, error) {
	before := c.cpu()
	l, err := storm(c.addr, 8, n, want, pick)
	return (c.cpu() - before) / time.Duration(n), l, err
}

// walk has each of many full pages asked for once, with the headers given, and
// gives how to ask for them in turn, and how often to.
func (b *bench) walk(c *child, want int, headers ...string) (pick func(int) ask, n int, err error) {
	pages, err := b.hall.fullPages(c.addr, 300)
	if err != nil {
		return nil, 0, err
	}
	asks := make([]ask, len(pages))
	for i, p := range pages {
		asks[i] = asking("GET", p, "", append(headers, "Accept-Language: en")...)
	}
	pick = func(i int) ask { return asks[i%len(asks)] }
	_, err = storm(c.addr, 8, len(asks), want, pick)
	return pick, 5 * len(asks), err
}

func measureSignedIn(ctx context.Context, b *bench) error {
	who, err := b.hall.members(ctx, 1)
	if err != nil {
		return err
	}
	c, err := b.hall.serve(ctx)
	if err != nil {
		return err
	}
	defer c.stop()
	pick, n, err := b.walk(c, 200, "Cookie: "+who[0])
	if err != nil {
		return err
	}
	var costs []float64
	for range b.rounds {
		own, _, err := spent(c, n, 200, pick)
		if err != nil {
			return err
		}
		costs = append(costs, micros(own))
	}
	say("page_signed_in_cpu", median(costs), "µs")
	return nil
}
