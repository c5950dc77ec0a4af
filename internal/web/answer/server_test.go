package answer

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener whose connections exist in memory, so that their times
// run on the test's clock.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }
func (p *pipes) dial() net.Conn {
	client, server := net.Pipe()
	p.conns <- server
	return client
}

func TestServer_letsGoOfDawdlers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		m := hall(nil)
		m.Handle("POST /a", func(w *Writer, r *Request) error { return w.Redirect("/") })
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- Serve(ctx, Server(m), l, time.Minute) }()

		head := l.dial() // sends its header a byte a second, for ever
		begun := time.Now()
		go func() {
			for _, err := io.WriteString(head, "GET / HTTP/1.1\r\nX: "); err == nil; _, err = head.Write([]byte("x")) {
				time.Sleep(time.Second)
			}
		}()
		io.Copy(io.Discard, head)
		if took := time.Since(begun); took > headerTime+2*time.Second {
			t.Errorf("a slow header was suffered for %v", took)
		}

		for _, kind := range []string{"application/x-www-form-urlencoded", "application/json", "text/plain"} {
			body := l.dial() // promises a form and never sends it
			begun = time.Now()
			go io.WriteString(body, "POST /a HTTP/1.1\r\nHost: h\r\nContent-Type: "+kind+"\r\nContent-Length: 99\r\n\r\nx=")
			hung := time.AfterFunc(time.Hour, func() { body.Close() })
			out, _ := io.ReadAll(body)
			hung.Stop()
			if took := time.Since(begun); took > formTime+time.Minute || strings.Contains(string(out), "303") {
				t.Errorf("a slow %s was suffered for %v: %.40s", kind, took, out)
			}
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestServe_finishesWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		m := hall(nil)
		begun := make(chan struct{})
		m.Handle("GET /slow", func(w *Writer, r *Request) error {
			close(begun)
			time.Sleep(3 * time.Second)
			return w.Show(200, text("finished"))
		})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- Serve(ctx, Server(m), l, 10*time.Second) }()
		c := l.dial()
		go io.WriteString(c, "GET /slow HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
		go func() { <-begun; stop() }()
		out, _ := io.ReadAll(c)
		if !strings.Contains(string(out), "finished") {
			t.Errorf("cut short: %q", out)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestServer_refusesHugeHeaders(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go Serve(ctx, Server(hall(nil)), l, time.Second)
	r, _ := http.NewRequest("GET", "http://"+l.Addr().String()+"/", nil)
	r.Header.Set("X", strings.Repeat("x", 64<<10))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("%d", resp.StatusCode)
	}
}

func TestQuiet_dropsWhatCouldBeSomebodys(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := slog.New(Quiet(slog.NewTextHandler(&out, nil)))
	log.With("ip", canary, "route", "GET /").WithGroup("g").Info("said",
		"status", 200, "handle", canary, "count", []string{canary}, "route", slog.GroupValue(slog.String("x", canary)))
	if s := out.String(); strings.Contains(s, canary) || !strings.Contains(s, `route="GET /" status=200 dropped=3`) {
		t.Error(s)
	}
}
