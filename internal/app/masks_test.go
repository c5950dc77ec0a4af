package app

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass"
	"guildhall/internal/pass/token"
	"guildhall/internal/space"
)

// maskHall is a whole hall with a safe space, and masks who come over HTTP.
type maskHall struct {
	*Hall
	t     *testing.T
	ctx   context.Context
	dir   string
	space string
	web   *httptest.Server

	mu sync.Mutex
	at time.Time
}

func (h *maskHall) now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.at }

func (h *maskHall) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func newMaskHall(t *testing.T) *maskHall {
	t.Helper()
	h := &maskHall{t: t, ctx: context.Background(), dir: t.TempDir(), at: epoch.Start(730).Add(30 * time.Hour)}
	h.open(h.dir)
	h.space = safeSpaceIn(t, h.Hall)
	h.tick(0)
	return h
}

// safeSpaceIn opens a safe space.
func safeSpaceIn(t *testing.T, h *Hall) string {
	t.Helper()
	s, err := h.Spaces.Open(context.Background(), space.Actor{Face: "founder", Steward: true}, space.Opening{
		Kind: space.Safe, Lang: "en", Reason: "Members asked for a room of their own.",
		Says: space.Says{Name: "Designers", Purpose: "To speak about rates without fear.", Rules: "Speak of what was done to you, never of who somebody else here may be. No names of colleagues.", Entry: space.Vouched, Pace: space.Hourly, Label: space.MembersOnly},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(s.ID)
}

func (h *maskHall) open(dir string) {
	h.t.Helper()
	c := defaults()
	c.URL = "http://localhost:8080"
	var err error
	h.Hall, err = Open(h.ctx, dir, c, h.now)
	h.ok(err)
	hall := h.Hall
	web := httptest.NewServer(h.Handler())
	h.web = web
	h.t.Cleanup(func() { web.Close(); hall.Close() })
}

func (h *maskHall) tick(d time.Duration) {
	h.t.Helper()
	h.mu.Lock()
	h.at = h.at.Add(d)
	h.mu.Unlock()
	h.ok(h.Masks.TestOnlyTick(h.ctx))
}

// right has the hall's own issuer sign for mask n of a root.
func (h *maskHall) right(root token.Root, n int) token.Pass {
	h.t.Helper()
	e := epoch.Of(h.now())
	slot := token.Slot{Purpose: token.Right, Space: h.space, Epoch: e}
	k, err := h.Passes.Issuer(h.ctx, slot)
	h.ok(err)
	q, err := root.Right(h.space, e, n, k)
	h.ok(err)
	sig, err := h.Passes.Sign(h.ctx, slot, q.Blinded)
	h.ok(err)
	p, err := q.Finalize(sig)
	h.ok(err)
	return p
}

func newRoot() (r token.Root) { _, _ = rand.Read(r[:]); return r }

// visit goes through the safe host.
func (h *maskHall) visit(key ed25519.PrivateKey, pass *token.Pass, acts ...wire.Act) (int, wire.Answer, string) {
	h.t.Helper()
	v := wire.Visit{Space: h.space, Day: epoch.Day(h.now()), Acts: acts}
	if pass != nil {
		v.Show(*pass)
	}
	body, err := wire.Seal(v, key)
	h.ok(err)
	r, err := http.NewRequest("POST", h.web.URL+"/m", bytes.NewReader(body))
	h.ok(err)
	r.Host = "safe.localhost:8080"
	res, err := http.DefaultClient.Do(r)
	h.ok(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	h.ok(err)
	if res.StatusCode != 200 {
		return res.StatusCode, wire.Answer{}, string(b)
	}
	a, _, err := wire.ReadAnswer(b)
	h.ok(err)
	return 200, a, ""
}

func (h *maskHall) take(root token.Root, pass token.Pass) wire.Result {
	h.t.Helper()
	status, a, said := h.visit(root.MaskKey(h.space, 0), &pass, wire.Act{Do: wire.Take})
	if status != 200 {
		h.t.Fatalf("%d %s", status, said)
	}
	return a.Results[0]
}

// banned bans a mask, as two stewards.
func (h *maskHall) banned(id string) {
	h.t.Helper()
	one, other := mask.Moderator{ID: "ada", Stewards: 2}, mask.Moderator{ID: "bo", Stewards: 2}
	d, err := h.Masks.Decide(h.ctx, one, h.space, mask.Wish{Deed: mask.Ban, Mask: id, Reason: "Insults."})
	h.ok(err)
	h.ok(h.Masks.Confirm(h.ctx, other, h.space, d.ID))
}

func (h *maskHall) status(root token.Root) string {
	h.t.Helper()
	status, a, said := h.visit(root.MaskKey(h.space, 0), nil, wire.Act{Do: wire.Status})
	if status != 200 {
		return said
	}
	return a.Results[0].State
}

// eligible makes every face's seat a good one; a restart forgets it.
func (h *maskHall) eligible() {
	h.Passes.Seat = func(context.Context, string, string) (pass.Standing, error) {
		void, err := h.Masks.Voided(h.ctx)
		return pass.Standing{Seat: true, Eligible: void < epoch.Of(h.now()), Branch: "one"}, err
	}
}

// serve asks for the right of a face's seat, as a client with this root does.
func (h *maskHall) serve(face string, root token.Root) (p token.Pass, err error) {
	h.t.Helper()
	e := epoch.Of(h.now())
	k, err := h.Passes.Issuer(h.ctx, token.Slot{Purpose: token.Right, Space: h.space, Epoch: e})
	h.ok(err)
	q, err := root.Right(h.space, e, 0, k)
	h.ok(err)
	a, err := h.Passes.Serve(h.ctx, face, root.RequestKey().Public().(ed25519.PublicKey), pass.Request{
		Space: h.space, Epoch: e, Right: q.Blinded, Signature: root.SignServe(h.space, e, q.Blinded, nil),
	})
	if err != nil {
		return p, err
	}
	return q.Finalize(a.Right)
}

// company lets ten others wait for the same batch.
func (h *maskHall) company() {
	h.t.Helper()
	_, err := h.Masks.TestOnlyRegister(h.ctx, h.space, 10)
	h.ok(err)
}

func TestMasks_hallOverHTTP(t *testing.T) {
	t.Parallel()
	h := newMaskHall(t)
	roots := make([]token.Root, 12)
	for i := range roots {
		roots[i] = newRoot()
		if res := h.take(roots[i], h.right(roots[i], 0)); res.State != "waiting" {
			t.Fatalf("%+v", res)
		}
	}
	h.tick(7 * 24 * time.Hour)
	if s := h.status(roots[0]); s != "active" {
		t.Errorf("after the batch the mask is %s", s)
	}
	c, err := h.Ledger.Checkpoint()
	if err != nil || c.Size < 2 { // the issuer's key and the counts
		t.Errorf("the log: %+v %v", c, err)
	}
	// The hall's pages may speak to the safe origin, and its door has no pages.
	res, err := http.Get(h.web.URL + "/healthz")
	h.ok(err)
	res.Body.Close()
	if p := res.Header.Get("Content-Security-Policy"); !strings.Contains(p, "connect-src 'self' http://safe.localhost:8080;") {
		t.Errorf("policy: %s", p)
	}
	r, _ := http.NewRequest("GET", h.web.URL+"/healthz", nil)
	r.Host = "SAFE.localhost"
	res, err = http.DefaultClient.Do(r)
	h.ok(err)
	res.Body.Close()
	if res.StatusCode != 404 || len(res.Cookies()) > 0 {
		t.Errorf("the safe host answers the hall's pages: %d", res.StatusCode)
	}
}

// The hall is lost after masks came, were banned and renewed; the backup is older.
func TestMasks_restoreLiftsNoBanAndSpendsNothingTwice(t *testing.T) {
	t.Parallel()
	h := newMaskHall(t)
	roots := make([]token.Root, 12)
	passes := make([]token.Pass, 12)
	for i := range roots {
		roots[i] = newRoot()
		passes[i] = h.right(roots[i], 0)
		h.take(roots[i], passes[i])
	}
	h.tick(7 * 24 * time.Hour)
	old := filepath.Join(t.TempDir(), "old.zip")
	_, err := backUp(h.ctx, place{Data: h.dir}, h.Config, old, h.now())
	h.ok(err)
	bad := wire.MaskID(roots[0].MaskKey(h.space, 0).Public().(ed25519.PublicKey))
	h.banned(bad)
	late := newRoot()
	latePass := h.right(late, 0)
	h.take(late, latePass)
	dir := t.TempDir()

	if _, err := restore(h.ctx, old, filepath.Join(dir, "a"), "", h.now); err == nil || !strings.Contains(err.Error(), "--masks-from") {
		t.Errorf("restored without a word about the masks: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "a")); err == nil {
		t.Error("something was left behind")
	}
	if _, err := restore(h.ctx, old, filepath.Join(dir, "b"), dir, h.now); err == nil {
		t.Error("restored with masks from a place without any")
	}

	// With the file that was in use: nothing is rolled back.
	_, err = restore(h.ctx, old, filepath.Join(dir, "c"), h.dir, h.now)
	h.ok(err)
	was := h.Hall
	h.open(filepath.Join(dir, "c"))
	if s := h.status(roots[0]); s != "banned" {
		t.Errorf("the ban was lifted: %s", s)
	}
	if res := h.take(late, latePass); res.State != "waiting" || res.Waiting != 1 {
		t.Errorf("the right was used twice: %+v", res)
	}

	// Without it: rights up to now are void, the masks of the backup go on.
	_, err = restore(h.ctx, old, filepath.Join(dir, "d"), "backup", h.now)
	h.ok(err)
	h.open(filepath.Join(dir, "d"))
	if res := h.take(late, latePass); res.Error != "mask.void" {
		t.Errorf("a right from before the restore: %+v", res)
	}
	if s := h.status(roots[1]); s != "active" {
		t.Errorf("a mask of the backup is %s", s)
	}
	if v, err := was.Masks.Voided(h.ctx); v != 0 || err != nil {
		t.Errorf("the old hall was changed: %d %v", v, err)
	}
}

// request sends a body to one of the hall's hosts.
func (h *maskHall) request(host, path, body string) (*http.Response, error) {
	r, err := http.NewRequest("POST", h.web.URL+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Host = host
	return http.DefaultClient.Do(r)
}
