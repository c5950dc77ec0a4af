package media

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Config says how calls are carried.
type Config struct {
	Key, Secret string
	// URL is that of another server, wss://…; "": a child process.
	URL string
	// Program is what is run as "PROGRAM media"; "": this one.
	Program string
	Orders  Orders // without the keys
	// Going tells whether a call rings or is spoken, and a seat is one of it. No other ticket
	// lets in, as long as it may last: LiveKit makes the room anew for whoever comes, and knows
	// nothing of who has left. nil: each is.
	Going func(ctx context.Context, call, seat string) (bool, error)
	Now   func() time.Time
}

// Server is the server of calls, near or far. Close it.
type Server struct {
	config Config
	client *http.Client

	mu     sync.Mutex
	child  *child
	closed bool
	fails  int       // in a row
	next   time.Time // no start before
}

// New makes a server; nothing is started yet.
func New(c Config) *Server {
	c.Orders.Key, c.Orders.Secret = c.Key, c.Secret
	return &Server{config: c, client: &http.Client{Timeout: askWithin, Transport: &http.Transport{DisableKeepAlives: true, Proxy: nil}}}
}

const (
	askWithin   = 5 * time.Second
	startWithin = 20 * time.Second
	wellAfter   = time.Minute // a child that lived so long did not fail at its start
	longestRest = 30 * time.Second
)

// errClosed tells that the hall is closing.
var errClosed = errors.New("media: closed")

// Address is where browsers find another's server; "": under the hall's own address.
func (s *Server) Address() string { return s.config.URL }

// Far tells that the server is not a child of this process.
func (s *Server) Far() bool { return s.config.URL != "" }

// Need makes sure that the server answers, and gives the address of its web side.
func (s *Server) Need(ctx context.Context) (string, error) {
	if s.Far() {
		return strings.Replace(s.config.URL, "ws", "http", 1), nil
	}
	c, err := s.begun()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	select {
	case <-c.ready:
		return c.web, nil
	case <-c.ended:
		return "", errors.New("media: it does not start")
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// begun gives the child, which it starts when there is none.
func (s *Server) begun() (*child, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	if s.child != nil {
		return s.child, nil
	}
	if time.Now().Before(s.next) {
		return nil, errors.New("media: it failed just now")
	}
	c, err := start(s.config)
	if err != nil {
		s.failed()
		return nil, err
	}
	s.child = c
	go s.keep(c)
	return c, nil
}

// failed lets the next start wait, longer each time. Callers hold mu.
func (s *Server) failed() {
	s.fails++
	s.next = time.Now().Add(min(time.Second<<min(s.fails-1, 5), longestRest))
}

// keep starts another child when one ends that had been answering: somebody is in a call.
func (s *Server) keep(c *child) {
	began := time.Now()
	<-c.ended
	answered := c.answered()
	s.mu.Lock()
	s.child = nil
	closed := s.closed
	switch {
	case closed:
	case answered && time.Since(began) >= wellAfter:
		s.fails, s.next = 0, time.Time{}
	case answered && s.fails == 0:
		s.fails++ // once at once
	default:
		s.failed()
	}
	wait := time.Until(s.next)
	s.mu.Unlock()
	if closed {
		return
	}
	slog.Error("the server of calls ended", "cause", c.cause())
	if !answered {
		return // whoever needs it next tries again
	}
	time.AfterFunc(max(wait, 0), func() {
		if _, err := s.begun(); err != nil && !errors.Is(err, errClosed) {
			slog.Error("start the server of calls", "cause", err.Error())
		}
	})
}

// Pid is the child's, for tests that end it; 0 when there is none.
func (s *Server) Pid() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.child == nil {
		return 0
	}
	return s.child.cmd.Process.Pid
}

// Close ends the child.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	c := s.child
	s.mu.Unlock()
	if c != nil {
		c.end()
	}
	return nil
}

// End closes a call for everybody who is in it. It is not needed for a call that nobody is in.
func (s *Server) End(ctx context.Context, call string) error {
	return s.order(ctx, "DeleteRoom", grant{Room: call, Create: true, Admin: true}, map[string]string{"room": call})
}

// Remove takes one page out of a call that others go on with.
func (s *Server) Remove(ctx context.Context, call, seat string) error {
	return s.order(ctx, "RemoveParticipant", grant{Room: call, Admin: true}, map[string]string{"room": call, "identity": seat})
}

// order tells a server that runs what to do. What is not there needs no order.
func (s *Server) order(ctx context.Context, what string, by grant, order map[string]string) error {
	s.mu.Lock()
	runs := s.child != nil
	s.mu.Unlock()
	if !runs && !s.Far() {
		return nil
	}
	web, err := s.Need(ctx)
	if err != nil {
		return err
	}
	at, err := url.JoinPath(web, "twirp/livekit.RoomService", what)
	if err != nil {
		return err
	}
	body, err := json.Marshal(order)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+s.sign(claims{Video: by}))
	resp, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusNotFound {
		return errors.New("media: " + what + ": " + resp.Status)
	}
	return nil
}
