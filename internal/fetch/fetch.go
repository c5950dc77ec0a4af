package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// Config says how far a client may go. The zero value is right for a public
// hall.
type Config struct {
	Timeout  time.Duration  // of a whole visit with its redirects; 0 means 10 s
	MaxBytes int64          // of a body once unpacked; 0 means 5 MB
	Ports    []uint16       // that may be visited besides 80 and 443
	Allow    []netip.Prefix // closed networks that may be visited all the same
	Resolver *net.Resolver  // nil means the machine's
	SameHost bool           // redirects may lead to the same host only, and never from https to http
	AnyPort  bool           // every port may be visited: in tests, whose servers take what is free
}

const (
	defaultTimeout  = 10 * time.Second
	defaultMaxBytes = 5_000_000
	maxRedirects    = 3
	maxHead         = 64 << 10 // bytes of an answer's header
	userAgent       = "Guildhall"
)

// Client fetches pages. It may be used by many at once.
type Client struct {
	timeout  time.Duration
	maxBytes int64
	ports    []uint16
	allow    []netip.Prefix
	sameHost bool
	anyPort  bool
	http     *http.Client
}

// Page is what was found.
type Page struct {
	Body        []byte
	ContentType string // as the other side calls it
	FinalURL    string // after redirects
}

// New makes a client.
func New(cfg Config) *Client {
	c := &Client{timeout: cfg.Timeout, maxBytes: cfg.MaxBytes, ports: cfg.Ports, allow: cfg.Allow, sameHost: cfg.SameHost, anyPort: cfg.AnyPort}
	if c.timeout <= 0 {
		c.timeout = defaultTimeout
	}
	if c.maxBytes <= 0 {
		c.maxBytes = defaultMaxBytes
	}
	dialer := c.dialer(cfg.Resolver)
	c.http = &http.Client{
		CheckRedirect: c.redirect,
		Transport: &http.Transport{
			// Proxy stays nil: one from the environment would make the
			// connection in our place, where nobody looks at addresses.
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    c.timeout,
			MaxResponseHeaderBytes: maxHead,
			ForceAttemptHTTP2:      true,
			DisableKeepAlives:      true,
		},
	}
	return c
}

func (c *Client) dialer(by *net.Resolver) *net.Dialer {
	return &net.Dialer{Timeout: c.timeout, Control: c.mayDial, Resolver: by}
}

// Dialer opens connections as a client of cfg may, for whoever speaks to addresses of
// strangers in another manner than by fetching pages.
func Dialer(cfg Config) *net.Dialer { return New(cfg).dialer(cfg.Resolver) }

// Get fetches the page at address. accept, when given, names the types wished
// for. It returns fault.Invalid for an address that may not be visited or an
// answer too large, fault.NotFound when the other side says there is nothing,
// fault.Unavailable when it cannot be reached or answers otherwise than 200.
func (c *Client) Get(ctx context.Context, address, accept string) (p Page, err error) {
	defer fault.Wrap(&err, "fetch.Get")
	if err := refuseInTx(ctx); err != nil {
		return Page{}, err
	}
	u, err := url.Parse(address)
	if err != nil {
		return Page{}, Failed(errAddress)
	}
	if err := c.mayVisit(u); err != nil {
		return Page{}, Failed(err)
	}
	visit, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	p, err = c.get(visit, u, accept)
	if ctx.Err() != nil {
		return Page{}, ctx.Err() // whoever asked has gone
	}
	return p, err
}

func (c *Client) get(ctx context.Context, u *url.URL, accept string) (Page, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return Page{}, Failed(errAddress)
	}
	req.Header.Set("User-Agent", userAgent)
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return Page{}, Failed(err)
	}
	defer resp.Body.Close()
	if err := answered(resp.StatusCode); err != nil {
		return Page{}, err
	}
	// The transport unpacks gzip while it is read, so the limit is one of
	// unpacked bytes.
	body, err := io.ReadAll(io.LimitReader(resp.Body, c.maxBytes+1))
	if err != nil {
		return Page{}, Failed(err)
	}
	if int64(len(body)) > c.maxBytes {
		return Page{}, fault.New(fault.Invalid, "fetch.too_large", max(1, c.maxBytes/1_000_000))
	}
	return Page{Body: body, ContentType: resp.Header.Get("Content-Type"), FinalURL: resp.Request.URL.String()}, nil
}

// redirect judges the next address and keeps the last one to ourselves.
func (c *Client) redirect(next *http.Request, via []*http.Request) error {
	next.Header.Del("Referer")
	if len(via) > maxRedirects {
		return errRedirects
	}
	if from := via[0].URL; c.sameHost && (next.URL.Host != from.Host || from.Scheme == "https" && next.URL.Scheme != "https") {
		return errElsewhere
	}
	return c.mayVisit(next.URL)
}

func refuseInTx(ctx context.Context) error {
	if !db.InTx(ctx) {
		return nil
	}
	err := fault.New(fault.Internal, "fault.internal").Because(errors.New("inside a transaction"))
	if testing.Testing() {
		panic(err)
	}
	return err
}
