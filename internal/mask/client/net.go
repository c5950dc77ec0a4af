package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
)

// Hall says where a hall is, and by which way to go there. Now is the clock; nil
// is this machine's.
type Hall struct {
	URL   *url.URL
	Proxy *url.URL // socks5://host:port; nil goes straight
	Now   func() time.Time
	From  net.Addr // the address of this end; nil lets the system choose
}

func (h Hall) now() time.Time {
	if h.Now != nil {
		return h.Now()
	}
	return time.Now()
}

// ParseHall reads a hall's address and, when proxy is not empty, a proxy's.
// Faults: Invalid.
func ParseHall(hall, proxy string) (h Hall, err error) {
	if h.URL, err = url.Parse(hall); err != nil || h.URL.Host == "" || h.URL.Scheme != "http" && h.URL.Scheme != "https" {
		return h, fault.New(fault.Invalid, "client.hall")
	}
	h.URL.Path, h.URL.RawQuery = "", ""
	if proxy == "" {
		return h, nil
	}
	if h.Proxy, err = url.Parse(proxy); err != nil || h.Proxy.Scheme != "socks5" && h.Proxy.Scheme != "socks5h" {
		return h, fault.New(fault.Invalid, "client.proxy")
	}
	return h, nil
}

// Safe is the address of the hall's safe origin.
func (h Hall) Safe() *url.URL {
	u := *h.URL
	u.Host = "safe." + u.Host
	return &u
}

// patience is how long one request may take; over Tor it takes a while.
const patience = 2 * time.Minute

// dial reaches names below localhost, which few resolvers know, on loopback.
func (h Hall) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err == nil && (host == "localhost" || strings.HasSuffix(host, ".localhost")) {
		addr = net.JoinHostPort("127.0.0.1", port)
	}
	d := net.Dialer{LocalAddr: h.From}
	return d.DialContext(ctx, network, addr)
}

// transport goes to the hall. Whoever shares circuit shares a path through Tor;
// once is for a single request.
func (h Hall) transport(circuit string, once bool) *http.Transport {
	t := &http.Transport{DialContext: h.dial, DisableKeepAlives: once, ForceAttemptHTTP2: false}
	if h.Proxy != nil {
		p := *h.Proxy
		p.User = url.UserPassword(circuit, circuit) // Tor keeps streams of different users apart
		t.Proxy = http.ProxyURL(&p)
	}
	return t
}

// readAll reads an answer of at most limit bytes.
func readAll(r *http.Response, limit int64) ([]byte, error) {
	defer r.Body.Close()
	b, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("an answer of more than %d bytes", limit)
	}
	return b, err
}

// reach wraps what went wrong on the way.
func reach(err error) error {
	return fault.New(fault.Unavailable, "client.unreachable").Because(err)
}

// refusal turns a refused request into the hall's own sentence.
func refusal(status int, body []byte) error {
	var said struct{ Message string }
	if json.Unmarshal(body, &said) != nil || said.Message == "" {
		return fault.New(fault.Unavailable, "client.status", status)
	}
	kind := fault.Invalid
	switch status {
	case http.StatusForbidden, http.StatusUnauthorized:
		kind = fault.Forbidden
	case http.StatusNotFound:
		kind = fault.NotFound
	case http.StatusConflict:
		kind = fault.Conflict
	case http.StatusTooManyRequests:
		kind = fault.TooMany
	}
	return fault.New(kind, "client.said", said.Message)
}

// skew is by how much a clock may differ from the hall's.
const skew = 36 * time.Hour

// checkClock refuses to act with a clock that would put its owner into a day of
// her own. Faults: Invalid.
func checkClock(now time.Time, r *http.Response) error {
	theirs, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil {
		return nil // a hall behind something that drops the header
	}
	if d := now.Sub(theirs); d > skew || d < -skew {
		return fault.New(fault.Invalid, "client.clock")
	}
	return nil
}

// maxKeys is the limit of a list of issuer keys, in bytes.
const maxKeys = 1 << 20

// answerLimit is the limit of an answer to a visit, in bytes.
const answerLimit = wire.MaxAnswer
