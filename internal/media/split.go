package media

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"
)

// How long a connection may take to say what it is, and how many are relayed at once.
const (
	speaksWithin = 10 * time.Second
	mostRelayed  = 500
)

// Split answers TLS on ln and gives to its caller what is for web servers. A browser behind
// a network that lets nothing but the web through asks on the same port for the relay of a
// call; that is led to relay. The two are told apart as RFC 7983 has it: by the first byte,
// which in STUN and TURN is below 4, and of those only that name no protocol (ALPN), as all
// browsers do for the web.
func Split(ln net.Listener, conf *tls.Config, relay func(net.Conn)) net.Listener {
	s := &split{Listener: ln, conf: conf, relay: relay, web: make(chan net.Conn), closed: make(chan struct{}), places: make(chan struct{}, mostRelayed)}
	go s.accept()
	return s
}

type split struct {
	net.Listener
	conf   *tls.Config
	relay  func(net.Conn)
	web    chan net.Conn
	places chan struct{} // of those that are relayed
	once   sync.Once
	closed chan struct{}
	err    error // why nothing is accepted any more; set before closed is
}

func (s *split) accept() {
	var pause time.Duration
	for {
		c, err := s.Listener.Accept()
		var passing interface{ Temporary() bool }
		switch {
		case err == nil:
			pause = 0
			go s.sort(c)
		case errors.As(err, &passing) && passing.Temporary(): // no more files, say: as net/http does
			pause = min(max(2*pause, 5*time.Millisecond), time.Second)
			time.Sleep(pause)
		default:
			s.end(err)
			return
		}
	}
}

// sort finds out what a connection is for.
func (s *split) sort(raw net.Conn) {
	defer func() {
		if recover() != nil { // as net/http does: one connection ends no hall
			slog.Error("a connection ended in panic")
			raw.Close()
		}
	}()
	_ = raw.SetDeadline(time.Now().Add(speaksWithin))
	c := tls.Server(raw, s.conf)
	ctx, cancel := context.WithTimeout(context.Background(), speaksWithin)
	defer cancel()
	if err := c.HandshakeContext(ctx); err != nil {
		raw.Close()
		return
	}
	if c.ConnectionState().NegotiatedProtocol != "" {
		s.give(c, c)
		return
	}
	heard := bufio.NewReaderSize(c, 512)
	first, err := heard.Peek(1)
	if err != nil {
		c.Close()
		return
	}
	peeked := peekedConn{c, heard}
	if first[0] >= 4 {
		s.give(peeked, c)
		return
	}
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
		_ = c.SetDeadline(time.Time{})
		s.relay(peeked)
	default:
	}
	c.Close()
}

// give hands a connection to the web server.
func (s *split) give(c, under net.Conn) {
	_ = under.SetDeadline(time.Time{}) // the web server has times of its own
	select {
	case s.web <- c:
	case <-s.closed:
		under.Close()
	}
}

// Accept gives the next connection that is for a web server.
func (s *split) Accept() (net.Conn, error) {
	select {
	case c := <-s.web:
		return c, nil
	case <-s.closed:
		return nil, s.err
	}
}

// Close accepts no more.
func (s *split) Close() error {
	err := s.Listener.Close()
	s.end(net.ErrClosed)
	return err
}

func (s *split) end(why error) {
	s.once.Do(func() {
		s.err = why
		close(s.closed)
	})
}

// peekedConn is a connection of which some bytes have been read.
type peekedConn struct {
	net.Conn
	heard *bufio.Reader
}

func (c peekedConn) Read(b []byte) (int, error) { return c.heard.Read(b) }

// silentFor is after how long a relayed connection in whose direction nothing goes is ended:
// whoever is in a call sends something every few seconds.
const silentFor = 2 * time.Minute

// Relay leads a connection to the relay of the child, if it has one, until either ends.
func (s *Server) Relay(from net.Conn) {
	s.mu.Lock()
	c := s.child
	s.mu.Unlock()
	if c == nil || !c.answered() || c.relay == "" { // nobody speaks now, so nobody needs it
		return
	}
	to, err := net.DialTimeout("tcp", c.relay, speaksWithin)
	if err != nil {
		return
	}
	defer to.Close()
	ended := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{from, to}, {to, from}} {
		go func() {
			carry(way[1], way[0])
			ended <- struct{}{}
		}()
	}
	<-ended
	_ = from.SetDeadline(time.Now())
	_ = to.SetDeadline(time.Now())
	<-ended
}

// carry copies until one side ends or nothing comes.
func carry(to, from net.Conn) {
	b := make([]byte, 16<<10)
	for {
		_ = from.SetReadDeadline(time.Now().Add(silentFor))
		n, err := from.Read(b)
		if n > 0 {
			_ = to.SetWriteDeadline(time.Now().Add(speaksWithin))
			if _, err := to.Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
