package app

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// crafted writes a backup of the parts; its manifest vouches for vouched. The
// archive's own checksums are right, as they are when somebody changed a part on
// purpose.
func crafted(t *testing.T, parts, vouched map[string]string) (file string) {
	t.Helper()
	m := manifest{Format: 1, Made: time.Now()}
	for name, text := range vouched {
		h := sha256.Sum256([]byte(text))
		m.Parts = append(m.Parts, part{Name: name, Size: int64(len(text)), SHA256: hex.EncodeToString(h[:])})
	}
	list, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "hall.zip")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	defer z.Close()
	put := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put(manifestPart, string(list))
	for name, text := range parts {
		put(name, text)
	}
	return file
}

func TestRestore_believesOnlyTheManifest(t *testing.T) {
	t.Parallel()
	whole := map[string]string{dataPart: "rows", secretFile: "secret"}
	with := func(name, text string) map[string]string {
		return map[string]string{dataPart: "rows", secretFile: "secret", name: text}
	}
	tests := []struct {
		name           string
		parts, vouched map[string]string
		says           string
	}{
		{"as it was made", whole, whole, ""},
		{"another secret of the same length", with(secretFile, "Secret"), whole, "secret.key is damaged"},
		{"rows behind the last", with(dataPart, "rows rows"), whole, "hall.db is damaged"},
		{"a part nobody vouches for", with(configPart, "listen = 1"), whole, `it does not name "guildhall.toml"`},
		{"a part of no hall", with("../away", "x"), with("../away", "x"), "is damaged"},
		{"no secret", map[string]string{dataPart: "rows"}, map[string]string{dataPart: "rows"}, "names no data or no secret"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "hall")
			_, err := restore(context.Background(), crafted(t, tt.parts, tt.vouched), dir, "", time.Now)
			if tt.says == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("restore: %v; want %q", err, tt.says)
			}
			if _, err := os.Stat(dir); err == nil {
				t.Error("something was restored")
			}
		})
	}
}
