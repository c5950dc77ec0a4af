package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/letterbox"
	"guildhall/internal/web/answer"
	"guildhall/internal/web/quota"
	"guildhall/internal/web/safe"
)

// letterboxCommand is "guildhall letterbox": a letterbox for somebody else's hall.
type letterboxCommand struct {
	Data    string   `default:"letterbox" help:"Directory of its own, in which letters lie."`
	Listen  string   `placeholder:"HOST:PORT" default:"localhost:8090" help:"Address to listen on, as host:port; port 0 lets the system choose. Put a proxy with https before it."`
	Hall    string   `arg:"required" placeholder:"URL" help:"Address of the hall whose letters are taken."`
	Proxies []string `arg:"--trusted-proxy,separate" placeholder:"NET" help:"Network of a reverse proxy, as 10.0.0.0/8, whose X-Forwarded-For is believed when quotas are counted; in memory only."`
}

// Run takes letters, and brings them once a day, until ctx ends.
func (c letterboxCommand) Run(ctx context.Context, s streams) error {
	setLog(s, "info")
	proxies := make([]netip.Prefix, len(c.Proxies))
	for i, p := range c.Proxies {
		var err error
		if proxies[i], err = netip.ParsePrefix(p); err != nil {
			return fmt.Errorf("trusted-proxy: %q is not a network such as 10.0.0.0/8", p)
		}
	}
	release, err := takeHall(c.Data)
	if err != nil {
		return err
	}
	defer release()
	ln, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer ln.Close()
	box, err := openLetterbox(c.Data, c.Hall, wallClock)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "ready %s\n", publicURL(Config{Listen: c.Listen}, ln.Addr()))
	return serveLetterbox(ctx, box, ln, proxies...)
}

// openLetterbox opens the letterbox in dir for a hall.
func openLetterbox(dir, hall string, now func() time.Time) (*letterbox.Box, error) {
	u, err := url.Parse(hall)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fault.New(fault.Invalid, "client.hall")
	}
	return letterbox.Open(letterbox.Config{
		Dir: dir, Now: now, Deliveries: safe.Origin(u.Scheme+"://"+u.Host) + "/letters",
		// Package fetch is not used: here the operator of this machine chooses the
		// address, and it may well be a local one.
		Client: &http.Client{Timeout: deliveryPatience, Transport: &http.Transport{DialContext: dialLocal, DisableKeepAlives: true, ForceAttemptHTTP2: false},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	})
}

// deliveryPatience is how long a hall may take over 256 letters.
const deliveryPatience = 5 * time.Minute

// dialLocal reaches names below localhost, which few resolvers know, on loopback.
func dialLocal(ctx context.Context, network, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err == nil && strings.HasSuffix(host, ".localhost") {
		addr = net.JoinHostPort("localhost", port)
	}
	var d net.Dialer
	return d.DialContext(ctx, network, addr)
}

// serveLetterbox answers on ln and keeps the box until ctx ends.
func serveLetterbox(ctx context.Context, box *letterbox.Box, ln net.Listener, proxies ...netip.Prefix) error {
	ctx, stop := context.WithCancel(ctx)
	var work sync.WaitGroup
	defer work.Wait()
	defer stop()
	work.Go(func() { keepLetterbox(ctx, box) })
	door := letterbox.NewDoor(box, quota.NewAddresses(proxies...))
	return answer.Serve(ctx, answer.Server(letterboxUnderTest(box, door)), ln, stopWithin)
}

// keepLetterbox brings letters when it is time, and touches all files each minute.
func keepLetterbox(ctx context.Context, box *letterbox.Box) {
	tick := time.NewTicker(lookAtClock)
	defer tick.Stop()
	for n := 0; ; n++ {
		if brought, err := box.Step(ctx); err != nil && ctx.Err() == nil {
			slog.Error("bring letters", "ops", fault.From(err).Ops(), "cause", fault.Cause(err))
		} else if brought > 0 {
			slog.Info("letters were brought", "count", brought)
		}
		if n%60 == 0 {
			if err := box.Blur(); err != nil && ctx.Err() == nil {
				slog.Error("touch the letters", "cause", fault.Cause(err))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
