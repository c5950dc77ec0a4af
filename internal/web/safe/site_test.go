package safe_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
	"guildhall/internal/safedb"
	"guildhall/internal/web/quota"
	"guildhall/internal/web/safe"
)

const ep = 700

var issuer = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

// site is a door on a socket, with a room behind it.
type site struct {
	t    testing.TB
	url  string
	dir  string
	room *mask.Room
	door *safe.Door

	mu sync.Mutex
	at time.Time
}

func (s *site) now() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.at }

func newSite(t testing.TB, change func(*safe.Config)) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir(), at: epoch.Start(ep).Add(30 * time.Hour)}
	db, err := safedb.Open(context.Background(), safedb.Config{Dir: s.dir, Now: s.now, Key: make([]byte, safedb.KeySize)})
	s.ok(err)
	t.Cleanup(func() { db.Close() })
	s.room, err = mask.New(context.Background(), mask.Config{
		AskedIn: func(context.Context, string) ([]wire.Asked, error) { return nil, nil },
		DB:      db, Now: s.now,
		Space: func(_ context.Context, id string) (mask.Space, error) {
			if id != "designers" {
				return mask.Space{}, fault.New(fault.NotFound, "fault.not_found")
			}
			return mask.Space{ID: id, Name: "Designers", Pace: mask.Hourly}, nil
		},
		Spaces:  func(context.Context) ([]string, error) { return []string{"designers"}, nil },
		Issuer:  func(context.Context, token.Slot) (*rsa.PublicKey, error) { return &issuer().PublicKey, nil },
		Sign:    func(_ context.Context, _ token.Slot, b []byte) ([]byte, error) { return sign(b), nil },
		Log:     func(context.Context, mask.Counts) error { return nil },
		Decided: func(context.Context, mask.Decision) error { return nil },
		Ended:   func(context.Context, mask.Ending) error { return nil },
		Beacon:  func(context.Context) ([]byte, error) { return make([]byte, 32), nil },
	})
	s.ok(err)
	s.ok(s.room.TestOnlyTick(context.Background()))
	c := safe.Config{
		Masks: s.room, Pace: quota.New(s.now, quota.Limit{Count: 1000, Per: time.Hour}), Hall: "https://hall.example", TLS: true,
		Keys: func(_ context.Context, space string) ([]byte, error) { return []byte(`{"space":"` + space + `"}`), nil },
	}
	if change != nil {
		change(&c)
	}
	s.door = safe.New(c)
	server := httptest.NewServer(s.door)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *site) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func sign(blinded []byte) []byte {
	k := issuer()
	c := new(big.Int).SetBytes(blinded)
	return c.Exp(c, k.D, k.N).FillBytes(make([]byte, k.Size()))
}

// masks lets n be born, through the door.
func (s *site) masks(n int) []ed25519.PrivateKey {
	s.t.Helper()
	keys := make([]ed25519.PrivateKey, n)
	for i := range keys {
		var root token.Root
		_, _ = rand.Read(root[:])
		keys[i] = root.MaskKey("designers", 0)
		q, err := root.Right("designers", ep, 0, &issuer().PublicKey)
		s.ok(err)
		pass, err := q.Finalize(sign(q.Blinded))
		s.ok(err)
		v := wire.Visit{Acts: []wire.Act{{Do: wire.Take}}}
		v.Show(pass)
		if a, _ := s.visit(v, keys[i]); !a.Results[0].OK {
			s.t.Fatalf("take: %+v", a)
		}
	}
	s.mu.Lock()
	s.at = epoch.StartOfTick(epoch.NextBatchTick(epoch.Tick(s.at)))
	s.mu.Unlock()
	s.ok(s.room.TestOnlyTick(context.Background()))
	return keys
}

func (s *site) seal(v wire.Visit, key ed25519.PrivateKey) []byte {
	s.t.Helper()
	v.Space, v.Day = "designers", epoch.Day(s.now())
	body, err := wire.Seal(v, key)
	s.ok(err)
	return body
}

func (s *site) visit(v wire.Visit, key ed25519.PrivateKey) (wire.Answer, []byte) {
	s.t.Helper()
	r, b := s.send(s.request("POST", "/m", s.seal(v, key)))
	if r.StatusCode != 200 {
		s.t.Fatalf("%d %s", r.StatusCode, b)
	}
	a, bundle, err := wire.ReadAnswer(b)
	s.ok(err)
	return a, bundle
}

func (s *site) request(method, path string, body []byte, headers ...string) *http.Request {
	s.t.Helper()
	r, err := http.NewRequest(method, s.url+path, bytes.NewReader(body))
	s.ok(err)
	r.Header.Set("Content-Type", "text/plain")
	for i := 0; i < len(headers); i += 2 {
		r.Header[headers[i]] = []string{headers[i+1]}
	}
	return r
}

func (s *site) send(r *http.Request) (*http.Response, []byte) {
	s.t.Helper()
	res, err := http.DefaultClient.Do(r)
	s.ok(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	s.ok(err)
	return res, b
}

// refused wants a status and a sentence in one padded step.
func (s *site) refused(r *http.Response, b []byte, status int, key string) {
	s.t.Helper()
	var said struct{ Error, Message string }
	if err := json.Unmarshal(b, &said); err != nil {
		s.t.Fatalf("%d %q: %v", r.StatusCode, b, err)
	}
	if r.StatusCode != status || said.Error != key || said.Message == "" || said.Message == key || len(b) != wire.Step {
		s.t.Errorf("%d %+v in %d bytes, want %d %s", r.StatusCode, said, len(b), status, key)
	}
}
