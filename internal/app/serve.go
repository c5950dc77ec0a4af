package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"guildhall/internal/event"
	"guildhall/internal/fault"
	"guildhall/internal/web/answer"
)

// serveCommand is "guildhall serve".
type serveCommand struct {
	place
	Listen string `placeholder:"HOST:PORT" help:"Address to listen on, as host:port; port 0 lets the system choose."`
}

func environ() []string { return os.Environ() }

// config reads the place's configuration; words on the command line win.
func (p place) config(s streams, listen string) (Config, error) {
	c, err := readConfig(p.Config, p.Data, s.environ)
	if err != nil {
		return c, err
	}
	if p.DB != "" {
		c.Database = p.DB
	}
	if listen != "" {
		c.Listen = listen
	}
	return c, c.check()
}

// open opens the hall of a place, with the clock of this machine.
func (p place) open(ctx context.Context, s streams) (*Hall, error) {
	c, err := p.config(s, "")
	if err != nil {
		return nil, err
	}
	return Open(ctx, p.Data, c, time.Now)
}

// Run serves until ctx ends.
func (c serveCommand) Run(ctx context.Context, s streams) error {
	conf, err := c.place.config(s, c.Listen)
	if err != nil {
		return err
	}
	setLog(s, conf.Log)
	return serve(ctx, s, c.Data, conf)
}

func setLog(s streams, level string) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	slog.SetDefault(slog.New(answer.Quiet(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: l}))))
}

// serve opens the hall, says where it is, and stays until ctx ends.
func serve(ctx context.Context, s streams, dir string, c Config) error {
	release, err := takeHall(dir)
	if err != nil {
		return err
	}
	defer release()
	ln, err := listen(&c)
	if err != nil {
		return err
	}
	defer ln.Close()
	h, err := Open(ctx, dir, c, wallClock)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.Pictures.Sweep(); err != nil {
		slog.Error("sweep pictures", "cause", fault.Cause(err))
	}
	return h.Serve(ctx, s, ln)
}

// listen opens the door, and tells the configuration where it is.
func listen(c *Config) (net.Listener, error) {
	if c.Domain != "" && c.Listen == defaults().Listen {
		c.Listen = ":443"
	}
	ln, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if c.URL == "" {
		c.URL = publicURL(*c, ln.Addr())
	}
	return ln, nil
}

// publicURL guesses the address under which browsers come. Loopback is called
// localhost, because passkeys refuse a bare address.
func publicURL(c Config, at net.Addr) string {
	if c.Domain != "" {
		return "https://" + c.Domain
	}
	host, _, _ := strings.Cut(c.Listen, ":")
	tcp := at.(*net.TCPAddr)
	if tcp.IP.IsLoopback() || tcp.IP.IsUnspecified() {
		host = "localhost"
	}
	return fmt.Sprintf("http://%s:%d", host, tcp.Port)
}

// stopWithin is how long a stop waits for requests that run.
const stopWithin = 10 * time.Second

// Serve answers on ln until ctx ends, and prints "ready URL" on stdout as soon
// as it does.
func (h *Hall) Serve(ctx context.Context, s streams, ln net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	defer h.restMasks(ctx)
	defer work.Wait()
	defer cancel()
	if err := h.sayFirst(ctx, s); err != nil {
		return err
	}
	if err := h.EnterAssets(ctx); err != nil { // a full disk must not keep readers out; the next start tries again
		slog.Error("enter the built files into the log", "cause", fault.Cause(err))
	}
	fmt.Fprintf(s.err, "The key of the log: %s\n", h.Ledger.Key())
	handler := h.Handler()
	metered, err := h.serveMetrics(ctx, s)
	if err != nil {
		return err
	}
	work.Go(metered)
	ln, plain, err := h.secureListener(ctx, ln)
	if err != nil {
		return err
	}
	work.Go(plain)
	work.Go(func() { h.Events.Run(ctx, h.consumers()...) })
	work.Go(func() { h.Jobs.Run(ctx) })
	work.Go(func() { h.Notices.Run(ctx) })
	work.Go(func() { h.Calls.Run(ctx) })
	work.Go(func() { // a stop waits for answers under way, and these end by themselves never
		<-ctx.Done()
		if err := h.Live.Close(); err != nil {
			slog.Error("end the lines to pages", "cause", fault.Cause(err))
		}
	})
	work.Go(func() { h.watch(ctx) })
	work.Go(func() { h.keepSmall(ctx) })
	work.Go(func() { h.keepTicks(ctx, handler.(doors).safe) })
	work.Go(func() {
		if err := h.freshIndex(ctx); err != nil && ctx.Err() == nil {
			slog.Error("search index", "cause", fault.Cause(err))
		}
	})
	work.Go(func() { h.keepBound(ctx) })
	work.Go(func() { h.keepMeetings(ctx) })
	fmt.Fprintf(s.out, "ready %s\n", h.Config.URL)
	return answer.Serve(ctx, answer.Server(h.dated(h.underTest(handler))), ln, stopWithin)
}

// sayFirst tells the operator, as long as nobody keeps the hall, the one-time
// link that makes its bearer a steward. Each start makes another, and the one
// before is good no longer.
func (h *Hall) sayFirst(ctx context.Context, s streams) error {
	stewards, err := h.Moderation.Stewards(ctx)
	if err != nil || len(stewards) > 0 {
		return err
	}
	token, err := h.Moderation.Invite(ctx, "")
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "The hall is at %s\n", h.Config.URL)
	fmt.Fprintf(s.err, "Nobody keeps it yet. Join, then open this link; it makes you a steward, once:\n  %s/steward/%s\n", h.Config.URL, token)
	if !h.secure() {
		fmt.Fprintln(s.err, "Not yet safe for others: without https, words travel in the clear. Set domain, or put a proxy before the hall and set url.")
	}
	fmt.Fprintln(s.err, "Not yet safe against loss: there is no backup. “guildhall backup” makes one while the hall is open.")
	return nil
}

// bindEvery is how long a full page that was changed is read post by post.
const bindEvery = 10 * time.Second

// keepBound binds full pages until ctx ends. It is no job of the queue, which
// would write that it did when there was nothing to do.
func (h *Hall) keepBound(ctx context.Context) {
	for tick := time.NewTicker(bindEvery); ; {
		if err := h.Forum.Bind(ctx); err != nil && ctx.Err() == nil {
			slog.Error("bind pages", "cause", fault.Cause(err))
		}
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

// consumers are the readers of the hall's events.
func (h *Hall) consumers() []event.Consumer {
	return []event.Consumer{h.Search.Consumer(), h.logReader(), h.News.Consumer(h.tellings)}
}
