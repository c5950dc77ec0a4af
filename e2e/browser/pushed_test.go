//go:build browser

package browser

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/push"
)

// foreign is the push service of somebody else's making, which checks who sends and opens
// what is sealed (npm web-push-testing), behind a door with a certificate.
type foreign struct {
	t    *testing.T
	at   string
	door *httptest.Server
}

const foreignProgram = `const m='./node_modules/web-push-testing/src/';const M=require(m+'PushApiModel.js').PushApiModel,S=require(m+'server.js');new S(new M(),%s).startServer()`

func openForeign(t *testing.T) *foreign {
	t.Helper()
	mustHave(t, "node", "nodejs")
	said, port := &journal{}, freePort(t)
	spawn(t, said, "node", "-e", fmt.Sprintf(foreignProgram, port))
	f := &foreign{t: t, at: "http://localhost:" + port}
	awaitEngine(t, "the push service answers", said, func() error { return f.ask("/status", struct{}{}, nil) })
	to, err := url.Parse(f.at)
	if err != nil {
		t.Fatal(err)
	}
	f.door = httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }})
	t.Cleanup(f.door.Close)
	return f
}

func (f *foreign) ask(path string, body, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	a, err := http.Post(f.at+path, "application/json", bytes.NewReader(b))
	if err != nil {
		return err
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: status %d", path, a.StatusCode)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(a.Body).Decode(into)
}

// TestPush_isUnderstoodByOthers sends to a push service that we did not write: it knows who
// sends, opens what is sealed, and its refusals are what we take them for.
func TestPush_isUnderstoodByOthers(t *testing.T) {
	t.Parallel()
	f := openForeign(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	key, err := push.KeepKey(t.TempDir(), rand.Reader)
	must(err)
	roots := x509.NewCertPool()
	roots.AddCert(f.door.Certificate())
	c := push.New(push.Config{Key: key, Subject: "https://hall.example", Now: time.Now, TestOnlyRoots: roots})
	var made struct {
		Data struct {
			Endpoint, ClientHash string
			Keys                 struct{ P256dh, Auth string }
		}
	}
	must(f.ask("/subscribe", map[string]any{"userVisibleOnly": "true", "applicationServerKey": c.PublicKey()}, &made))
	at, err := url.Parse(made.Data.Endpoint)
	must(err)
	to := push.Subscription{Endpoint: f.door.URL + at.Path, Key: made.Data.Keys.P256dh, Auth: made.Data.Keys.Auth}
	send := func(s push.Subscription) push.Outcome {
		t.Helper()
		o, err := c.Send(t.Context(), s, push.Message{Payload: []byte(`{"h":"Guildhall"}`), Urgency: push.High, TTL: time.Hour, Topic: "call"})
		must(err)
		return o
	}
	if o := send(to); o.Kind != push.Accepted || o.Status != 201 {
		t.Fatalf("%+v", o)
	}
	var got struct{ Data struct{ Messages []string } }
	must(f.ask("/get-notifications", map[string]any{"clientHash": made.Data.ClientHash}, &got))
	if !slices.ContainsFunc(got.Data.Messages, func(s string) bool { return strings.HasPrefix(s, `{"h":"Guildhall"}`) }) {
		t.Errorf("opened: %q", got.Data.Messages)
	}
	other := to
	other.Endpoint = strings.TrimSuffix(to.Endpoint, "/") + "0"
	if o := send(other); o.Kind != push.Refused || o.Status != 400 {
		t.Errorf("nobody's: %+v", o)
	}
	must(f.ask("/expire-subscription/"+made.Data.ClientHash, struct{}{}, nil))
	if o := send(to); o.Kind != push.Gone || o.Status != 410 {
		t.Errorf("ended: %+v", o)
	}
}
