package push

import (
	"context"
	"crypto/ecdh"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"sync"
	"testing"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/fetch"
)

const (
	timeout = 10 * time.Second
	// Size is what a message is for the service, whatever it says.
	Size = 1024
	// MaxPayload is what fits into it: 86 bytes of head, 16 of seal and one that ends it.
	MaxPayload = Size - 16 - 86 - 1
	maxAnswer  = 4 << 10
	maxAddress = 2000
)

// Subscription is how one browser is reached, as its maker's service gave it out.
type Subscription struct {
	Endpoint string
	Key      string // the browser's public key (p256dh), base64url
	Auth     string // 16 bytes, base64url
}

// Urgency says for what a device may be woken.
type Urgency string

// The urgencies.
const (
	Low    Urgency = "low"
	Normal Urgency = "normal"
	High   Urgency = "high"
)

// Message is what a device is sent.
type Message struct {
	Payload []byte
	Urgency Urgency
	// Topic: of several that wait for a device, the newest of a topic is kept. At most
	// 32 letters of base64url; empty for none.
	Topic string
	TTL   time.Duration // how long the service keeps it for a device that is off
}

// Config says who sends.
type Config struct {
	Key Key
	// Subject is an https address where whoever runs a service finds the sender.
	Subject string
	Now     func() time.Time
	// TestOnlyRoots vouch for a service on the loopback, which may then be reached.
	TestOnlyRoots *x509.CertPool
}

// Client sends. It may be used by many at once.
type Client struct {
	key     Key
	subject string
	local   bool
	http    *http.Client
	rests   *rests
	seals   chan struct{} // a place for each that seals now
}

// New makes a client.
func New(c Config) *Client {
	from := fetch.Config{Timeout: timeout}
	transport := &http.Transport{TLSHandshakeTimeout: timeout, ForceAttemptHTTP2: true, MaxResponseHeaderBytes: 16 << 10, MaxIdleConnsPerHost: 8, MaxIdleConns: 64, IdleConnTimeout: time.Minute}
	if c.TestOnlyRoots != nil {
		transport.TLSClientConfig = &tls.Config{RootCAs: c.TestOnlyRoots, MinVersion: tls.VersionTLS12}
		from.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		from.AnyPort = true
	}
	transport.DialContext = fetch.Dialer(from).DialContext
	return &Client{key: c.Key, subject: c.Subject, local: c.TestOnlyRoots != nil, rests: newRests(c.Now), seals: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)), http: &http.Client{
		Timeout: timeout, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// PublicKey is what a browser subscribes to.
func (c *Client) PublicKey() string { return c.key.Public() }

// Check refuses a subscription to which nothing could be sent. Faults: Invalid.
func (c *Client) Check(s Subscription) error {
	_, err := c.check(s)
	return err
}

func (c *Client) check(s Subscription) (*url.URL, error) {
	bad := func(why string) error {
		return fault.New(fault.Invalid, "push.subscription").Because(errors.New(why))
	}
	u, why := c.address(s.Endpoint)
	if why != "" {
		return nil, bad(why)
	}
	key, err := base64.RawURLEncoding.DecodeString(s.Key)
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(key)
	}
	if err != nil {
		return nil, bad("key")
	}
	if auth, err := base64.RawURLEncoding.DecodeString(s.Auth); err != nil || len(auth) != 16 {
		return nil, bad("auth")
	}
	return u, nil
}

// address reads where something is to be sent, or tells why nothing is.
func (c *Client) address(endpoint string) (u *url.URL, why string) {
	u, err := url.Parse(endpoint)
	if err != nil || len(endpoint) > maxAddress || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return nil, "address"
	}
	if p := u.Port(); p != "" && p != "443" && !c.local {
		return nil, "port"
	}
	return u, ""
}

// Send hands a message to the service of s. That a service does not take it is an
// Outcome, no error. Faults: Invalid for a subscription or a message that cannot be sent.
func (c *Client) Send(ctx context.Context, s Subscription, m Message) (o Outcome, err error) {
	defer fault.Wrap(&err, "push.Send")
	if err := refuseInTx(ctx); err != nil {
		return o, err
	}
	u, err := c.check(s)
	if err != nil {
		return o, err
	}
	if len(m.Payload) > MaxPayload {
		return o, fault.New(fault.Invalid, "push.subscription").Because(errors.New("message too long"))
	}
	if wait := c.rests.left(u.Host); wait > 0 {
		return Outcome{Kind: Resting, After: wait}, nil
	}
	one := c.seal()
	defer one.leave()
	resp, err := webpush.SendNotificationWithContext(ctx, m.Payload, &webpush.Subscription{Endpoint: s.Endpoint, Keys: webpush.Keys{P256dh: s.Key, Auth: s.Auth}}, &webpush.Options{
		HTTPClient: one, RecordSize: Size, Subscriber: c.subject, Topic: m.Topic, TTL: int(m.TTL.Seconds()), Urgency: webpush.Urgency(m.Urgency),
		VAPIDPublicKey: c.key.Public(), VAPIDPrivateKey: c.key.secret(),
	})
	return c.settle(ctx, u, resp, err)
}

// sealing is a message that is being sealed. Of these there are few at once, since they
// take a processor whole, and pages need one too; of those that wait for a service, many.
type sealing struct {
	http  *http.Client
	leave func() // the place, to the next
}

func (c *Client) seal() sealing {
	c.seals <- struct{}{}
	return sealing{http: c.http, leave: sync.OnceFunc(func() { <-c.seals })}
}

// Do sends what is sealed now.
func (s sealing) Do(r *http.Request) (*http.Response, error) {
	s.leave()
	return s.http.Do(r)
}

// settle reads an answer, if there was one, and remembers how its service answers.
func (c *Client) settle(ctx context.Context, u *url.URL, resp *http.Response, err error) (o Outcome, _ error) {
	if ctx.Err() != nil {
		if err == nil {
			resp.Body.Close()
		}
		return o, ctx.Err() // whoever asked has gone
	}
	if err != nil { // the cause holds the address: it is not told
		o = Outcome{Kind: Unreachable}
	} else {
		_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer) // so that the line can be used again
		resp.Body.Close()
		o = judge(resp.StatusCode, resp.Header.Get("Retry-After"), c.rests.now())
	}
	o.After = c.rests.note(u.Host, o)
	return o, nil
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
