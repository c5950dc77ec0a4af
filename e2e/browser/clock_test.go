//go:build browser

package browser

import (
	"context"
	"crypto/ed25519"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/mask/wire"
	"guildhall/internal/member"
	"guildhall/internal/pass/token"
	"guildhall/internal/space"
)

// comingOut is after how long a post has come out at the careful pace for certain.
const comingOut = 97 * time.Hour

// timed is a hall in this process whose clock the test moves.
type timed struct {
	*hall
	t    *testing.T
	app  *app.Hall
	mu   sync.Mutex
	plus time.Duration
	// onTheWay, when set, changes what the hall answers.
	onTheWay func(w http.ResponseWriter, r *http.Request, next http.Handler)
}

// openTimed opens a hall on an empty directory with a safe space in it.
func openTimed(t *testing.T, change ...func(*app.Config)) *timed {
	t.Helper()
	line, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(line.Addr().String())
	h := &timed{t: t, hall: &hall{url: "http://localhost:" + port, dir: t.TempDir(), log: &journal{}}}
	c := app.TestOnlyDefaults()
	c.URL = h.url
	for _, f := range change {
		f(&c)
	}
	if h.app, err = app.Open(context.Background(), h.dir, c, h.now); err != nil {
		t.Fatal(err)
	}
	inner := h.app.Handler()
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.onTheWay != nil {
			h.onTheWay(w, r, inner)
			return
		}
		inner.ServeHTTP(w, r)
	})}
	go server.Serve(line)
	t.Cleanup(func() { server.Close(); h.app.Close() })
	h.ok(h.app.Members.Begin(context.Background()))
	_, err = h.app.Spaces.Open(context.Background(), space.Actor{Face: h.steward(), Steward: true}, space.Opening{
		Kind: space.Safe, Lang: "en", Reason: "A place to speak without fear.",
		Says: space.Says{Name: "Designers", Purpose: "How to be paid for what was drawn.", Rules: "Be kind. Name nobody.", Entry: space.Vouched, Pace: space.Careful, Label: space.PlatformReads},
	})
	h.ok(err)
	return h
}

func (h *timed) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *timed) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Now().Add(h.plus)
}

// pass moves the clock by an hour again and again, with all that is due, until
// that much has passed.
func (h *timed) pass(d time.Duration) {
	h.t.Helper()
	for step := time.Hour; d > 0; d -= step {
		h.mu.Lock()
		h.plus += min(step, d)
		h.mu.Unlock()
		_, err := h.app.Masks.Tick(context.Background())
		h.ok(err)
	}
}

// toMonday moves the clock to just after the next Monday, 00:00.
func (h *timed) toMonday() {
	now := h.now()
	week := time.Duration(epoch.DaysOfWeek) * 24 * time.Hour
	at := now.UTC().Truncate(24 * time.Hour)
	for ok := true; ok; ok = at.Weekday() != time.Monday {
		at = at.Add(24 * time.Hour)
	}
	if at.Sub(now) > week {
		h.t.Fatal("no Monday")
	}
	h.pass(at.Sub(now) + time.Minute)
}

func (h *timed) steward() face.ID {
	h.t.Helper()
	_, who := h.stewardSession()
	return who
}

// stewardSession appoints a steward and gives what signs her in.
func (h *timed) stewardSession() (session string, who face.ID) {
	h.t.Helper()
	cookie, err := h.app.TestOnlyMember(context.Background())
	h.ok(err)
	session = cookie[len(sessionCookie)+1:]
	s, err := h.app.Members.Resume(context.Background(), session)
	h.ok(err)
	h.ok(h.app.Moderation.Appoint(context.Background(), "", face.ID(s.Face)))
	return session, face.ID(s.Face)
}

// seat makes the owner of a session a founder with a seat in the space.
func (h *timed) seat(session string) {
	h.t.Helper()
	ctx := context.Background()
	s, err := h.app.Members.Resume(ctx, session)
	h.ok(err)
	code, err := h.app.Members.InviteFounder(ctx)
	h.ok(err)
	h.ok(h.app.Members.UseVouch(ctx, member.ID(s.Account), code))
	h.ok(h.app.Spaces.Enter(ctx, space.Actor{Face: face.ID(s.Face)}, "designers"))
}

// crowd registers other people's masks, so that there are some to hide among.
func (h *timed) crowd(n int) (keys []ed25519.PrivateKey) {
	h.t.Helper()
	ctx, slot := context.Background(), token.Slot{Purpose: token.Right, Space: "designers", Epoch: epoch.Of(h.now())}
	_, err := h.app.Passes.Keys(ctx, slot.Space)
	h.ok(err)
	issuer, err := h.app.Passes.Issuer(ctx, slot)
	h.ok(err)
	for i := range n {
		root := token.Root{byte(i + 1), byte(n)}
		q, err := root.Right(slot.Space, slot.Epoch, 0, issuer)
		h.ok(err)
		signed, err := h.app.Passes.Sign(ctx, slot, q.Blinded)
		h.ok(err)
		p, err := q.Finalize(signed)
		h.ok(err)
		key := root.MaskKey(slot.Space, 0)
		v := wire.Visit{Space: slot.Space, Lang: "en", Acts: []wire.Act{{Do: wire.Take}}}
		v.Show(p)
		h.speak(key, v)
		keys = append(keys, key)
	}
	return keys
}

// renewAll renews the masks of a crowd, whose keys crowd has given, and registers
// their successors.
func (h *timed) renewAll(others []ed25519.PrivateKey) {
	h.t.Helper()
	ctx, slot := context.Background(), token.Slot{Purpose: token.Right, Space: "designers", Epoch: epoch.Of(h.now())}
	_, err := h.app.Passes.Keys(ctx, slot.Space)
	h.ok(err)
	issuer, err := h.app.Passes.Issuer(ctx, slot)
	h.ok(err)
	for i, key := range others {
		root := token.Root{0xff, byte(i)}
		q, err := root.Right(slot.Space, slot.Epoch, 1, issuer)
		h.ok(err)
		r := h.speak(key, wire.Visit{Space: slot.Space, Lang: "en", Acts: []wire.Act{{Do: wire.Renew, Epoch: slot.Epoch, Blinded: q.Blinded}}})
		p, err := q.Finalize(r.Signature)
		h.ok(err)
		v := wire.Visit{Space: slot.Space, Lang: "en", Acts: []wire.Act{{Do: wire.Take}}}
		v.Show(p)
		h.speak(root.MaskKey(slot.Space, 1), v)
	}
}

// speak pays a visit as the owner of a mask's key, and gives the result of its first act.
func (h *timed) speak(key ed25519.PrivateKey, v wire.Visit) wire.Result {
	h.t.Helper()
	v.Day = epoch.Day(h.now())
	body, err := wire.Seal(v, key)
	h.ok(err)
	open, err := wire.Open(body)
	h.ok(err)
	out, err := h.app.Masks.Visit(context.Background(), open)
	h.ok(err)
	for _, r := range out.Results {
		if !r.OK {
			h.t.Fatalf("%s: %s", r.Do, r.Message)
		}
	}
	return out.Results[0]
}
