package app

import (
	"crypto/ed25519"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/pass/token"
)

// files are the bytes of everything in the hall's directory, by name.
func (h *maskHall) files() map[string]string {
	h.t.Helper()
	all := map[string]string{}
	h.ok(filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "-shm") { // shared memory of SQLite: who reads where
			return err
		}
		b, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, h.dir)] = string(b)
		return err
	}))
	return all
}

// signedIn makes a member whose requests for passes root signs, and gives her cookie.
func (h *maskHall) signedIn(root token.Root) string {
	h.t.Helper()
	f, err := h.Faces.New(h.ctx, "Ana Ruiz")
	h.ok(err)
	id, err := h.Members.Join(h.ctx, member.Joining{Face: string(f.ID), CodeHash: "none", UserHandle: ident.Random(), Lang: "en",
		Vault: append([]byte("GHV1"), make([]byte, 1020)...), LoginHash: "none",
		RequestKey: token.Encode(root.RequestKey().Public().(ed25519.PublicKey))})
	h.ok(err)
	value, err := h.Members.SignIn(h.ctx, id, "device", "")
	h.ok(err)
	return h.sessionCookie() + "=" + value
}

// post sends a body to the hall as a browser that is signed in does.
func (h *maskHall) post(path, cookie string, body any) (int, string) {
	h.t.Helper()
	b, err := json.Marshal(body)
	h.ok(err)
	r, err := http.NewRequest("POST", h.web.URL+path, strings.NewReader(string(b)))
	h.ok(err)
	r.Host = "localhost:8080"
	r.Header.Set("Cookie", cookie)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	h.ok(err)
	defer res.Body.Close()
	b, err = io.ReadAll(res.Body)
	h.ok(err)
	return res.StatusCode, string(b)
}

// Of somebody who is served read passes over HTTP nothing is in the hall's files: not in
// hall.db, not in safe.db, nor in anything else that lies there.
func TestReadPasses_leaveNothingInTheFiles(t *testing.T) {
	t.Parallel()
	h := newMaskHall(t)
	h.tick(28 * 24 * time.Hour) // into a half-year that does not end meanwhile: that she was here in one is noted
	h.eligible()
	root := newRoot()
	cookie := h.signedIn(root)
	for range 2 {
		k, err := h.Passes.Keys(h.ctx, h.space) // made at its first need, whoever comes
		h.ok(err)
		var keys struct {
			Epoch int
			Keys  []struct{ Purpose, N string }
		}
		h.ok(json.Unmarshal(k, &keys))
		i := slices.IndexFunc(keys.Keys, func(k struct{ Purpose, N string }) bool { return k.Purpose == "read" })
		n, err := token.ParseKey(token.Read, keys.Keys[i].N)
		h.ok(err)
		reads, err := root.Reads(h.space, keys.Epoch, 0, n)
		h.ok(err)
		var blinded [][]byte
		var read []string
		for _, q := range reads {
			blinded, read = append(blinded, q.Blinded), append(read, token.Encode(q.Blinded))
		}
		body := map[string]any{"space": h.space, "epoch": keys.Epoch, "right": "", "read": read,
			"signature": token.Encode(root.SignServe(h.space, keys.Epoch, nil, blinded))}
		before := h.files()
		if status, said := h.post("/me/passes", cookie, body); status != 200 || len(said) < 28*300 {
			t.Fatalf("%d %s", status, said)
		}
		after := h.files()
		for name := range maps.Keys(after) {
			if before[name] != after[name] {
				t.Errorf("%s has changed in epoch %d", name, keys.Epoch)
			}
		}
		if len(before) != len(after) || len(before) < 4 {
			t.Errorf("%d files, then %d", len(before), len(after))
		}
		h.tick(28 * 24 * time.Hour) // and in the next epoch
	}
	if e := epoch.Of(h.now()); e != 733 {
		t.Errorf("two epochs later it is %d", e)
	}
}
