package server_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/pion/turn/v5"

	"guildhall/internal/media"
)

// public answers for the hall as it does with a certificate of its own, and gives what
// browsers trust.
func (h *hall) public(t *testing.T) (addr string, trust *tls.Config) {
	t.Helper()
	other := httptest.NewTLSServer(http.NotFoundHandler()) // whose certificate is taken
	t.Cleanup(other.Close)
	conf := other.TLS.Clone()
	conf.NextProtos = []string{"h2", "http/1.1"}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	web := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) })}
	served := make(chan error, 1)
	go func() { served <- web.Serve(media.Split(ln, conf, h.Relay)) }()
	t.Cleanup(func() {
		web.Close()
		if err := <-served; err != http.ErrServerClosed {
			t.Error(err)
		}
	})
	trust = other.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	trust.ServerName = "example.com"
	return ln.Addr().String(), trust
}

// Who can speak to nothing but the web's own port finds the relay there, and the web too.
func TestSplit_relaysInsideTLS(t *testing.T) {
	t.Parallel()
	h := open(t, func(c *media.Config) { c.Orders.Domain = "hall.example" })
	addr, trust := h.public(t)
	_, j := h.join("a-call", "a-seat")
	const inTLS = "turns:hall.example:443?transport=tcp"
	var user, word string
	for _, s := range j.IceServers {
		if slices.Contains(s.Urls, inTLS) {
			user, word = s.Username, s.Credential
		}
	}
	if user == "" {
		t.Fatalf("browsers are not told of %s: %v", inTLS, j.IceServers)
	}
	for _, good := range []bool{true, false} {
		c, err := tls.Dial("tcp", addr, trust) // as browsers ask for a relay: no protocol is named
		if err != nil {
			t.Fatal(err)
		}
		if !good {
			word = "another"
		}
		client, err := turn.NewClient(&turn.ClientConfig{STUNServerAddr: addr, TURNServerAddr: addr, Conn: turn.NewSTUNConn(c), Username: user, Password: word, Realm: "livekit"})
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Listen(); err != nil {
			t.Fatal(err)
		}
		relayed, err := client.Allocate()
		if (err == nil) != good {
			t.Errorf("with the right word (%v): %v", good, err)
		}
		if err == nil {
			relayed.Close()
		}
		client.Close()
		c.Close()
	}
}

func TestSplit_leavesTheWebAlone(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	addr, trust := h.public(t)
	for _, want := range []string{"h2", "http/1.1"} {
		conf := trust.Clone()
		conf.NextProtos = []string{want}
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: conf, ForceAttemptHTTP2: want == "h2", DisableKeepAlives: true}}
		resp, err := client.Get("https://" + addr)
		if err != nil {
			t.Fatal(err)
		}
		said, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if !strings.HasPrefix(string(said), "HTTP/"+map[string]string{"h2": "2", "http/1.1": "1"}[want]) {
			t.Errorf("%s: %s", want, said)
		}
	}
	// An old program names no protocol, and is a web client all the same.
	c, err := tls.Dial("tcp", addr, trust)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: hall.example\r\nConnection: close\r\n\r\n")
	if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 200") {
		t.Errorf("%q, %v", line, err)
	}
	// No call, no relay: nothing is started for whoever asks.
	c2, err := tls.Dial("tcp", addr, trust)
	if err != nil {
		t.Fatal(err)
	}
	defer c2.Close()
	_, _ = c2.Write(make([]byte, 20))
	if n, err := c2.Read(make([]byte, 1)); err == nil || h.Pid() != 0 {
		t.Errorf("%d bytes, a child: %d", n, h.Pid())
	}
	// What is no TLS is told so, or hung up on; the next is served all the same.
	plain, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(plain, "GET / HTTP/1.0\r\n\r\n")
	_, _ = io.Copy(io.Discard, plain)
	plain.Close()
	last, err := tls.Dial("tcp", addr, trust)
	if err != nil {
		t.Fatal(err)
	}
	last.Close()
}
