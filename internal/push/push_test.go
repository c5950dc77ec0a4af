package push_test

import (
	"bufio"
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/fault"
	"guildhall/internal/push"
)

// service is a push service on the loopback, and the client that may reach it.
type service struct {
	*httptest.Server
	*push.Client
	at time.Time
}

func serve(t testing.TB, h http.HandlerFunc) *service {
	t.Helper()
	s := &service{Server: httptest.NewTLSServer(h), at: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
	t.Cleanup(s.Server.Close)
	key, err := push.KeepKey(t.TempDir(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	s.Client = push.New(push.Config{Key: key, Subject: "https://hall.example", Now: func() time.Time { return s.at }, TestOnlyRoots: roots})
	return s
}

func device(t testing.TB, endpoint string) push.Subscription {
	t.Helper()
	k, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return push.Subscription{Endpoint: endpoint, Key: base64.RawURLEncoding.EncodeToString(k.PublicKey().Bytes()), Auth: base64.RawURLEncoding.EncodeToString(make([]byte, 16))}
}

func (s *service) send(t testing.TB, to push.Subscription) push.Outcome {
	t.Helper()
	o, err := s.Send(t.Context(), to, push.Message{Payload: []byte("hello"), TTL: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestSend_whatTheServiceSees(t *testing.T) {
	t.Parallel()
	var sizes []int
	var head http.Header
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		sizes, head = append(sizes, len(b)), r.Header.Clone()
		w.WriteHeader(http.StatusCreated)
	})
	to := device(t, s.URL+"/d/1")
	for _, n := range []int{0, 1, push.MaxPayload} {
		o, err := s.Send(t.Context(), to, push.Message{Payload: make([]byte, n), Urgency: push.High, Topic: "news", TTL: time.Hour})
		if err != nil || o != (push.Outcome{Kind: push.Accepted, Status: 201}) {
			t.Errorf("%d bytes: %+v, %v", n, o, err)
		}
	}
	for _, n := range sizes {
		if n != push.Size {
			t.Errorf("a message of %d bytes", n)
		}
	}
	for name, want := range map[string]string{"Ttl": "3600", "Urgency": "high", "Topic": "news", "Content-Encoding": "aes128gcm", "Cookie": "", "Referer": ""} {
		if head.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, head.Get(name), want)
		}
	}
	token, _, _ := strings.Cut(strings.TrimPrefix(head.Get("Authorization"), "vapid t="), ",")
	claims, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	var c struct{ Aud, Sub string }
	if err == nil {
		err = json.Unmarshal(claims, &c)
	}
	if err != nil || c.Aud != s.URL || c.Sub != "https://hall.example" {
		t.Errorf("claims %s, %v", claims, err)
	}
	if _, err := s.Send(t.Context(), to, push.Message{Payload: make([]byte, push.MaxPayload+1)}); !fault.Is(err, fault.Invalid) {
		t.Errorf("too long: %v", err)
	}
}

func TestSend_outcomes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		retry  string
		want   push.Outcome
	}{
		{201, "", push.Outcome{Kind: push.Accepted}},
		{200, "", push.Outcome{Kind: push.Accepted}},
		{404, "", push.Outcome{Kind: push.Gone}},
		{410, "", push.Outcome{Kind: push.Gone}},
		{413, "", push.Outcome{Kind: push.TooLarge}},
		{429, "120", push.Outcome{Kind: push.Slow, After: 2 * time.Minute}},
		{429, "Mon, 23 Nov 2026 10:10:00 GMT", push.Outcome{Kind: push.Slow, After: 10 * time.Minute}},
		{429, "-5", push.Outcome{Kind: push.Slow, After: 30 * time.Second}},
		{429, "99999999999999999999", push.Outcome{Kind: push.Slow, After: 30 * time.Second}},
		{429, "999999999", push.Outcome{Kind: push.Slow, After: time.Hour}},
		{503, "60", push.Outcome{Kind: push.Slow, After: time.Minute}},
		{503, "", push.Outcome{Kind: push.Unreachable, After: 30 * time.Second}},
		{500, "", push.Outcome{Kind: push.Unreachable, After: 30 * time.Second}},
		{302, "", push.Outcome{Kind: push.Unreachable, After: 30 * time.Second}},
		{400, "", push.Outcome{Kind: push.Refused}},
		{403, "", push.Outcome{Kind: push.Refused}},
	} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/d" {
				t.Errorf("a redirect was followed to %s", r.URL.Path)
			}
			w.Header().Set("Retry-After", c.retry)
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(c.status)
		})
		c.want.Status = c.status
		if o := s.send(t, device(t, s.URL+"/d")); o != c.want {
			t.Errorf("%d %q: %+v, want %+v", c.status, c.retry, o, c.want)
		}
	}
}

// Who asked for time is not asked again before; who fails is left alone ever longer.
func TestSend_aServiceRests(t *testing.T) {
	t.Parallel()
	status, asked := 429, 0
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { asked++; w.WriteHeader(status) })
	to := device(t, s.URL+"/d")
	if o := s.send(t, to); o.Kind != push.Slow {
		t.Fatalf("%+v", o)
	}
	if o := s.send(t, to); o != (push.Outcome{Kind: push.Resting, After: 30 * time.Second}) || asked != 1 {
		t.Fatalf("%+v, asked %d times", o, asked)
	}
	s.at = s.at.Add(30 * time.Second)
	status = 500
	for range 5 {
		if o := s.send(t, to); o.Kind != push.Unreachable {
			t.Fatalf("%+v", o)
		}
	}
	for _, want := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute} {
		if o := s.send(t, to); o != (push.Outcome{Kind: push.Resting, After: want}) {
			t.Fatalf("%+v, want a rest of %v", o, want)
		}
		s.at = s.at.Add(want)
		s.send(t, to)
	}
	s.at, status = s.at.Add(time.Hour), 201
	if o := s.send(t, to); o.Kind != push.Accepted {
		t.Fatalf("%+v", o)
	}
	status = 500
	if s.send(t, to); s.send(t, to).Kind != push.Unreachable {
		t.Error("one failure after it answered, and it is left alone")
	}
}

func TestSend_closedNetworksAndBadAddresses(t *testing.T) {
	t.Parallel()
	key, err := push.KeepKey(t.TempDir(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := push.New(push.Config{Key: key, Subject: "https://hall.example", Now: time.Now})
	for _, host := range []string{"127.0.0.1", "localhost", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]"} {
		o, err := c.Send(t.Context(), device(t, "https://"+host+"/d"), push.Message{})
		if err != nil || o.Kind != push.Unreachable || o.Status != 0 {
			t.Errorf("%s: %+v, %v", host, o, err)
		}
	}
	good := device(t, "https://push.example/d")
	for what, s := range map[string]push.Subscription{
		"http": {Endpoint: "http://push.example/d", Key: good.Key, Auth: good.Auth}, "a port": {Endpoint: "https://push.example:8443/d", Key: good.Key, Auth: good.Auth},
		"a name": {Endpoint: "https://ana@push.example/d", Key: good.Key, Auth: good.Auth}, "nothing": {Key: good.Key, Auth: good.Auth},
		"no key": {Endpoint: good.Endpoint, Auth: good.Auth}, "no point": {Endpoint: good.Endpoint, Key: base64.RawURLEncoding.EncodeToString(make([]byte, 65)), Auth: good.Auth},
		"short": {Endpoint: good.Endpoint, Key: good.Key, Auth: "AAAA"}, "long": {Endpoint: good.Endpoint + strings.Repeat("x", 3000), Key: good.Key, Auth: good.Auth},
	} {
		if err := c.Check(s); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := c.Send(t.Context(), s, push.Message{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s was sent: %v", what, err)
		}
	}
	if err := c.Check(good); err != nil {
		t.Error(err)
	}
}

func TestSend_refusesInsideATransaction(t *testing.T) {
	t.Parallel()
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	d := dbtest.Open(t, db.SQLite)
	defer func() {
		if recover() == nil {
			t.Error("it was sent")
		}
	}()
	_ = d.Tx(t.Context(), func(ctx context.Context) error {
		_, err := s.Send(ctx, device(t, s.URL), push.Message{})
		return err
	})
}

func TestKeepKey_isKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, err := push.KeepKey(dir, rand.Reader)
	b, err2 := push.KeepKey(dir, rand.Reader)
	if err != nil || err2 != nil || a.Public() != b.Public() || len(a.Public()) != 87 {
		t.Errorf("%q %q %v %v", a.Public(), b.Public(), err, err2)
	}
	path := filepath.Join(dir, push.KeyFile)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := push.KeepKey(dir, rand.Reader); err == nil {
		t.Error("a damaged key was taken")
	}
}

// Whatever a service answers, sending ends with an outcome.
func FuzzSend(f *testing.F) {
	for _, s := range []string{"HTTP/1.1 201 Created\r\n\r\n", "HTTP/1.1 429 x\r\nRetry-After: 99999999999\r\n\r\n", "HTTP/1.1 302 x\r\nLocation: http://10.0.0.1/\r\n\r\n", "", "\x00\xff", "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nx", "HTTP/1.1 999 \r\n\r\n"} {
		f.Add([]byte(s))
	}
	var says []byte
	s := serve(f, func(w http.ResponseWriter, _ *http.Request) {
		line, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer line.Close()
		_, _ = rw.Write(says)
		_ = rw.Flush()
	})
	to := device(f, s.URL+"/d")
	f.Fuzz(func(t *testing.T, answer []byte) {
		says = answer
		s.at = s.at.Add(2 * time.Hour)
		o, err := s.Send(context.Background(), to, push.Message{Payload: []byte("x")})
		if err != nil || o.Kind == "" || o.Kind == push.Resting || o.After < 0 || o.After > time.Hour {
			t.Errorf("%+v, %v, %s", o, err, strconv.Quote(string(answer)))
		}
	})
}

// A service that says nothing costs ten seconds, not more; one that hangs up, none.
func TestSend_aServiceThatHangsUp(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			_, _ = bufio.NewReader(c).ReadByte()
			c.Close()
		}
	}()
	s := serve(t, nil)
	o, err := s.Send(t.Context(), device(t, "https://"+ln.Addr().String()+"/d"), push.Message{})
	if err != nil || o.Kind != push.Unreachable || o.After == 0 {
		t.Errorf("%+v, %v", o, err)
	}
}
