package live

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/centrifugal/centrifuge"
	"github.com/prometheus/client_golang/prometheus"
)

// Kind is what a page is told. Pages know the same words.
type Kind string

// The kinds.
const (
	News    Kind = "news"    // there may be new lines of news
	Message Kind = "message" // there may be something in a box of messages
	Call    Kind = "call"    // something about a call has changed
)

// Who is whose page it is.
type Who struct {
	Person  string // the face
	Browser string // the signed-in browser
}

// Config says who may listen.
type Config struct {
	// Identify tells who sends a request; found is false when nobody is signed in.
	Identify func(ctx context.Context, r *http.Request) (w Who, found bool, err error)
	// Again is how long a line may stand until Identify is asked again; 0: ten minutes.
	Again time.Duration
}

const (
	again       = 10 * time.Minute
	mostLines   = 120     // of one person
	queueMost   = 8 << 10 // bytes that wait for a slow page
	requestMost = 4 << 10
	staleAfter  = 20 * time.Second
	stopWithin  = 3 * time.Second
)

// ping is how often a line is tried, which also tells that somebody has gone.
var ping = centrifuge.PingPongConfig{PingInterval: 25 * time.Second, PongTimeout: 10 * time.Second}

// Hub holds the lines. Safe for concurrent use.
type Hub struct {
	config Config
	node   *centrifuge.Node
	told   map[Kind][]byte
}

// channel is what all pages of a person listen to.
func channel(person string) string { return "person:" + person }

// whose is the key under which a request's context holds a visitor.
type whose struct{}

// visitor is who listens, and the request by which she is known again.
type visitor struct {
	Who
	request *http.Request
}

// New makes a hub and starts it.
func New(c Config) (*Hub, error) {
	if c.Again <= 0 {
		c.Again = again
	}
	registry := prometheus.NewRegistry() // read by nobody: it counts connections by kinds of browsers
	node, err := centrifuge.New(centrifuge.Config{
		UserConnectionLimit: mostLines, ClientQueueMaxSize: queueMost, ClientStaleCloseDelay: staleAfter,
		Metrics: centrifuge.MetricsConfig{RegistererGatherer: registry},
	})
	if err != nil {
		return nil, err
	}
	h := &Hub{config: c, node: node, told: map[Kind][]byte{}}
	for _, k := range []Kind{News, Message, Call} {
		h.told[k] = []byte(`{"k":"` + string(k) + `"}`)
	}
	node.OnConnecting(h.connecting)
	node.OnConnect(h.connected)
	return h, node.Run()
}

// connecting lets a page listen to its person's channel and to nothing else.
func (h *Hub) connecting(ctx context.Context, _ centrifuge.ConnectEvent) (r centrifuge.ConnectReply, err error) {
	v, ok := ctx.Value(whose{}).(visitor)
	if !ok {
		return r, centrifuge.DisconnectInvalidToken
	}
	r.Credentials = &centrifuge.Credentials{UserID: v.Person, ExpireAt: time.Now().Add(h.config.Again).Unix()}
	r.Subscriptions = map[string]centrifuge.SubscribeOptions{channel(v.Person): {}}
	return r, nil
}

// connected asks again, once in a while, whether the browser is still signed in.
func (h *Hub) connected(client *centrifuge.Client) {
	client.OnRefresh(func(_ centrifuge.RefreshEvent, answer centrifuge.RefreshCallback) {
		v, _ := client.Context().Value(whose{}).(visitor)
		w, found, err := h.config.Identify(client.Context(), v.request)
		if err != nil || !found || w != v.Who {
			answer(centrifuge.RefreshReply{Expired: true}, nil)
			return
		}
		answer(centrifuge.RefreshReply{ExpireAt: time.Now().Add(h.config.Again).Unix()}, nil)
	})
}

// Tell tells all open pages of a person. Whoever has none open is not told, and asks when
// she opens one.
func (h *Hub) Tell(person string, k Kind) {
	name := channel(person)
	if h.node.Hub().NumSubscribers(name) == 0 {
		return
	}
	_, _ = h.node.Publish(name, h.told[k]) // in memory: it fails only when the hub is closed
}

// Leave ends the lines of a person's browser that is signed out; of all for "".
func (h *Hub) Leave(person, browser string) {
	for _, c := range h.node.Hub().UserConnections(person) {
		if v, ok := c.Context().Value(whose{}).(visitor); ok && (browser == "" || v.Browser == browser) {
			c.Disconnect(centrifuge.DisconnectForceNoReconnect)
		}
	}
}

// Close ends all lines.
func (h *Hub) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	if err := h.node.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// Routes are the addresses of the ways to listen. What a page sends by way of the last
// belongs to one of the two before it.
func (h *Hub) Routes() map[string]http.Handler {
	return map[string]http.Handler{
		"GET /live/websocket":  h.known(centrifuge.NewWebsocketHandler(h.node, centrifuge.WebsocketConfig{PingPongConfig: ping, MessageSizeLimit: requestMost})),
		"POST /live/stream":    h.known(centrifuge.NewHTTPStreamHandler(h.node, centrifuge.HTTPStreamConfig{PingPongConfig: ping, MaxRequestBodySize: requestMost})),
		"GET /live/sse":        h.known(centrifuge.NewSSEHandler(h.node, centrifuge.SSEConfig{PingPongConfig: ping, MaxRequestBodySize: requestMost})),
		"POST /live/emulation": h.known(centrifuge.NewEmulationHandler(h.node, centrifuge.EmulationConfig{MaxRequestBodySize: requestMost})),
	}
}

// known lets in whoever is signed in, and gives a line the time it wants.
func (h *Hub) known(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, found, err := h.config.Identify(r.Context(), r)
		switch {
		case err != nil:
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		case !found:
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		// What it sends to begin with is short, and has the time of a page; only then is the
		// line given all the time it wants.
		begins, err := io.ReadAll(http.MaxBytesReader(w, r.Body, requestMost))
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(begins))
		rc := http.NewResponseController(w)
		_ = rc.SetReadDeadline(time.Time{}) // those of a page would cut it
		_ = rc.SetWriteDeadline(time.Time{})
		if u, ok := w.(interface{ Unwrap() http.ResponseWriter }); ok { // the library wants to flush and to take over
			w = u.Unwrap()
		}
		w.Header().Set("Cache-Control", "no-store")
		// What is kept of a request is its cookie: who it was is asked again.
		kept := (&http.Request{Header: http.Header{"Cookie": r.Header["Cookie"]}})
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), whose{}, visitor{who, kept})))
	})
}
