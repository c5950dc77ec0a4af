package source_test

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"net/http/httptest"
	"testing"

	"guildhall/internal/web/source"
)

// TestHandler_givesTheTree unpacks what a reader downloads.
func TestHandler_givesTheTree(t *testing.T) {
	t.Parallel()
	if source.Size() == 0 {
		t.Skip("this program was built without its source")
	}
	w := httptest.NewRecorder()
	source.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/source/guildhall.tar.gz", nil))
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	modes := map[string]int64{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		modes[h.Name] = h.Mode
	}
	for name, mode := range map[string]int64{"guildhall/cmd/guildhall/main.go": 0o644, "guildhall/LICENSE": 0o644, "guildhall/.ci/run": 0o755} {
		if modes[name] != mode {
			t.Errorf("%s has mode %o, want %o", name, modes[name], mode)
		}
	}
}
