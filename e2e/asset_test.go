package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"guildhall/internal/db"
	"guildhall/internal/ledger"
	"guildhall/internal/web/asset"
)

// Nobody gets a script of her own: fifty members and a reader without an account
// are given the same bytes of every built file, and their hashes are in the log.
func TestAssets_sameBytesForEverybody(t *testing.T) {
	t.Parallel()
	const members = 50
	w := newWorld(t, db.SQLite, "")
	var script bytes.Buffer
	for i := range members {
		fmt.Fprintf(&script, "clock +1h\nperson ana%d\n", i)
	}
	file := filepath.Join(t.TempDir(), "members.txtar")
	if err := os.WriteFile(file, script.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	play(w, file, tell{t})
	if len(w.browsers) != members+1 {
		t.Fatalf("%d browsers", len(w.browsers))
	}
	files := map[string]string{}
	for name := range asset.Sums() {
		path := asset.Prefix + name
		if name == "sw.js" {
			path = "/sw.js"
		}
		for who, b := range w.browsers {
			sum := sha256.Sum256(fetchPlain(t, b.client, w.origin+path))
			hash := base64.RawURLEncoding.EncodeToString(sum[:])
			if first, ok := files[name]; ok && first != hash {
				t.Errorf("%s gets another %s", who, name)
			}
			files[name] = hash
		}
	}
	want, err := ledger.Line(ledger.Assets{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range w.hall.Ledger.Entries(t.Context(), 0, 1) {
		if err != nil || !bytes.Equal(e.Line, want) {
			t.Errorf("the log says %s, what was sent is %s (%v)", e.Line, want, err)
		}
	}
}

// fetchPlain gets a file as it was built, unpacked by the client.
func fetchPlain(t *testing.T, c *http.Client, url string) []byte {
	t.Helper()
	resp, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, resp.Status, err)
	}
	return b
}
