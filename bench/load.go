package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// ask is one request as it goes over the wire.
type ask []byte

// asking builds a request for a path with further header lines.
func asking(method, path string, body string, headers ...string) ask {
	return sending(method, path, "application/x-www-form-urlencoded", body, headers...)
}

// sending is a request with a body of another sort.
func sending(method, path, sort, body string, headers ...string) ask {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: localhost\r\n", method, path)
	for _, h := range headers {
		b.WriteString(h + "\r\n")
	}
	if body != "" {
		fmt.Fprintf(&b, "Content-Type: %s\r\nContent-Length: %d\r\n", sort, len(body))
	}
	b.WriteString("\r\n" + body)
	return b.Bytes()
}

// reply is what came back.
type reply struct {
	status int
	header string
	body   []byte
}

// value finds a header's value; names are written as the hall writes them.
func (r reply) value(name string) string {
	_, rest, found := bytes.Cut([]byte("\r\n"+r.header), []byte("\r\n"+name+": "))
	if !found {
		return ""
	}
	v, _, _ := bytes.Cut(rest, []byte("\r\n"))
	return string(v)
}

// client is one connection that is kept open.
type client struct {
	conn net.Conn
	in   *bufio.Reader
	body []byte
	head []byte
}

func dial(addr string) (*client, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, nil
}

// do sends a request and reads its answer; the answer's bytes live until the
// next call.
func (c *client) do(a ask) (r reply, err error) {
	if err := c.conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return r, err
	}
	if _, err := c.conn.Write(a); err != nil {
		return r, err
	}
	length := 0
	c.head = c.head[:0]
	for first := true; ; first = false {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return r, err
		}
		if len(line) <= 2 {
			break
		}
		if first {
			if len(line) < 12 {
				return r, errors.New("no status")
			}
			if r.status, err = strconv.Atoi(string(line[9:12])); err != nil {
				return r, err
			}
			continue
		}
		c.head = append(c.head, line...)
		if v, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(v))); err != nil {
				return r, err
			}
		}
	}
	r.header = string(c.head)
	if r.status == 304 || length == 0 {
		return r, nil
	}
	c.body = slices.Grow(c.body[:0], length)[:length]
	_, err = io.ReadFull(c.in, c.body)
	r.body = c.body
	return r, err
}

// once asks one question on a connection of its own.
func once(addr string, a ask) (reply, error) {
	c, err := dial(addr)
	if err != nil {
		return reply{}, err
	}
	defer c.conn.Close()
	r, err := c.do(a)
	r.body = bytes.Clone(r.body)
	return r, err
}

// load is the outcome of many requests.
type load struct {
	took  time.Duration
	waits []time.Duration // sorted
}

func (l load) perSecond() float64 { return float64(len(l.waits)) / l.took.Seconds() }

// quantile of the waits, 0.5 for the median.
func (l load) quantile(q float64) time.Duration {
	if len(l.waits) == 0 {
		return 0
	}
	return l.waits[min(len(l.waits)-1, int(q*float64(len(l.waits))))]
}

// storm asks n questions over as many connections as clients, one after the
// other on each; pick gives the i-th. Any other status than want is an error.
func storm(addr string, clients, n, want int, pick func(i int) ask) (load, error) {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make(chan error, clients)
	waits := make([][]time.Duration, clients)
	begun := time.Now()
	for k := range clients {
		wg.Go(func() {
			c, err := dial(addr)
			if err != nil {
				errs <- err
				return
			}
			defer c.conn.Close()
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				a, sent := pick(i), time.Now()
				r, err := c.do(a)
				if err == nil && r.status != want {
					err = fmt.Errorf("status %d, want %d, to %.80q", r.status, want, a)
				}
				if err != nil {
					errs <- err
					return
				}
				waits[k] = append(waits[k], time.Since(sent))
			}
		})
	}
	wg.Wait()
	l := load{took: time.Since(begun), waits: slices.Concat(waits...)}
	slices.Sort(l.waits)
	select {
	case err := <-errs:
		return l, err
	default:
		return l, nil
	}
}
