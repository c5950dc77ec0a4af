package push_test

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/fault"
	"guildhall/internal/push"
)

var note = push.Note{ID: "one", Title: "Hall", Text: "There is something new for you.", Link: "https://hall.example/following", Urgency: push.High,
	Seen: push.Seen{URL: "https://hall.example/reach/opened", Token: "t&=", Notice: "n", Label: "Seen"}}

// asked is what a service was asked last.
type asked struct {
	path   string
	header http.Header
	body   []byte
}

func (a *asked) answer(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a.path, a.header = r.URL.RequestURI(), r.Header
		a.body, _ = io.ReadAll(r.Body)
		w.WriteHeader(status)
	}
}

func TestNtfy_publishes(t *testing.T) {
	t.Parallel()
	var got asked
	s := serve(t, got.answer(200))
	if o, err := s.Ntfy(t.Context(), s.URL+"/below/my-topic?auth=x", note); err != nil || o.Kind != push.Accepted {
		t.Fatalf("%+v, %v", o, err)
	}
	var p struct {
		Topic, Title, Message, Click string
		Priority                     int
		Actions                      []struct{ Action, Label, URL, Method, Body string }
	}
	if err := json.Unmarshal(got.body, &p); err != nil {
		t.Fatal(err)
	}
	if got.path != "/below/?auth=x" || p.Topic != "my-topic" || p.Title != "Hall" || p.Message != note.Text || p.Click != note.Link || p.Priority != 5 ||
		len(p.Actions) != 1 || p.Actions[0].URL != note.Seen.URL || p.Actions[0].Method != "POST" || p.Actions[0].Body != "notice=n&token=t%26%3D" {
		t.Errorf("%s: %s", got.path, got.body)
	}
}

// The signature is that of Standard Webhooks: over id, moment and body.
func TestHook_isSigned(t *testing.T) {
	t.Parallel()
	var got asked
	s := serve(t, got.answer(204))
	secret := []byte("twenty-four bytes secret")
	if o, err := s.Hook(t.Context(), s.URL+"/in", base64.StdEncoding.EncodeToString(secret), note); err != nil || o.Kind != push.Accepted {
		t.Fatalf("%+v, %v", o, err)
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("one.1795428000." + string(got.body)))
	if got.header.Get("Webhook-Id") != "one" || got.header.Get("Webhook-Timestamp") != "1795428000" ||
		got.header.Get("Webhook-Signature") != "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
		t.Errorf("%v", got.header)
	}
	if want := `{"type":"notice","text":"There is something new for you.","link":"https://hall.example/following","seen":{"url":"https://hall.example/reach/opened","token":"t\u0026=","notice":"n"}}`; string(got.body) != want {
		t.Errorf("%s", got.body)
	}
	if _, err := s.Hook(t.Context(), s.URL+"/in", "no base64!", note); !fault.Is(err, fault.Internal) {
		t.Error(err)
	}
}

// An address gets no redirect, rests when it wants time, and is left alone when it fails.
func TestHook_outcomes(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]push.Kind{200: push.Accepted, 302: push.Unreachable, 403: push.Refused, 404: push.Gone, 410: push.Gone, 429: push.Slow, 500: push.Unreachable} {
		var got asked
		s := serve(t, got.answer(status))
		if o, err := s.Hook(t.Context(), s.URL+"/in", "", note); err != nil || o.Kind != want {
			t.Errorf("%d: %+v, %v", status, o, err)
		}
		if want != push.Slow {
			continue
		}
		if o, _ := s.Hook(t.Context(), s.URL+"/in", "", note); o.Kind != push.Resting {
			t.Errorf("asked again at once: %+v", o)
		}
		s.at = s.at.Add(time.Hour)
		if o, _ := s.Hook(t.Context(), s.URL+"/in", "", note); o.Kind != push.Slow {
			t.Errorf("never asked again: %+v", o)
		}
	}
}

func TestAddress_refused(t *testing.T) {
	t.Parallel()
	s := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("asked") })
	for what, to := range map[string]string{
		"http": "http://hook.example/x", "a name": "https://ana:b@hook.example/x", "nothing": "", "long": "https://hook.example/" + strings.Repeat("x", 3000), "no host": "https:///x",
	} {
		if err := s.CheckHook(to); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := s.Hook(t.Context(), to, "", note); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s was sent: %v", what, err)
		}
	}
	key, err := push.KeepKey(t.TempDir(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := push.New(push.Config{Key: key, Subject: "https://hall.example", Now: time.Now})
	for _, host := range []string{"127.0.0.1", "LOCALHOST", "a.localhost", "10.1.2.3", "[::1]", "[fd00::1]", "169.254.169.254"} {
		if err := c.CheckHook("https://" + host + "/x"); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", host, err)
		}
	}
	if err := c.CheckHook("https://93.184.216.34/x"); err != nil {
		t.Error(err)
	}
	for _, to := range []string{"https://ntfy.example", "https://ntfy.example/", "https://ntfy.example/a/"} {
		if err := s.CheckNtfy(to); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", to, err)
		}
	}
	if err := s.CheckNtfy("https://ntfy.example/a"); err != nil {
		t.Error(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_ = d.Tx(t.Context(), func(ctx context.Context) error {
			defer func() {
				if recover() == nil {
					t.Error("sent inside a transaction")
				}
			}()
			_, err := s.Hook(ctx, s.URL, "", note)
			return err
		})
	})
}
