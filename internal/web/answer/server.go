package answer

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// Times a connection may take. A sender who dawdles is let go of, so that few
// cannot hold the places of many.
const (
	headerTime = 5 * time.Second
	readTime   = 30 * time.Second
	writeTime  = 60 * time.Second
	idleTime   = 90 * time.Second
	headerMost = 16 << 10
)

// Server makes the hall's HTTP server around h: HTTP/1.1, and HTTP/2 where TLS
// is set. It logs nothing about anybody.
func Server(h http.Handler) *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerMost,
		Protocols:         protocols,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: 100},
		// net/http's own complaints name addresses.
		ErrorLog: log.New(io.Discard, "", 0),
	}
}

// Serve answers on l until ctx ends, then lets the answers under way finish for
// at most patience. A nil error means that it ended in good order.
func Serve(ctx context.Context, s *http.Server, l net.Listener, patience time.Duration) error {
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	err := s.Shutdown(stop)
	if errors.Is(err, context.DeadlineExceeded) {
		return s.Close()
	}
	return err
}
